"""What a cell of Excel can hold (specifications and limits of Excel, Microsoft)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from forms.checks import NUMBER, YEAR
from forms.copies.sheets import Variable
from forms.copies.words import CUT, say
from forms.definition import LANGUAGE

CELL = 32_767
"""The most UTF-16 units of a text."""

ROWS = 1_048_576
"""The most rows of a sheet, the header among them."""

DIGITS = 15
"""The most digits of a number; further ones would become zeros."""

NUMERIC: Mapping[str, object] = dict.fromkeys(("integer", "number", "year"))


def fitted(text: str, whole_in: str) -> tuple[str, bool]:
    """Make a text fit a cell.

    Args:
        text: the text.
        whole_in: the file in which it is whole.

    Returns:
        The text, and whether it had to be cut, which its end then says.
    """
    units = text.encode("utf-16-le")
    if len(units) <= CELL * 2:
        return text, False
    mark = say(CUT, LANGUAGE, file=whole_in)
    kept = units[: (CELL - len(mark)) * 2].decode("utf-16-le", errors="ignore")  # no half of a pair
    return kept + mark, True


def number_of(variable: Variable, cell: str) -> Decimal | None:
    """Read a cell as a number; None where it is a text, a code, or has more digits than Excel keeps."""
    if variable.type not in NUMERIC or cell in variable.missing:
        return None
    if not (NUMBER.fullmatch(cell) or YEAR.fullmatch(cell)):
        return None
    number = Decimal(cell)
    return number if len(number.as_tuple().digits) <= DIGITS else None
