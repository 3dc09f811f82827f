"""Journeys with the keyboard alone: order, visible focus, no trap, Enter sends."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.journeys.conftest import Visit
from tests.journeys.respondent import GROUP, PAGES, SURVEY, person, reference
from tests.journeys.service import Service

FOCUSED = "() => document.activeElement.id || document.activeElement.tagName"
OUTLINE = """() => {
    const drawn = element => {
        const style = getComputedStyle(element);
        return style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth);
    };
    const focused = document.activeElement;
    return Math.max(drawn(focused), drawn(focused.closest('.form-option') ?? focused));
}"""
MOST_STEPS = 40


def tab_to(page: Page, target: str, limit: int = 80) -> int:
    """Press Tab until an element has the focus.

    Returns:
        How many times.
    """
    for step in range(1, limit):
        page.keyboard.press("Tab")
        if page.evaluate("target => document.activeElement.matches(target)", target):
            return step
    raise AssertionError(f"{limit} times Tab do not reach {target}")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_the_sign_up_is_filled_in_and_sent_with_the_keyboard_alone(
    visit: Visit, service: Service, mark: str, script: bool
) -> None:
    who = person(mark)
    page = visit(PAGES[GROUP, "it"], script=script)
    tab_to(page, "#f-nome")
    for field, text in [
        ("#f-nome", who.name),
        ("#f-organizzazione", who.organisation),
        ("#f-email", who.email),
        ("#f-telefono", who.phone),
    ]:
        if not page.evaluate("field => document.activeElement.matches(field)", field):
            assert tab_to(page, field) == 1, f"something stands between the field before and {field}"
        page.keyboard.type(text)
    tab_to(page, "#f-consenso", limit=4)
    page.keyboard.press("Space")
    page.keyboard.press("Shift+Tab")
    tab_to(page, "#f-consenso", limit=4)
    if script:
        tab_to(page, "form.form button.form-button", limit=6)
    page.keyboard.press("Enter")  # in a field as on the button, Enter sends
    if not script:
        expect(page.locator("dl.form-answers")).to_contain_text(who.name)
        tab_to(page, "form button.form-button:not(.form-button--secondary)")
        page.keyboard.press("Enter")
    expect(page.locator(".form-reference")).to_be_visible()
    reference(page, GROUP)
    assert len(service.stored(GROUP, mark)) == 1


def test_enter_in_a_text_field_sends(visit: Visit) -> None:
    page = visit(PAGES[GROUP, "it"])
    page.focus("#f-nome")
    page.keyboard.type("Ada")
    page.keyboard.press("Enter")
    expect(page.locator(".form-summary")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#f-email")).to_be_focused()


def test_a_script_that_comes_late_leaves_the_focus_where_somebody_has_moved_it(visit: Visit) -> None:
    page = visit(PAGES[GROUP, "it"])
    page.focus("#f-nome")
    waiting: list[Route] = []
    page.route(re.compile(r"/form\.[^/]*js$"), lambda route: waiting.append(route))  # noqa: PLW0108  it gets a mark
    page.keyboard.press("Enter")
    expect(page.locator(".form-summary")).to_be_focused()
    page.keyboard.press("Tab")
    moved = page.locator(".form-summary a").first
    expect(moved).to_be_focused()
    assert waiting
    for route in waiting:
        route.continue_()
    expect(page.locator("form[data-ready]")).to_have_count(1)
    expect(moved).to_be_focused()


def test_arrows_choose_among_the_options_and_space_the_first(visit: Visit) -> None:
    page = visit(PAGES[SURVEY, "it"])
    tab_to(page, "input[name=struttura]")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    chosen = page.locator("input[name=struttura]:checked")
    expect(chosen).to_be_focused()
    assert page.evaluate("() => document.querySelectorAll('input[name=struttura]')[1].checked")
    assert tab_to(page, "input[name=specializzazione]") == 1


@pytest.mark.parametrize("form", [SURVEY, GROUP])
@pytest.mark.parametrize("width", [320, 1280])
def test_focus_follows_the_reading_order_shows_itself_and_leaves_the_form(visit: Visit, form: str, width: int) -> None:
    page = visit(PAGES[form, "it"], width=width)
    tab_to(page, "form.form input:not([type=hidden]), form.form a, form.form button, form.form textarea")
    tops: list[float] = []
    faint: list[str] = []
    inside = "() => document.activeElement.closest('form.form') !== null"
    while page.evaluate(inside):
        assert len(tops) <= MOST_STEPS, "focus does not leave the form"
        tops.append(page.evaluate("() => document.activeElement.getBoundingClientRect().top + scrollY"))
        if page.evaluate(OUTLINE) < 2:
            faint.append(page.evaluate(FOCUSED))
        page.keyboard.press("Tab")
    assert len(tops) >= 4
    assert tops == sorted(tops)
    assert faint == []


def test_the_first_tab_offers_to_skip_to_the_content(visit: Visit) -> None:
    page = visit("/profilo/")
    page.keyboard.press("Tab")
    skip = page.locator("a.md-skip")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()


def test_the_menu_of_a_narrow_page_opens_and_closes_with_the_keyboard(visit: Visit) -> None:
    page = visit("/profilo/", width=320)
    menu = page.locator("#site-menu")
    expect(menu).to_be_hidden()
    tab_to(page, ".site-menu-button", limit=15)
    page.keyboard.press("Enter")
    expect(menu).to_be_visible()
    tab_to(page, "#site-menu a", limit=3)
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(page.locator(".site-menu-button")).to_be_focused()


@pytest.mark.parametrize("width", [320, 1280])
def test_the_language_switch_is_reached_with_the_keyboard(visit: Visit, width: int) -> None:
    page = visit("/profilo/", width=width)
    tab_to(page, "a[hreflang=en]", limit=15)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/en/profile/$"))
