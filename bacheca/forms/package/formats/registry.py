"""Makes copies of a package. One that cannot be made is named and stops none of the others."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bacheca.forms.package.formats.added_columns import Told, with_added_columns
from bacheca.forms.package.formats.excel_csv import write_excel_csv
from bacheca.forms.package.formats.losses import Losses
from bacheca.forms.package.formats.package_reader import Sheets, sheets_of
from bacheca.forms.package.formats.xlsx import write_workbook


@dataclass(frozen=True)
class Copy:
    """A copy of a package.

    Args:
        path: its file.
        cut: how many texts did not fit and were cut in it.
        left_out: what should be there and is not, each in a sentence.
        unlike: what its program knows nothing like, and is empty in it, each in a sentence.
        failed: why it could not be written; nothing where it was.
    """

    path: Path
    cut: int = 0
    left_out: tuple[str, ...] = ()
    unlike: tuple[str, ...] = ()
    failed: str = ""


Files = Iterator[tuple[Path, Callable[[Path], Losses]]]
"""The files of a copy, each with what writes it."""


def _spss(folder: Path, sheets: Sheets) -> Files:
    # Not above: pandas takes a second and 60 MB, and the service never needs it.
    from bacheca.forms.package.formats.spss import write_spss  # noqa: PLC0415

    for sheet in sheets.responses:
        yield folder / f"{sheet.name}.sav", partial(write_spss, sheet=sheet, title=sheets.title, missing=sheets.missing)


def _workbook(folder: Path, sheets: Sheets) -> Files:
    yield folder / "responses.xlsx", partial(write_workbook, sheets=sheets)


def _excel_csv(folder: Path, sheets: Sheets) -> Files:
    for sheet in sheets.in_words:
        yield folder / f"{sheet.name}_excel.csv", partial(write_excel_csv, sheet=sheet)


@dataclass(frozen=True)
class Format:
    """A kind of copy.

    Args:
        ending: how the names of its files end.
        files: gives them, of the folder and the tables of a package.
    """

    ending: str
    files: Callable[[Path, Sheets], Files]


COPIES: Mapping[str, Format] = {
    "xlsx": Format(".xlsx", _workbook),
    "excel-csv": Format("_excel.csv", _excel_csv),
    "sav": Format(".sav", _spss),
}
"""What can be made of a package, what most people want first: the desk shows them in this order."""


def make_copies(
    folder: Path, kinds: Collection[str], spared: Collection[str] = (), told: Told | None = None
) -> Iterator[Copy]:
    """Make copies of a package.

    Args:
        folder: the package.
        kinds: what to make of it, of `COPIES`.
        spared: the names of files that are left as they are.
        told: gives what those that people read say beside the package.
    """
    if not kinds:
        return
    sheets = sheets_of(folder)
    if told:
        sheets = with_added_columns(sheets, told)
    for kind in kinds:
        for path, write in COPIES[kind].files(folder, sheets):
            if path.name in spared:
                continue
            try:
                losses = write(path)
            except Exception as error:  # whatever one of the programs meets, the other copies must not wait for it
                yield Copy(path, failed=f"{type(error).__name__}: {error}")
            else:
                yield Copy(path, losses.cut, losses.left_out.sentences(), losses.unlike.sentences())
