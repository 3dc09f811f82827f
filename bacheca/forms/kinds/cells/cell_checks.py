"""Checks of a cell, compiled once from its Table Schema field.

Frictionless takes milliseconds to validate one row; these take microseconds and are what the service and
the export run. They read the same descriptor as frictionless does, so a limit is stated once. Whatever they
accept, frictionless accepts (`tests/bacheca/forms/kinds/cells/test_cell_checks.py` shows it); they refuse more: only the
canonical way of writing a value passes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from bacheca.forms.asking.conditions import RESERVED
from bacheca.forms.patterns.dialect import matcher

ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
EMAIL = re.compile(rf"(?=.{{1,64}}@.{{1,253}}$){ATOM}(\.{ATOM})*@({LABEL}\.)+[a-z0-9]([a-z0-9-]{{0,61}}[a-z])")
URI = re.compile(rf"https?://({LABEL}\.)+{LABEL}(:[0-9]{{1,5}})?([/?#][A-Za-z0-9._~:/?#@!$&'()*+,;=%-]*)?")
INTEGER = re.compile(r"0|-?[1-9][0-9]{0,14}")
NUMBER = re.compile(r"0|-?[1-9][0-9]{0,14}|-?(0|[1-9][0-9]{0,14})\.[0-9]{0,14}[1-9]")
BOOLEAN = frozenset(("true", "false"))
YEAR = re.compile(r"(?!0000)[0-9]{4}")
YEARMONTH = re.compile(r"(?!0000)[0-9]{4}-(0[1-9]|1[0-2])")


@dataclass(frozen=True)
class Fault:
    """Why a cell is refused: a code of `sentences.py` and what its sentence names."""

    code: str
    values: Mapping[str, object]


Check = Callable[[str], Fault | None]


def codes(entries: list[Any] | None) -> tuple[str, ...]:
    """Give the values of `categories` or `missingValues`, which may be bare or `{value, label}`."""
    return tuple(str(entry["value"] if isinstance(entry, dict) else entry) for entry in entries or ())


def _is_date(cell: str) -> bool:
    try:
        return date.fromisoformat(cell).isoformat() == cell
    except ValueError:
        return False


WRITTEN: dict[tuple[str, str], tuple[str, Callable[[str], object]]] = {
    ("string", "email"): ("not-email", EMAIL.fullmatch),
    ("string", "uri"): ("not-uri", URI.fullmatch),
    ("integer", "default"): ("not-integer", INTEGER.fullmatch),
    ("number", "default"): ("not-number", NUMBER.fullmatch),
    ("boolean", "default"): ("not-boolean", BOOLEAN.__contains__),
    ("date", "default"): ("not-date", _is_date),
    ("year", "default"): ("not-year", YEAR.fullmatch),
    ("yearmonth", "default"): ("not-yearmonth", YEARMONTH.fullmatch),
}
"""How the cells of a type and format are written, and the code of the fault when they are not."""

ORDERED: dict[str, Callable[[str], Any]] = {
    "integer": int,
    "number": Decimal,
    "date": str,
    "year": int,
    "yearmonth": str,
}
"""What makes the cells of a type comparable with `minimum` and `maximum`."""


def compile_check(descriptor: Mapping[str, Any]) -> Check:
    """Compile the check of one column.

    Args:
        descriptor: a Table Schema field (https://datapackage.org/standard/table-schema/).

    Returns:
        A function from a cell to the first fault of it, or None. A missing value is a fault only where an
        answer is required.
    """
    kind = str(descriptor.get("type", "string"))
    constraints = descriptor.get("constraints") or {}
    missing = frozenset(codes(descriptor.get("missingValues", [""])))
    required = constraints.get("required") is True
    tests = [
        *_written(kind, descriptor),
        *_lengths(constraints),
        *_bounds(kind, constraints),
        *_sets(constraints),
    ]

    def check(cell: str) -> Fault | None:
        if cell in missing:
            return Fault("required", {}) if required else None
        if cell in RESERVED:
            return Fault("reserved", {"code": cell})
        for test, fault in tests:
            if not test(cell):
                return fault
        return None

    return check


Test = tuple[Callable[[str], object], Fault]


def _written(kind: str, descriptor: Mapping[str, Any]) -> list[Test]:
    known = WRITTEN.get((kind, str(descriptor.get("format", "default"))))
    return [(known[1], Fault(known[0], {}))] if known else []


def _lengths(constraints: Mapping[str, Any]) -> list[Test]:
    tests: list[Test] = []
    if "minLength" in constraints:
        least = int(constraints["minLength"])
        tests.append((lambda cell: len(cell) >= least, Fault("too-short", {"limit": least})))
    if "maxLength" in constraints:
        most = int(constraints["maxLength"])
        tests.append((lambda cell: len(cell) <= most, Fault("too-long", {"limit": most})))
    return tests


def _bounds(kind: str, constraints: Mapping[str, Any]) -> list[Test]:
    tests: list[Test] = []
    order = ORDERED.get(kind)
    if order and "minimum" in constraints:
        low = order(str(constraints["minimum"]))
        tests.append((lambda cell: order(cell) >= low, Fault("too-low", {"limit": constraints["minimum"]})))
    if order and "maximum" in constraints:
        high = order(str(constraints["maximum"]))
        tests.append((lambda cell: order(cell) <= high, Fault("too-high", {"limit": constraints["maximum"]})))
    return tests


def _sets(constraints: Mapping[str, Any]) -> list[Test]:
    tests: list[Test] = []
    if "enum" in constraints:
        known = frozenset(str(value) for value in constraints["enum"])
        tests.append((known.__contains__, Fault("not-a-choice", {})))
    if "pattern" in constraints:
        tests.append((matcher(str(constraints["pattern"])), Fault("not-the-pattern", {})))
    return tests
