"""`portal.translations`: a translated page says which words it is of."""

from __future__ import annotations

import pytest

from portal.errors import SettingsProblems
from portal.translations import mark_page
from tests.portal.conftest import Sketch


def test_a_page_changed_since_its_translation_was_marked_is_said(sketch: Sketch) -> None:
    english = sketch.root / "content/en/privacy.md"
    before = english.read_text()
    assert mark_page(sketch.portal(), english) == english
    assert sketch.places() == []
    sketch.page("it/privacy.md", "Scrivi  a\n{{ community.email }}.\n\n", translation="privacy")
    assert sketch.places() == []
    sketch.page("it/privacy.md", "Scrivi a noi.", translation="privacy")
    assert sketch.places() == [("content/en/privacy.md", 5, "PAGE_STALE")]
    assert not sketch.problems()[0].stops
    mark_page(sketch.portal(), english)
    assert sketch.places() == []
    text = english.read_text()
    assert text.count("translates: ") == 1
    assert [line for line in text.splitlines() if "translates" not in line] == before.splitlines()


def test_a_translation_that_was_never_marked_is_left_alone(sketch: Sketch) -> None:
    sketch.page("it/privacy.md", "Tutto nuovo.", translation="privacy")
    assert sketch.places() == []


@pytest.mark.parametrize("name", ["content/it/privacy.md", "content/en/none.md", "content/en/alone.md"])
def test_only_a_translation_of_a_page_can_be_marked(sketch: Sketch, name: str) -> None:
    sketch.page("en/alone.md", "Alone.", translation="alone")
    with pytest.raises(SettingsProblems, match="PAGE_NO_ORIGINAL"):
        mark_page(sketch.portal(), sketch.root / name)
