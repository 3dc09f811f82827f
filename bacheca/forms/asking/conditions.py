"""When a question is shown: `form:showIf` on a field or on a section, about the answers to earlier fields."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

NOT_SHOWN = "not-shown"
"""The code kept in the columns of a question that was not shown."""

NOT_ASKED = "not-asked"
"""The code for a question that the answered version of the form did not ask, where versions stand together."""

RESERVED = frozenset((NOT_SHOWN, NOT_ASKED))
"""Codes that no answer and no choice may be."""

SHOW_IF = "form:showIf"
"""The property that holds a condition."""

OPERATORS = ("equals", "in", "answered", "atLeast", "atMost")
"""What a comparison may ask of an answer: one of these, or `atLeast` and `atMost` together."""

BOUNDS = ("atLeast", "atMost")

GROUPS = ("all", "any", "not")
"""What joins conditions."""

LEVELS = 2
"""How many `all` and `any` may stand in one another."""


@dataclass(frozen=True)
class Comparison:
    """What one earlier answer must be.

    Args:
        field: the name of the earlier field.
        any_of: the codes of which one must be its answer; empty where something else counts.
        answered: whether there must be an answer, or must not; None where something else counts.
        at_least: what the answer must not be below, as it is kept; empty where there is no such bound.
        at_most: what it must not be above.
    """

    field: str
    any_of: tuple[str, ...] = ()
    answered: bool | None = None
    at_least: str = ""
    at_most: str = ""

    def holds(self, given: Sequence[str], missing: Sequence[str], place: Callable[[str], Any]) -> bool:
        """Tell whether it holds.

        Args:
            given: the codes or texts that the earlier field was answered with; none where it was not.
            missing: the codes of the earlier field that stand for no answer.
            place: gives what puts an answer in order among others; None where it has no place.
        """
        if self.any_of:
            return any(code in self.any_of for code in given)
        answers = [text for text in given if text not in missing]
        if self.answered is not None:
            return self.answered == bool(answers)
        low, high = place(self.at_least), place(self.at_most)
        places = [found for text in answers if (found := place(text)) is not None]
        return any((low is None or low <= found) and (high is None or found <= high) for found in places)


@dataclass(frozen=True)
class Combination:
    """Several conditions, of which all or any must hold; or one that must not."""

    key: Literal["all", "any", "not"]
    parts: tuple[Condition, ...]


Condition = Comparison | Combination


def condition_of(entry: Mapping[str, Any]) -> Condition | None:
    """Read the condition of a field or of a section as it is written (checked before); None where it has none."""
    written = entry.get(SHOW_IF)
    return _read(written) if written else None


def conditional(fields: Sequence[Any]) -> frozenset[int]:
    """Give the positions of the entries of a form file that have a condition, or whose section has one."""
    found = set()
    within = False
    for i, entry in enumerate(fields):
        section = entry.get("form:section") if isinstance(entry, Mapping) else None
        within = SHOW_IF in section if isinstance(section, Mapping) else within and section is None
        if isinstance(entry, Mapping) and (within or SHOW_IF in entry):
            found.add(i)
    return frozenset(found)


def deciding(fields: Sequence[Any]) -> list[tuple[str, ...]]:
    """Name of each entry of a form file the fields that decide whether it is asked, however they are written."""
    found = []
    within: tuple[str, ...] = ()
    for entry in fields:
        said = entry if isinstance(entry, Mapping) else {}
        section = said.get("form:section")
        if section is not None:
            within = tuple(_named(section.get(SHOW_IF))) if isinstance(section, Mapping) else ()
        found.append((*within, *_named(said.get(SHOW_IF))))
    return found


def _named(written: Any) -> Iterator[str]:
    if isinstance(written, Mapping):
        named = written.get("field")
        yield from (named,) if isinstance(named, str) else ()
        written = list(written.values())
    for part in written if isinstance(written, list) else ():
        yield from _named(part)


def _read(written: Mapping[str, Any]) -> Condition:
    if "not" in written:
        return Combination("not", (_read(written["not"]),))
    for key in ("all", "any"):
        if key in written:
            return Combination("all" if key == "all" else "any", tuple(map(_read, written[key])))
    field = str(written["field"])
    if "answered" in written:
        return Comparison(field, answered=bool(written["answered"]))
    if set(BOUNDS) & written.keys():
        low, high = (as_code(written[key]) if key in written else "" for key in BOUNDS)
        return Comparison(field, at_least=low, at_most=high)
    listed = written["in"] if "in" in written else [written["equals"]]
    return Comparison(field, tuple(as_code(value) for value in listed))


def joined(*conditions: Condition | None) -> Condition | None:
    """Ask for all of some conditions; None where there is none."""
    parts = tuple(condition for condition in conditions if condition is not None)
    return Combination("all", parts) if len(parts) > 1 else parts[0] if parts else None


def opposite(condition: Condition) -> Condition:
    """Ask for the contrary."""
    if isinstance(condition, Combination) and condition.key == "not":
        return condition.parts[0]
    return Combination("not", (condition,))


def holds(condition: Condition, truth: Callable[[Comparison], bool]) -> bool:
    """Tell whether a condition holds, given what tells it of a comparison."""
    if isinstance(condition, Comparison):
        return truth(condition)
    said = (holds(part, truth) for part in condition.parts)
    return all(said) if condition.key == "all" else any(said) is (condition.key == "any")


def comparisons_of(condition: Condition | None) -> Iterator[Comparison]:
    """Give every comparison of a condition, in the order in which they are written."""
    if isinstance(condition, Comparison):
        yield condition
    elif condition is not None:
        for part in condition.parts:
            yield from comparisons_of(part)


def plain(condition: Condition, *, denied: bool = False) -> Condition:
    """Say the same with `not` before comparisons only, and without groups of one or groups within their like."""
    if isinstance(condition, Comparison):
        if denied and condition.answered is not None:
            return Comparison(condition.field, answered=not condition.answered)
        return Combination("not", (condition,)) if denied else condition
    if condition.key == "not":
        return plain(condition.parts[0], denied=not denied)
    key: Literal["all", "any"] = "all" if (condition.key == "all") is not denied else "any"
    parts: dict[Condition, None] = {}
    for part in condition.parts:
        said = plain(part, denied=denied)
        inner = said.parts if isinstance(said, Combination) and said.key == key else (said,)
        parts |= dict.fromkeys(inner)
    return Combination(key, tuple(parts)) if len(parts) > 1 else next(iter(parts))


def meaning_of(condition: Condition | None) -> object:
    """Give what is the same for conditions that differ only in the order of their parts, or in how they are written."""
    if condition is None:
        return None
    return _meaning(plain(condition))


def _meaning(condition: Condition) -> object:
    if isinstance(condition, Comparison):
        bounds = (condition.at_least, condition.at_most)
        return (condition.field, frozenset(condition.any_of), condition.answered, bounds)
    return (condition.key, frozenset(map(_meaning, condition.parts)))


def as_code(value: object) -> str:
    """Write a value of a form file as the code or the cell that is kept: `true` for a YAML true, `5` for 5.0."""
    if isinstance(value, float):
        cell = f"{Decimal(str(value)) + 0:f}"  # zero has no sign
        return cell.rstrip("0").rstrip(".") if "." in cell else cell
    return str(value).lower() if isinstance(value, bool) else str(value)
