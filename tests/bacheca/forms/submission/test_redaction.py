"""What is suggested to be left out of a comment."""

from __future__ import annotations

import re

import pytest

from bacheca.forms.submission.redaction import ADDRESSES, INSIDE, NAMES, TITLED, suggest
from tests.backtracking import steps


@pytest.mark.parametrize(
    ("text", "suggested"),
    [
        ("Leggiamo tutto, due volte al giorno.", "Leggiamo tutto, due volte al giorno."),
        ("Chiedete ad Anna Bianchi del servizio", "Chiedete ad […] del servizio"),
        ("il dott. Verdi lo sa", "il […] lo sa"),
        ("Scrivi a anna.b@example.org", "Scrivi a […]"),
        ("Chiama il 333 123 4567 dopo le nove", "Chiama il […] dopo le nove"),
        ("Vedi https://example.org/u/7?x=1 e dimmi", "Vedi […] e dimmi"),
        ("Siamo in via Garibaldi 12, al primo piano", "Siamo in […], al primo piano"),
        ("Su Instagram siamo @bianchi_srl", "[…] siamo […]"),
        ("Il codice è BNCNNA80A41H501X qui", "Il codice è […] qui"),
        ("Lavoro con Anna Bianchi, Mario Rossi", "Lavoro con […], […]"),
    ],
)
def test_names_addresses_and_numbers_are_left_out(text: str, suggested: str) -> None:
    assert suggest(text, "IT", "it") == suggested


def test_in_german_a_noun_is_no_name_and_a_number_is_one_of_its_country() -> None:
    said = "Ruft Herrn Weber an, 030 12345678, Lindenstraße 4: das Treffen war gut"
    assert suggest(said, "DE", "de") == "Ruft […] an, […], […]: das Treffen war gut"


HOSTILE = ["a", "A", "Aa ", "Aa", "via ", "via A ", "a@a.", "@", "dott. ", "[…] ", " ", "Aa  ", "IT11A", "AAAAAA11"]


@pytest.mark.parametrize("pattern", [ADDRESSES, TITLED, NAMES, INSIDE], ids=["addresses", "titled", "names", "inside"])
@pytest.mark.parametrize("piece", HOSTILE)
def test_a_comment_ten_times_as_long_takes_ten_times_the_steps(pattern: re.Pattern[str], piece: str) -> None:
    short, long = (f"Via Aa{piece * times}!" for times in (100, 1000))
    taken = [steps(pattern.pattern, text, pattern.flags, everywhere=True) for text in (short, long)]
    assert taken[1] <= 15 * taken[0]
