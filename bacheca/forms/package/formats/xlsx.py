"""A workbook of a package: first the answers in words, for people; then the same in codes, and the codebook.

Every cell is a text, a number or a day by its type, never a formula. Texts are typed so in the file, and their cells
formatted as texts: a postal code keeps its zeros however often the file is opened and saved. Days that Excel's calendar
does not have are texts. Rows are written as they are read, so memory does not grow with them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from bacheca.forms.atomic_file import placed
from bacheca.forms.package.formats.excel_limits import COLUMNS, ROWS, columns_that_fit, day_of, fitted, number_of
from bacheca.forms.package.formats.labelled import Value, headings_for_reading
from bacheca.forms.package.formats.losses import Losses
from bacheca.forms.package.formats.messages import ANSWERS, say
from bacheca.forms.package.formats.package_reader import Sheet, Sheets, Variable

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

NARROWEST, WIDEST = 12, 60
"""The least and the greatest width of a column, in characters; beyond it a text is wrapped."""

LINES_OF_HEADING = 4
"""In how many lines a heading should fit."""

MEASURED = 1000
"""How many rows tell how wide a column has to be."""

A4 = 9
SHORT_DAY = 14
"""The format of days that every spreadsheet writes as its reader's country does (ECMA-376, 18.8.30)."""

NOTES = "notes"
"""The sheet that says what the workbook could not hold."""


def write_workbook(path: Path, sheets: Sheets, rows_of_a_sheet: int = ROWS, columns: int = COLUMNS) -> Losses:
    """Write the responses, in words and in codes, and the codebook as sheets of one workbook.

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
        every_version = sheets.responses[-1]
        for table in (
            _in_words(sheets.in_words[-1], losses, columns),
            *(_in_codes(sheet, losses, columns) for sheet in (*sheets.responses, sheets.codebook)),
        ):
            cut = _write(book, table, rows_of_a_sheet - 1)
            if table.sheet is every_version:
                losses.cut = cut
        if noted := losses.sentences():
            _write_notes(book, noted)
        book.close()
    return losses


@dataclass(frozen=True)
class _Table:
    """What stands on a sheet.

    Args:
        name: the name of the sheet.
        sheet: the table of the package that it is made of.
        headings: what stands above each column.
        cells: gives the cells of a row of the package.
        for_reading: whether people read it, so that it is set as they like: wrapped, with filters, as days are written
            where they are.
    """

    name: str
    sheet: Sheet
    headings: tuple[str, ...]
    cells: Callable[[Sequence[str]], Iterable[Value]]
    for_reading: bool = False


def _in_words(sheet: Sheet, losses: Losses, most: int) -> _Table:
    name = say(ANSWERS, sheet.language)
    columns = columns_that_fit(name, headings_for_reading(sheet.variables), losses, most)
    titles = tuple(column.title for column in columns)
    return _Table(name, sheet, titles, lambda row: (column.said(row) for column in columns), for_reading=True)


def _in_codes(sheet: Sheet, losses: Losses, most: int) -> _Table:
    columns = columns_that_fit(sheet.name, sheet.variables, losses, most)
    names = tuple(variable.name for variable in columns)
    return _Table(sheet.name, sheet, names, lambda row: map(_as_it_is, columns, row))


def _as_it_is(variable: Variable, cell: str) -> Value:
    number = number_of(variable, cell)
    return (day_of(variable, cell) or cell) if number is None else number


@dataclass
class _Widths:
    """How wide the columns of a page have to be, as its first rows tell."""

    headings: Sequence[str]
    _longest: list[int] = field(init=False)
    _rows: int = 0

    def __post_init__(self) -> None:
        self._longest = [-(-len(heading) // LINES_OF_HEADING) for heading in self.headings]

    def see(self, cells: Sequence[Value]) -> None:
        if self._rows < MEASURED:
            self._rows += 1
            widths = (max(map(len, str(cell).split("\n"))) for cell in cells)
            self._longest = list(map(max, self._longest, widths))

    def set(self, page: Worksheet) -> None:
        for column, longest in enumerate(self._longest):
            page.set_column(column, column, min(WIDEST, max(NARROWEST, longest + 3)))


def _write(book: Workbook, table: _Table, most: int) -> int:
    """Write a table on as many sheets as it takes; tell how many texts were cut."""
    look = {"valign": "top", "align": "left", "text_wrap": True} if table.for_reading else {}
    heading = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "bg_color": "#EEEEEE"})
    text = book.add_format({"num_format": "@"} | look)
    number = book.add_format({name: how for name, how in look.items() if name != "align"})
    day = book.add_format({"num_format": SHORT_DAY if table.for_reading else "yyyy-mm-dd"} | look)
    cut = 0
    for part, rows in enumerate(_parted(table.sheet, most), 1):
        page = book.add_worksheet(table.name if part == 1 else f"{table.name} ({part})")
        page.freeze_panes(1, 0)
        page.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
        for column, said in enumerate(table.headings):
            page.write_string(0, column, said, heading)
        widths, last = _Widths(table.headings), 0
        for last, row in enumerate(rows, 1):
            cells = list(table.cells(row))
            widths.see(cells)
            cut += _write_row(page, last, cells, (text, number, day), sheet=table.sheet)
        widths.set(page)
        if table.for_reading:
            page.autofilter(0, 0, last, len(table.headings) - 1)
            page.repeat_rows(0)
            page.set_landscape()
            page.set_paper(A4)
    return cut


def _write_row(
    page: Worksheet, row: int, cells: Sequence[Value], formats: tuple[Format, Format, Format], *, sheet: Sheet
) -> int:
    text, number, day = formats
    cut = 0
    for column, cell in enumerate(cells):
        if isinstance(cell, Decimal):
            page.write_number(row, column, float(cell), number)
        elif isinstance(cell, date):
            page.write_datetime(row, column, datetime.combine(cell, time()), day)
        elif cell:
            said, was_cut = fitted(cell, sheet.path.name, sheet.language)
            page.write_string(row, column, said, text)
            cut += was_cut
    return cut


def _write_notes(book: Workbook, noted: Sequence[str]) -> None:
    page = book.add_worksheet(NOTES)
    text = book.add_format({"num_format": "@"})
    for row, sentence in enumerate(noted):
        page.write_string(row, 0, sentence, text)


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
