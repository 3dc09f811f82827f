"""A labelled copy for Excel in Italian: semicolons, a byte order mark, decimal commas, words for codes.

It is for reading, not for computing: what Excel would take for a formula is defused with an apostrophe
(OWASP ASVS 1.2.10), which changes texts; they are verbatim in the package's own CSV.
"""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date
from pathlib import Path

from forms.copies.excel import fitted, number_of
from forms.copies.placing import placed
from forms.copies.sheets import Sheet, Variable

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\0", "＝", "＋", "－", "＠")
"""How a cell begins that a spreadsheet may run; a blank before does not stop all of them."""


def write_excel_csv(path: Path, sheet: Sheet) -> int:
    """Write one table.

    Args:
        path: where it goes.
        sheet: the table.

    Returns:
        How many texts had to be cut.
    """
    cut = 0
    with placed(path) as beside, beside.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
        writer.writerow([defused(title) for title in _titles(sheet)])
        for row in sheet.rows():
            said = [fitted(_said(v, cell), sheet.path.name) for v, cell in zip(sheet.variables, row, strict=True)]
            cut += sum(was_cut for _, was_cut in said)
            writer.writerow([text for text, _ in said])
    return cut


def defused(text: str) -> str:
    """Put an apostrophe before what a spreadsheet may take for a formula."""
    return f"'{text}" if text.lstrip(" \n\u00a0").startswith(FORMULA) else text


def _titles(sheet: Sheet) -> list[str]:
    """Give each column its question; where two are the same, their names too."""
    times = Counter(variable.title for variable in sheet.variables)
    return [v.title if times[v.title] == 1 else f"{v.title} ({v.name})" for v in sheet.variables]


def _said(variable: Variable, cell: str) -> str:
    """Say a cell in words, as Excel in Italian reads it."""
    if cell in variable.missing:
        return defused(variable.missing[cell])
    if cell in variable.labels:
        return defused(variable.labels[cell])
    if cell and variable.type == "date":
        return date.fromisoformat(cell).strftime("%d/%m/%Y")
    number = number_of(variable, cell)
    return defused(cell) if number is None else cell.replace(".", ",")
