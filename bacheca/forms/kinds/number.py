"""Numbers, whole and decimal, typed the Italian way or the English one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from math import isfinite
from random import Random
from typing import Any, ClassVar

from babel.numbers import format_decimal, get_group_symbol

from bacheca.forms.asking.conditions import NOT_SHOWN
from bacheca.forms.catalogues import marked as _
from bacheca.forms.kinds.base import Field, WrongLimit
from bacheca.forms.kinds.cells.cell_checks import Fault
from bacheca.forms.kinds.cells.cell_types import CELL_TYPES
from bacheca.forms.kinds.cells.column import Column
from bacheca.forms.kinds.counted import Chart, Counted
from bacheca.forms.locales import locale_of
from bacheca.forms.text import half_width

SIGNED = re.compile(r"([+-]?)\s*(\S.*)")
GROUPED = re.compile(r"([0-9]{1,3})([.,'’ \u00a0\u2009\u202f])[0-9]{3}(?:\2[0-9]{3})*")
"""A whole number with the same mark between all its thousands."""

MOST_DIGITS = 15
"""The most digits before the point, and after it: what spreadsheets keep of a number."""

TWO_READINGS = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}")
"""`1.234` is a thousand and more to some and little more than one to others."""

MOST = "9" * 15
"""The greatest whole number that every program keeps to the last figure."""


class Number(Field):
    """A decimal number: comma or point, with or without a mark between thousands."""

    kind = "number"
    called = _("number")
    xlsform = "decimal"
    counted = Counted.NUMBERS
    chart = Chart.HISTOGRAM
    signatures = (("number", "default", ""),)
    template = "kinds/text.html"
    constraint_names = frozenset(("required", "minimum", "maximum"))
    seconds = 10
    fault = "not-number"
    has_order = True
    keyboard = "decimal"
    is_whole: ClassVar[bool] = False

    @property
    def inputmode(self) -> str:
        """The keyboard of figures, which has no minus on many phones: only where no answer can need one."""
        lowest = self.constraints.get("minimum")
        return self.keyboard if isinstance(lowest, int | float) and lowest >= 0 else ""

    def answer_schema(self) -> dict[str, Any]:
        """Give the JSON Schema of a number, which may be sent as it is typed, too."""
        return numbers_schema(self.columns[0])

    def canonical(self, text: str, language: str) -> str | Fault:
        """Write a number with a point, no needless zeros and nothing between thousands."""
        found = SIGNED.fullmatch(half_width(text).replace("−", "-").strip())
        if not found:
            return Fault(self.fault, {})
        sign, typed = found.groups()
        if TWO_READINGS.fullmatch(typed):
            return self.of_two_readings(sign, typed, language)
        whole, decimals = _parted(typed)
        return self.written(sign, whole, decimals)

    def of_two_readings(self, sign: str, typed: str, language: str) -> str | Fault:
        """Ask rather than guess."""
        whole, thousandths = typed[:-4], typed[-3:]
        return Fault("two-readings", {"one": f"{sign}{whole}{thousandths}", "other": f"{sign}{whole},{thousandths}0"})

    def written(self, sign: str, whole: str, decimals: str) -> str | Fault:
        """Join the parts into the way in which a number is kept."""
        grouped = GROUPED.fullmatch(whole)
        figures = whole.replace(grouped[2], "") if grouped and grouped[1] != "0" else whole
        if not f"{figures}{decimals}".isascii() or not f"{figures}{decimals}".isdecimal():
            return Fault(self.fault, {})
        decimals = decimals.rstrip("0")
        if max(len(figures.lstrip("0")), len(decimals)) > MOST_DIGITS:
            return Fault("too-many-digits", {"limit": MOST_DIGITS})
        cell = (figures.lstrip("0") or "0") + (f".{decimals}" if decimals else "")
        return f"-{cell}" if sign == "-" and cell != "0" else cell

    def made_up(self, wanted: str, number: int, chance: Random) -> dict[str, str]:
        """Make up a number within its limits, which now and then is the least or the greatest."""
        limits = self.constraints
        most = limits.get("maximum", 100)
        low = Decimal(str(limits.get("minimum", 0 if most > 0 else most - 100)))
        high = Decimal(str(limits.get("maximum", low + 100)))
        some = Decimal(str(round(chance.uniform(float(low), float(high)), 0 if self.is_whole else 1)))
        value = chance.choice((low, high, min(max(some, low), high)))
        return {self.name: f"{value.normalize() + 0:f}"}  # zero has no sign

    def posted(self, cells: Mapping[str, str]) -> dict[str, list[str]]:
        """Give what would be posted; three decimals get a fourth, to have one reading only."""
        cell = cells.get(self.name, "")
        if not cell or cell == NOT_SHOWN:
            return {}
        return {self.name: [f"{cell}0" if TWO_READINGS.fullmatch(cell.lstrip("-")) else cell]}

    def show(self, cells: Mapping[str, str], language: str) -> str:
        """Write the number as its readers do."""
        cell = cells.get(self.name, "")
        if self.says_nothing(cell):
            return super().show(cells, language)
        return format_decimal(Decimal(cell), locale=locale_of(language), decimal_quantization=False)

    @classmethod
    def wrong_limits(cls, entry: Mapping[str, Any]) -> Iterator[WrongLimit]:
        """Find bounds that are no numbers of this kind, or leave nothing between them."""
        limits = entry.get("constraints") or {}
        bounds = {}
        for key in ("minimum", "maximum"):
            if key not in limits:
                continue
            cell = cell_of(limits[key])
            if not CELL_TYPES[str(entry["type"])].holds(cell):
                far = (
                    {"near": "-" * cell.startswith("-") + MOST} if len(cell.lstrip("-").partition(".")[0]) > 15 else {}
                )
                yield "CONSTRAINT_BOUND", ("constraints", key), {"key": key, "value": limits[key], **far}
                return
            bounds[key] = Decimal(cell)
        if len(bounds) == 2 and bounds["minimum"] > bounds["maximum"]:
            yield "CONSTRAINT_ORDER", ("constraints", "maximum"), {"low": "minimum", "high": "maximum"}


def numbers_schema(column: Column) -> dict[str, Any]:
    """Give the JSON Schema of what may be sent for a column of numbers."""
    limits = {key: limit for key, limit in column.constraints.items() if key in ("minimum", "maximum")}
    return {"anyOf": [{"type": column.type, **limits}, {"type": "string"}]}


def cell_of(bound: object) -> str:
    """Write a bound as an answer would be kept; empty where it is no number."""
    if isinstance(bound, bool) or not isinstance(bound, int | float) or not isfinite(bound):
        return ""
    cell = f"{Decimal(str(bound)):f}"
    cell = cell.rstrip("0").rstrip(".") if "." in cell else cell
    return "0" if cell == "-0" else cell


class Integer(Number):
    """A whole number."""

    kind = "integer"
    called = _("whole number")
    xlsform = "integer"
    signatures = (("integer", "default", ""),)
    fault = "not-integer"
    is_whole = True
    keyboard = "numeric"

    def of_two_readings(self, sign: str, typed: str, language: str) -> str | Fault:
        """Take the mark of the page's language between thousands; with the other one, zeros have two readings."""
        whole, thousandths = typed[:-4], typed[-3:]
        if typed[-4] == get_group_symbol(language):
            return self.written(sign, f"{whole}{thousandths}", "")
        if thousandths == "000":
            return Fault("two-readings", {"one": f"{sign}{whole}{thousandths}", "other": f"{sign}{whole}"})
        return Fault(self.fault, {})

    def written(self, sign: str, whole: str, decimals: str) -> str | Fault:
        """Refuse a fraction."""
        return Fault(self.fault, {}) if decimals.strip("0") else super().written(sign, whole, decimals)


def _parted(typed: str) -> tuple[str, str]:
    """Split a number at its decimal mark: the last of two marks, or the only one."""
    marks = [character for character in typed if character in ".,"]
    if not marks or (len(marks) > 1 and len(set(marks)) == 1):
        return typed, ""
    whole, _, decimals = typed.rpartition(marks[-1])
    return whole, decimals
