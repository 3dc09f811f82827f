"""`bacheca.portal.checks.translations`: a translated page says which words it is of."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from bacheca.portal.build.read import read_content
from bacheca.portal.checks.translations import mark_page
from bacheca.portal.commands.build import main
from bacheca.portal.errors import SettingsProblems
from tests.bacheca.portal.conftest import Sketch


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


def test_several_pages_are_marked_by_one_command(sketch: Sketch) -> None:
    pages = [sketch.root / f"content/en/{name}.md" for name in ("index", "privacy")]
    said = CliRunner().invoke(main, ["translated", "--config-file", str(sketch.root / "mkdocs.yml"), *map(str, pages)])
    assert said.exit_code == 0, said.output
    assert all("translates: " in page.read_text() for page in pages)


def test_an_edit_of_the_translation_does_not_hide_that_it_lags(sketch: Sketch) -> None:
    english = sketch.root / "content/en/privacy.md"
    mark_page(sketch.portal(), english)
    sketch.page("it/privacy.md", "Scrivi a noi.", translation="privacy")
    english.write_text(english.read_text().replace("Write to us.", "Write to us all."))
    assert sketch.places() == [("content/en/privacy.md", 5, "PAGE_STALE")]


def test_what_the_home_page_says_above_its_text_is_translated_too(sketch: Sketch) -> None:
    hero = "{title: A, text: B, actions: []}"
    sketch.page("it/index.md", "Ciao.", translation="home", hero=hero)
    mark_page(sketch.portal(), sketch.root / "content/en/index.md")
    assert sketch.places() == []
    sketch.page("it/index.md", "Ciao.", translation="home", hero=hero.replace("B", "C"))
    assert [code for _, _, code in sketch.places()] == ["PAGE_STALE"]


def test_a_further_language_alone_lags_behind_nothing(sketch: Sketch) -> None:
    mark_page(sketch.portal(), sketch.root / "content/en/privacy.md")
    assert read_content(sketch.portal("en"))[1] == ()


def test_a_translation_that_was_never_marked_is_left_alone(sketch: Sketch) -> None:
    sketch.page("it/privacy.md", "Tutto nuovo.", translation="privacy")
    assert sketch.places() == []


@pytest.mark.parametrize("name", ["content/it/privacy.md", "content/en/none.md", "content/en/alone.md"])
def test_only_a_translation_of_a_page_can_be_marked(sketch: Sketch, name: str) -> None:
    sketch.page("en/alone.md", "Alone.", translation="alone")
    with pytest.raises(SettingsProblems, match="PAGE_NO_ORIGINAL"):
        mark_page(sketch.portal(), sketch.root / name)
