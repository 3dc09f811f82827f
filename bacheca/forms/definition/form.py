"""The form: a Table Schema with a few properties of its own, read from one YAML file and its translations."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from babel import Locale

from bacheca.forms.asking.wording import TEXTS, Wording, entry_of, wording_of
from bacheca.forms.definition.checks.form import EVERY_KEY, problems_of_form
from bacheca.forms.definition.checks.nearest import nearest, plain
from bacheca.forms.definition.checks.translation import old_words, problems_of_translation
from bacheca.forms.definition.yaml_source import Source, open_source
from bacheca.forms.errors import FormProblems, Problem
from bacheca.forms.kinds import Column, Field, kind_of
from bacheca.forms.kinds.cell_checks import codes
from bacheca.forms.local_time import end_of, local_day
from bacheca.forms.patterns.dialect import read_pattern
from bacheca.forms.text import digest

LANGUAGE = "it"
"""The language of a form file; `NAME.LANGUAGE.yaml` beside it holds each other one."""

LANGUAGE_CODE = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?")

FIXED_COLUMNS = ("response_id", "received_on", "form_version", "language", "channel")
"""What stands before the answers in every row of a package."""

CHANNELS = ("web", "mail")
"""How a response can come in."""

WORDS_ONLY = frozenset(place[0] for place in TEXTS.values()) | {"form:autocomplete", "form:matrix"}
"""Properties of a field that do not affect what is stored: a new wording is the same version."""


@dataclass(frozen=True, eq=False)
class Form:
    """A form, ready to be shown and answered.

    Args:
        descriptor: the form file's content: a Table Schema in the language `LANGUAGE`.
        words: the form's own wording by language; `LANGUAGE` first.
        fields: its questions, in order.
    """

    descriptor: Mapping[str, Any]
    words: Mapping[str, Wording]
    fields: tuple[Field, ...]

    @property
    def name(self) -> str:
        """The form's name, as in its address."""
        return str(self.descriptor["name"])

    @property
    def kind(self) -> str:
        """`survey`, `signup` or `poll`."""
        return str(self.descriptor["form:kind"])

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages it is written in."""
        return tuple(self.words)

    def wording(self, language: str) -> Wording:
        """Give its title and description in a language, or in its first one."""
        return self.words.get(language, self.words[LANGUAGE])

    @property
    def steps(self) -> bool:
        """Whether a script shows one section at a time."""
        return self.descriptor.get("form:steps") is True

    @property
    def questions(self) -> int:
        """How many questions it asks."""
        return sum(field.asks for field in self.fields)

    @property
    def closes(self) -> date | None:
        """The last day on which it can be answered."""
        day = self.descriptor.get("form:closes")
        return date.fromisoformat(day) if day else None

    @property
    def publishes_results(self) -> bool:
        """Whether it has results for everybody."""
        return self.descriptor.get("form:publish") == "results" and self.kind != "signup"

    @property
    def closes_at(self) -> datetime | None:
        """The moment from which it takes no more answers: the midnight that ends its last day, in Italy."""
        if self.closes is None or self.closes == date.max:
            return None
        return end_of(self.closes)

    def is_closed(self, now: datetime) -> bool:
        """Tell whether its last day is over, in Italy, at a moment with a time zone."""
        return self.closes is not None and local_day(now) > self.closes

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The columns of its answers in the package."""
        return tuple(column for field in self.fields for column in field.columns)

    @cached_property
    def version(self) -> str:
        """A digest (16 hex digits) of all that affects the data; wording does not."""
        return digest({"name": self.name, "fields": [data_of(field.descriptor) for field in self.fields]})[:16]

    @cached_property
    def seconds(self) -> int:
        """About how long it takes to answer."""
        return sum(field.seconds for field in self.fields)

    @cached_property
    def fields_by_name(self) -> Mapping[str, Field]:
        """Its questions by their names, in order."""
        return {field.name: field for field in self.fields}

    def field(self, name: str) -> Field:
        """Find a field by its name.

        Raises:
            KeyError: there is none.
        """
        return self.fields_by_name[name]

    def shows(self, field: Field, cells: Mapping[str, str]) -> bool:
        """Tell whether a field is shown to whoever gave these answers to the fields before it."""
        if field.condition is None:
            return True
        earlier = self.field(field.condition.field)
        return field.condition.holds(earlier.given(cells), earlier.missing)

    def source(self) -> dict[str, Any]:
        """Give all that is needed to make the form again with `form_of`, as JSON types."""
        return {
            "descriptor": dict(self.descriptor),
            "translations": {
                language: _entry_of_words(self, language) for language in self.languages if language != LANGUAGE
            },
        }


def data_of(descriptor: Mapping[str, Any]) -> dict[str, Any]:
    """Keep of a field what affects the data: its words and labels left out, its codes kept."""
    kept = {key: value for key, value in descriptor.items() if key not in WORDS_ONLY}
    for key in ("categories", "missingValues"):
        if key in kept:
            kept[key] = [str(item["value"] if isinstance(item, dict) else item) for item in kept[key]]
    return kept


def form_of(descriptor: Mapping[str, Any], translations: Mapping[str, Mapping[str, Any]]) -> Form:
    """Make a form from checked data: its descriptor and, by language, its translations."""
    entries = {LANGUAGE: descriptor, **translations}
    fields = []
    for entry in descriptor["fields"]:
        words = {
            language: wording_of(_entry_of(said["fields"], str(entry["name"]))) for language, said in entries.items()
        }
        kind = kind_of(entry)
        if kind is None:
            raise ValueError(f"{descriptor['name']}: no kind of field is written as {entry['name']}")
        fields.append(kind(entry, words))
    return Form(descriptor, {language: wording_of(said) for language, said in entries.items()}, tuple(fields))


def load_form(path: Path) -> Form:
    """Load a form file and its translations.

    Raises:
        FormProblems: it cannot be used; every problem of the form and of its translations is in it.
    """
    form, problems = read_form(path, sorted(path.parent.glob(f"{path.stem}.*.yaml")))
    if form is None:
        raise FormProblems(tuple(problems))
    return form


def load_forms(folder: Path) -> dict[str, Form]:
    """Load every form of a folder, by name; folders inside it hold examples and are left alone.

    Raises:
        FormProblems: some cannot be used; every problem of all of them is in it.
    """
    forms, problems = read_forms(folder)
    if any(problem.stops for problem in problems):
        raise FormProblems(tuple(problems))
    return forms


def read_forms(folder: Path) -> tuple[dict[str, Form], list[Problem]]:
    """Read every form of a folder.

    Returns:
        The forms that can be used, by name, and every problem of all of them, warnings included.
    """
    paths = sorted(folder.glob("*.yaml"))
    names = {path.stem for path in paths if "." not in path.stem}
    translations: dict[str, list[Path]] = {name: [] for name in names}
    problems: list[Problem] = []
    for path in paths:
        name = path.stem.partition(".")[0]
        if path.stem == name:
            continue
        if name in names:
            translations[name].append(path)
        else:
            near = nearest(name, sorted(names), 0.0) or name
            values = {"form": name, "near": f"{near}{path.name[len(name) :]}"}
            problems.append(Problem("TRANSLATION_ALONE", path.as_posix(), 1, values=values))
    forms: dict[str, Form] = {}
    for path in paths:
        if path.stem in names:
            form, found = read_form(path, translations[path.stem])
            problems += found
            if form is not None:
                forms[form.name] = form
    return forms, problems


def read_form(path: Path, translations: Sequence[Path]) -> tuple[Form | None, list[Problem]]:
    """Read a form file and the translations beside it.

    Args:
        path: the form file.
        translations: the files that translate it.

    Returns:
        The form, or None where it cannot be used, and every problem of it, warnings included.
    """
    source, problems = open_source(path, EVERY_KEY)
    problems += problems_of_form(source, path.stem, FIXED_COLUMNS) if source else []
    words: dict[str, Source] = {}
    for beside in translations:
        translation, found = open_source(beside, EVERY_KEY)
        problems += found
        language = beside.stem.split(".", 1)[1]
        if not is_language(language) or language == LANGUAGE:
            near = language_meant(language)
            values = {"language": language, "name": path.stem, "near": near}
            problems.append(Problem("TRANSLATION_LANGUAGE", beside.as_posix(), 1, values=values))
        if translation is None:
            continue
        words[language] = translation
        found = problems_of_translation(translation, source)
        problems += [*found, *(old_words(translation, source, [*problems, *found]) if source else ())]
    if source is None or any(problem.stops for problem in problems):
        return None, problems
    written = {language: translation.data for language, translation in words.items()}
    return form_of({**source.data, "fields": [_portable(entry) for entry in source.data["fields"]]}, written), problems


def _portable(entry: dict[str, Any]) -> dict[str, Any]:
    """Write out the pattern of a field, so that a change of what it means to us is a change of the form."""
    given = entry.get("constraints") or {}
    if "pattern" not in given:
        return entry
    return {**entry, "constraints": {**given, "pattern": read_pattern(given["pattern"]).portable}}


def is_language(code: str) -> bool:
    """Tell whether a code is that of a language, as `en` is and `eng` is not."""
    return bool(LANGUAGE_CODE.fullmatch(code)) and code.partition("-")[0] in Locale("en").languages


def language_meant(written: str) -> str:
    """Give the code of the language that a file's name means: `en` for `eng`, `EN` or `english`."""
    word = plain(written)
    for code, name in ((code, plain(name)) for of in ("en", "it") for code, name in Locale(of).languages.items()):
        if word == name and code != LANGUAGE:
            return str(code)
    return {"ger": "de", "deu": "de", "spa": "es", "fra": "fr", "fre": "fr"}.get(word, "en")


def _entry_of(fields: list[dict[str, Any]], name: str) -> dict[str, Any]:
    return next(entry for entry in fields if str(entry["name"]) == name)


def _entry_of_words(form: Form, language: str) -> dict[str, Any]:
    """Write the words of a language in the shape of a translation file."""
    fields = [
        {
            "name": field.name,
            **entry_of(
                field.words[language],
                {key: codes(field.descriptor.get(key)) for key in ("categories", "missingValues")},
            ),
        }
        for field in form.fields
    ]
    return {**entry_of(form.words[language], {}), "fields": fields}
