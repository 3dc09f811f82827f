"""A text that matches a regular expression: an example, or the answer of people who are made up."""

from __future__ import annotations

import re
from importlib import import_module
from random import Random
from typing import Any

MOST_REPEATS = 4
"""How often at most a part is repeated beyond what it must be."""


def text_of(pattern: str, chance: Random) -> str:
    """Make up a text; what looks around itself is not understood, and the text may then not match."""
    parser = import_module("re._parser")  # what `re` itself reads patterns with
    return _of(list(parser.parse(pattern)), chance)


def _of(parts: list[Any], chance: Random) -> str:
    return "".join(_part(str(name), value, chance) for name, value in parts)


def _part(name: str, value: Any, chance: Random) -> str:
    match name:
        case "LITERAL":
            made = chr(value)
        case "ANY":
            made = "a"
        case "IN":
            made = _member(value, chance)
        case "NOT_LITERAL":
            made = "b" if value == ord("a") else "a"
        case "SUBPATTERN":
            made = _of(list(value[-1]), chance)
        case "BRANCH":
            made = _of(list(chance.choice(value[1])), chance)
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            least, most, inner = value
            times = chance.randint(least, min(int(most), least + MOST_REPEATS))
            made = "".join(_of(list(inner), chance) for _ in range(times))
        case _:  # it matches a place, not a character
            made = ""
    return made


def _member(parts: list[Any], chance: Random) -> str:
    if str(parts[0][0]) == "NEGATE":
        forbidden = re.compile(f"[{''.join(_escaped(part) for part in parts[1:])}]")
        return next(character for character in "aZ0 -_.,;:!è€" if not forbidden.match(character))
    name, value = str((part := chance.choice(parts))[0]), part[1]
    if name == "RANGE":
        return chr(chance.randint(*value))
    if name == "CATEGORY":
        return {"DIGIT": "7", "SPACE": " ", "WORD": "a"}.get(str(value).rpartition("_")[2], "a")
    return chr(value)


def _escaped(part: Any) -> str:
    name, value = str(part[0]), part[1]
    if name == "RANGE":
        return f"{re.escape(chr(value[0]))}-{re.escape(chr(value[1]))}"
    if name == "CATEGORY":
        return {"DIGIT": r"\d", "SPACE": r"\s", "WORD": r"\w"}.get(str(value).rpartition("_")[2], "")
    return re.escape(chr(value))
