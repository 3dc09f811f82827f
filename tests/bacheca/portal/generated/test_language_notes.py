"""`language_notes`: readers learn that a page is in one language alone, or older than what it translates."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from bacheca.portal.build.read import read_content
from bacheca.portal.build.stage import stage
from bacheca.portal.checks.translations import mark_page
from tests.bacheca.portal.conftest import Sketch

ONLY_ITALIAN = {"lang": "en", "dir": "ltr", "text": "Only in Italian.", "label": "Home page in English", "href": "/en/"}
ONLY_ENGLISH = {
    "lang": "it",
    "dir": "ltr",
    "text": "Solo in inglese.",
    "label": "Pagina iniziale in italiano",
    "href": "/",
}


def notes(sketch: Sketch, path: str, only: str = "") -> Any:
    portal = sketch.portal(only)
    stage(portal, read_content(portal)[0])
    language, _, page = path.partition("/")
    text = (portal.build / language / "pages" / page).read_text(encoding="utf-8")
    return yaml.safe_load(text.split("---\n")[1]).get("language_notes")


def test_a_page_without_a_translation_says_so_in_the_language_it_lacks(sketch: Sketch) -> None:
    sketch.page("en/alone.md", "Alone.", translation="alone")
    assert notes(sketch, "it/articoli/colophon.md") == {"only": [ONLY_ITALIAN]}
    assert notes(sketch, "it/articoli/posts/un-articolo.md") == {"only": [ONLY_ITALIAN]}
    assert notes(sketch, "it/articoli/numeri/1.md") == {"only": [ONLY_ITALIAN]}, "a page that the build writes"
    assert notes(sketch, "en/alone.md") == {"only": [ONLY_ENGLISH]}


def test_a_page_with_its_translation_says_nothing(sketch: Sketch) -> None:
    for path in ("it/index.md", "en/index.md", "it/modulo.md", "en/form.md"):
        assert notes(sketch, path) is None


def test_the_page_of_all_events_is_in_each_language_that_has_one(sketch: Sketch) -> None:
    when = {"starts": "'2027-03-12 18:00'", "ends": "'2027-03-12 20:00'", "place": "X", "translation": "e"}
    sketch.page("it/eventi/uno.md", "Uno.", **when)
    assert notes(sketch, "it/eventi/index.md") == {"only": [ONLY_ITALIAN]}
    sketch.page("en/events/one.md", "One.", **when)
    assert notes(sketch, "it/eventi/index.md") is None


def test_a_portal_of_one_language_lacks_none(sketch: Sketch) -> None:
    assert notes(sketch, "it/articoli/colophon.md", "it") is None
    assert notes(sketch, "en/form.md", "en") is None


@pytest.mark.parametrize("edit", ["Write to us.", "Write to us all."])
def test_a_translation_that_lags_leads_to_its_original_until_it_is_marked(sketch: Sketch, edit: str) -> None:
    english = sketch.root / "content/en/privacy.md"
    mark_page(sketch.portal(), english)
    assert notes(sketch, "en/privacy.md") is None
    sketch.page("it/privacy.md", "Scrivi a noi.", translation="privacy")
    english.write_text(english.read_text().replace("Write to us.", edit))
    assert notes(sketch, "en/privacy.md") == {
        "older": {
            "text": "This page is older than the one in Italian, which has changed since.",
            "label": "Read it in Italian",
            "href": "/privacy/",
        }
    }
    assert notes(sketch, "it/privacy.md") is None
    mark_page(sketch.portal(), english)
    assert notes(sketch, "en/privacy.md") is None
