"""A labelled copy for Excel in the language of the form: words for codes, numbers and days as they are typed there.

Where a decimal comma is written, the cells are parted by semicolons, as Excel does then; a byte order mark says UTF-8.

It is for reading, not for computing. A CSV file cannot say that a cell is a text: what a spreadsheet would run as a
formula, or read as another number or date than was written, has an apostrophe in front (`package/spreadsheets.py`), and
days that Excel's calendar does not have stand as they do in the package, with an apostrophe too. Where that is in the
way, the workbook keeps texts as texts; the package's own CSV is verbatim.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

from babel import Locale
from babel.dates import format_date
from babel.numbers import get_decimal_symbol

from bacheca.forms.atomic_file import placed
from bacheca.forms.locales import locale_of
from bacheca.forms.package.formats.excel_limits import columns_that_fit, fitted
from bacheca.forms.package.formats.labelled import Value, headings
from bacheca.forms.package.formats.losses import Losses
from bacheca.forms.package.formats.package_reader import Sheet
from bacheca.forms.package.spreadsheets import kept_as_text

ISO_DAY = "yyyy-MM-dd"
"""How a day is written where one country puts the month first, and another the day."""


@dataclass(frozen=True)
class Typed:
    """How people type numbers and days into a spreadsheet.

    Args:
        locale: where.
        comma: what stands before decimals.
        delimiter: what parts cells.
        day: the pattern of a day, in the words of CLDR.
    """

    locale: Locale
    comma: str
    delimiter: str
    day: str


@cache
def typed_in(language: str) -> Typed:
    """Give how they are typed in a language."""
    locale = locale_of(language)
    comma = get_decimal_symbol(locale)
    if comma != ",":
        return Typed(locale, ".", ",", ISO_DAY)
    return Typed(locale, comma, ";", re.sub("y+", "yyyy", locale.date_formats["short"].pattern))


def write_excel_csv(path: Path, sheet: Sheet) -> Losses:
    """Write one table.

    Args:
        path: where it goes.
        sheet: the table.

    Returns:
        What is not in it as it is in the package.
    """
    losses = Losses()
    columns = columns_that_fit(sheet.name, headings(sheet.variables), losses)
    typed = typed_in(sheet.language)
    with placed(path) as beside, beside.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=typed.delimiter, lineterminator="\r\n")
        writer.writerow([kept_as_text(column.title) for column in columns])
        for row in sheet.rows():
            cells = [fitted(_typed(column.said(row), typed), sheet.path.name, sheet.language) for column in columns]
            losses.cut += sum(was_cut for _, was_cut in cells)
            writer.writerow([text for text, _ in cells])
    return losses


def _typed(value: Value, typed: Typed) -> str:
    """Give a cell as people type it there."""
    if isinstance(value, date):
        return str(format_date(value, typed.day, locale=typed.locale))
    if isinstance(value, Decimal):
        return f"{value:f}".replace(".", typed.comma)
    return kept_as_text(value)
