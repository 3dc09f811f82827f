"""What conditions must be: how each is written, what it looks at, and whether it can hold and can fail to.

One thing, however long: from the keys that an editor wrote to the answers that decide whether anybody is asked.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bacheca.forms.asking.conditions import (
    BOUNDS,
    GROUPS,
    LEVELS,
    OPERATORS,
    SHOW_IF,
    Combination,
    Condition,
    as_code,
    comparisons_of,
    condition_of,
    opposite,
)
from bacheca.forms.definition.checks.nearest import nearest
from bacheca.forms.definition.checks.proposals import bound_meant
from bacheca.forms.definition.checks.values import codes_written, of, unknown_keys
from bacheca.forms.definition.satisfying import Undecided, answers_for
from bacheca.forms.definition.yaml_source import Source
from bacheca.forms.errors import Problem
from bacheca.forms.kinds import Field

Place = tuple[str | int, ...]
"""Where something stands in a form file: the keys and positions that lead there."""

KEYS = ("field", *OPERATORS, *GROUPS)


@dataclass(frozen=True)
class Written:
    """A condition as it stands in a form file.

    Args:
        position: the number of the field that has it, or whose section has it.
        place: where it stands.
        said: what is written there.
    """

    position: int
    place: Place
    said: Any


def conditions_written(source: Source) -> Iterator[Written]:
    """Give every condition of a form file, a section's before that of the field that opens it."""
    for i, entry in enumerate(source.data["fields"]):
        if not isinstance(entry, dict):
            continue
        section = entry.get("form:section")
        if isinstance(section, dict) and SHOW_IF in section:
            yield Written(i, ("fields", i, "form:section", SHOW_IF), section[SHOW_IF])
        if SHOW_IF in entry:
            yield Written(i, ("fields", i, SHOW_IF), entry[SHOW_IF])


def problems_of_shape(source: Source, written: Written) -> Iterator[Problem]:
    """Find what is wrong with how a condition is written, whatever it looks at."""
    names = [str(other.get("name")) for other in source.data["fields"][: written.position] if isinstance(other, dict)]
    yield from _shape(source, written.said, written.place, names[-1] if names else "…", LEVELS)


def _shape(source: Source, said: Any, at: Place, name: str, levels: int) -> Iterator[Problem]:
    if not isinstance(said, dict):
        yield source.problem("SHOWIF_SHAPE", *at, name=name)
        return
    strange = [key for key in said if key not in KEYS]
    yield from unknown_keys(source, {key: said[key] for key in strange}, KEYS, *at)
    groups, operators = ([key for key in some if key in said] for some in (GROUPS, OPERATORS))
    if len(groups) + bool(operators or (groups and "field" in said)) > 1 or _are_mixed(operators):
        keys = [key for key in said if key in KEYS]
        yield source.problem("SHOWIF_MIXED", *at, keys=", ".join(keys))
    elif groups:
        yield from _group(source, said, (*at, groups[0]), name, levels)
    elif operators and "field" in said:
        yield from _comparison(source, said, operators, at, name)
    elif not strange:
        yield source.problem("SHOWIF_SHAPE", *at, name=name)


def _are_mixed(operators: Sequence[str]) -> bool:
    return len(operators) > 1 and not set(operators) <= set(BOUNDS)


def _group(source: Source, said: Mapping[str, Any], at: Place, name: str, levels: int) -> Iterator[Problem]:
    key = str(at[-1])
    inside = said[key]
    if key == "not":
        yield from _shape(source, inside, at, name, levels)
    elif not isinstance(inside, list):
        yield source.problem("SHOWIF_LIST", *at, key=key, name=name)
    elif not inside:
        yield source.problem("SHOWIF_EMPTY", *at, key=key)
    elif levels == 0:
        yield source.problem("SHOWIF_DEEP", *at, most=LEVELS)
    else:
        for i, part in enumerate(inside):
            yield from _shape(source, part, (*at, i), name, levels - 1)


def _comparison(
    source: Source, said: Mapping[str, Any], operators: Sequence[str], at: Place, name: str
) -> Iterator[Problem]:
    if not isinstance(said["field"], str):
        yield source.problem("SHOWIF_SHAPE", *at, name=name)
    for key in operators:
        value = said[key]
        listed = value if key == "in" else [value]
        if key == "answered" and not isinstance(value, bool):
            yield source.problem("NOT_ONE_OF", *at, key, **of(source, key, ("true", "false"), *at))
        elif listed == []:
            yield source.problem("SHOWIF_EMPTY", *at, key, key=key)
        elif key in ("equals", "in") and not (isinstance(listed, list) and all(map(_is_code, listed))):
            yield source.problem("SHOWIF_SHAPE", *at, name=said["field"])


def _is_code(value: object) -> bool:
    return isinstance(value, str | int)


@dataclass(frozen=True)
class Fields:
    """What conditions can look at.

    Args:
        names: the names of the fields, in order; empty for what is none.
        kinds: the fields, without their conditions; None where one is of no kind.
        looks_at: by the name of a field, those that its condition and its section's look at.
        wrong: where something is wrong already.
    """

    names: Sequence[str]
    kinds: Sequence[Field | None]
    looks_at: Mapping[str, frozenset[str]]
    wrong: Collection[Place]


def problems_of_conditions(
    source: Source, fields: Sequence[Field | None], wrong: Collection[Place]
) -> Iterator[Problem]:
    """Find what is wrong with what conditions look at; those that are not well written are left out.

    Args:
        source: the file.
        fields: its fields, without their conditions; None where one is of no kind.
        wrong: where something is wrong already.
    """
    listed = [written for written in conditions_written(source) if not _touches(written.place, wrong)]
    sound: dict[Place, Condition] = {}
    names = [str(entry.get("name")) if isinstance(entry, dict) else "" for entry in source.data["fields"]]
    known = Fields(names, fields, _looks_at(listed, names, source), wrong)
    for written in listed:
        found = list(_of_comparisons(source, written, known))
        yield from found
        condition = condition_of({SHOW_IF: written.said})
        if not found and condition is not None:
            sound[written.place] = condition
    yield from _decided(source, known, sound)


def _touches(place: Place, wrong: Collection[Place]) -> bool:
    return any(one[: len(place)] == place for one in wrong)


def _looks_at(listed: Sequence[Written], names: Sequence[str], source: Source) -> dict[str, frozenset[str]]:
    """Give by the name of a field those that its condition and its section's look at."""
    by_place = {
        written.place: frozenset(one.field for one in comparisons_of(condition_of({SHOW_IF: written.said})))
        for written in listed
    }
    found: dict[str, frozenset[str]] = {}
    within: frozenset[str] = frozenset()
    for i, name in enumerate(names):
        entry = source.data["fields"][i]
        if isinstance(entry, dict) and "form:section" in entry:
            within = by_place.get(("fields", i, "form:section", SHOW_IF), frozenset())
        found.setdefault(name, within | by_place.get(("fields", i, SHOW_IF), frozenset()))
    return found


def _leads_back(name: str, to: str, looks_at: Mapping[str, frozenset[str]]) -> bool:
    seen, waiting = {name}, [name]
    while waiting:
        here = waiting.pop()
        if here == to:
            return True
        more = looks_at.get(here, frozenset()) - seen
        seen |= more
        waiting += more
    return False


def _comparisons(said: Mapping[str, Any], at: Place) -> Iterator[tuple[Place, Mapping[str, Any]]]:
    """Give every comparison of a well written condition, with its place."""
    key = next((key for key in GROUPS if key in said), "")
    if not key:
        yield at, said
    elif key == "not":
        yield from _comparisons(said[key], (*at, key))
    else:
        for i, part in enumerate(said[key]):
            yield from _comparisons(part, (*at, key, i))


def _of_comparisons(source: Source, written: Written, fields: Fields) -> Iterator[Problem]:
    listed = [name for name in dict.fromkeys(fields.names) if name]
    for at, said in _comparisons(written.said, written.place):
        name = said["field"]
        position = fields.names.index(name) if name in listed else None
        if position is None:
            yield source.problem("SHOWIF_UNKNOWN", *at, "field", name=name, near=nearest(name, listed, 0.0) or "…")
        elif _leads_back(name, fields.names[written.position], fields.looks_at):
            yield source.problem("SHOWIF_LOOP", *at, "field", name=name)
        elif position >= written.position:
            yield source.problem("SHOWIF_LATER", *at, "field", name=name)
        else:
            codes = codes_written(source.data["fields"][position])
            unsure = not codes and _touches(("fields", position, "constraints"), fields.wrong)
            earlier = fields.kinds[position]
            if earlier is not None and not unsure:
                yield from _answers(source, at, said, earlier, codes)


def _answers(
    source: Source, at: Place, said: Mapping[str, Any], earlier: Field, written: Sequence[str]
) -> Iterator[Problem]:
    """Find answers that a comparison waits for and the earlier field does not have."""
    bounds = [key for key in BOUNDS if key in said]
    if bounds and not earlier.has_order:
        yield source.problem("SHOWIF_ORDER", *at, name=earlier.name, key=bounds[0])
    elif bounds:
        yield from _bounds(source, at, said, earlier, bounds)
    elif "answered" not in said and (not earlier.asks or earlier.comparable is None):
        value = as_code(said.get("equals", ""))
        exactly = f"atLeast: {value}, atMost: {value}" if earlier.place(value) is not None else ""
        yield source.problem("SHOWIF_COMPARES", *at, name=earlier.name, near=exactly or "answered: true")
    elif "answered" not in said:
        known = [code for code in (*written, *sorted(earlier.comparable or ())) if code]
        for value in said["in"] if "in" in said else [said["equals"]]:
            if known and as_code(value) not in known:
                allowed = ", ".join(dict.fromkeys(known))
                values = {"name": earlier.name, "value": as_code(value), "allowed": allowed}
                yield source.problem("SHOWIF_UNREACHABLE", *at, **values)


def _bounds(
    source: Source, at: Place, said: Mapping[str, Any], earlier: Field, keys: Sequence[str]
) -> Iterator[Problem]:
    """Find bounds that are not written like answers, or leave nothing between them."""
    cell_type = earlier.columns[0].cell_type
    places = []
    for key in keys:
        value = said[key]
        is_text = isinstance(value, str) and cell_type.is_number and not cell_type.is_calendar
        if isinstance(value, bool | list | dict) or is_text or not cell_type.holds(as_code(value)):
            near = bound_meant(earlier.columns[0].type, source.as_written(*at, key))
            values = {"key": key, "value": source.as_written(*at, key), "near": near}
            yield source.problem("CONSTRAINT_BOUND", *at, key, **values)
        else:
            places.append(earlier.place(as_code(value)))
    if len(places) == len(BOUNDS) and places[0] > places[1]:
        yield source.problem("CONSTRAINT_ORDER", *at, "atMost", low="atLeast", high="atMost")


def _decided(source: Source, fields: Fields, sound: Mapping[Place, Condition]) -> Iterator[Problem]:
    """Find conditions that never hold, or always, among those that nothing else is wrong with.

    What looks at a field that something is wrong with is left alone: nobody knows what its answers will be.
    """
    by_name: dict[str, Field] = {}
    known: set[str] = set()
    within: Condition | None = None
    is_known = True
    for i, (name, field) in enumerate(zip(fields.names, fields.kinds, strict=True)):
        entry = source.data["fields"][i]
        if isinstance(entry, dict) and "form:section" in entry:
            place = ("fields", i, "form:section", SHOW_IF)
            within, is_known = sound.get(place), True
            if isinstance(entry["form:section"], dict) and SHOW_IF in entry["form:section"]:
                is_known = within is not None and _looks_at_known(within, known)
                if within is not None and is_known and (found := _outcome(by_name, within, None)):
                    yield source.problem(found, *place, names=_named(within))
                    is_known = found != "SHOWIF_NEVER"
        own = sound.get(("fields", i, SHOW_IF))
        can_know = is_known and (own is None or _looks_at_known(own, known))
        if isinstance(entry, dict) and SHOW_IF in entry and (own is None or not can_know):
            can_know = False
        elif own is not None and (found := _outcome(by_name, own, within)):
            yield source.problem(found, "fields", i, SHOW_IF, names=_named(own))
            can_know = found != "SHOWIF_NEVER"
        if field is not None and name not in by_name and can_know and not _touches(("fields", i), fields.wrong):
            by_name[name] = replace(field, descriptor=_with(field.descriptor, entry), within=within)
            known.add(name)


def _with(descriptor: Mapping[str, Any], entry: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**descriptor, SHOW_IF: entry[SHOW_IF]} if SHOW_IF in entry else descriptor


def _looks_at_known(condition: Condition, known: Collection[str]) -> bool:
    return all(one.field in known for one in comparisons_of(condition))


def _named(condition: Condition) -> str:
    return ", ".join(dict.fromkeys(one.field for one in comparisons_of(condition)))


def _outcome(fields: Mapping[str, Field], condition: Condition, within: Condition | None) -> str:
    """Give the code of a condition that never holds, or always, where its section is shown; empty for any other."""
    try:
        if within is None:
            outcomes = set(answers_for(fields, condition))
        else:
            both = {True: condition, False: opposite(condition)}
            outcomes = {
                way for way, one in both.items() if True in answers_for(fields, Combination("all", (within, one)))
            }
    except Undecided:
        return ""
    return "" if len(outcomes) > 1 else "SHOWIF_ALWAYS" if True in outcomes else "SHOWIF_NEVER"
