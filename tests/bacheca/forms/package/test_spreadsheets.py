"""What a spreadsheet would run or read as something else stays a text, and comes back as it was written."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bacheca.forms.package.spreadsheets import defused, kept_as_text, public_row, restored

MARKS = "=+-@＝＋－＠"
FORMULAS = [
    "=1+1",
    "+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\tx",
    " =1",
    "\n=1",
    "\u200b=1",
    "\ufeff+1",
    "＝1",
    "﹦1",
    "\u3000=1",
    "\u205f﹫SUM(1)",
]


@pytest.mark.parametrize("text", FORMULAS)
def test_what_a_spreadsheet_may_run_has_an_apostrophe_in_front(text: str) -> None:
    assert defused(text).startswith("'")
    assert restored(defused(text)) == text


@pytest.mark.parametrize("text", ["ciao;=1+1;x", "ciao\n=1+1", "ciao, +1", "ciao\t@A1", "a;\u200b=1", "a;\u3000=1"])
def test_so_has_what_may_begin_another_cell_for_another_separator(text: str) -> None:
    assert "'" in defused(text)
    assert restored(defused(text)) == text


@given(st.text(f"{MARKS}'\t\r\n ;,ax\u200b", max_size=10) | st.text(max_size=40))
@example("'=1")
@example("\n'=1")
def test_no_part_begins_like_a_formula_and_all_comes_back(text: str) -> None:
    safe = defused(text)
    assert restored(safe) == text
    for cell in re.split(r"[\t;,\r\n]", safe):
        assert not cell.lstrip(" \u00a0\u200b").startswith(tuple(MARKS))


def test_what_is_harmless_is_left_alone() -> None:
    for text in ("", "ciao", "a=b", "1-2", "«=»", "tre; quattro", "e-mail"):
        assert defused(text) == text


def test_numbers_stay_numbers() -> None:
    assert public_row(["-5", "0.25", "-0.5", 7, "+5", "-5 e poi", "-"]) == [
        "-5",
        "0.25",
        "-0.5",
        "7",
        "'+5",
        "'-5 e poi",
        "'-",
    ]


VALUES = (
    "00184|1.5|1/2|1e5|5%|€ 5|12:30|3 marzo 2026|gen 2026|May 5|0026-02-03|VERO|true|+39 02 1234|-5|2026-02|1.000,50|"
    "12345678901234567890"
)


@pytest.mark.parametrize("text", VALUES.split("|"))
def test_what_would_be_read_as_another_value_has_an_apostrophe_too(text: str) -> None:
    assert kept_as_text(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "12", "0", "ciao", "1 gatto", "via Roma 7", "3a elementare", "veramente"])
def test_what_is_read_as_it_stands_has_none(text: str) -> None:
    assert kept_as_text(text) == text


@pytest.mark.parametrize("unit", ["\n", "\t", " ", "'", ";'", "; ", "a1"])
def test_the_longest_texts_are_looked_through_once(unit: str) -> None:
    text = unit * 500_000  # quadratic work would take an hour
    assert restored(defused(text)) == text
    assert kept_as_text(text)
