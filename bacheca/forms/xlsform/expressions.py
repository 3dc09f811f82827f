"""The part of XPath that the limits of a form can be written in."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from bacheca.forms.kinds.cells.cell_types import CELL_TYPES

REFERENCE = re.compile(r"\$\{\s*([^\s{}]+)\s*\}")
TEXT = r"(?:'([^']*)'|\"([^\"]*)\"|(-?\d+(?:\.\d+)?))"
OPERATOR = r"\s*(>=|<=|>|<)\s*"
BOUND = re.compile(rf"\.{OPERATOR}(-?\d+(?:\.\d+)?)")
DAY = re.compile(rf"\.{OPERATOR}(?:date\(\s*)?['\"](\d{{4}}-\d\d-\d\d)['\"]\s*\)?")
LENGTH = re.compile(r"string-length\(\s*\.\s*\)\s*(>=|<=|>|<|=)\s*(\d+)")
PATTERN = re.compile(r"regex\(\s*\.\s*,\s*(?:'([^']*)'|\"([^\"]*)\")\s*\)")
COUNT = re.compile(r"count-selected\(\s*\.\s*\)\s*(>=|<=|>|<|=)\s*(\d+)")
ALONE = re.compile(
    rf"not\(\s*selected\(\s*\.\s*,\s*{TEXT}\s*\)\s+and\s+(?:\(\s*)?count-selected\(\s*\.\s*\)\s*>\s*1\s*(?:\)\s*)?\)"
)


def read_limits(text: str, of_type: str) -> dict[str, Any] | None:
    """Read a `constraint` of a question of a type.

    Returns:
        What goes into the field's entry; None where a form cannot say it.
    """
    entry: dict[str, Any] = {}
    for part in map(_bare, parted(_bare(text), "and")):
        for read, types in READERS:
            said = read(part, of_type) if of_type in types else None
            if said:
                break
        else:
            return None
        for key, value in said.items():
            if isinstance(value, dict):
                if set(value) & set(entry.get(key, {})):
                    return None
                entry[key] = {**entry.get(key, {}), **value}
            elif key in entry:
                return None
            else:
                entry[key] = value
    return entry


def write_limits(of_type: str, limits: Mapping[str, Any]) -> str:
    """Write the limits of a field of a type as a `constraint`; what it cannot say is left out."""
    said = []
    for key, sign in (("minimum", ">="), ("maximum", "<=")):
        if key in limits and CELL_TYPES[of_type].is_calendar:
            said.append(f". {sign} date('{(str(limits[key]) + '-01-01')[:10]}')")
        elif key in limits:
            said.append(f". {sign} {limits[key]}")
    for key, sign in (("minLength", ">="), ("maxLength", "<=")):
        if key in limits:
            said.append(f"string-length(.) {sign} {limits[key]}")
    pattern = str(limits.get("pattern", ""))
    if pattern and not ("'" in pattern and '"' in pattern) and "${" not in pattern and pattern.strip() == pattern:
        mark = '"' if "'" in pattern else "'"
        said.append(f"regex(., {mark}{pattern}{mark})")
    return " and ".join(said)


def write_choices(choose: Mapping[str, int], exclusive: str) -> str:
    """Write how many choices make an answer, and which one is made alone, as a `constraint`."""
    said = [f"count-selected(.) {sign} {choose[key]}" for key, sign in (("min", ">="), ("max", "<=")) if key in choose]
    if exclusive:
        said.append(f"not(selected(., '{exclusive}') and count-selected(.) > 1)")
    return " and ".join(said)


def parted(text: str, word: str) -> list[str]:
    """Divide an expression at a word that stands outside quotes and brackets."""
    parts, depth, quote, begun = [], 0, "", 0
    for found in re.finditer(rf"['\"()]|(?<=[\s)]){word}(?=[\s(])", text):
        mark = found[0]
        if quote:
            quote = "" if mark == quote else quote
        elif mark in "'\"":
            quote = mark
        elif mark in "()":
            depth += 1 if mark == "(" else -1
        elif depth == 0:
            parts.append(text[begun : found.start()].strip())
            begun = found.end()
    return [*parts, text[begun:].strip()]


def _bare(text: str) -> str:
    """Take off the brackets around a whole expression."""
    text = text.strip()
    while text.startswith("(") and text.endswith(")"):
        depth = 0
        for place, mark in enumerate(text):
            depth += (mark == "(") - (mark == ")")
            if depth == 0 and place < len(text) - 1:
                return text
        text = text[1:-1].strip()
    return text


def _value(found: re.Match[str], first: int) -> str:
    return next((group for group in found.groups()[first : first + 3] if group is not None), "")


def _bound(text: str, of_type: str) -> dict[str, Any] | None:
    found = BOUND.fullmatch(text)
    if not found:
        return None
    key = "minimum" if ">" in found[1] else "maximum"
    value = float(found[2]) if "." in found[2] else int(found[2])
    if found[1] in "<>":
        if of_type != "integer" or isinstance(value, float):
            return None
        value += 1 if found[1] == ">" else -1
    return {"constraints": {key: value}}


def _day(text: str, of_type: str) -> dict[str, Any] | None:
    found = DAY.fullmatch(text)
    if not found:
        return None
    try:
        day = date.fromisoformat(found[2])
        if found[1] in "<>":
            day += timedelta(days=1 if found[1] == ">" else -1)
    except (ValueError, OverflowError):
        return None
    if of_type != "date" and day.isoformat()[(4 if of_type == "year" else 7) :] not in ("-01-01", "-01"):
        return None
    said: object = {"date": day.isoformat(), "yearmonth": day.isoformat()[:7], "year": day.year}[of_type]
    return {"constraints": {"minimum" if ">" in found[1] else "maximum": said}}


def _counted(found: re.Match[str] | None, least: str, most: str) -> dict[str, int] | None:
    if not found:
        return None
    number = int(found[2])
    if found[1] == "=":
        return {least: number, most: number}
    if found[1] in (">", ">="):
        return {least: number + (found[1] == ">")}
    return {most: number - (found[1] == "<")}


def _length(text: str, of_type: str) -> dict[str, Any] | None:
    said = _counted(LENGTH.fullmatch(text), "minLength", "maxLength")
    return {"constraints": said} if said else None


def _pattern(text: str, of_type: str) -> dict[str, Any] | None:
    found = PATTERN.fullmatch(text)
    return {"constraints": {"pattern": found[1] if found[1] is not None else found[2]}} if found else None


def _count(text: str, of_type: str) -> dict[str, Any] | None:
    said = _counted(COUNT.fullmatch(text), "min", "max")
    return {"form:choose": said} if said else None


def _alone(text: str, of_type: str) -> dict[str, Any] | None:
    found = ALONE.fullmatch(text)
    return {"form:exclusive": _value(found, 0)} if found else None


READERS: tuple[tuple[Callable[[str, str], dict[str, Any] | None], tuple[str, ...]], ...] = (
    (_bound, ("integer", "number")),
    (_day, ("date", "yearmonth", "year")),
    (_length, ("string",)),
    (_pattern, ("string",)),
    (_count, ("list",)),
    (_alone, ("list",)),
)
"""What can be read of a constraint, and the types of field that can have it."""
