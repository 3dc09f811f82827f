"""A workbook of a package: every cell is a text or a number by its type, never a formula."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from forms.copies.excel import ROWS, fitted, number_of
from forms.copies.placing import placed
from forms.copies.sheets import Sheet, Sheets

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

WIDEST = 40


def write_workbook(path: Path, sheets: Sheets, rows_of_a_sheet: int = ROWS) -> int:
    """Write the responses and the codebook as sheets of one workbook.

    Args:
        path: where it goes.
        sheets: the package.
        rows_of_a_sheet: the most rows of a sheet; what comes after goes on in another.

    Returns:
        How many texts had to be cut.
    """
    import xlsxwriter  # noqa: PLC0415  slow to load, and only this needs it

    cut = 0
    with placed(path) as beside:
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        book = xlsxwriter.Workbook(str(beside), options)
        book.set_properties({"title": sheets.title, "created": sheets.created.replace(tzinfo=None)})
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        for sheet in (*sheets.responses, sheets.codebook):
            for number, rows in enumerate(_parted(sheet, rows_of_a_sheet - 1), 1):
                page = book.add_worksheet(sheet.name if number == 1 else f"{sheet.name} ({number})")
                page.freeze_panes(1, 0)
                for column, variable in enumerate(sheet.variables):
                    page.set_column(column, column, min(WIDEST, max(12, len(variable.name) + 2)))
                    page.write_string(0, column, variable.name, bold)
                for row, cells in enumerate(rows, 1):
                    cut += _write_row(page, row, sheet, cells)
        book.close()
    return cut


def _write_row(page: Worksheet, row: int, sheet: Sheet, cells: Sequence[str]) -> int:
    cut = 0
    for column, (variable, cell) in enumerate(zip(sheet.variables, cells, strict=True)):
        number = number_of(variable, cell)
        if number is not None:
            page.write_number(row, column, float(number))
        elif cell:
            text, was_cut = fitted(cell, sheet.path.name)
            page.write_string(row, column, text)
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
