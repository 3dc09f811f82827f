"""A page that was made before a form closed, read after it: a script knows the day, the text was true all along."""

from __future__ import annotations

import datetime as dt

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Visit
from tests.journeys.respondent import PAGES, SURVEY

CLOSES = dt.datetime.fromisoformat("2027-07-01T00:00+02:00")


@pytest.mark.parametrize(("late", "closed"), [(-1, False), (0, True), (3_000_000, True)])
def test_a_page_read_after_the_last_day_says_that_the_form_is_closed(visit: Visit, late: int, closed: bool) -> None:
    page = visit()
    page.clock.set_fixed_time(CLOSES + dt.timedelta(seconds=late))
    page.goto(PAGES[SURVEY, "it"])
    expect(page.locator("form.form")).to_be_visible(visible=not closed)
    expect(page.get_by_text("Ora è chiuso.")).to_be_visible(visible=closed)
    expect(page.get_by_role("link", name="Guarda i risultati")).to_be_visible(visible=closed)
    expect(page.get_by_text("Problemi con l’invio")).to_be_visible(visible=not closed)
    page.goto("/")
    expect(
        page.locator("main a[href*=sondaggio] ~ [data-after], main a[href*=sondaggio] [data-after]").first
    ).to_be_visible(visible=closed)


def test_without_script_the_page_says_until_when_and_the_service_the_rest(visit: Visit) -> None:
    page = visit(PAGES[SURVEY, "it"], script=False)
    expect(page.get_by_text("risposte fino al 30 giugno 2027", exact=True)).to_be_visible()
    expect(page.get_by_text("Ora è chiuso.")).to_be_hidden()
