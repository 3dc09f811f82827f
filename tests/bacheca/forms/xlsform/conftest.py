"""XLSForms written in the tests themselves, as tables."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest
import xlsxwriter

from bacheca.forms import FormProblems
from bacheca.forms.xlsform import Imported, read_xlsform

Tables = dict[str, str]
Read = Callable[..., Imported]


def write_tables(path: Path, tables: Tables) -> Path:
    """Write tables as a workbook: a line a row, cells parted by `|`."""
    with xlsxwriter.Workbook(str(path)) as book:
        for name, table in tables.items():
            page = book.add_worksheet(name)
            for row, line in enumerate(dedent(table).strip().splitlines()):
                for column, text in enumerate(line.split("|")):
                    if text.strip():
                        page.write_string(row, column, text.strip())
    return path


@pytest.fixture
def imported(tmp_path: Path) -> Read:
    """Import tables."""

    def read(survey: str, **others: str) -> Imported:
        return read_xlsform(write_tables(tmp_path / "prova.xlsx", {"survey": survey, **others}))

    return read


@pytest.fixture
def refused(imported: Read) -> Callable[..., list[tuple[str, str, int, str]]]:
    """Give why tables are refused: the code, the sheet, the row, the name."""

    def why(survey: str, **others: str) -> list[tuple[str, str, int, str]]:
        with pytest.raises(FormProblems) as caught:
            imported(survey, **others)
        return [(p.code, p.path.rpartition(":")[2], p.line, p.field) for p in caught.value.problems]

    return why
