"""What makes a translation usable: the words of the form as they are now, all of them, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath
from typing import Any

from forms.canonical import digest
from forms.definition_checks import codes_of, same_labels
from forms.errors import Problem
from forms.source import Source
from forms.wording import TEXTS, text_at, wording_of

TRANSLATED = frozenset(place[0] for place in TEXTS.values()) | {"name", "categories", "missingValues"}

MARKS = "form:translates"
"""Where a translation says which words it translates: a short digest of those of the form (`WHOLE`) and of each
field, written by `python build.py translated NAME`."""

WHOLE = "$form"


def marks_of(form: dict[str, Any]) -> dict[str, str]:
    """Give the marks of a translation of a form as it is now, by the name of the field."""
    return {WHOLE: _mark(form), **{str(entry["name"]): _mark(entry) for entry in form["fields"]}}


def _mark(entry: dict[str, Any]) -> str:
    """Give eight hex digits of the words of a form or of a field; codes and order do not count."""
    words = wording_of(entry)
    said = {name: " ".join(getattr(words, name).split()) for name in TEXTS}
    return digest({"texts": said, "labels": dict(words.labels)})[:8]


def problems_of_translation(translation: Source, form: Source) -> list[Problem]:
    """Find every problem of a translation: words that lack, and all that is more than words."""
    return list(_translation(translation, form))


def _translation(translation: Source, form: Source) -> Iterator[Problem]:
    words = translation.data
    fields = form.data.get("fields") if isinstance(form.data, dict) else None
    if not isinstance(words, dict) or not isinstance(words.get("fields"), list) or not isinstance(fields, list):
        yield translation.problem("TRANSLATION_SHAPE")
        return
    yield from _unknown_words(translation, words, frozenset(("title", "description", "fields", MARKS)))
    yield from _same_words(translation, words, form.data)
    translated: dict[str, int] = {}
    for i, entry in enumerate(words["fields"]):
        name = str(entry.get("name")) if isinstance(entry, dict) else ""
        if not isinstance(entry, dict) or name in translated:
            yield translation.problem("TRANSLATION_SHAPE", "fields", i)
        else:
            translated[name] = i
    for entry in fields:
        name = str(entry.get("name")) if isinstance(entry, dict) else ""
        if not isinstance(entry, dict) or name not in translated:
            yield translation.problem("TRANSLATION_LACKS", "fields", what=name)
            continue
        i = translated.pop(name)
        yield from _unknown_words(translation, words["fields"][i], TRANSLATED, "fields", i)
        yield from _same_words(translation, words["fields"][i], entry, "fields", i)
    for name, i in translated.items():
        yield translation.problem("TRANSLATION_MORE", "fields", i, what=name)


def _same_words(translation: Source, words: dict[str, Any], entry: dict[str, Any], *at: str | int) -> Iterator[Problem]:
    for place in TEXTS.values():
        said, wanted_text = text_at(words, place), text_at(entry, place)
        if wanted_text.strip() and not said.strip():
            yield translation.problem("TRANSLATION_LACKS", *at, *place, what=".".join(place))
        if said and not wanted_text:
            yield translation.problem("TRANSLATION_MORE", *at, *place, what=".".join(place))
    for key in ("categories", "missingValues"):
        wanted, given = codes_of(entry, key), codes_of(words, key)
        for code in wanted:
            if code not in given:
                yield translation.problem("TRANSLATION_LACKS", *at, key, what=f"{key}: {code or repr('')}")
        for code in given:
            if code not in wanted:
                yield translation.problem("TRANSLATION_MORE", *at, key, what=f"{key}: {code}")
    yield from same_labels(translation, words, *at)


def _unknown_words(source: Source, entry: dict[str, Any], known: frozenset[str], *at: str | int) -> Iterator[Problem]:
    for key in entry:
        if key not in known:
            yield source.problem("TRANSLATION_MORE", *at, key, what=key)


def old_words(translation: Source, form: Source) -> Iterator[Problem]:
    """Find words of a form that have changed since they were translated; both files are sound by themselves."""
    marks = translation.data.get(MARKS)
    name = PurePath(form.path).stem
    if not isinstance(marks, dict):
        yield translation.problem("TRANSLATION_UNMARKED", MARKS, form=name)
        return
    positions = {str(entry["name"]): i for i, entry in enumerate(translation.data["fields"])}
    for what, mark in marks_of(form.data).items():
        if str(marks.get(what)) != mark:
            at = ("fields", positions[what]) if what in positions else ("title",)
            yield translation.problem("TRANSLATION_STALE", *at, what=name if what == WHOLE else what, form=name)
