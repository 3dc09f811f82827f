"""A workbook of a package: every cell is a text, a number or a day by its type, never a formula.

Texts are typed so in the file, and their cells formatted as texts: a postal code keeps its zeros however often the
file is opened and saved. Days that Excel's calendar does not have are texts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

from bacheca.forms.atomic_file import placed
from bacheca.forms.package.formats.excel_limits import COLUMNS, ROWS, columns_that_fit, day_of, fitted, number_of
from bacheca.forms.package.formats.losses import Losses
from bacheca.forms.package.formats.package_reader import Sheet, Sheets, Variable

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

WIDEST = 40
NOTES = "notes"
"""The sheet that says what the workbook could not hold."""


def write_workbook(path: Path, sheets: Sheets, rows_of_a_sheet: int = ROWS, columns: int = COLUMNS) -> Losses:
    """Write the responses and the codebook as sheets of one workbook.

    Args:
        path: where it goes.
        sheets: the package.
        rows_of_a_sheet: the most rows of a sheet; what comes after goes on in another.
        columns: the most columns of a sheet; what comes after is left out.

    Returns:
        What is not in it as it is in the package.
    """
    import xlsxwriter  # noqa: PLC0415  slow to load, and only this needs it

    losses = Losses()
    with placed(path) as beside:
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        book = xlsxwriter.Workbook(str(beside), options)
        book.set_properties({"title": sheets.title, "created": sheets.created.replace(tzinfo=None)})
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        formats = {"text": book.add_format({"num_format": "@"}), "day": book.add_format({"num_format": "yyyy-mm-dd"})}
        for sheet in (*sheets.responses, sheets.codebook):
            variables = columns_that_fit(sheet, losses, columns)
            for number, rows in enumerate(_parted(sheet, rows_of_a_sheet - 1), 1):
                page = book.add_worksheet(sheet.name if number == 1 else f"{sheet.name} ({number})")
                page.freeze_panes(1, 0)
                for column, variable in enumerate(variables):
                    page.set_column(column, column, min(WIDEST, max(12, len(variable.name) + 2)))
                    page.write_string(0, column, variable.name, bold)
                for row, cells in enumerate(rows, 1):
                    losses.cut += _write_row(page, row, variables, cells, formats, sheet=sheet)
        if noted := losses.sentences():
            page = book.add_worksheet(NOTES)
            for row, sentence in enumerate(noted):
                page.write_string(row, 0, sentence, formats["text"])
        book.close()
    return losses


def _write_row(
    page: Worksheet,
    row: int,
    variables: Sequence[Variable],
    cells: Sequence[str],
    formats: Mapping[str, Format],
    *,
    sheet: Sheet,
) -> int:
    cut = 0
    for column, (variable, cell) in enumerate(zip(variables, cells[: len(variables)], strict=True)):
        number = number_of(variable, cell)
        if number is not None:
            page.write_number(row, column, float(number))
        elif day := day_of(variable, cell):
            page.write_datetime(row, column, datetime.combine(day, time()), formats["day"])
        elif cell:
            text, was_cut = fitted(cell, sheet.path.name, sheet.language)
            page.write_string(row, column, text, formats["text"])
            cut += was_cut
    return cut


def _parted(sheet: Sheet, most: int) -> Iterator[Iterator[list[str]]]:
    """Divide the rows of a sheet into parts that fit; a sheet without rows is one part."""
    rows = sheet.rows()
    first = next(rows, None)
    yield _part(rows, first, most)
    while (first := next(rows, None)) is not None:
        yield _part(rows, first, most)


def _part(rows: Iterator[list[str]], first: list[str] | None, most: int) -> Iterator[list[str]]:
    if first is None:
        return
    yield first
    for _ in range(most - 1):
        row = next(rows, None)
        if row is None:
            return
        yield row
