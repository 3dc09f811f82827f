"""What makes a translation usable: the words of the form, all of them, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from forms.definition_checks import codes_of
from forms.errors import Problem
from forms.source import Source
from forms.wording import TEXTS, text_at

TRANSLATED = frozenset(place[0] for place in TEXTS.values()) | {"name", "categories", "missingValues"}


def problems_of_translation(translation: Source, form: Source) -> list[Problem]:
    """Find every problem of a translation: words that lack, and all that is more than words."""
    return list(_translation(translation, form))


def _translation(translation: Source, form: Source) -> Iterator[Problem]:
    words = translation.data
    fields = form.data.get("fields") if isinstance(form.data, dict) else None
    if not isinstance(words, dict) or not isinstance(words.get("fields"), list) or not isinstance(fields, list):
        yield translation.problem("TRANSLATION_SHAPE")
        return
    yield from _unknown_words(translation, words, frozenset(("title", "description", "fields")))
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
        what = ".".join(place)
        if text_at(entry, place).strip() and not text_at(words, place).strip():
            yield translation.problem("TRANSLATION_LACKS", *at, *place, what=what)
        if text_at(words, place) and not text_at(entry, place):
            yield translation.problem("TRANSLATION_MORE", *at, *place, what=what)
    for key in ("categories", "missingValues"):
        wanted, given = codes_of(entry, key), codes_of(words, key)
        for code in wanted:
            if code not in given:
                yield translation.problem("TRANSLATION_LACKS", *at, key, what=f"{key}: {code or repr('')}")
        for code in given:
            if code not in wanted:
                yield translation.problem("TRANSLATION_MORE", *at, key, what=f"{key}: {code}")


def _unknown_words(source: Source, entry: dict[str, Any], known: frozenset[str], *at: str | int) -> Iterator[Problem]:
    for key in entry:
        if key not in known:
            yield source.problem("TRANSLATION_MORE", *at, key, what=key)
