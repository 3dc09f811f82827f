from __future__ import annotations

import unicodedata
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bacheca.forms.text import CONTROLS, SHORT, canonical_notice, canonical_text, composed, digest
from tests.forms_server.bad_input.strings import as_kept

ENGLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("perche\u0301", "perché"),
        ("una\r\ndue\rtre\nquattro", "una\ndue\ntre\nquattro"),
        ("a\x0bb\x0cc\x1fd\x7fe", "abcde"),
        ("e\x01\u0301", "é"),
        ("a\tb", "a\tb"),
        (" \t\u00a0\n", ""),
        ("  outer blanks stay  ", "  outer blanks stay  "),
        ("a\x85b\u2028c\u2029d", "a\nb\nc\nd"),
        ("\x1b[31m\x9b31m\x90", "[31m31m"),
        ("\u202eal contrario\u202c \u2066isolato\u2069 \u200e\u200f\u061c", "al contrario isolato "),
        ("\ufeffnon\u200b-\u2060so\u00ad", "non-so"),
        ("\u200b", ""),
        ("\u2800\u3164\u200b\u200d\ufe0f \u115f", ""),
        ("si\u200cno e\u0301\u200d \u200d", "sino \u00e9 "),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("क्\u200dष र\u200d\u200dय", "क्\u200dष र\u200dय"),
        ("👨\u200d👩\u200d👧 ❤️\u200d🔥", "👨\u200d👩\u200d👧 ❤️\u200d🔥"),
        (ENGLAND, ENGLAND),
        (f"segreto{ENGLAND[1:]}", "segreto"),
    ],
)
def test_a_text_is_kept_in_one_way(typed: str, kept: str) -> None:
    assert canonical_text(typed) == kept


UNUSUAL = (
    st.characters(codec="utf-8")
    | st.characters(codec="utf-8", categories=["Cc", "Cf", "Mn"])
    | st.sampled_from("ae क👨\u200d")
)


@given(st.text(UNUSUAL))
def test_what_is_kept_is_what_the_rule_says(text: str) -> None:
    assert canonical_text(text) == as_kept(text)


@given(st.text(UNUSUAL))
def test_what_is_kept_would_be_kept_the_same_again(text: str) -> None:
    kept = canonical_text(text)
    assert canonical_text(kept) == kept
    assert unicodedata.is_normalized("NFC", kept)
    assert not CONTROLS.search(kept)
    assert "\r" not in kept


MARKS = "\u0300\u0315\u0323\u0344\u0f71\u0f72\u0f73\u0f75\u0f81\u3099ae\u00e9\u1ea5\uac00\u1161\u11a8"


@given(st.text(MARKS, min_size=1, max_size=40))
def test_a_long_text_is_composed_as_a_short_one_is(text: str) -> None:
    beyond = text * (SHORT // len(text) + 1)
    assert composed(beyond) == unicodedata.normalize("NFC", beyond)


def test_the_text_of_a_notice_keeps_the_hash_that_it_had() -> None:
    assert canonical_notice("Ac\u00adcetto\r\nil\u200b te\x01sto e\u0301") == "Ac\u00adcetto\nil\u200b testo \u00e9"
    assert canonical_notice(" \n") == ""


def test_a_text_of_accents_takes_no_longer_than_another() -> None:
    started = process_time()
    composed("\u0315\u0300" * 50_000)
    assert process_time() - started < 3  # seconds; Python's own normalisation takes ten or more


def test_a_digest_does_not_depend_on_the_order_of_keys() -> None:
    assert digest({"a": 1, "b": "è"}) == digest({"b": "è", "a": 1})
    assert digest({"a": 1}) != digest({"a": 2})


def test_the_digest_of_a_text_is_its_sha_256() -> None:
    assert digest("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
