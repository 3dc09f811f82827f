"""`bacheca.portal.content.closings`: what leads to a form that closes says so, at the build and after it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pytest

from bacheca.forms import Form
from bacheca.portal.build.stage import additions
from bacheca.portal.content.closings import closing, closings_of, ways_that_close, with_results_first
from bacheca.portal.content.events import events_of
from bacheca.portal.content.pages import Page
from bacheca.portal.generated.event_pages import aside, facts
from tests.bacheca.portal.archive import event
from tests.bacheca.portal.conftest import FORM, Sketch

CLOSES = dt.datetime.fromisoformat("2027-07-01T00:00+02:00")
BEFORE, AFTER = CLOSES - dt.timedelta(seconds=1), CLOSES


@pytest.fixture
def closing_sketch(sketch: Sketch) -> Sketch:
    """A portal whose form closes, with links to it and an event to sign up for."""
    sketch.write("content/forms/prova.yaml", FORM.replace("fields:", 'form:closes: "2027-06-30"\nfields:'))
    sketch.page(
        "it/index.md",
        "Ciao.",
        translation="home",
        hero="{title: A, text: B, actions: [{label: Rispondi, href: modulo/}, {label: Leggi, href: privacy/}]}",
        cards='[{title: A, text: B, label: Rispondi, href: "modulo/#f-commento"}]',
    )
    event(sketch, "e", "2027-09-12 18:00", "2027-09-12 20:00", title="E", place="X", signup="modulo/")
    return sketch


def home(sketch: Sketch) -> Page:
    return next(page for page in sketch.content().pages["it"] if page.key == "home")


def test_a_page_closes_with_its_last_form_if_all_of_them_do(closing_sketch: Sketch) -> None:
    content = closing_sketch.content()
    assert closings_of(content.pages["it"], content.forms) == {"modulo/": CLOSES}
    closing_sketch.write("content/forms/altra.yaml", FORM.replace("prova", "altra"))
    closing_sketch.page("it/modulo.md", "/// form | prova\n///\n\n/// form | altra\n///\n", translation="form")
    content = closing_sketch.content()
    assert closings_of(content.pages["it"], content.forms) == {}
    closing_sketch.write(
        "content/forms/altra.yaml",
        FORM.replace("prova", "altra").replace("fields:", "form:closes: 2028-01-01\nfields:"),
    )
    content = closing_sketch.content()
    assert closings_of(content.pages["it"], content.forms)["modulo/"].year == 2028


@pytest.mark.parametrize(("now", "over"), [(BEFORE, False), (AFTER, True)])
def test_the_links_of_the_home_page_say_that_a_form_is_closed(
    closing_sketch: Sketch, now: dt.datetime, over: bool
) -> None:
    ways = ways_that_close(home(closing_sketch), {"modulo/": CLOSES}, now)
    told = {"at": CLOSES.isoformat(), "over": over, "word": "chiuso"}
    assert [way.get("closing") for way in ways["hero"]["actions"]] == [told, None]
    assert ways["cards"][0]["closing"] == told
    assert ways["hero"]["title"] == "A"
    content = closing_sketch.content()
    added = additions(closing_sketch.language(), content, now)["index.md"]
    assert added["cards"] == ways["cards"]
    assert added["latest"]


def test_a_page_that_leads_to_nothing_that_closes_stays_as_it_is(closing_sketch: Sketch) -> None:
    assert ways_that_close(home(closing_sketch), {}, AFTER) == {}
    assert closing("privacy/", {"modulo/": CLOSES}, AFTER) is None


def test_an_event_takes_no_sign_ups_once_they_are_closed(closing_sketch: Sketch) -> None:
    content = closing_sketch.content()
    (one,) = events_of(content.pages["it"])
    closings = closings_of(content.pages["it"], content.forms)
    language = closing_sketch.language()
    assert facts(one, language, BEFORE, "eventi", closings)["signup_closing"] == {
        "at": CLOSES.isoformat(),
        "over": False,
    }
    assert facts(one, language, AFTER, "eventi", closings)["signup_closing"]["over"]
    assert [link.get("until") for link in aside(one, language, BEFORE, closings)["links"]] == [None, CLOSES.isoformat()]
    assert [link["href"] for link in aside(one, language, AFTER, closings)["links"]] == ["eventi/e/"]
    assert aside(one, language, AFTER, closings)["until"] == "2027-09-12T20:00:00+02:00"


def test_a_closed_form_is_preceded_by_its_results(sketch: Sketch) -> None:
    closed = FORM.replace("form:publish: nothing", "form:publish: results\nform:closes: '2026-11-01'")
    sketch.write("content/forms/prova.yaml", closed)
    body = "# Modulo\n\n> //// form | prova\n> ////\n\nFine.\n"
    sketch.page("it/modulo.md", body, translation="form")

    def page() -> tuple[Page, Mapping[str, Form]]:
        content = sketch.content()
        return next(page for page in content.pages["it"] if page.path == "modulo.md"), content.forms

    after, before = dt.datetime(2026, 11, 2, tzinfo=dt.UTC), dt.datetime(2026, 10, 1, tzinfo=dt.UTC)
    assert with_results_first(*page(), after) == body.replace(
        "> //// form", "> //// results | prova\n> ////\n>\n> //// form"
    )
    assert with_results_first(*page(), before) == body
    sketch.page("it/modulo.md", f"{body}\n/// results | prova\n///\n", translation="form")
    assert with_results_first(*page(), after).count("results") == 1, "the page shows them where its editor wants"
    sketch.page("it/modulo.md", body, translation="form")
    sketch.write("content/forms/prova.yaml", closed.replace("publish: results", "publish: nothing"))
    assert with_results_first(*page(), after) == body
