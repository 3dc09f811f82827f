"""What readers find on a page: the glossary's notes, by pointer, keyboard and touch."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, expect

from tests.journeys.conftest import Visit
from tests.journeys.service import Service

TERM = "a.term[aria-describedby=term-web-2-0]"
NOTE = "#term-web-2-0"
SPANS = """() => [...document.querySelectorAll(".term-margin, .page-text > .inline")]
  .map((note) => note.getBoundingClientRect()).map(({ top, bottom }) => [top, bottom])"""


def test_a_note_opens_with_the_pointer_stays_under_it_and_closes_with_escape(visit: Visit) -> None:
    page = visit("/profilo/", width=1000)
    note = page.locator(NOTE)
    expect(note).to_be_hidden()
    page.hover(TERM)
    expect(note).to_be_visible()
    note.hover()
    page.wait_for_timeout(500)  # longer than it takes to close
    expect(note).to_be_visible()
    page.keyboard.press("Escape")
    expect(note).to_be_hidden()
    page.hover(TERM)
    expect(note).to_be_visible()
    page.hover("h1")
    expect(note).to_be_hidden()
    beside = page.locator(".term-margin")
    expect(beside.first).to_be_hidden()
    page.set_viewport_size({"width": 1280, "height": 800})
    page.hover(f"a.term[aria-describedby=term-{beside.first.get_attribute('data-term')}]")
    expect(beside.first).to_be_visible()
    expect(page.locator(":popover-open")).to_have_count(0)
    tops, ends = zip(*page.evaluate(SPANS), strict=True)
    assert all(end <= top for end, top in zip(ends[:-1], tops[1:], strict=True)), "no note stands on another"


def test_a_note_opens_with_the_keyboard_and_is_described_without_script_too(visit: Visit) -> None:
    page = visit("/profilo/", width=1000)
    page.keyboard.press("Tab")
    page.focus(TERM)
    expect(page.locator(NOTE)).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.locator(NOTE)).to_be_hidden()
    plain = visit("/profilo/", script=False)
    expect(plain.locator(TERM)).to_have_accessible_description(re.compile("Il web in cui chi legge"))
    plain.click(TERM)
    expect(plain).to_have_url(re.compile("/glossario/#web-2-0$"))


def test_the_first_touch_opens_the_note_and_the_second_the_entry(browser: Browser, service: Service) -> None:
    context = browser.new_context(base_url=service.url, viewport={"width": 360, "height": 800}, has_touch=True)
    context.set_default_timeout(30_000)
    page = context.new_page()
    page.goto("/profilo/")
    page.tap(TERM)
    note = page.locator(NOTE)
    expect(note).to_be_visible()
    expect(page).to_have_url(re.compile("/profilo/$"))
    box = note.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 360
    page.tap(TERM)
    expect(page).to_have_url(re.compile("/glossario/#web-2-0$"))
    context.close()


def test_the_contents_stand_in_the_margin_and_mark_where_the_reader_is(visit: Visit) -> None:
    page = visit("/profilo/")
    contents, text = page.locator(".page-toc"), page.locator(".page-text > p:not([class])").first
    side, column = contents.bounding_box(), text.bounding_box()
    assert side
    assert column
    assert side["x"] + side["width"] < column["x"]
    assert 600 <= column["width"] <= 660
    second = contents.get_by_role("link").nth(1)
    second.click()
    expect(contents.locator("[aria-current=location]")).to_have_text(second.inner_text())
    expect(page.get_by_role("button", name="Stampa")).to_be_visible()
    plain = visit("/profilo/", script=False)
    expect(plain.locator(".page-toc").get_by_role("link").first).to_be_visible()
    plain.set_viewport_size({"width": 360, "height": 780})
    expect(plain.locator(".page-toc").get_by_role("link").first).to_be_hidden()
    plain.locator(".page-toc summary").click()
    expect(plain.locator(".page-toc").get_by_role("link").first).to_be_visible()
