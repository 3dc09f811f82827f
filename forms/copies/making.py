"""Makes the copies that were asked for, and removes those that were not: a copy never outlives its package."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from forms.copies.excel_csv import write_excel_csv
from forms.copies.sheets import Sheets, sheets_of
from forms.copies.workbook import write_workbook


@dataclass(frozen=True)
class Copy:
    """A copy that was written: its file, and how many texts did not fit and were cut in it."""

    path: Path
    cut: int


def _spss(folder: Path, sheets: Sheets) -> Iterator[Copy]:
    # Not above: pandas takes a second and 60 MB, and the service never needs it.
    from forms.copies.spss import write_spss  # noqa: PLC0415

    for sheet in sheets.responses:
        path = folder / f"{sheet.name}.sav"
        yield Copy(path, write_spss(path, sheet, sheets.title))


def _workbook(folder: Path, sheets: Sheets) -> Iterator[Copy]:
    path = folder / "responses.xlsx"
    yield Copy(path, write_workbook(path, sheets))


def _excel_csv(folder: Path, sheets: Sheets) -> Iterator[Copy]:
    for sheet in sheets.responses:
        path = folder / f"{sheet.name}_excel.csv"
        yield Copy(path, write_excel_csv(path, sheet))


COPIES: Mapping[str, Callable[[Path, Sheets], Iterator[Copy]]] = {
    "sav": _spss,
    "xlsx": _workbook,
    "excel-csv": _excel_csv,
}
"""What can be made of a package: each is given its folder and its tables."""

PATTERNS = ("*.sav", "*.xlsx", "*_excel.csv")
"""The files that only copies are called."""


def remove_copies(folder: Path) -> None:
    """Remove the copies of an earlier package: they may hold what has been withdrawn since."""
    for pattern in PATTERNS:
        for path in folder.glob(pattern):
            path.unlink()


def make_copies(folder: Path, kinds: Collection[str]) -> Iterator[Copy]:
    """Make copies of a package.

    Args:
        folder: the package.
        kinds: what to make of it, of `COPIES`.
    """
    sheets = sheets_of(folder)
    for kind in kinds:
        yield from COPIES[kind](folder, sheets)
