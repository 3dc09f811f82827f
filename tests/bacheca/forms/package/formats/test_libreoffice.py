"""Every export, opened by LibreOffice as somebody in Italy does: no cell is a formula, each says what was kept."""

from __future__ import annotations

import csv
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from bacheca.forms import Form
from bacheca.forms.package.formats import make_copies
from bacheca.forms.package.package import write_package
from bacheca.forms.package.spreadsheets import public_row
from tests.bacheca.forms.package.test_package import NOW, row, table
from tests.bacheca.forms.package.test_spreadsheets import FORMULAS

ITALIAN = "CSV:59,34,76,1,,1040,false,true"
"""What the import window proposes in Italy: semicolons, double quotes, UTF-8, Italian, special numbers found."""

EVERY_SHEET = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
FIELDS = """
- {name: cap, title: CAP, type: string}
- {name: testo, title: Testo, type: string, form:widget: textarea}
- {name: giorno, title: Giorno, type: date}
- {name: mese, title: Mese, type: yearmonth}
- {name: anno, title: Anno, type: year}
- {name: numero, title: Numero, type: number}
"""
ROWS = [
    ("00184", "1.5", "2024-02-29", "2026-02", "2026", "-1234.5"),
    ("1e5", "VERO", "0026-02-03", "0026-02", "0026", "0.25"),
    ("20121", "3 marzo 2026", "1850-12-31", "1850-01", "1850", "-5"),
    ("+39021234567", "ciao;=1+1;x", "1900-01-15", "1900-01", "1900", "123456789012345"),
    *(("x", text, "", "", "", "") for text in FORMULAS),
]
NAMES = ("cap", "testo", "giorno", "mese", "anno", "numero")


def opened(to: Path, target: str, *files: Path, how: str = "") -> None:
    """Have LibreOffice read files and write them in another format, all in one run."""
    program = ["soffice", f"-env:UserInstallation=file://{to}/profile", "--headless"]
    options = [f"--infilter={how}"] if how else []
    command = [*program, *options, "--convert-to", target, "--outdir", str(to), *map(str, files)]
    subprocess.run(command, check=True, capture_output=True, timeout=240)


@pytest.fixture
def folder(written: Callable[..., Form], tmp_path: Path) -> Path:
    form = written(FIELDS)
    rows = [row(form, dict(zip(NAMES, cells, strict=True)), f"{number:032x}") for number, cells in enumerate(ROWS)]
    write_package(tmp_path / "p", [table(form, *rows)], {}, NOW)
    assert not [copy.failed for copy in make_copies(tmp_path / "p", ["xlsx", "excel-csv"]) if copy.failed]
    with (tmp_path / "p" / "public.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(public_row(("testo", text)) for _, text, *_ in ROWS)
    return tmp_path / "p"


def test_what_was_kept_is_what_somebody_in_italy_sees(folder: Path) -> None:
    out = folder.parent / "out"
    opened(out, "xlsx", folder / "responses_excel.csv", folder / "public.csv", how=ITALIAN)
    for name in ("responses_excel", "public"):
        cells = [cell for line in openpyxl.load_workbook(out / f"{name}.xlsx").active for cell in line]
        assert cells
        assert [cell.value for cell in cells if cell.data_type == "f"] == []
    seen = [
        line[5:] for line in openpyxl.load_workbook(out / "responses_excel.xlsx").active.iter_rows(values_only=True)
    ]
    for kept, (cap, testo, giorno, mese, anno, numero) in zip(ROWS, seen[1:], strict=True):
        assert text_of(cap) == kept[0]
        assert text_of(testo).replace("'", "") == kept[1].replace("'", "").replace("\r", "\n")
        assert (giorno.date().isoformat() if hasattr(giorno, "date") else text_of(giorno)) == kept[2]
        assert [text_of(mese), text_of(anno)] == list(kept[3:5])
        assert numero is None if kept[5] == "" else numero == float(kept[5])

    opened(out, EVERY_SHEET, folder / "responses.xlsx")
    with (out / "responses-responses.csv").open(encoding="utf-8", newline="") as file:
        sheet = [line[5:] for line in csv.reader(file)][1:]
    for kept, cells in zip(ROWS, sheet, strict=True):
        for name, before, after in zip(NAMES, kept, cells, strict=True):
            if name == "numero" and before:
                assert float(after.replace(",", ".")) == float(before)
            else:
                assert after.replace("\r", "\n") == before.replace("\r", "\n"), name
    with (out / "responses-Risposte.csv").open(encoding="utf-8", newline="") as file:
        words = [line[1:3] for line in csv.reader(file)][1:]
    assert [(cap, text.replace("\r", "\n")) for cap, text in words] == [
        (cap, text.replace("\r", "\n")) for cap, text, *_ in ROWS
    ]
    book = openpyxl.load_workbook(folder / "responses.xlsx")["responses"]
    assert (book["F2"].data_type, book["F2"].number_format) in (("s", "@"), ("inlineStr", "@"))
    assert book["H2"].value.date() == date(2024, 2, 29)
    assert book["H3"].value == "0026-02-03"


def text_of(value: object) -> str:
    """Give a cell as it reads, without the apostrophe that keeps it a text."""
    return "" if value is None else str(value).removeprefix("'")
