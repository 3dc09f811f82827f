"""All that has to be known of a property of a form: one that somebody forgot fails here, with where it is not known."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from bacheca.forms import Form, FormProblems, load_form, render_form
from bacheca.forms.asking.wording import entry_of
from bacheca.forms.catalogues import translations
from bacheca.forms.definition.checks.form import PROPERTIES, problems_of_form
from bacheca.forms.definition.checks.translation import problems_of_translation
from bacheca.forms.definition.evolution import (
    OF_A_FIELD,
    OF_CONSTRAINTS,
    OF_THE_FORM,
    Verdict,
    changes_since,
    verdict_of,
)
from bacheca.forms.definition.form import FIXED_COLUMNS
from bacheca.forms.definition.yaml_source import read_source
from bacheca.forms.form_files.json_schema import form_schema, translation_schema
from bacheca.forms.form_files.json_schema_messages import ABOUT
from bacheca.forms.html.privacy_summary import render_promises
from bacheca.forms.kinds import Field
from bacheca.forms.kinds.cells.cell_checks import codes
from bacheca.forms.package.codebook import Codebook
from bacheca.forms.package.package import flat_schema
from bacheca.forms.submission.mail_template import mail_lines, mail_text
from bacheca.forms.xlsform import read_xlsform, write_xlsform
from tests.bacheca.forms.definition.properties import KNOWN, PLACES, Known, written
from tests.bacheca.forms.html.test_form_page import Tags

GUIDE = (Path(__file__).parents[4] / "docs/forms.md").read_text(encoding="utf-8")
EDITS = {"form": OF_THE_FORM, "field": OF_A_FIELD, "constraint": OF_CONSTRAINTS}
"""The tables of what an edit means, for what has one; the others are told by the property that they stand in."""

TOLD: dict[str, Callable[[Form], object]] = {
    "page": lambda form: render_form(form, form.language, action="/forms/prova", mail_to="noi@example.org"),
    "letter": lambda form: mail_text(mail_lines(form, form.language, {})),
    "promises": lambda form: render_promises([form], form.language),
    "program": lambda form: {field.name: field.answer_schema() for field in form.fields},
    "package": flat_schema,
    "codebook": lambda form: Codebook({"responses": form}).rows(),
}


@cache
def schemas() -> tuple[jsonschema.Draft7Validator, jsonschema.Draft7Validator]:
    """Make the schemas of forms and of translations, which cannot be made while a property has no shape."""
    return jsonschema.Draft7Validator(form_schema("it")), jsonschema.Draft7Validator(translation_schema("it"))


def loaded(folder: Path, text: str) -> Form:
    folder.mkdir(exist_ok=True)
    (folder / "prova.yaml").write_text(text, encoding="utf-8")
    return load_form(folder / "prova.yaml")


def typed_of(form: Form) -> dict[str, str]:
    """Give what a form and its fields say as attributes; what is told of it is a question of its own."""
    said = {name: repr(getattr(form, name)) for name in Form.__annotations__ if name not in ("descriptor", "fields")}
    said |= {"version": "", "names": repr([field.name for field in form.fields])}
    for field in form.fields:
        attributes = {
            name
            for of in type(field).__mro__
            for name, value in vars(of).items()
            if isinstance(value, property | cached_property) and name != "columns"
        }
        said |= {f"{field.name}.{name}": repr(getattr(field, name)) for name in attributes | {"kind", "words"}}
        said[f"{field.name}.columns"] = repr([column.table_schema() for column in field.columns])
    return said


def texts_in(value: object) -> Iterator[str]:
    """Give the texts of a value of YAML that can only be words: those with a blank in them."""
    if isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from texts_in(part)
    elif isinstance(value, str) and " " in value:
        yield value


def english_of(form: Form) -> dict[str, Any]:
    """Write the translation of a form, of all that counts as its words."""
    fields = [{"name": field.name, **entry_of(field.words[form.language], _codes_of(field))} for field in form.fields]
    return {**entry_of(form.words[form.language], {}), "fields": fields}


def _codes_of(field: Field) -> dict[str, tuple[str, ...]]:
    return {key: codes(field.descriptor.get(key)) for key in ("categories", "missingValues")}


def lacks(of: str, key: str, known: Known, folder: Path) -> Iterator[str]:
    """Say where a property is not known, a sentence each."""
    try:
        before, right = (loaded(folder, written(of, known, line)) for line in (known.before, known.right))
    except FormProblems as error:
        yield f"its row is no form: {error}"
        return
    same = known.before == known.right
    if not same and typed_of(before) == typed_of(right):
        yield "no attribute of Form (definition/form.py) or of a kind of field (kinds/) tells it"
    yield from _lacks_of_checks(of, key, known, folder)
    yield from _lacks_of_evolution(of, key, known, before, right)
    yield from _lacks_of_words(key, known, right, folder)
    for place in PLACES:
        one, other = (json.dumps(TOLD[place](form), default=str).replace(form.version, "") for form in (before, right))
        if (one != other) != (place in known.told.split()):
            yield f"its row says of “{place}” {'that it' if place in known.told.split() else 'nothing, and it'} differs"
    if set(PLACES) - set(known.told.split()) and len(known.elsewhere) < 10:
        yield f"its row does not say why nothing differs in {', '.join(set(PLACES) - set(known.told.split()))}"
    yield from _lacks_of_xlsform(right, folder)
    yield from _lacks_of_guide(of, key)


def _lacks_of_checks(of: str, key: str, known: Known, folder: Path) -> Iterator[str]:
    path = folder / "prova.yaml"
    path.write_text(written(of, known, known.wrong), encoding="utf-8")
    lines = [said.strip(" -") for said in path.read_text(encoding="utf-8").splitlines()]
    at = [
        number
        for number, said in enumerate(lines, 1)
        if said == known.wrong or (known.at and said.startswith(known.at))
    ]
    source = read_source(path)
    problems = problems_of_form(source, "prova", FIXED_COLUMNS)
    if not any(problem.line in at and problem.stops for problem in problems):
        yield f"`{known.wrong}` is no problem at its line (definition/checks/): {[(p.code, p.line) for p in problems]}"
    for problem in problems:
        for language in ("it", "en"):
            if " — " not in problem.line_of_text(language):
                yield f"{problem.code} does not say what to type in {language} (messages.py)"
    about = "field.name" if (of, key) == ("field", "name") else key
    explained = about in ABOUT and translations("it", domain="schema").gettext(ABOUT[about]) != ABOUT[about]
    if of in EDITS and not explained:
        yield "editors' tools do not explain it (form_files/json_schema_messages.py, in Italian in locale/)"
    if schemas()[0].is_valid(source.data) != known.beyond:
        yield f"form.schema.json {'refuses' if known.beyond else 'takes'} `{known.wrong}` (form_files/json_schema.py)"
    path.write_text(written(of, known, known.right), encoding="utf-8")
    for error in schemas()[0].iter_errors(read_source(path).data):
        yield f"form.schema.json refuses `{known.right}`: {error.message[:200]}"


def _lacks_of_evolution(of: str, key: str, known: Known, before: Form, right: Form) -> Iterator[str]:
    changes = changes_since([before], right)
    if of in EDITS and key not in EDITS[of]:
        yield "no table says what an edit of it means (definition/evolution.py)"
    if verdict_of(changes) != known.verdict:
        yield f"to edit it is {verdict_of(changes)!s} ({[change.code for change in changes]}), not {known.verdict!s}"
    if not changes and known.before != known.right:
        yield "an edit of it is not told (definition/evolution.py)"


def _lacks_of_words(key: str, known: Known, right: Form, folder: Path) -> Iterator[str]:
    shown = Tags(str(TOLD["page"](right))).text
    read = [text for text in texts_in(yaml.safe_load(known.right).get(key)) if text in shown]
    if read and not known.words:
        yield f"people read “{read[0]}”: it is words, to be translated (TEXTS of asking/wording.py)"
    if not known.words:
        return
    path = folder / "prova.en.yaml"
    path.write_text(yaml.safe_dump(english_of(right), allow_unicode=True, sort_keys=False), encoding="utf-8")
    translation = read_source(path)
    if not re.search(rf"\b{re.escape(key)}:", path.read_text(encoding="utf-8")):
        yield "a translation cannot say it (TEXTS of asking/wording.py)"
    if not schemas()[1].is_valid(translation.data):
        yield "translation.schema.json refuses it (form_files/json_schema.py)"
    problems = problems_of_translation(translation, read_source(folder / "prova.yaml"), "en")
    if problems:
        yield f"it cannot be translated: {problems[0].line_of_text('en')} (definition/checks/translation.py)"


def _lacks_of_xlsform(right: Form, folder: Path) -> Iterator[str]:
    write_xlsform(right, folder / "prova.xlsx")
    read = read_xlsform(folder / "prova.xlsx")
    back = folder / "back"
    back.mkdir(exist_ok=True)
    for name, text in read.files.items():
        (back / name).write_text(text, encoding="utf-8")
    same = json.dumps(load_form(back / "prova.yaml").source(), sort_keys=True)
    if same != json.dumps(right.source(), sort_keys=True) and not read.remarks:
        yield "an XLSForm loses it without a word (xlsform/rows.py, xlsform/questions.py)"


def _lacks_of_guide(of: str, key: str) -> Iterator[str]:
    if not re.search(rf"^\|[^|]*`{re.escape(key)}`", GUIDE, re.MULTILINE):
        yield "no table of docs/forms.md has a row for it"
    if not any(
        re.search(rf"(^|[\s{{]){re.escape(key)}:", block)
        for block in re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)
    ):
        yield "no example of docs/forms.md shows it"


EVERY = [(of, key) for of, keys in PROPERTIES.items() for key in sorted(keys)]


@pytest.mark.parametrize(("of", "key"), EVERY, ids=[f"{of} {key}" for of, key in EVERY])
def test_a_property_is_known_wherever_forms_are_read(tmp_path: Path, of: str, key: str) -> None:
    known = KNOWN.get(of, {}).get(key)
    assert known, f"{key} of a {of} is new: give it a row in tests/bacheca/forms/definition/properties.py"
    found = list(lacks(of, key, known, tmp_path))
    assert not found, f"{key} of a {of}:\n- " + "\n- ".join(found)


def test_a_property_that_nothing_knows_is_told_so(tmp_path: Path) -> None:
    odd = Known(
        right="form:keep: 2 years", wrong="form:keep: 3 years", before="form:keep: 1 year", verdict=Verdict.REFUSED
    )
    found = " ".join(lacks("form", "form:colour", replace(odd, told="letter"), tmp_path))
    for where in (
        "checks/",
        "json_schema_messages",
        "json_schema.py",
        "no table says",
        "refused",
        "“letter”",
        "“page”",
    ):
        assert where in found
    assert "why nothing differs" in found
    assert "no table of docs" in found
    assert "no example of docs" in found
    text = Known(right="form:section: Due parole", wrong="form:section: 7", around="type: date", told="page")
    assert "people read “Due parole”" in " ".join(lacks("field", "form:section", text, tmp_path))
    assert "its row is no form" in next(lacks("form", "x", replace(odd, right="x: 1"), tmp_path))


def test_no_row_is_left_of_a_property_that_is_no_more() -> None:
    assert {of: set(rows) for of, rows in KNOWN.items()} == {of: set(keys) for of, keys in PROPERTIES.items()}
