"""What fields must be together: limits, columns, conditions, matrices.

Whatever is wrong with one property hides nothing that is wrong with another: each check runs on what is sound.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from bacheca.forms import limits
from bacheca.forms.asking.conditions import OPERATORS, Condition, condition_of
from bacheca.forms.definition.checks.nearest import nearest
from bacheca.forms.definition.checks.proposals import limit_meant
from bacheca.forms.definition.yaml_source import Source
from bacheca.forms.errors import Problem
from bacheca.forms.kinds import Field, kind_of
from bacheca.forms.kinds.cells.cell_checks import codes

Place = tuple[str | int, ...]
"""Where something stands in a form file: the keys and positions that lead there."""

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
    wrong |= {problem.place for problem in limits}
    entries = [_sound_entry(source, i, wrong) for i in range(len(source.data["fields"]))]
    yield from _matrices(source, entries, wrong)
    fields = [_field(source.data["fields"][i], entry) for i, entry in enumerate(entries)]
    yield from _columns(source, fields, fixed_columns, wrong)
    for i, field in enumerate(fields):
        yield from _missing(source, i, field)
    yield from _fits(source, fields)
    yield from _conditions(source, entries, fields, wrong)


def _sound_entry(source: Source, i: int, wrong: Collection[Place]) -> dict[str, Any]:
    """Give of a field's entry what nothing is wrong with; its name stays, since others may mean it."""
    entry = source.data["fields"][i]
    if not isinstance(entry, dict):
        return {"name": ""}
    return {**_sound(entry, ("fields", i), wrong), "name": str(entry.get("name"))}


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
    condition = entry.get("form:showIf")
    operators = [key for key in OPERATORS if isinstance(condition, dict) and key in condition]
    if "form:showIf" in entry and not _well_written(condition, operators):
        names = [str(other.get("name")) for other in source.data["fields"][:i] if isinstance(other, dict)]
        yield source.problem("SHOWIF_SHAPE", "fields", i, "form:showIf", name=names[-1] if names else "…")


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


def _well_written(condition: object, operators: list[str]) -> bool:
    if not isinstance(condition, dict) or len(operators) != 1 or set(condition) != {"field", *operators}:
        return False
    value = condition[operators[0]]
    if operators == ["answered"]:
        return isinstance(value, bool)
    listed = value if operators == ["in"] else [value]
    return isinstance(listed, list) and bool(listed) and all(isinstance(v, str | int) for v in listed)


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


def _conditions(
    source: Source, entries: Sequence[dict[str, Any]], fields: Sequence[Field | None], wrong: Collection[Place]
) -> Iterator[Problem]:
    conditions = [condition_of(entry) for entry in entries]
    places = {entry["name"]: i for i, entry in reversed(list(enumerate(entries))) if entry["name"]}
    by_name = {name: conditions[i] for name, i in places.items()}
    for i, condition in enumerate(conditions):
        if condition is None:
            continue
        at = ("fields", i, "form:showIf")
        position = places.get(condition.field)
        if position is None:
            near = nearest(condition.field, list(places), 0.0) or "…"
            yield source.problem("SHOWIF_UNKNOWN", *at, "field", name=condition.field, near=near)
        elif _leads_back(condition.field, entries[i]["name"], by_name):
            yield source.problem("SHOWIF_LOOP", *at, "field", name=condition.field)
        elif position > i:
            yield source.problem("SHOWIF_LATER", *at, "field", name=condition.field)
        else:
            written = codes_written(source.data["fields"][position])
            unsure = not written and any(place[:3] == ("fields", position, "constraints") for place in wrong)
            if (earlier := fields[position]) and not unsure:
                yield from _reachable(source, at, condition, earlier, written)


def _leads_back(name: str, to: str, conditions: Mapping[str, Condition | None]) -> bool:
    seen: set[str] = set()
    while name != to:
        condition = conditions.get(name) if name not in seen else None
        if condition is None:
            return False
        seen.add(name)
        name = condition.field
    return True


def codes_written(entry: Mapping[str, Any]) -> tuple[str, ...]:
    """Give every code of an entry, whatever else is wrong with it."""
    return tuple(code for key in ("categories", "missingValues") for code in codes_of(entry, key))


def codes_of(entry: Mapping[str, Any], key: str) -> tuple[str, ...]:
    """Give the codes of `categories` or `missingValues`, whatever else is wrong with them."""
    listed = entry.get(key)
    if not isinstance(listed, list):
        return ()
    return codes([item for item in listed if isinstance(item, dict) and "value" in item])


def _reachable(
    source: Source, at: Place, condition: Condition, earlier: Field, written: Sequence[str]
) -> Iterator[Problem]:
    if not earlier.asks and condition.answered is None:
        yield source.problem("SHOWIF_COMPARES", *at, name=earlier.name)
    elif condition.answered is False and earlier.required and len(earlier.missing) == 1:
        values = {"name": earlier.name, "value": "answered: false", "allowed": "answered: true"}
        yield source.problem("SHOWIF_UNREACHABLE", *at, "answered", **values)
    elif condition.answered is None and earlier.comparable is None:
        yield source.problem("SHOWIF_COMPARES", *at, name=earlier.name)
    elif condition.answered is None:
        known = [code for code in (*written, *sorted(earlier.comparable or ())) if code]
        for code in condition.any_of if known else ():
            if code not in known:
                allowed = ", ".join(dict.fromkeys(known))
                yield source.problem("SHOWIF_UNREACHABLE", *at, name=earlier.name, value=code, allowed=allowed)


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
