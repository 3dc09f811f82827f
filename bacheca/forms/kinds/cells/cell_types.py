"""The types of cells, as Table Schema calls them: how each is written, put in order, and read by other programs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
EMAIL = re.compile(rf"(?=.{{1,64}}@.{{1,253}}$){ATOM}(\.{ATOM})*@({LABEL}\.)+[a-z0-9]([a-z0-9-]{{0,61}}[a-z])")
URI = re.compile(rf"https?://({LABEL}\.)+{LABEL}(:[0-9]{{1,5}})?([/?#][A-Za-z0-9._~:/?#@!$&'()*+,;=%-]*)?")
INTEGER = re.compile(r"0|-?[1-9][0-9]{0,14}")
NUMBER = re.compile(r"0|-?[1-9][0-9]{0,14}|-?(0|[1-9][0-9]{0,14})\.[0-9]{0,14}[1-9]")
BOOLEAN = frozenset(("true", "false"))
YEAR = re.compile(r"(?!0000)[0-9]{4}")
YEARMONTH = re.compile(r"(?!0000)[0-9]{4}-(0[1-9]|1[0-2])")


def _is_date(cell: str) -> bool:
    try:
        return date.fromisoformat(cell).isoformat() == cell
    except ValueError:
        return False


def _none_beside(cell: str) -> Iterator[str]:
    return iter(())


def _whole_beside(cell: str) -> Iterator[str]:
    for step in (-1, 1):
        yield str(int(cell) + step)


def _decimals_beside(cell: str) -> Iterator[str]:
    for step in (Decimal(1), LEAST_STEP):
        for found in (Decimal(cell) - step, Decimal(cell) + step):
            said = f"{found + 0:f}"
            yield said.rstrip("0").rstrip(".") if "." in said else said


def _days_beside(cell: str) -> Iterator[str]:
    for step in (timedelta(days=-1), timedelta(days=1)):
        try:
            yield (date.fromisoformat(cell) + step).isoformat()
        except OverflowError:  # there is no day before the first one, nor after the last
            continue


def _months_beside(cell: str) -> Iterator[str]:
    year, month = map(int, cell.split("-"))
    for step in (-1, 1):
        found = year * 12 + month - 1 + step
        yield f"{found // 12:04}-{found % 12 + 1:02}"


def _years_beside(cell: str) -> Iterator[str]:
    for step in (-1, 1):
        yield f"{int(cell) + step:04}"


LEAST_STEP = Decimal("1e-15")
"""The least difference between two decimal numbers that are kept."""


@dataclass(frozen=True, kw_only=True)
class CellType:
    """What the cells of a type are, to us and to other programs."""

    fault: str
    """The code of the fault of a cell that is not written so; empty where every text is."""

    holds: Callable[[str], object]
    """Tells whether a cell is written as its type wants."""

    in_order: Callable[[str], Any] | None
    """Makes cells comparable with `minimum` and `maximum`; None for a type without an order."""

    neighbours: Callable[[str], Iterable[str]] = _none_beside
    """Gives the cells just before and just after one, and of decimals some farther off; they may be too large."""

    usual_bound: str = ""
    """A bound that `check` proposes where nothing of what was written can be one."""

    goes_below_zero: bool = False
    """Whether a cell may be a negative number."""

    is_number: bool = False
    """Whether a spreadsheet counts with its cells."""

    is_calendar: bool = False
    """Whether its cells are days, or months or years of the calendar."""

    spss_format: str = ""
    """How SPSS prints its numbers; empty for SPSS's own way."""

    spss_measure: str
    """What SPSS may count with them: `nominal` or `scale`."""

    spss_seconds: bool = False
    """Whether SPSS keeps a cell as the seconds up to the day on which it begins."""


CELL_TYPES: Mapping[str, CellType] = {
    "string": CellType(fault="", holds=lambda cell: True, in_order=None, spss_measure="nominal"),
    "integer": CellType(
        fault="not-integer",
        holds=INTEGER.fullmatch,
        in_order=int,
        neighbours=_whole_beside,
        usual_bound="0",
        goes_below_zero=True,
        is_number=True,
        spss_format="F8.0",
        spss_measure="scale",
    ),
    "number": CellType(
        fault="not-number",
        holds=NUMBER.fullmatch,
        in_order=Decimal,
        neighbours=_decimals_beside,
        usual_bound="0.5",
        goes_below_zero=True,
        is_number=True,
        spss_measure="scale",
    ),
    "boolean": CellType(
        fault="not-boolean", holds=BOOLEAN.__contains__, in_order=None, spss_format="F1.0", spss_measure="nominal"
    ),
    "date": CellType(
        fault="not-date",
        holds=_is_date,
        in_order=str,
        neighbours=_days_beside,
        usual_bound="2027-06-30",
        is_calendar=True,
        spss_format="SDATE10",
        spss_measure="scale",
        spss_seconds=True,
    ),
    "yearmonth": CellType(
        fault="not-yearmonth",
        holds=YEARMONTH.fullmatch,
        in_order=str,
        neighbours=_months_beside,
        usual_bound="2027-06",
        is_calendar=True,
        spss_format="MOYR8",
        spss_measure="scale",
        spss_seconds=True,
    ),
    "year": CellType(
        fault="not-year",
        holds=YEAR.fullmatch,
        in_order=int,
        neighbours=_years_beside,
        usual_bound="2027",
        is_number=True,
        is_calendar=True,
        spss_format="F4.0",
        spss_measure="scale",
    ),
}
"""The types that a column of a package may have."""

TEXT_FORMATS: Mapping[str, tuple[str, Callable[[str], object]]] = {
    "email": ("not-email", EMAIL.fullmatch),
    "uri": ("not-uri", URI.fullmatch),
}
"""How the texts of a format are written, and the code of the fault when they are not."""
