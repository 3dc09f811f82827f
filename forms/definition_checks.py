"""What makes a form file usable: every problem of it, each at its line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from forms.checks import codes
from forms.errors import Problem
from forms.kinds import kind_of
from forms.source import Source

SCHEMA = "https://datapackage.org/profiles/2.0/tableschema.json"
FORM_NAME = re.compile(r"[a-z][a-z0-9-]{0,63}")
FIELD_NAME = re.compile(r"[a-z](_?[a-z0-9])*_?")
CODE = re.compile(r"[A-Za-z0-9]([A-Za-z0-9_-]*[A-Za-z0-9])?")
AMBIGUOUS_CODES = frozenset(("na", "nan", "null", "none", "n-a", "true", "false"))
"""Codes that spreadsheets and statistics programs read as something else."""

KINDS_OF_FORM = ("survey", "signup", "poll")
PUBLISHED = ("results", "nothing")
PRIVACIES = ("public", "free-text", "personal", "sensitive")
FORM_KEYS = frozenset(
    (
        "$schema",
        "name",
        "title",
        "description",
        "form:kind",
        "form:publish",
        "form:closes",
        "fields",
        "form:keep",
    )
)
FIELD_KEYS = frozenset(
    ("name", "title", "description", "type", "format", "categories", "categoriesOrdered", "missingValues")
) | {"constraints", "form:widget", "form:privacy", "form:autocomplete", "form:section"}
CONSTRAINTS = frozenset(("required", "minLength", "maxLength", "minimum", "maximum", "pattern"))
TRANSLATED = frozenset(("name", "title", "description", "categories", "missingValues", "form:notice", "form:section"))
BODY_LIMIT = 65_536
"""The most characters that the texts of one form may hold together: with percent-encoding they stay under 1 MiB."""


def problems_of_form(source: Source, name: str, fixed_columns: Sequence[str]) -> list[Problem]:
    """Find every problem of a form file.

    Args:
        source: the file, as read.
        name: the name it must bear, which is its file's.
        fixed_columns: the names that its fields may not take.
    """
    return list(_form(source, name, frozenset(fixed_columns)))


def problems_of_translation(translation: Source, form: Source) -> list[Problem]:
    """Find every problem of a translation: words that lack, and all that is more than words."""
    return list(_translation(translation, form))


def _form(source: Source, name: str, fixed: frozenset[str]) -> Iterator[Problem]:
    form = source.data
    if not isinstance(form, dict):
        yield source.problem("FORM_SHAPE")
        return
    yield from _unknown(source, form, FORM_KEYS)
    if form.get("$schema") != SCHEMA:
        yield source.problem("FORM_PROFILE", "$schema", profile=SCHEMA)
    if form.get("name") != name or not FORM_NAME.fullmatch(str(form.get("name"))):
        yield source.problem("FORM_NAME", "name", name=form.get("name"), file=name)
    yield from _text(source, form, "title")
    yield from _one_of(source, form, "form:kind", KINDS_OF_FORM, required=True)
    yield from _one_of(source, form, "form:publish", PUBLISHED)
    if "form:closes" in form and not _is_date(form["form:closes"]):
        yield source.problem("FORM_DATE", "form:closes", value=form["form:closes"])
    fields = form.get("fields")
    if not isinstance(fields, list) or not fields:
        yield source.problem("FORM_NO_FIELDS", "fields")
        return
    seen: set[str] = set()
    for i, entry in enumerate(fields):
        if not isinstance(entry, dict):
            yield source.problem("FIELD_SHAPE", "fields", i)
            continue
        field_name = str(entry.get("name"))
        if field_name in seen:
            yield source.problem("FIELD_TWICE", "fields", i, "name", name=field_name)
        seen.add(field_name)
        if not FIELD_NAME.fullmatch(field_name):
            yield source.problem("FIELD_NAME", "fields", i, "name", name=field_name)
        if field_name in fixed:
            yield source.problem("FIELD_RESERVED", "fields", i, "name", name=field_name)
        yield from _field(source, entry, i)
    yield from _fits(source, [entry for entry in fields if isinstance(entry, dict)])


def _field(source: Source, entry: dict[str, Any], i: int) -> Iterator[Problem]:
    at = ("fields", i)
    kind = kind_of(entry)
    if kind is None:
        written = ", ".join(f"{key}: {entry[key]}" for key in ("type", "format", "form:widget") if key in entry)
        yield source.problem("FIELD_KIND", *at, "type", written=written or "type")
    yield from _unknown(source, entry, FIELD_KEYS | (kind.properties if kind else frozenset()), *at)
    yield from _text(source, entry, "title", *at)
    yield from _one_of(source, entry, "form:privacy", PRIVACIES, *at)
    for key in ("categories", "missingValues"):
        yield from _codes(source, entry, key, *at)
    both = set(codes_of(entry, "categories")) & set(codes_of(entry, "missingValues"))
    if both:
        yield source.problem("CODE_TWICE", *at, "missingValues", given=min(both))
    constraints = entry.get("constraints")
    if constraints is not None:
        if not isinstance(constraints, dict):
            yield source.problem("CONSTRAINTS_SHAPE", *at, "constraints")
        else:
            yield from _constraints(source, constraints, *at, "constraints")
    if kind and "form:notice" in kind.properties:
        yield from _text(source, entry, "form:notice", *at)


def _constraints(source: Source, constraints: dict[str, Any], *at: str | int) -> Iterator[Problem]:
    yield from _unknown(source, constraints, CONSTRAINTS, *at)
    for key in ("minLength", "maxLength"):
        value = constraints.get(key)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < 0):
            yield source.problem("CONSTRAINT_NUMBER", *at, key, key=key, value=value)
    if "required" in constraints and not isinstance(constraints["required"], bool):
        yield source.problem("CONSTRAINT_BOOLEAN", *at, "required", value=constraints["required"])
    if "pattern" in constraints:
        try:
            re.compile(f"(?:{constraints['pattern']})")
        except re.error as error:
            yield source.problem("CONSTRAINT_PATTERN", *at, "pattern", reason=str(error))


def _codes(source: Source, entry: dict[str, Any], key: str, *at: str | int) -> Iterator[Problem]:
    listed = entry.get(key)
    if listed is None:
        return
    if not isinstance(listed, list) or not listed:
        yield source.problem("CODES_SHAPE", *at, key, key=key)
        return
    seen: set[str] = set()
    for i, item in enumerate(listed):
        if not isinstance(item, dict) or set(item) != {"value", "label"} or not str(item["label"] or "").strip():
            yield source.problem("CODE_SHAPE", *at, key, i, key=key)
            continue
        code = str(item["value"])
        blank = key == "missingValues" and item["value"] == ""
        if not blank and (not CODE.fullmatch(code) or code.lower() in AMBIGUOUS_CODES or re.match(r"0\d", code)):
            yield source.problem("CODE", *at, key, i, given=code)
        if code in seen:
            yield source.problem("CODE_TWICE", *at, key, i, given=code)
        seen.add(code)


def _fits(source: Source, fields: list[dict[str, Any]]) -> Iterator[Problem]:
    total = 0
    for entry in fields:
        kind = kind_of(entry)
        constraints = entry.get("constraints")
        if kind is not None and (constraints is None or isinstance(constraints, dict)):
            limit = kind(entry, {}).limit
            total += limit if isinstance(limit, int) else 0
    if total > BODY_LIMIT:
        yield source.problem("FORM_TOO_LONG", "fields", total=total, limit=BODY_LIMIT)


def _translation(translation: Source, form: Source) -> Iterator[Problem]:
    words = translation.data
    fields = form.data.get("fields") if isinstance(form.data, dict) else None
    if not isinstance(words, dict) or not isinstance(words.get("fields"), list) or not isinstance(fields, list):
        yield translation.problem("TRANSLATION_SHAPE")
        return
    yield from _unknown_words(translation, words, frozenset(("title", "description", "fields")))
    yield from _same_words(translation, words, form.data)
    translated = {str(entry.get("name")): i for i, entry in enumerate(words["fields"]) if isinstance(entry, dict)}
    for entry in fields:
        name = str(entry.get("name")) if isinstance(entry, dict) else ""
        if name not in translated:
            yield translation.problem("TRANSLATION_LACKS", "fields", what=name)
            continue
        i = translated.pop(name)
        yield from _unknown_words(translation, words["fields"][i], TRANSLATED, "fields", i)
        yield from _same_words(translation, words["fields"][i], entry, "fields", i)
    for name, i in translated.items():
        yield translation.problem("TRANSLATION_MORE", "fields", i, what=name)


def _same_words(translation: Source, words: dict[str, Any], entry: dict[str, Any], *at: str | int) -> Iterator[Problem]:
    for key in ("title", "description", "form:notice", "form:section"):
        if entry.get(key) and not str(words.get(key) or "").strip():
            yield translation.problem("TRANSLATION_LACKS", *at, what=key)
        if key in words and not entry.get(key):
            yield translation.problem("TRANSLATION_MORE", *at, key, what=key)
    for key in ("categories", "missingValues"):
        wanted, given = codes_of(entry, key), codes_of(words, key)
        for code in wanted:
            if code not in given:
                yield translation.problem("TRANSLATION_LACKS", *at, key, what=f"{key}: {code or repr('')}")
        for code in given:
            if code not in wanted:
                yield translation.problem("TRANSLATION_MORE", *at, key, what=f"{key}: {code}")


def codes_of(entry: dict[str, Any], key: str) -> tuple[str, ...]:
    """Give the codes of `categories` or `missingValues`, whatever else is wrong with them."""
    listed = entry.get(key)
    if not isinstance(listed, list):
        return ()
    return codes([item for item in listed if not isinstance(item, dict) or "value" in item])


def _unknown(source: Source, entry: dict[str, Any], known: frozenset[str], *at: str | int) -> Iterator[Problem]:
    for key in entry:
        if key not in known:
            yield source.problem("UNKNOWN_KEY", *at, key, key=key)


def _unknown_words(source: Source, entry: dict[str, Any], known: frozenset[str], *at: str | int) -> Iterator[Problem]:
    for key in entry:
        if key not in known:
            yield source.problem("TRANSLATION_MORE", *at, key, what=key)


def _text(source: Source, entry: dict[str, Any], key: str, *at: str | int) -> Iterator[Problem]:
    if not isinstance(entry.get(key), str) or not entry[key].strip():
        yield source.problem("LACKS_TEXT", *at, key, key=key)


def _one_of(
    source: Source,
    entry: dict[str, Any],
    key: str,
    allowed: Sequence[str],
    *at: str | int,
    required: bool = False,
) -> Iterator[Problem]:
    if (key in entry or required) and entry.get(key) not in allowed:
        yield source.problem("NOT_ONE_OF", *at, key, key=key, value=entry.get(key), allowed=", ".join(allowed))


def _is_date(value: object) -> bool:
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False
