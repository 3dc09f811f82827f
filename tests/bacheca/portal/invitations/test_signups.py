"""`signups`: which event people sign up for with a form, and where it leads them on to."""

from __future__ import annotations

import datetime as dt
from urllib.parse import urlsplit

from bacheca.portal.build.finish import told_to_service
from bacheca.portal.build.stage import additions
from bacheca.portal.content.pages import forms_in
from bacheca.portal.invitations.signups import event_of_form
from tests.bacheca.portal.conftest import Sketch
from tests.bacheca.portal.invitations.conftest import ENGLISH, SIGNUP, event, said

NOW = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)


def titles(sketch: Sketch, now: dt.datetime = NOW) -> dict[str, str]:
    return {name: found.title for name, found in event_of_form(sketch.content().pages["it"], now).items()}


def test_an_event_is_a_forms_whose_page_it_leads_to(sketch: Sketch) -> None:
    event(sketch, "festa", "2027-05-01")
    event(sketch, "altrove", "2027-06-01", signup="privacy/")
    assert titles(sketch) == {"prova": "Festa"}


def test_an_event_is_a_forms_that_stands_in_its_own_page(sketch: Sketch) -> None:
    event(sketch, "festa", "2027-05-01", signup="")
    assert titles(sketch) == {}
    page = sketch.root / "content/it/eventi/festa.md"
    page.write_text(page.read_text(encoding="utf-8") + "\n\n/// form | prova\n///\n", encoding="utf-8")
    assert titles(sketch) == {"prova": "Festa"}


def test_the_same_form_serves_each_year_and_never_two_events_at_once(sketch: Sketch) -> None:
    event(sketch, "festa-26", "2026-05-01")
    event(sketch, "festa-27", "2027-05-01")
    assert titles(sketch) == {"prova": "Festa-27"}
    assert titles(sketch, dt.datetime(2027, 9, 1, tzinfo=dt.UTC)) == {"prova": "Festa-27"}, "the last one, once over"
    assert titles(sketch, dt.datetime(2026, 1, 1, tzinfo=dt.UTC)) == {}


def test_the_service_is_told_of_the_event_and_of_the_page_to_go_on_to(sketch: Sketch) -> None:
    event(sketch, "festa", "2027-05-01", online="https://video.example.org/stanza", address="Via Roma 1, Biella")
    sketch.write("content/forms/prova.yaml", said(SIGNUP, "form:afterwards: {page: privacy/}"))
    sketch.write("content/forms/prova.en.yaml", said(ENGLISH, "form:afterwards: {page: privacy/}"))
    portal = sketch.portal()
    told = told_to_service(portal, sketch.content())
    found = told.event("prova", "en")
    assert found is not None
    assert found == told.event("prova", "it"), "no page tells of it in English"
    assert found.when == "sabato 1 maggio 2027, dalle 18:00 alle 20:00"
    assert found.where == "Il cortile · online"
    assert found.starts.isoformat() == "2027-05-01T18:00:00+02:00"
    assert found.page == urlsplit(portal.main.url).path + "eventi/festa/"
    assert found.url == portal.main.url + "eventi/festa/"
    assert {code: page.page for code, page in told.onward["prova"].items()} == {"it": "/privacy/", "en": "/en/privacy/"}


def test_the_page_of_the_form_shows_the_event_and_the_event_not_itself(sketch: Sketch) -> None:
    event(sketch, "festa", "2027-05-01", cancelled="true")
    content = sketch.content()
    added = additions(sketch.language(), content, NOW)
    (shown,) = added["modulo.md"]["signup_events"]
    assert (shown["url"], shown["calendar"]) == ("eventi/festa/", "eventi/festa/festa.ics")
    assert shown["state"] == "L’evento è annullato."
    assert shown["leaf"] == ("1", "mag")
    assert [path for path, meta in added.items() if "signup_events" in meta] == ["modulo.md"]
    assert [page.path for page in content.pages["it"] if forms_in(page)] == ["modulo.md"]
