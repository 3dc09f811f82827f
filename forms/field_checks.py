"""What fields must be together: limits, columns, conditions, matrices. Each entry is sound by itself already."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from forms import limits
from forms.conditions import OPERATORS
from forms.errors import Problem
from forms.kinds import Field, kind_of
from forms.source import Source

SHARED_BY_ROWS = ("type", "categories", "missingValues", "form:showIf", "constraints")
"""What the rows of a matrix have in common; of the constraints, only the kind's own."""


def problems_together(source: Source, fixed_columns: Sequence[str]) -> Iterator[Problem]:
    """Find what is wrong with fields that look right one by one.

    Args:
        source: the file, as read; its entries have the right shape.
        fixed_columns: the columns that every package has.
    """
    entries: list[dict[str, Any]] = source.data["fields"]
    wrong = [problem for i in range(len(entries)) for problem in _limits(source, i)]
    yield from wrong
    fields = [_field(entry) for entry in entries]
    yield from _matrices(source, entries)
    if wrong:
        return
    yield from _columns(source, fields, fixed_columns)
    yield from _fits(source, fields)
    for i in range(len(entries)):
        yield from _condition(source, i, fields)


def _field(entry: Mapping[str, Any]) -> Field:
    kind = kind_of(entry)
    if kind is None:
        raise ValueError(f"no kind of field is written as {entry.get('name')}")
    return kind(entry, {})


def _limits(source: Source, i: int) -> Iterator[Problem]:
    entry = source.data["fields"][i]
    for code, place, values in _field(entry).wrong_limits(entry):
        yield source.problem(code, "fields", i, *place, **values)
    condition = entry.get("form:showIf")
    operators = [key for key in OPERATORS if isinstance(condition, dict) and key in condition]
    if "form:showIf" in entry and not _well_written(condition, operators):
        yield source.problem("SHOWIF_SHAPE", "fields", i, "form:showIf")


def _well_written(condition: object, operators: list[str]) -> bool:
    if not isinstance(condition, dict) or len(operators) != 1 or set(condition) != {"field", *operators}:
        return False
    value = condition[operators[0]]
    if operators == ["answered"]:
        return isinstance(value, bool)
    listed = value if operators == ["in"] else [value]
    return isinstance(listed, list) and bool(listed) and all(isinstance(v, str | int) for v in listed)


def _columns(source: Source, fields: Sequence[Field], fixed_columns: Sequence[str]) -> Iterator[Problem]:
    seen = {name.casefold(): "" for name in fixed_columns}
    for i, field in enumerate(fields):
        for column in field.columns:
            name = column.name.casefold()  # statistics programs do not tell `A` from `a`
            if name in seen:
                yield source.problem("COLUMN_TWICE", "fields", i, "name", column=column.name)
            seen[name] = field.name


def _fits(source: Source, fields: Sequence[Field]) -> Iterator[Problem]:
    total = sum(field.characters for field in fields)
    if total > limits.TEXTS:
        yield source.problem("FORM_TOO_LONG", "fields", total=total, limit=limits.TEXTS)
    pairs, most = sum(field.pairs for field in fields), limits.PARTS - limits.OWN_PARTS
    if pairs > most:
        yield source.problem("FORM_TOO_MANY", "fields", total=pairs, limit=most)


def _condition(source: Source, i: int, fields: Sequence[Field]) -> Iterator[Problem]:
    condition = fields[i].condition
    if condition is None:
        return
    at = ("fields", i, "form:showIf")
    places = {field.name: position for position, field in enumerate(fields)}
    position = places.get(condition.field)
    if position is None:
        yield source.problem("SHOWIF_UNKNOWN", *at, "field", name=condition.field)
    elif _leads_back(condition.field, fields[i].name, {field.name: field for field in fields}):
        yield source.problem("SHOWIF_LOOP", *at, "field", name=condition.field)
    elif position > i:
        yield source.problem("SHOWIF_LATER", *at, "field", name=condition.field)
    else:
        yield from _reachable(source, at, fields[i], fields[position])


def _leads_back(name: str, to: str, fields: Mapping[str, Field]) -> bool:
    seen: set[str] = set()
    while name != to:
        condition = fields[name].condition if name in fields and name not in seen else None
        if condition is None:
            return False
        seen.add(name)
        name = condition.field
    return True


def _reachable(source: Source, at: tuple[str | int, ...], field: Field, earlier: Field) -> Iterator[Problem]:
    condition = field.condition
    if condition is None:
        return
    if not earlier.asks and condition.answered is None:
        yield source.problem("SHOWIF_COMPARES", *at, name=earlier.name)
    elif condition.answered is False and earlier.required and len(earlier.missing) == 1:
        yield source.problem("SHOWIF_UNREACHABLE", *at, "answered", name=earlier.name, value="answered: false")
    elif condition.answered is None and earlier.comparable is None:
        yield source.problem("SHOWIF_COMPARES", *at, name=earlier.name)
    elif condition.answered is None:
        for code in condition.any_of:
            if code not in (earlier.comparable or ()):
                yield source.problem("SHOWIF_UNREACHABLE", *at, name=earlier.name, value=code)


def _matrices(source: Source, entries: Sequence[Mapping[str, Any]]) -> Iterator[Problem]:
    last: dict[str, int] = {}
    for i, entry in enumerate(entries):
        matrix = entry.get("form:matrix")
        if "form:matrix" not in entry:
            if "form:stem" in entry:
                yield source.problem("UNKNOWN_KEY", "fields", i, "form:stem", key="form:stem")
            continue
        at = ("fields", i, "form:matrix")
        if not isinstance(matrix, str) or not matrix.strip():
            yield source.problem("LACKS_TEXT", *at, key="form:matrix")
        elif matrix not in last:
            last[matrix] = i
            yield from _first_row(source, i)
            continue
        elif last[matrix] != i - 1:
            yield source.problem("MATRIX_APART", *at, matrix=matrix)
        elif any(_shared(entries[i - 1], key) != _shared(entry, key) for key in SHARED_BY_ROWS):
            yield source.problem("MATRIX_ROWS", *at, matrix=matrix)
        if isinstance(matrix, str):
            last[matrix] = i
        for key in ("form:stem", "form:section"):
            if key in entry:
                yield source.problem("MATRIX_FIRST", "fields", i, key, key=key)


def _first_row(source: Source, i: int) -> Iterator[Problem]:
    entry = source.data["fields"][i]
    if "form:stem" not in entry:
        yield source.problem("LACKS_TEXT", "fields", i, "form:stem", key="form:stem")
    if entry.get("categoriesOrdered") is not True:
        yield source.problem("MATRIX_ORDER", "fields", i, "form:matrix")
    for key in ("form:other", "form:shuffle"):
        if entry.get(key):
            yield source.problem("UNKNOWN_KEY", "fields", i, key, key=key)


def _shared(entry: Mapping[str, Any], key: str) -> object:
    value = entry.get(key)
    return (value or {}).get("required") is True if key == "constraints" else value
