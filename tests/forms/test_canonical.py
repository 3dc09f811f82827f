from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.canonical import CONTROLS, canonical_text, digest


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
    ],
)
def test_a_text_is_kept_in_one_way(typed: str, kept: str) -> None:
    assert canonical_text(typed) == kept


@given(st.text(st.characters(codec="utf-8")))
def test_what_is_kept_would_be_kept_the_same_again(text: str) -> None:
    kept = canonical_text(text)
    assert canonical_text(kept) == kept
    assert unicodedata.is_normalized("NFC", kept)
    assert not CONTROLS.search(kept)
    assert "\r" not in kept


def test_a_digest_does_not_depend_on_the_order_of_keys() -> None:
    assert digest({"a": 1, "b": "è"}) == digest({"b": "è", "a": 1})
    assert digest({"a": 1}) != digest({"a": 2})


def test_the_digest_of_a_text_is_its_sha_256() -> None:
    assert digest("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
