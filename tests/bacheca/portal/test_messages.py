"""`bacheca.portal.messages`: every sentence can be said, in English and in Italian."""

from __future__ import annotations

import re
import string

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from bacheca.portal.messages import LOCALE, SAYINGS, SENTENCES, STARTS, WORDS, say

METHODS = [("templates/**.html", "jinja2.ext.babel_extract"), ("**.py", "python")]
ELSEWHERE = {
    found[2]
    for found in extract_from_dir(LOCALE.parent, METHODS, keywords={"_": None, "gettext": None})
    if isinstance(found[2], str)
}
"""What modules of their own and templates say."""

ALL = sorted(
    {sentence for pair in SENTENCES.values() for sentence in pair if sentence}
    | set(SAYINGS.values())
    | set(STARTS.values())
    | set(WORDS.values())
    | ELSEWHERE
)


def names(sentence: str) -> set[str]:
    return {re.split(r"[.\[]", name)[0] for _, name, _, _ in string.Formatter().parse(sentence) if name}


@pytest.fixture(scope="module")
def italian() -> dict[str, str]:
    """What each sentence of the catalogue is in Italian."""
    with (LOCALE / "it/LC_MESSAGES/portal.po").open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file, locale="it") if message.id}


def test_every_sentence_has_an_italian_one_that_names_the_same(italian: dict[str, str]) -> None:
    said = set(ALL) - {"{value}"}  # the same in every language
    assert [sentence for sentence in said if not italian.get(sentence)] == []
    assert [sentence for sentence in said if names(italian[sentence]) != names(sentence)] == []


def test_the_catalogue_says_nothing_that_nobody_says(italian: dict[str, str]) -> None:
    assert set(italian) <= set(ALL)


@pytest.mark.parametrize("language", ["en", *sorted(folder.name for folder in LOCALE.iterdir())])
def test_a_word_that_becomes_an_address_is_one_in_every_language(language: str) -> None:
    named = [key for key in SAYINGS if key.endswith(("_folder", "_page"))]
    words = [say(SAYINGS[key], language) for key in named]
    assert len(named) == 6
    assert [word for word in words if not re.fullmatch(r"[a-z]+(-[a-z]+)*", word)] == []
    assert len(set(words)) == len(words)


@pytest.mark.parametrize("language", ["en", *sorted(folder.name for folder in LOCALE.iterdir())])
def test_a_word_that_becomes_a_code_is_one_in_every_language(language: str) -> None:
    codes = [say(STARTS[key], language) for key in STARTS if key.endswith("_code")]
    assert [code for code in codes if not re.fullmatch(r"[a-z]+(-[a-z]+)*", code)] == []
    assert len(set(codes)) == len(codes)


def test_a_language_without_a_catalogue_hears_english() -> None:
    assert say("Labels", "it") == "Parole chiave"
    assert say("Labels", "pt") == "Labels"
