"""Days, months and years, typed in separate boxes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from random import Random
from types import MappingProxyType
from typing import Any, ClassVar

from babel.dates import format_date, format_skeleton, get_month_names

from bacheca.forms.asking.conditions import NOT_SHOWN
from bacheca.forms.catalogues import marked as _
from bacheca.forms.catalogues import translations
from bacheca.forms.errors import Problem
from bacheca.forms.kinds.base import Field, WrongLimit
from bacheca.forms.kinds.cells.cell_checks import Fault
from bacheca.forms.kinds.cells.cell_types import CELL_TYPES
from bacheca.forms.kinds.counted import Chart, Counted
from bacheca.forms.kinds.reading import MailLine, Posted
from bacheca.forms.locales import locale_of
from bacheca.forms.text import canonical_text, half_width

PARTS = {"day": _("Day"), "month": _("Month"), "year": _("Year")}
"""What the boxes of a date are called."""

BETWEEN = re.compile(r"\s*\.?[/,\-]\s*|\s*\.\s*|\s+")
"""What stands between the parts of a date; the point of `Gen./2027` only ends a short word."""

ORDINAL = re.compile(r"([0-9]{1,2})[°º]")
"""A day as `1° gennaio` has it."""

LEAST_LETTERS = 3
"""The fewest letters by which a month is known, besides the language's own abbreviations."""

LAST_CENTURY = 69
"""From this year of two digits on, a year of the last century is meant (as POSIX has it)."""


COMMON, DAYS = date(1960, 1, 1).toordinal(), 20_000
"""From which day on made-up days are that nothing limits, and over how many days."""


class Date(Field):
    """A day, in three boxes."""

    kind = "date"
    called = _("date")
    xlsform = "date"
    counted = Counted.PRESENCE
    chart = Chart.WORDS
    signatures = (("date", "default", ""),)
    template = "kinds/date.html"
    constraint_names = frozenset(("required", "minimum", "maximum"))
    parts: ClassVar[tuple[str, ...]] = ("day", "month", "year")
    has_order = True
    says = MappingProxyType({"too-low": "too-early", "too-high": "too-late"})
    fault = "not-date"
    json_format = "date"

    @property
    def anchor(self) -> str:
        """The id of the first box."""
        return self.part_id(self.parts[0])

    @property
    def inputs(self) -> tuple[str, ...]:
        """The boxes; a program may post the date whole."""
        return (self.name, *self.boxes)

    @property
    def boxes(self) -> tuple[str, ...]:
        """A box a part."""
        return tuple(map(self.part_name, self.parts))

    def months(self, language: str) -> Mapping[str, str]:
        """Give the numbers of the months by their names, whole and short."""
        return _months(language)

    def too_long(self, name: str) -> Fault:
        """Say that what is so long is no date."""
        return Fault(self.fault, {})

    def part_name(self, part: str) -> str:
        """Name the control of a box."""
        return f"{self.name}__{part}"

    def part_id(self, part: str) -> str:
        """Give the id of a box."""
        return f"f-{self.name}-{part}"

    def part_label(self, part: str, language: str) -> str:
        """Say what a box is for."""
        return translations(language).gettext(PARTS[part])

    def part_autocomplete(self, part: str) -> str:
        """Give the `autocomplete` token of a box: a birthday has one for each."""
        return f"{self.autocomplete}-{part}" if self.autocomplete == "bday" else ""

    def typed(self, posted: Posted, part: str) -> str:
        """Give what a box is filled with: as it was typed, or out of a date posted whole."""
        if posted.get(self.part_name(part)):
            return posted[self.part_name(part)][0]
        whole = (posted.get(self.name) or [""])[0]
        found = dict(zip(reversed(self.parts), whole.split("-"), strict=False)) if self._holds(whole) else {}
        return _typed(part, found.get(part, ""))

    def gathered(self, posted: Posted) -> Sequence[str]:
        """Give the date as one text."""
        if any(posted.get(self.name, ())):
            return posted[self.name]
        boxes = [posted.get(self.part_name(part), ()) for part in self.parts]
        typed = [canonical_text(box[0]).strip() if box else "" for box in boxes]
        return ("/".join(typed),) if any(typed) else ()

    def canonical(self, text: str, language: str) -> str | Fault:
        """Read a date in the order of the boxes or of ISO 8601, the month in figures or in words."""
        typed = BETWEEN.split(half_width(text).strip())
        if len(typed) == len(self.parts) and len(typed[0]) == 4:
            typed.reverse()
        if len(typed) != len(self.parts):
            return Fault(self.fault, {})
        found = dict(zip(self.parts, typed, strict=True))
        found["month"] = _month(found["month"], language)
        if ordinal := ORDINAL.fullmatch(found.get("day", "")):
            found["day"] = ordinal[1]
        cell = self._cell(found)
        return cell if self._holds(cell) else self._mistaken(found, language)

    def _cell(self, found: Mapping[str, str]) -> str:
        """Write the parts of a date in the order of ISO 8601."""
        return "-".join(found[part] if part == "year" else found[part].zfill(2) for part in reversed(self.parts))

    def _mistaken(self, found: Mapping[str, str], language: str) -> Fault:
        """Say what is wrong with a date that does not exist as it is written."""
        year = found["year"]
        if len(year) <= 2 and year.isascii() and year.isdecimal():
            whole = f"{'19' if int(year) >= LAST_CENTURY else '20'}{year:0>2}"
            if self._holds(self._cell({**found, "year": whole})):
                return Fault("year-short", {"year": whole})
        if "day" in found:
            swapped = {**found, "day": found["month"], "month": _month(found["day"], language)}
            if self._holds(self._cell(swapped)):
                return Fault("day-first", {"date": "/".join(_typed(part, swapped[part]) for part in self.parts)})
        return Fault(self.fault, {})

    def _holds(self, cell: str) -> bool:
        return bool(self.columns[0].cell_type.holds(cell))

    def made_up(self, wanted: str, number: int, chance: Random) -> dict[str, str]:
        """Make up a day within its limits."""
        return {self.name: _some_day(self.constraints, chance).isoformat()}

    def posted(self, cells: Mapping[str, str]) -> dict[str, list[str]]:
        """Give what would be posted to get this date."""
        cell = cells.get(self.name, "")
        if not cell or cell == NOT_SHOWN:
            return {}
        figures = dict(zip(("year", "month", "day"), cell.split("-"), strict=False))
        return {self.part_name(part): [_typed(part, figures[part])] for part in self.parts}

    def written(self, cell: str, language: str) -> str:
        """Write a date as its readers do."""
        return format_date(date.fromisoformat(cell), format="long", locale=locale_of(language))

    def show(self, cells: Mapping[str, str], language: str) -> str:
        """Say the date."""
        cell = cells.get(self.name, "")
        return super().show(cells, language) if self.says_nothing(cell) else self.written(cell, language)

    def mail_lines(self, language: str, posted: Posted) -> list[MailLine]:
        """Give a line a box."""
        return [
            MailLine(f"{self.part_label(part, language)} >> ", self.typed(posted, part), control=self.part_name(part))
            for part in self.parts
        ]

    def problem(self, fault: Fault, language: str) -> Problem:
        """Name the limit as its readers write it."""
        if "limit" in fault.values:
            fault = Fault(fault.code, {"limit": self.written(str(fault.values["limit"]), language)})
        return super().problem(fault, language)

    @classmethod
    def wrong_limits(cls, entry: Mapping[str, Any]) -> Iterator[WrongLimit]:
        """Find bounds that are not written like answers, or leave nothing between them."""
        limits = entry.get("constraints") or {}
        holds = CELL_TYPES[str(entry["type"])].holds
        bounds = {key: limits[key] for key in ("minimum", "maximum") if key in limits}
        for key, value in bounds.items():
            if isinstance(value, bool) or not holds(str(value)):
                yield "CONSTRAINT_BOUND", ("constraints", key), {"key": key, "value": value}
                return
        if len(bounds) == 2 and str(bounds["minimum"]) > str(bounds["maximum"]):
            yield "CONSTRAINT_ORDER", ("constraints", "maximum"), {"low": "minimum", "high": "maximum"}


class YearMonth(Date):
    """A month of a year, in two boxes."""

    kind = "month"
    called = _("month")
    xlsform_appearance = "month-year"
    signatures = (("yearmonth", "default", ""),)
    parts = ("month", "year")
    fault = "not-yearmonth"
    json_format = ""

    def made_up(self, wanted: str, number: int, chance: Random) -> dict[str, str]:
        """Make up a month within its limits."""
        return {self.name: _some_day(self.constraints, chance).isoformat()[: len("2027-06")]}

    def written(self, cell: str, language: str) -> str:
        """Write a month as its readers do."""
        return format_skeleton("yMMMM", date.fromisoformat(f"{cell}-01"), locale=locale_of(language))


class Year(Field):
    """A year of four digits."""

    kind = "year"
    called = _("year")
    xlsform = "date"
    xlsform_appearance = "year"
    counted = Counted.PRESENCE
    chart = Chart.WORDS
    signatures = (("year", "default", ""),)
    template = "kinds/text.html"
    constraint_names = frozenset(("required", "minimum", "maximum"))
    seconds = 8
    keyboard = "numeric"
    has_order = True
    says = MappingProxyType({"too-low": "too-early", "too-high": "too-late", "too-long": "not-year"})

    def canonical(self, text: str, language: str) -> str | Fault:
        """Take off outer blanks."""
        return half_width(text).strip()

    def problem(self, fault: Fault, language: str) -> Problem:
        """Name the limit, a year, without what parts thousands."""
        return super().problem(Fault(fault.code, {name: str(value) for name, value in fault.values.items()}), language)

    def made_up(self, wanted: str, number: int, chance: Random) -> dict[str, str]:
        """Make up a year within its limits."""
        return {self.name: _some_day(self.constraints, chance).isoformat()[: len("2027")]}

    @classmethod
    def wrong_limits(cls, entry: Mapping[str, Any]) -> Iterator[WrongLimit]:
        """Find bounds that are no years, or leave none between them."""
        yield from Date.wrong_limits(entry)


def _some_day(limits: Mapping[str, Any], chance: Random) -> date:
    """Draw a day from within some limits, each a day, a month or a year."""
    end = date.fromisoformat(f"{limits['maximum']:>04}-12-28"[:10]) if "maximum" in limits else None
    start = date.fromisoformat(f"{limits['minimum']:>04}-01-01"[:10]) if "minimum" in limits else None
    first = start.toordinal() if start else max(1, min(COMMON, end.toordinal() - DAYS if end else COMMON))
    last = end.toordinal() if end else min(date.max.toordinal(), first + DAYS)
    return date.fromordinal(chance.randint(first, max(first, last)))


def _typed(part: str, figures: str) -> str:
    """Write a part of a date as people type it: a year has four digits, the others no zero in front."""
    return figures if part == "year" else figures.lstrip("0")


def _month(typed: str, language: str) -> str:
    """Give the number of a month that is typed in words, whole or by three letters or more that begin no other."""
    word = typed.casefold()
    months = _months(language)
    if word in months or len(word) < LEAST_LETTERS:
        return months.get(word, typed)
    begun = {number for name, number in months.items() if name.startswith(word)}
    return begun.pop() if len(begun) == 1 else typed


@cache
def _months(language: str) -> Mapping[str, str]:
    """Find the number of a month by its name, whole or short."""
    return {
        name.casefold().rstrip("."): str(number)
        for width in ("wide", "abbreviated")
        for number, name in get_month_names(width, locale=locale_of(language)).items()
    }
