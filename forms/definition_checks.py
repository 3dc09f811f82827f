"""What makes a form file usable: every problem of it, each at its line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from forms import limits
from forms.checks import codes
from forms.conditions import RESERVED
from forms.errors import Problem
from forms.field_checks import problems_together
from forms.kinds import Field, kind_of
from forms.people import PEOPLE_KEYS, problems_of_people
from forms.results.checks import RESULTS_KEYS, problems_of_results
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
        "form:steps",
        "fields",
    )
)
FIELD_KEYS = frozenset(
    ("name", "title", "description", "type", "format", "categories", "categoriesOrdered", "missingValues")
) | {"constraints", "form:widget", "form:privacy", "form:autocomplete", "form:section", "form:showIf"}
CONSTRAINTS = frozenset(("required", "minLength", "maxLength", "minimum", "maximum", "pattern"))


def problems_of_form(source: Source, name: str, fixed_columns: Sequence[str]) -> list[Problem]:
    """Find every problem of a form file.

    Args:
        source: the file, as read.
        name: the name it must bear, which is its file's.
        fixed_columns: the names that its fields may not take.
    """
    problems = list(_form(source, name, frozenset(fixed_columns)))
    if not problems:  # what follows needs entries of the right shape
        problems = list(problems_together(source, fixed_columns))
    return problems


def _form(source: Source, name: str, fixed: frozenset[str]) -> Iterator[Problem]:
    form = source.data
    if not isinstance(form, dict):
        yield source.problem("FORM_SHAPE")
        return
    yield from _unknown(source, form, FORM_KEYS | PEOPLE_KEYS | RESULTS_KEYS)
    yield from problems_of_people(source)
    yield from problems_of_results(source)
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
    yield from _switch(source, form, "form:steps")
    if form.get("form:steps") is True and sum(isinstance(e, dict) and "form:section" in e for e in fields[1:]) == 0:
        yield source.problem("STEPS_ALONE", "form:steps")
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


def _field(source: Source, entry: dict[str, Any], i: int) -> Iterator[Problem]:
    at = ("fields", i)
    kind = kind_of(entry)
    if kind is None:
        written = ", ".join(f"{key}: {entry[key]}" for key in ("type", "format", "form:widget") if key in entry)
        yield source.problem("FIELD_KIND", *at, "type", written=written or "type")
    yield from _unknown(source, entry, FIELD_KEYS | (kind.properties if kind else frozenset()), *at)
    yield from _text(source, entry, "title", *at)
    for key in ("description", "form:autocomplete", "form:stem"):
        if key in entry:
            yield from _text(source, entry, key, *at)
    yield from _section(source, entry, *at)
    yield from _one_of(source, entry, "form:privacy", PRIVACIES, *at)
    yield from _switch(source, entry, "categoriesOrdered", *at)
    for key in ("categories", "missingValues"):
        yield from _codes(source, entry, key, *at)
    yield from same_labels(source, entry, *at)
    both = set(codes_of(entry, "categories")) & set(codes_of(entry, "missingValues"))
    if both:
        yield source.problem("CODE_TWICE", *at, "missingValues", given=min(both))
    yield from _constraints(source, entry, kind, *at)
    if kind and "form:notice" in kind.properties:
        yield from _text(source, entry, "form:notice", *at)


def _section(source: Source, entry: dict[str, Any], *at: str | int) -> Iterator[Problem]:
    section = entry.get("form:section")
    if "form:section" not in entry or (isinstance(section, str) and section.strip()):
        return
    if not isinstance(section, dict):
        yield source.problem("SECTION_SHAPE", *at, "form:section")
        return
    yield from _unknown(source, section, frozenset(("title", "text")), *at, "form:section")
    for key in ("title", *(("text",) if "text" in section else ())):
        yield from _text(source, section, key, *at, "form:section")


def _constraints(source: Source, entry: dict[str, Any], kind: type[Field] | None, *at: str | int) -> Iterator[Problem]:
    constraints = entry.get("constraints", {})
    at = (*at, "constraints")
    if not isinstance(constraints, dict):
        yield source.problem("CONSTRAINTS_SHAPE", *at)
        return
    yield from _unknown(source, constraints, kind.constraints if kind else CONSTRAINTS, *at)
    for key in ("minLength", "maxLength"):
        value = constraints.get(key, 0)
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            yield source.problem("CONSTRAINT_NUMBER", *at, key, key=key, value=value)
            return
    if "maxLength" in constraints and constraints.get("minLength", 0) > constraints["maxLength"]:
        yield source.problem("CONSTRAINT_ORDER", *at, "maxLength", low="minLength", high="maxLength")
    if "required" in constraints and not isinstance(constraints["required"], bool):
        yield source.problem("CONSTRAINT_BOOLEAN", *at, "required", value=constraints["required"])
    if "pattern" in constraints:
        try:
            re.compile(constraints["pattern"])
            re.compile(f"^(?:{constraints['pattern']})$")
        except (re.error, TypeError, OverflowError, RecursionError) as error:
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
        labelled = isinstance(item, dict) and set(item) == {"value", "label"} and isinstance(item["label"], str)
        if not labelled or not item["label"].strip():
            yield source.problem("CODE_SHAPE", *at, key, i, key=key)
            continue
        code = str(item["value"])
        blank = key == "missingValues" and item["value"] == ""
        if not blank and not _is_code(item["value"], key):
            yield source.problem("CODE", *at, key, i, given=code)
        if code in seen:
            yield source.problem("CODE_TWICE", *at, key, i, given=code)
        seen.add(code)


def same_labels(source: Source, entry: dict[str, Any], *at: str | int) -> Iterator[Problem]:
    """Find choices of a field, reasons for not answering among them, that read alike."""
    seen: set[str] = set()
    for key in ("categories", "missingValues"):
        listed = entry.get(key)
        for i, item in enumerate(listed if isinstance(listed, list) else ()):
            label = item.get("label") if isinstance(item, dict) else None
            said = " ".join(label.split()).casefold() if isinstance(label, str) else ""
            if said and said in seen:
                yield source.problem("LABEL_TWICE", *at, key, i, label=label)
            seen.add(said)


def _is_code(value: object, key: str) -> bool:
    code = str(value)
    if isinstance(value, bool | float) or len(code) > limits.CODE or not CODE.fullmatch(code) or re.match(r"0\d", code):
        return False
    return code.lower() not in AMBIGUOUS_CODES and (key == "missingValues" or code not in RESERVED)


def codes_of(entry: dict[str, Any], key: str) -> tuple[str, ...]:
    """Give the codes of `categories` or `missingValues`, whatever else is wrong with them."""
    listed = entry.get(key)
    if not isinstance(listed, list):
        return ()
    return codes([item for item in listed if isinstance(item, dict) and "value" in item])


def _unknown(source: Source, entry: dict[str, Any], known: frozenset[str], *at: str | int) -> Iterator[Problem]:
    for key in entry:
        if key not in known:
            yield source.problem("UNKNOWN_KEY", *at, key, key=key)


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


def _switch(source: Source, entry: dict[str, Any], key: str, *at: str | int) -> Iterator[Problem]:
    if key in entry and not isinstance(entry[key], bool):
        yield source.problem("NOT_ONE_OF", *at, key, key=key, value=entry[key], allowed="true, false")


def _is_date(value: object) -> bool:
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False
