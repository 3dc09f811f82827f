"""What a cell of Excel can hold (specifications and limits of Excel, Microsoft)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Protocol, TypeVar

from bacheca.forms.kinds.cells.cell_types import CELL_TYPES, NUMBER, YEAR
from bacheca.forms.package.formats.losses import Losses
from bacheca.forms.package.formats.messages import CUT, say
from bacheca.forms.package.formats.package_reader import Variable

CELL = 32_767
"""The most UTF-16 units of a text."""

ROWS = 1_048_576
"""The most rows of a sheet, the header among them."""

COLUMNS = 16_384
"""The most columns of a sheet."""

FIRST_DAY = date(1900, 3, 1)
"""The first day that every spreadsheet counts alike: Excel takes 1900 for a leap year."""

DIGITS = 15
"""The most digits of a number; further ones would become zeros."""


def fitted(text: str, whole_in: str, language: str) -> tuple[str, bool]:
    """Make a text fit a cell.

    Args:
        text: the text.
        whole_in: the file in which it is whole.
        language: the language in which its end says so.

    Returns:
        The text, and whether it had to be cut, which its end then says.
    """
    units = text.encode("utf-16-le")
    if len(units) <= CELL * 2:
        return text, False
    mark = say(CUT, language, file=whole_in)
    kept = units[: (CELL - len(mark)) * 2].decode("utf-16-le", errors="ignore")  # no half of a pair
    return kept + mark, True


def number_of(variable: Variable, cell: str) -> Decimal | None:
    """Read a cell as a number; None where it is a text, a code, or has figures that Excel does not keep."""
    if not CELL_TYPES[variable.type].is_number or cell in variable.missing:
        return None
    if variable.type == "year" and not (YEAR.fullmatch(cell) and cell[0] != "0"):
        return None
    if variable.type != "year" and not NUMBER.fullmatch(cell):
        return None
    number = Decimal(cell)
    return number if len(number.as_tuple().digits) <= DIGITS else None


def day_of(variable: Variable, cell: str) -> date | None:
    """Read a cell as a day; None where it is none, or Excel's calendar does not have it."""
    if variable.type != "date" or cell in variable.missing:
        return None
    try:
        day = date.fromisoformat(cell)
    except ValueError:
        return None
    return day if day >= FIRST_DAY else None


class Named(Protocol):
    """What has the name of a column."""

    @property
    def name(self) -> str:
        """The name."""


C = TypeVar("C", bound=Named)


def columns_that_fit(sheet: str, columns: Sequence[C], losses: Losses, most: int = COLUMNS) -> Sequence[C]:
    """Give the columns that a sheet can hold; what it cannot is noted."""
    if beyond := columns[most:]:
        losses.left_out.add(
            f"{sheet}: {len(beyond)} columns, from {beyond[0].name} on: a spreadsheet has {most} at most"
        )
    return columns[:most]
