"""The search finds other forms of a word where it knows the language, and words as they are written elsewhere."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import mkdocs
import pytest

from bacheca.portal.settings_file import THEME
from bacheca.portal.theme_defaults import with_options

WORKER = Path(__file__).with_name("search_worker.cjs")
LUNR = Path(mkdocs.__file__).parent / "contrib/search/templates/search/lunr.js"
PAGES = ["Koty to moje zwierzęta", "To do: the rating of a meeting", "Das Rating"]


def asked(language: str) -> dict[str, Any]:
    """Give how the search is told to read a language, as it is written beside the pages."""
    options: dict[str, Any] = with_options({}, language)["search"]
    return {"lang": ["en"], "pipeline": ["stopWordFilter"], **options, "fields": {}}


def found(language: str, *queries: str) -> list[list[int]]:
    sent = json.dumps({"config": asked(language), "pages": PAGES, "queries": queries})
    script = THEME / "assets/javascripts/search.js"
    command = ["node", str(WORKER), str(script), str(LUNR)]
    return [list(pages) for pages in json.loads(subprocess.check_output(command, input=sent, text=True))]


def test_of_a_language_that_it_does_not_know_every_word_is_looked_for_as_it_is_written() -> None:
    assert found("pl", "rate", "rated", "zwierzeta", "to") == [[], [], [0], [0, 1]]


def test_english_is_taken_apart_and_has_common_words() -> None:
    assert found("en", "rate", "rated", "to the meetings") == [[1, 2], [1, 2], [1]]


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", {"lang": ["en"]}),
        ("de-AT", {"lang": ["de"]}),
        ("nb", {"lang": ["no"]}),
        ("ja", {}),
        *((language, {"lang": ["en"], "pipeline": []}) for language in ("pl", "sl", "rm", "be", "el")),
    ],
)
def test_how_it_reads_words_is_its_language_s(language: str, told: dict[str, Any]) -> None:
    options = with_options({}, language)["search"]
    assert {key: options[key] for key in ("lang", "pipeline") if key in options} == told


def test_a_community_says_it_otherwise() -> None:
    assert with_options({"search": {"lang": ["ru"]}}, "be")["search"]["lang"] == ["ru"]
