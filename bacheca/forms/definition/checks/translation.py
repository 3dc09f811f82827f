"""What makes a translation usable: the words of the form as they are now, all of them, and nothing else."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import PurePath
from typing import Any

from bacheca.forms.asking.wording import OF_A_FIELD, OF_A_FORM, OF_BOTH, TEXTS, text_at, wording_of
from bacheca.forms.definition.checks.labels import same_labels
from bacheca.forms.definition.checks.nearest import nearest
from bacheca.forms.definition.checks.own_words import problems_of_own_words
from bacheca.forms.definition.checks.values import codes_of, text
from bacheca.forms.definition.yaml_source import Source
from bacheca.forms.errors import Problem
from bacheca.forms.text import digest

TRANSLATED = frozenset(place[0] for place in (*OF_BOTH.values(), *OF_A_FIELD.values())) | {
    "name",
    "categories",
    "missingValues",
}
"""The properties of a field that a translation has."""

TRANSLATED_OF_FORM = frozenset(place[0] for place in (*OF_BOTH.values(), *OF_A_FORM.values()))
"""Those of the form itself."""

MARKS = "form:translates"
"""Where a translation says which words it translates: a short digest of those of the form (`WHOLE`) and of each
field, written by `python build.py translated NAME`."""

WHOLE = "$form"
ALIKE = 0.8
"""How much a name must resemble another to be a misspelling of it, from 0 to 1."""


def marks_of(form: dict[str, Any]) -> dict[str, str]:
    """Give the marks of a translation of a form as it is now, by the name of the field."""
    return {WHOLE: _mark(form), **{str(entry["name"]): _mark(entry) for entry in form["fields"]}}


def _mark(entry: dict[str, Any]) -> str:
    """Give eight hex digits of the words of a form or of a field; codes and order do not count."""
    words = wording_of(entry)
    said = {name: " ".join(getattr(words, name).split()) for name in TEXTS}
    # What only some forms say counts where it is said: translations marked before it could be said stay as they are.
    said = {name: text for name, text in said.items() if text or name not in OF_A_FORM}
    return digest({"texts": said, "labels": dict(words.labels)})[:8]


def problems_of_translation(translation: Source, form: Source | None, language: str) -> list[Problem]:
    """Find every problem of a translation: words that lack, and all that is more than words.

    Args:
        translation: the file, as read.
        form: what it translates; None where that cannot be read.
        language: the language of the translation.
    """
    return list(_translation(translation, form.data if form and isinstance(form.data, dict) else {}, language))


def _translation(translation: Source, form: dict[str, Any], language: str) -> Iterator[Problem]:
    words = translation.data
    if not isinstance(words, dict):
        yield translation.problem("TRANSLATION_SHAPE")
        return
    yield from _unknown_words(translation, words, TRANSLATED_OF_FORM | {"fields", MARKS})
    yield from problems_of_own_words(translation)
    if form:
        yield from _same_words(translation, words, form)
    if not isinstance(words.get("fields"), list):
        yield translation.problem("TRANSLATION_SHAPE", "fields")
        return
    translated: dict[str, int] = {}
    for i, entry in enumerate(words["fields"]):
        name = str(entry.get("name")) if isinstance(entry, dict) else ""
        if not isinstance(entry, dict) or name in translated:
            yield translation.problem("TRANSLATION_SHAPE", "fields", i)
        else:
            translated[name] = i
            yield from _unknown_words(translation, entry, TRANSLATED, "fields", i)
    if isinstance(form.get("fields"), list):  # where it is none, nothing can be compared
        yield from _same_fields(translation, translated, form["fields"], language)


def _same_fields(
    translation: Source, translated: dict[str, int], fields: list[Any], language: str
) -> Iterator[Problem]:
    entries = {str(entry.get("name")): entry for entry in fields if isinstance(entry, dict)}
    strange = [name for name in translated if name not in entries]
    missing = [name for name in entries if name not in translated]
    for name, entry in entries.items():
        if name in translated:
            at = ("fields", translated[name])
            words = translation.data["fields"][translated[name]]
            yield from _same_words(translation, words, entry, *at)
            yield from same_labels(translation, words, entry, language, *at)
        elif not nearest(name, strange, ALIKE):
            yield translation.problem("TRANSLATION_LACKS", "fields", what=name)
    for name in strange:
        at = ("fields", translated[name])
        if near := nearest(name, missing, ALIKE):
            yield translation.problem("TRANSLATION_NAME", *at, "name", name=name, near=near)
        else:
            yield translation.problem("TRANSLATION_MORE", *at, what=name)


def _same_words(translation: Source, words: dict[str, Any], entry: dict[str, Any], *at: str | int) -> Iterator[Problem]:
    for place in TEXTS.values():
        said, wanted_text = text_at(words, place), text_at(entry, place)
        if not said and translation.as_written(*at, *place) not in ("", "~", "null"):
            yield translation.problem("NOT_TEXT", *at, *place, key=place[-1], value=translation.quoted(*at, *place))
        elif wanted_text.strip() and not said.strip():
            yield translation.problem("TRANSLATION_LACKS", *at, *place, what=".".join(place))
        if said and not wanted_text:
            yield translation.problem("TRANSLATION_MORE", *at, *place, what=".".join(place))
    for key in ("categories", "missingValues"):
        wanted, given = codes_of(entry, key), codes_of(words, key)
        yield from _labels(translation, words, key, *at)
        for code in wanted:
            if code not in given:
                yield translation.problem("TRANSLATION_LACKS", *at, key, what=f"{key}: {code or repr('')}")
        for code in given:
            if code not in wanted:
                yield translation.problem("TRANSLATION_MORE", *at, key, what=f"{key}: {code}")


def _labels(translation: Source, words: dict[str, Any], key: str, *at: str | int) -> Iterator[Problem]:
    listed = words.get(key)
    if listed is not None and not isinstance(listed, list):
        yield translation.problem("TRANSLATION_SHAPE", *at, key)
        return
    for i, item in enumerate(listed or ()):
        if isinstance(item, dict) and "value" in item:
            yield from text(translation, item, "label", *at, key, i)
        else:
            yield translation.problem("TRANSLATION_SHAPE", *at, key, i)


def _unknown_words(source: Source, entry: dict[str, Any], known: frozenset[str], *at: str | int) -> Iterator[Problem]:
    for key in entry:
        if key not in known:
            yield source.problem("TRANSLATION_MORE", *at, key, what=key)


def old_words(translation: Source, form: Source, problems: Collection[Problem]) -> Iterator[Problem]:
    """Find words of a form that have changed since they were translated.

    Args:
        translation: the translation.
        form: the form.
        problems: what is wrong with both: of a field with a problem nobody can say whether its words are old.
    """
    if not isinstance(translation.data, dict) or not isinstance(form.data, dict):
        return
    marks = translation.data.get(MARKS)
    name = PurePath(form.path).stem
    if not isinstance(marks, dict):
        if any(problem.stops for problem in problems):  # to be said once there is something to read again
            return
        yield translation.problem("TRANSLATION_UNMARKED", MARKS, form=name)
        return
    wrong = {(problem.path, *problem.place[:2]) for problem in problems if problem.stops}
    whole = not any(place[1:2] in (("title",), ("description",)) for place in wrong)
    for what, mark, at in _marks_in_order(translation, form):
        sound = whole if what == WHOLE else not {(translation.path, *at), (form.path, *_place(form, what))} & wrong
        if sound and str(marks.get(what)) != mark:
            yield translation.problem("TRANSLATION_STALE", *at, what=name if what == WHOLE else what, form=name)


def _marks_in_order(translation: Source, form: Source) -> Iterator[tuple[str, str, tuple[str | int, ...]]]:
    """Give what has a mark, the mark that it should have, and where it stands in the translation."""
    yield WHOLE, _mark(form.data), ("title",)
    for what, entry in _entries(form).items():
        if at := _place(translation, what):
            yield what, _mark(entry), at


def _entries(source: Source) -> dict[str, dict[str, Any]]:
    listed = source.data.get("fields")
    return {
        str(entry.get("name")): entry
        for entry in (listed if isinstance(listed, list) else ())
        if isinstance(entry, dict)
    }


def _place(source: Source, name: str) -> tuple[str | int, ...]:
    listed = source.data.get("fields")
    for i, entry in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(entry, dict) and str(entry.get("name")) == name:
            return ("fields", i)
    return ()
