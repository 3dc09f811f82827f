"""What fields must be together: limits, columns, conditions, matrices.

Whatever is wrong with one property hides nothing that is wrong with another: each check runs on what is sound.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from bacheca.forms import limits
from bacheca.forms.asking.conditions import SHOW_IF
from bacheca.forms.definition.checks.conditions import (
    Place,
    conditions_written,
    problems_of_conditions,
    problems_of_shape,
)
from bacheca.forms.definition.checks.proposals import limit_meant
from bacheca.forms.definition.yaml_source import Source
from bacheca.forms.errors import Problem
from bacheca.forms.kinds import Field, kind_of

SHARED_BY_ROWS = ("type", "categories", "missingValues", "form:showIf", "constraints")
"""What the rows of a matrix have in common; of the constraints, only the kind's own."""


def problems_together(source: Source, fixed_columns: Sequence[str], before: Iterable[Problem]) -> Iterator[Problem]:
    """Find what is wrong with fields beyond their shape: with limits, and with one field next to others.

    Args:
        source: the file, as read.
        fixed_columns: the columns that every package has.
        before: what is known to be wrong; the rest of each entry is checked all the same.
    """
    if not isinstance(source.data, dict) or not isinstance(source.data.get("fields"), list):
        return
    wrong = {problem.place for problem in before}
    limits = [problem for i in range(len(source.data["fields"])) for problem in _limits(source, i, wrong)]
    yield from limits
    shapes = [problem for written in conditions_written(source) for problem in problems_of_shape(source, written)]
    yield from shapes
    wrong |= {problem.place for problem in (*limits, *shapes)}
    entries = [_sound_entry(source, i, wrong) for i in range(len(source.data["fields"]))]
    yield from _matrices(source, entries, wrong)
    fields = [_field(source.data["fields"][i], entry) for i, entry in enumerate(entries)]
    yield from _columns(source, fields, fixed_columns, wrong)
    for i, field in enumerate(fields):
        yield from _missing(source, i, field)
    yield from _fits(source, fields)
    yield from problems_of_conditions(source, fields, wrong)


def _sound_entry(source: Source, i: int, wrong: Collection[Place]) -> dict[str, Any]:
    """Give of a field's entry what nothing is wrong with; its name stays, since others may mean it."""
    entry = source.data["fields"][i]
    if not isinstance(entry, dict):
        return {"name": ""}
    rest = {key: value for key, value in entry.items() if key != SHOW_IF}
    return {**_sound(rest, ("fields", i), wrong), "name": str(entry.get("name"))}


def _sound(value: Any, at: Place, wrong: Collection[Place]) -> Any:
    if isinstance(value, dict):
        kept = {key: _sound(item, (*at, key), wrong) for key, item in value.items() if (*at, key) not in wrong}
        return {key: item for key, item in kept.items() if item != {} or value[key] == {}}
    if isinstance(value, list):
        sound = [i for i in range(len(value)) if (*at, i) not in wrong and (*at, i, "value") not in wrong]
        return [_sound(value[i], (*at, i), wrong) for i in sound]
    return value


def _field(entry: object, sound: Mapping[str, Any]) -> Field | None:
    kind = kind_of(entry) if isinstance(entry, dict) else None
    return kind(sound, {}) if kind else None


def _limits(source: Source, i: int, wrong: Collection[Place]) -> Iterator[Problem]:
    told = set(wrong)
    while True:  # a kind may stop at the first fault it finds: without it, there may be another
        entry = _sound_entry(source, i, told)
        field = _field(source.data["fields"][i], entry)
        found = [
            limit for limit in (field.wrong_limits(entry) if field else ()) if ("fields", i, *limit[1]) not in told
        ]
        if not found:
            break
        for code, place, values in found:
            told.add(("fields", i, *place))
            written = source.as_written("fields", i, *place)
            near = limit_meant(code, entry, place, written, str(values.get("allowed", "")))
            said = {"value": written} if "value" in values else {}
            yield source.problem(code, "fields", i, *place, **{"near": near, **values, **said})


def _missing(source: Source, i: int, field: Field | None) -> Iterator[Problem]:
    """Find codes for no answer that could also be one: nobody could tell what is meant, nor answer so."""
    if field is None or not field.ambiguous_missing:
        return
    listed = source.data["fields"][i]["missingValues"]
    written = [str(item.get("value")) if isinstance(item, dict) else "" for item in listed]
    for code in field.ambiguous_missing:
        at = ("fields", i, "missingValues", written.index(code), "value")
        yield source.problem("CODE_ANSWER", *at, given=code, near=_code_of_no_answer(field, written))


def _code_of_no_answer(field: Field, written: Collection[str]) -> str:
    """Propose a code that no answer could be: figures where they can be told apart, else a word."""
    for code in ("99", "999", "9999", "9999999", *(f"non-so{more}" for more in ("", *range(2, 99)))):
        bare = type(field)({**field.descriptor, "missingValues": [code]}, {})
        if code not in (*written, *bare.categories) and not bare.ambiguous_missing:
            return code
    return "non-so"


def _columns(
    source: Source, fields: Sequence[Field | None], fixed_columns: Sequence[str], wrong: Collection[Place]
) -> Iterator[Problem]:
    seen = {name.casefold(): "" for name in fixed_columns}
    for i, field in enumerate(fields):
        for column in field.columns if field and ("fields", i, "name") not in wrong else ():
            name = column.name.casefold()  # statistics programs do not tell `A` from `a`
            if name in seen:
                yield source.problem("COLUMN_TWICE", "fields", i, "name", column=column.name)
            seen[name] = column.name


def _fits(source: Source, fields: Sequence[Field | None]) -> Iterator[Problem]:
    total = sum(field.characters for field in fields if field)
    if total > limits.TEXTS:
        yield source.problem("FORM_TOO_LONG", "fields", total=total, limit=limits.TEXTS)
    pairs, most = sum(field.pairs for field in fields if field), limits.PARTS - limits.OWN_PARTS
    if pairs > most:
        yield source.problem("FORM_TOO_MANY", "fields", total=pairs, limit=most)


def _matrices(source: Source, entries: Sequence[Mapping[str, Any]], wrong: Collection[Place]) -> Iterator[Problem]:
    last: dict[str, int] = {}
    for i, entry in enumerate(entries):
        matrix = entry.get("form:matrix")
        if "form:matrix" not in entry:
            if "form:stem" in entry:
                yield source.problem("KEY_UNSUITED", "fields", i, "form:stem", key="form:stem", allowed="form:matrix")
            continue
        at = ("fields", i, "form:matrix")
        if not isinstance(matrix, str) or not matrix.strip():
            yield source.problem("LACKS_TEXT", *at, key="form:matrix")
        elif matrix not in last:
            last[matrix] = i
            yield from _first_row(source, i, entry, wrong)
            continue
        elif last[matrix] != i - 1:
            yield source.problem("MATRIX_APART", *at, matrix=matrix)
        elif differing := [key for key in SHARED_BY_ROWS if _differs(source, i, key, wrong)]:
            yield source.problem("MATRIX_ROWS", *at, matrix=matrix, keys=", ".join(differing))
        if isinstance(matrix, str):
            last[matrix] = i
        for key in ("form:stem", "form:section"):
            if key in entry:
                yield source.problem("MATRIX_FIRST", "fields", i, key, key=key)


def _first_row(source: Source, i: int, entry: Mapping[str, Any], wrong: Collection[Place]) -> Iterator[Problem]:
    if "form:stem" not in source.data["fields"][i]:
        yield source.problem("LACKS_TEXT", "fields", i, "form:stem", key="form:stem")
    if entry.get("categoriesOrdered") is not True and ("fields", i, "categoriesOrdered") not in wrong:
        yield source.problem("MATRIX_ORDER", "fields", i, "form:matrix")
    for key in ("form:other", "form:shuffle"):
        if entry.get(key):
            yield source.problem("NOT_IN_MATRIX", "fields", i, key, key=key)


def _differs(source: Source, i: int, key: str, wrong: Collection[Place]) -> bool:
    """Tell whether a row differs from the one above it, as both are written."""
    if ("fields", i, key) in wrong or ("fields", i - 1, key) in wrong:
        return False
    above, here = (_shared(source.data["fields"][row].get(key), key) for row in (i - 1, i))
    return bool(above != here)


def _shared(value: object, key: str) -> object:
    if key != "constraints":
        return value
    return isinstance(value, dict) and value.get("required") is True
