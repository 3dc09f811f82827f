"""Which answers make a condition hold, or not hold: decided for all answers that there can be, not tried on some.

The questions that a condition looks at are gone through in the order of the form, those included that decide whether
one of them is shown. Of each, a few typical answers stand for all others (`Field.typical_answers`): every code, each
way to tick boxes, numbers and days at the bounds and just beside them. After each question, all that counts of the
answers so far is which comparisons hold that are still to be looked at, so answers that agree on those are one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from random import Random
from typing import TypeVar

from bacheca.forms.asking.conditions import (
    NOT_SHOWN,
    Combination,
    Comparison,
    Condition,
    comparisons_of,
    holds,
    opposite,
)
from bacheca.forms.kinds import Field

Path = tuple[()] | tuple["Path", str, tuple[str, ...]]
"""What was answered, as codes or texts: for the last question, the path before it, its name and its answer."""

MOST_STATES = 2_000
"""How many ways in which comparisons may stand are followed at once: beyond that, nothing is decided."""

MOST_STEPS = 5_000
"""How many answers are followed in all, each from one such way to another."""

MOST_COMPARISONS = 6
"""How many comparisons with the boxes of one question are followed."""

UNSHOWN = (NOT_SHOWN,)

T = TypeVar("T")


class Undecided(Exception):
    """A condition is too intricate to be decided at a bounded cost."""


def answers_for(
    fields: Mapping[str, Field], condition: Condition, *, chance: Random | None = None
) -> dict[bool, dict[str, tuple[str, ...]]]:
    """Find answers for which a condition holds, and answers for which it does not.

    Args:
        fields: the questions of the form by their names, in order, each looking at earlier ones only.
        condition: what to decide.
        chance: draws which answers are found, of several that there may be; None: always the same.

    Returns:
        By whether it holds, the answers to all questions that matter; a key lacks where there are none.

    Raises:
        Undecided: it would take too long.
    """
    asked = _needed(fields, condition)
    compared = _by_field((condition, *(field.condition for field in asked if field.condition)))
    if any(field.ticking.most > 1 and len(compared[field.name]) > MOST_COMPARISONS for field in asked):
        raise Undecided
    states: dict[frozenset[Comparison], Path] = {frozenset(): ()}
    steps = 0
    for field, live in zip(asked, _still_needed(asked, condition), strict=True):
        shown = _by_what_they_meet(field, compared.get(field.name, ()), live, chance)
        unshown = [(frozenset(one for one in compared[field.name] if field.meets(one, UNSHOWN)) & live, UNSHOWN)]
        found: dict[frozenset[Comparison], Path] = {}
        for true, path in _drawn(states.items(), chance):
            is_shown = field.condition is None or holds(field.condition, true.__contains__)
            for met, answer in shown if is_shown else unshown:
                steps += 1
                state = (true & live) | met
                if state not in found:
                    found[state] = (path, field.name, answer)
        if len(found) > MOST_STATES or steps > MOST_STEPS:
            raise Undecided
        states = found
    return {holds(condition, true.__contains__): _given(path) for true, path in states.items()}


def _given(path: Path) -> dict[str, tuple[str, ...]]:
    """Give the answers along a path."""
    given: dict[str, tuple[str, ...]] = {}
    while path:
        path, name, answer = path
        given[name] = answer
    return given


def _still_needed(asked: Sequence[Field], condition: Condition) -> list[frozenset[Comparison]]:
    """Give after each question the comparisons that are still to be looked at."""
    live = frozenset(comparisons_of(condition))
    found = []
    for field in reversed(asked):
        found.append(live)
        live |= frozenset(comparisons_of(field.condition))
    return found[::-1]


def _by_what_they_meet(
    field: Field, comparisons: Sequence[Comparison], live: frozenset[Comparison], chance: Random | None
) -> list[tuple[frozenset[Comparison], tuple[str, ...]]]:
    """Give one answer to a question for each way in which answers compare, with the comparisons that it meets."""
    found: dict[frozenset[Comparison], tuple[str, ...]] = {}
    for answer in _drawn(field.typical_answers(comparisons), chance):
        met = frozenset(one for one in comparisons if one in live and field.meets(one, answer))
        found.setdefault(met, answer)
    return _drawn(found.items(), chance)


def is_implied(fields: Mapping[str, Field], condition: Condition, by: Condition) -> bool:
    """Tell whether a condition holds wherever another does; where that cannot be decided, it is not."""
    try:
        return True not in answers_for(fields, Combination("all", (by, opposite(condition))))
    except Undecided:
        return False


def _needed(fields: Mapping[str, Field], condition: Condition) -> list[Field]:
    """Give the questions that a condition looks at, and those that decide whether one of them is shown."""
    names: set[str] = set()
    waiting = [condition]
    while waiting:
        for comparison in comparisons_of(waiting.pop()):
            if comparison.field not in names:
                names.add(comparison.field)
                if gate := fields[comparison.field].condition:
                    waiting.append(gate)
    return [field for name, field in fields.items() if name in names]


def _by_field(conditions: Iterable[Condition]) -> dict[str, tuple[Comparison, ...]]:
    found: dict[str, dict[Comparison, None]] = {}
    for condition in conditions:
        for comparison in comparisons_of(condition):
            found.setdefault(comparison.field, {})[comparison] = None
    return {name: tuple(some) for name, some in found.items()}


def _drawn(some: Iterable[T], chance: Random | None) -> list[T]:
    listed = list(some)
    if chance is not None:
        chance.shuffle(listed)
    return listed
