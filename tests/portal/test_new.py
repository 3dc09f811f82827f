"""`portal.new`: what it begins passes the check, and nothing is overwritten."""

from __future__ import annotations

import datetime as dt

import pytest

from forms import load_form
from portal.errors import SettingsProblems
from portal.new import MAKERS
from tests.portal.conftest import Sketch

TODAY = dt.date(2026, 12, 1)


@pytest.mark.parametrize(
    ("kind", "language", "name", "path"),
    [
        ("page", 0, "partecipa/incontri", "content/it/partecipa/incontri.md"),
        ("page", 1, "take-part/meetings", "content/en/take-part/meetings.md"),
        ("article", 0, "moderare-di-notte", "content/it/articoli/posts/moderare-di-notte.md"),
        ("form", 0, "iscrizione-2027", "content/forms/iscrizione-2027.yaml"),
    ],
)
def test_what_is_new_passes_the_check(sketch: Sketch, kind: str, language: int, name: str, path: str) -> None:
    portal = sketch.portal()
    file = MAKERS[kind](portal, portal.languages[language], name, TODAY)
    assert file == sketch.root / path
    assert sketch.said() == []
    written = file.read_text()
    with pytest.raises(SettingsProblems, match="EXISTS"):
        MAKERS[kind](portal, portal.languages[language], name, TODAY)
    assert file.read_text() == written


def test_a_new_article_is_a_draft_of_today_in_the_newest_issue(sketch: Sketch) -> None:
    sketch.article("altro", numero="7", categories="[Misure]", date="2026-11-30")
    portal = sketch.portal()
    MAKERS["article"](portal, portal.main, "nuovo", TODAY)
    page = next(page for page in sketch.content().pages["it"] if page.path.endswith("nuovo.md"))
    assert (page.meta["draft"], page.meta["date"], page.meta["numero"]) == (True, TODAY, 7)
    assert page.meta["categories"] == ["Misure"]


def test_a_new_form_has_its_name(sketch: Sketch) -> None:
    portal = sketch.portal()
    assert load_form(MAKERS["form"](portal, portal.main, "iscrizione", TODAY)).name == "iscrizione"


@pytest.mark.parametrize("kind", list(MAKERS))
@pytest.mark.parametrize("name", ["Due Parole", "../fuori", "/etc/x", "a--b", "", "è"])
def test_a_name_is_one_that_an_address_can_have(sketch: Sketch, kind: str, name: str) -> None:
    portal = sketch.portal()
    with pytest.raises(SettingsProblems, match="NAME"):
        MAKERS[kind](portal, portal.main, name, TODAY)
