"""The copy for Excel, here in Italian: as Excel reads it, and harmless."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from bacheca.forms import Form
from bacheca.forms.package.formats import make_copies
from bacheca.forms.package.formats.excel_csv import typed_in
from bacheca.forms.package.package import write_package
from bacheca.forms.package.spreadsheets import defused
from tests.bacheca.forms.package.formats.conftest import answers
from tests.bacheca.forms.package.test_package import NOW, table

Packaged = Callable[..., Path]


def copied(folder: Path) -> list[list[str]]:
    (copy,) = make_copies(folder, ["excel-csv"])
    assert copy.path.read_bytes().startswith(b"\xef\xbb\xbf")
    with copy.path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, delimiter=";"))


def test_it_says_labels_dates_and_decimals_as_italians_do(package: Packaged) -> None:
    row = answers(1, colore="rosso", testo="a;b\n«c»", numero="-1234.5", giorno="2024-02-03", all="false")
    other = answers(2, colore="non-so", testo="not-shown", numero="0.25")
    header, first, second = copied(package([row, other]))
    assert header[:2] == ["Risposta", "Ricevuta il"]
    assert header[5:] == ["'=Colore?", "'=Colore? – Altro", "Testo?", "Numero?", "Giorno?", "Tutti?"]
    assert first[1] == "23/11/2026"
    assert first[5:] == ["Rosso", "", "a;b\n«c»", "-1234,5", "03/02/2024", "No"]
    assert second[5:] == ["Non so", "", "Non mostrata", "0,25", "", ""]


@pytest.mark.parametrize(
    ("language", "comma", "delimiter", "day"),
    [("it", ",", ";", "dd/MM/yyyy"), ("de-AT", ",", ";", "dd.MM.yyyy"), ("fr", ",", ";", "dd/MM/yyyy")]
    + [(language, ".", ",", "yyyy-MM-dd") for language in ("en", "ar", "ja")],
)
def test_numbers_and_days_are_as_they_are_typed_there(language: str, comma: str, delimiter: str, day: str) -> None:
    typed = typed_in(language)
    assert (typed.comma, typed.delimiter, typed.day) == (comma, delimiter, day)


@pytest.mark.parametrize("text", ["=1+1", "+39 333", "-2+3", "@A1", "\t=1", " =1", "\n=1", "＝1", "=cmd|' /C calc'!A0"])
def test_what_a_spreadsheet_may_run_is_defused(package: Packaged, text: str) -> None:
    _, row = copied(package([answers(1, colore="rosso", testo=text)]))
    assert row[7] == f"'{text}"


def test_labels_are_defused_too(package: Packaged) -> None:
    _, row = copied(package([answers(1, colore="blu")]))
    assert row[5] == "'=BLU"


def test_what_is_harmless_is_left_alone() -> None:
    assert [defused(text) for text in ("", "ciao", "a=b", "1-2", "«=»")] == ["", "ciao", "a=b", "1-2", "«=»"]


def test_a_text_longer_than_a_cell_says_that_it_was_cut(package: Packaged) -> None:
    folder = package([answers(1, colore="rosso", testo="=" + "a" * 39_000)])
    _, row = copied(folder)
    assert len(row[7]) <= 32_767
    assert row[7].endswith("[tagliato qui: il testo intero è in responses.csv]")


def test_columns_with_the_same_question_are_told_apart(written: Callable[..., Form], tmp_path: Path) -> None:
    form = written("- {name: a, title: Quale?, type: year}\n- {name: b, title: Quale?, type: year}")
    write_package(tmp_path / "p", [table(form)], {}, NOW)
    assert copied(tmp_path / "p")[0][5:] == ["Quale? (a)", "Quale? (b)"]
