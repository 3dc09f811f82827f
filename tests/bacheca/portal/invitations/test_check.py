"""`check_invitations`: an event and a page that a form counts on are there."""

from __future__ import annotations

import pytest

from tests.bacheca.portal.conftest import Sketch
from tests.bacheca.portal.invitations.conftest import ENGLISH, SIGNUP, event, said

FILE = "content/forms/prova.yaml"
LINE = SIGNUP.split("fields:")[0].count("\n") + 1
MAIL = 'form:mail: {text: "Ci vediamo %s"}'


def needs(sketch: Sketch, line: str, english: str = "") -> list[tuple[str, int, str]]:
    sketch.write(FILE, said(SIGNUP, line))
    sketch.write("content/forms/prova.en.yaml", said(ENGLISH, english) if english else ENGLISH)
    strange = ("TRANSLATION_STALE", "DESCRIPTION_NONE")
    return [found for found in sketch.places() if found[2] not in strange]


def test_what_is_said_of_an_event_needs_one(sketch: Sketch) -> None:
    assert needs(sketch, "form:remind: 2 days") == [(FILE, LINE, "EVENT_NONE")]
    assert needs(sketch, MAIL % "{when}", MAIL % "then") == [(FILE, LINE, "EVENT_NONE")]
    assert needs(sketch, MAIL % "poi", MAIL % "{where}") == [("content/forms/prova.en.yaml", 3, "EVENT_NONE")]
    assert needs(sketch, MAIL % "{until}", MAIL % "{until}") == []
    event(sketch, "festa", "2027-05-01")
    assert needs(sketch, "form:remind: 2 days") == []


def test_an_event_that_is_a_draft_is_one_to_come(sketch: Sketch) -> None:
    event(sketch, "festa", "2027-05-01", draft="true")
    assert needs(sketch, "form:remind: 2 days") == []


def test_nobody_knows_which_of_two_events_is_meant(sketch: Sketch) -> None:
    event(sketch, "festa", "2027-05-01")
    event(sketch, "cena", "2027-06-01")
    assert needs(sketch, "form:remind: 2 days") == [(FILE, LINE, "EVENT_SEVERAL")]
    assert "“Festa”, “Cena”" in "".join(sketch.said())
    assert needs(sketch, "form:places: 20") == []


@pytest.mark.parametrize("page", ["grazie/", "https://example.org/", "/privacy/", "../privacy/", "index.md"])
def test_the_page_to_go_on_to_is_one_of_the_portal(sketch: Sketch, page: str) -> None:
    afterwards = "form:afterwards: {page: %s}"
    assert needs(sketch, afterwards % page, afterwards % "privacy/") == [(FILE, LINE, "AFTERWARDS_PAGE")]
    assert needs(sketch, afterwards % "privacy/#x", afterwards % "privacy/") == []


def test_the_page_to_go_on_to_is_published(sketch: Sketch) -> None:
    sketch.page("it/grazie.md", "", translation="grazie", draft="true")
    afterwards = "form:afterwards: {page: %s}"
    assert needs(sketch, afterwards % "grazie/", afterwards % "privacy/") == [(FILE, LINE, "LINK_DRAFT")]
