"""Checks of a cell, compiled once from its Table Schema field.

Frictionless takes milliseconds to validate one row; these take microseconds and are what the service and
the export run. They read the same descriptor as frictionless does, so a limit is stated once. Whatever they
accept, frictionless accepts (`tests/bacheca/forms/kinds/cells/test_cell_checks.py` shows it); they refuse more: only
the canonical way of writing a value passes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bacheca.forms.asking.conditions import RESERVED
from bacheca.forms.kinds.cells.cell_types import CELL_TYPES, TEXT_FORMATS, CellType
from bacheca.forms.patterns.dialect import matcher


@dataclass(frozen=True)
class Fault:
    """Why a cell is refused: a code of `messages.SENTENCES` and what its sentence names."""

    code: str
    values: Mapping[str, object]


Check = Callable[[str], Fault | None]


def codes(entries: list[Any] | None) -> tuple[str, ...]:
    """Give the values of `categories` or `missingValues`, which may be bare or `{value, label}`."""
    return tuple(str(entry["value"] if isinstance(entry, dict) else entry) for entry in entries or ())


def compile_check(descriptor: Mapping[str, Any]) -> Check:
    """Compile the check of one column.

    Args:
        descriptor: a Table Schema field (https://datapackage.org/standard/table-schema/).

    Returns:
        A function from a cell to the first fault of it, or None. A missing value is a fault only where an
        answer is required.
    """
    cell_type = CELL_TYPES[str(descriptor.get("type", "string"))]
    constraints = descriptor.get("constraints") or {}
    missing = frozenset(codes(descriptor.get("missingValues", [""])))
    required = constraints.get("required") is True
    tests = [
        *_written(cell_type, str(descriptor.get("format", "default"))),
        *_lengths(constraints),
        *_bounds(cell_type, constraints),
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


def _written(cell_type: CellType, text_format: str) -> list[Test]:
    fault, holds = TEXT_FORMATS.get(text_format, (cell_type.fault, cell_type.holds))
    return [(holds, Fault(fault, {}))] if fault else []


def _lengths(constraints: Mapping[str, Any]) -> list[Test]:
    tests: list[Test] = []
    if "minLength" in constraints:
        least = int(constraints["minLength"])
        tests.append((lambda cell: len(cell) >= least, Fault("too-short", {"limit": least})))
    if "maxLength" in constraints:
        most = int(constraints["maxLength"])
        tests.append((lambda cell: len(cell) <= most, Fault("too-long", {"limit": most})))
    return tests


def _bounds(cell_type: CellType, constraints: Mapping[str, Any]) -> list[Test]:
    tests: list[Test] = []
    order = cell_type.in_order
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
