"""A labelled copy for Excel in Italian: semicolons, a byte order mark, decimal commas, words for codes.

It is for reading, not for computing. A CSV file cannot say that a cell is a text: what a spreadsheet would run as a
formula, or read as another number or date than was written, has an apostrophe in front (`package/spreadsheets.py`), and
days that Excel's calendar does not have stand as they do in the package, with an apostrophe too. Where that is in the
way, the workbook keeps texts as texts; the package's own CSV is verbatim.
"""

from __future__ import annotations

import csv
from collections import Counter
from itertools import islice
from pathlib import Path

from bacheca.forms.atomic_file import placed
from bacheca.forms.package.formats.excel_limits import columns_that_fit, day_of, fitted, number_of
from bacheca.forms.package.formats.losses import Losses
from bacheca.forms.package.formats.package_reader import Sheet, Variable
from bacheca.forms.package.spreadsheets import defused, kept_as_text


def write_excel_csv(path: Path, sheet: Sheet) -> Losses:
    """Write one table.

    Args:
        path: where it goes.
        sheet: the table.

    Returns:
        What is not in it as it is in the package.
    """
    losses = Losses()
    variables = columns_that_fit(sheet, losses)
    with placed(path) as beside, beside.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
        writer.writerow([kept_as_text(title) for title in islice(_titles(sheet), len(variables))])
        for row in sheet.rows():
            fitting = zip(variables, row[: len(variables)], strict=True)
            said = [fitted(_said(variable, cell), sheet.path.name, sheet.language) for variable, cell in fitting]
            losses.cut += sum(was_cut for _, was_cut in said)
            writer.writerow([text for text, _ in said])
    return losses


def _titles(sheet: Sheet) -> list[str]:
    """Give each column its question; where two are the same, their names too."""
    times = Counter(variable.title for variable in sheet.variables)
    return [v.title if times[v.title] == 1 else f"{v.title} ({v.name})" for v in sheet.variables]


def _said(variable: Variable, cell: str) -> str:
    """Say a cell in words, as Excel in Italian reads it."""
    if cell in variable.missing:
        return defused(variable.missing[cell])
    if cell in variable.labels:
        return kept_as_text(variable.labels[cell])
    if day := day_of(variable, cell):
        return day.strftime("%d/%m/%Y")
    number = number_of(variable, cell)
    return kept_as_text(cell) if number is None else cell.replace(".", ",")
