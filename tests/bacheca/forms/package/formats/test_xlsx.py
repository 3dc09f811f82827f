"""What openpyxl reads of a workbook is what the package holds, and no cell is a formula."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils.escape import unescape

from bacheca.forms import Form
from bacheca.forms.package.formats import make_copies
from bacheca.forms.package.formats.excel_limits import CELL, fitted
from bacheca.forms.package.formats.package_reader import sheets_of
from bacheca.forms.package.formats.xlsx import write_workbook
from bacheca.forms.package.package import write_package
from tests.bacheca.forms.conftest import Written
from tests.bacheca.forms.package.formats.conftest import answers
from tests.bacheca.forms.package.test_package import NOW, row, table

Packaged = Callable[..., Path]
Cells = list[list[tuple[str, object]]]
NASTY = (
    "=1+1",
    "+39 1",
    "-1",
    "@SUM(A1)",
    "_x0041_",
    "http://a.it",
    "{=1}",
    "true",
    "007",
    "\ufffe\uffff",
    "\U0001f600",
)


def read(path: Path) -> dict[str, Cells]:
    book = openpyxl.load_workbook(path)
    return {
        sheet.title: [[(cell.data_type, cell.value) for cell in row] for row in sheet.iter_rows(min_row=1)]
        for sheet in book.worksheets
    }


def copied(folder: Path) -> dict[str, Cells]:
    list(make_copies(folder, ["xlsx"]))
    return read(folder / "responses.xlsx")


def test_every_cell_of_every_kind_comes_back_as_a_text_or_a_number(
    every_kind: tuple[Form, list[dict[str, str]], Path],
) -> None:
    _, rows, folder = every_kind
    sheets = copied(folder)
    header, *found = sheets["responses"]
    assert [value for _, value in header] == list(rows[0])
    for written_row, cells in zip(rows, found, strict=True):
        for cell, (of_type, value) in zip(written_row.values(), cells, strict=True):
            assert of_type in ("s", "n", "inlineStr", "d")
            assert value is None if cell == "" else str(value).removesuffix(" 00:00:00") == cell
    with (folder / "codebook.csv").open(encoding="utf-8", newline="") as file:
        assert len(sheets["codebook"]) == len(list(csv.reader(file)))


@pytest.mark.parametrize(
    ("of_type", "cell", "kept_as"),
    [
        ("string", "2027", "text"),
        ("integer", "2027", "n"),
        ("number", "0.5", "n"),
        ("year", "2027", "n"),
        ("date", "2027-06-30", "d"),
        ("yearmonth", "2027-06", "text"),
        ("boolean", "true", "text"),
    ],
)
def test_a_cell_is_a_number_a_day_or_a_text_by_its_type(
    written: Written, tmp_path: Path, of_type: str, cell: str, kept_as: str
) -> None:
    form = written(f"- {{name: x, title: X, type: {of_type}}}")
    write_package(tmp_path / "p", [table(form, row(form, {"x": cell}))], {}, NOW)
    found = copied(tmp_path / "p")["responses"][1][-1][0]
    assert found == kept_as or (kept_as == "text" and found in ("s", "inlineStr"))


@pytest.mark.parametrize("text", NASTY)
def test_no_text_becomes_something_else(package: Packaged, text: str) -> None:
    sheets = copied(package([answers(1, colore="rosso", testo=text, numero="-1")]))
    header, row = sheets["responses"]
    found = {name: cell for (_, name), cell in zip(header, row, strict=True)}
    assert found["testo"][0] in ("s", "inlineStr")
    assert unescape(str(found["testo"][1])) == text  # as Excel does (ECMA-376, ST_Xstring)
    assert found["numero"] == ("n", -1)
    assert found["colore"][1] == "rosso"


def test_a_number_with_more_digits_than_excel_keeps_stays_a_text(package: Packaged) -> None:
    sheets = copied(package([answers(1, numero="123456789012345.25"), answers(2, numero="0.1")]))
    column = [value for _, value in sheets["responses"][0]].index("numero")
    assert [row[column][1] for row in sheets["responses"][1:]] == ["123456789012345.25", 0.1]


def test_a_text_longer_than_a_cell_says_that_it_was_cut(package: Packaged) -> None:
    folder = package([answers(1, colore="rosso", testo="😀" * 17_000)])
    assert [copy.cut for copy in make_copies(folder, ["xlsx"])] == [1]
    text = str(copied(folder)["responses"][1][-4][1])
    assert text.endswith("[tagliato qui: il testo intero è in responses.csv]")
    assert CELL - 2 < len(text.encode("utf-16-le")) / 2 <= CELL


def test_a_text_that_just_fits_is_whole() -> None:
    assert fitted("a" * CELL, "x", "it") == ("a" * CELL, False)
    assert fitted("a" * (CELL + 1), "x", "it")[1]


def test_rows_beyond_the_last_of_a_sheet_go_on_in_another(package: Packaged, tmp_path: Path) -> None:
    folder = package([answers(n) for n in range(7)])
    write_workbook(tmp_path / "x.xlsx", sheets_of(folder), rows_of_a_sheet=4)
    sheets = read(tmp_path / "x.xlsx")
    assert [len(sheets[name]) for name in ("responses", "responses (2)", "responses (3)")] == [4, 4, 2]
    ids = [row[0][1] for name, rows in sheets.items() if name.startswith("responses") for row in rows[1:]]
    assert ids == [f"{n:032x}" for n in range(7)]


def test_every_version_has_its_sheet(package: Packaged) -> None:
    sheets = copied(package([answers(1)], [answers(2)]))
    assert list(sheets) == ["Risposte", "responses", "responses_v2", "responses_all", "codebook"]
    assert len(sheets["Risposte"]) == 3


BOXES = """
- name: giorni
  title: Quali giorni?
  type: list
  form:other: true
  categories: [{value: lun, label: Lunedì}, {value: mar, label: 'Martedì – tardi'}]
  missingValues: [{value: "", label: Vuoto}, {value: non-so, label: Non so}]
- {name: cap, title: '=CAP?', type: string}
- {name: ore, title: Quante ore?, type: number}
- {name: dal, title: Da quando?, type: date}
- {name: socio, title: In regola?, type: boolean}
"""


def test_the_first_sheet_says_in_words_what_the_others_hold_in_codes(written: Written, tmp_path: Path) -> None:
    old, new = written(BOXES), written(BOXES.replace("value: mar,", "value: mer, label: Mercoledì}, {value: mar,"))
    rest = {"cap": "00184", "ore": "-1.5", "dal": "2024-02-29", "socio": "true"}
    several = {"giorni__lun": "1", "giorni__mar": "1", "giorni__other": "=sempre"}
    unknown = dict.fromkeys(("giorni__lun", "giorni__mar", "giorni__other"), "non-so")
    first = [row(old, rest | said, f"{number}" * 32) for number, said in enumerate((several, unknown), 1)]
    blank = dict.fromkeys(("giorni__lun", "giorni__mar", "giorni__mer", "giorni__other", *rest), "")
    second = row(new, blank | {"giorni__lun": "0", "giorni__mar": "0", "giorni__mer": "1"}, "3" * 32)
    write_package(tmp_path / "p", [table(old, *first), table(new, second)], {}, NOW)
    heading, *rows = copied(tmp_path / "p")["Risposte"]
    titles = ["Ricevuta il", "Quali giorni?", "=CAP?", "Quante ore?", "Da quando?", "In regola?"]
    assert [title for _, title in heading] == [*titles, "Canale", "Lingua", "Versione del modulo", "Risposta"]
    said = [[value for _, value in found] for found in rows]
    assert [(found[1], found[-1]) for found in said] == [
        ("Lunedì; Martedì – tardi; Altro: =sempre", "1" * 32),
        ("Non so", "2" * 32),
        ("Mercoledì", "3" * 32),
    ]
    assert said[0][2:6] == ["00184", -1.5, datetime(2024, 2, 29), "Sì"]
    assert [kind.replace("inlineStr", "s") for kind, _ in rows[0][:6]] == ["d", "s", "s", "n", "d", "s"]
    page = openpyxl.load_workbook(tmp_path / "p" / "responses.xlsx").worksheets[0]
    assert (page.freeze_panes, page.auto_filter.ref, page["C2"].number_format) == ("A2", "A1:J4", "@")
    assert page["B2"].alignment.wrap_text
    assert page.column_dimensions["B"].width > len("Lunedì; Martedì – tardi; Altro: =sempre")


CONSENT = """
- {name: nome, title: Nome, type: string}
- name: posta
  title: Novità
  type: boolean
  form:widget: consent
  form:notice: Mandatemi le novità.
"""


def test_consents_are_yes_or_no_and_the_hashes_of_their_texts_stand_with_the_codes(
    written: Written, tmp_path: Path
) -> None:
    form, hashed = written(CONSENT), "a" * 64
    cells = [("true", hashed), ("false", ""), ("", "")]  # the last one came before the form asked
    found = [
        row(form, {"nome": "Ada", "posta": said, "posta__notice": proof}, f"{number}" * 32)
        for number, (said, proof) in enumerate(cells, 1)
    ]
    write_package(tmp_path / "p", [table(form, *found)], {}, NOW)
    sheets = copied(tmp_path / "p")
    heading, *rows = [[value for _, value in line] for line in sheets["Risposte"]]
    assert heading[:3] == ["Ricevuta il", "Nome", "Novità"]
    assert [line[2] for line in rows] == ["Sì", "No", "No"]
    assert hashed not in str(sheets["Risposte"])
    assert "SHA" not in str(heading)
    codes = [[value for _, value in line] for line in sheets["responses"]]
    assert hashed in codes[1]
    assert "posta__notice" in str(sheets["codebook"])


def test_days_are_days_where_every_calendar_has_them_and_texts_elsewhere(package: Packaged) -> None:
    days = ("2024-02-29", "1900-03-01", "1900-02-28", "0026-02-03")
    sheets = copied(package([answers(number, giorno=day) for number, day in enumerate(days)]))
    column = [value for _, value in sheets["responses"][0]].index("giorno")
    found = [row[column] for row in sheets["responses"][1:]]
    assert [value if of_type != "d" else f"{value:%Y-%m-%d}" for of_type, value in found] == list(days)
    assert [of_type == "d" for of_type, _ in found] == [True, True, False, False]


def test_columns_beyond_the_last_of_a_sheet_are_left_out_and_named(package: Packaged, tmp_path: Path) -> None:
    losses = write_workbook(tmp_path / "x.xlsx", sheets_of(package([answers(1)])), columns=7)
    assert any("responses: 4 columns, from testo on" in said for said in losses.sentences())
    sheets = read(tmp_path / "x.xlsx")
    assert [value for _, value in sheets["responses"][0]][-1] == "colore__other"
    assert [row[0][1] for row in sheets["notes"]] == list(losses.sentences())
