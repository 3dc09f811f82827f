"""The look of the notice board: its colours, its type, rows that a thumb can touch."""

from __future__ import annotations

import pytest
from markupsafe import Markup
from playwright.sync_api import Browser, Page

from forms_server.http.page_shell import Shell
from tests.journeys.conftest import Scheme, Visit
from tests.journeys.respondent import GROUP, PAGES, SEND, SURVEY
from tests.journeys.service import Service

STYLE = "([target, name]) => getComputedStyle(document.querySelector(target))[name]"
COLOURS = {
    "light": {"main h1": "rgb(34, 37, 43)", SEND: "rgb(255, 255, 255)"},
    "dark": {"main h1": "rgb(236, 231, 221)", SEND: "rgb(23, 24, 27)"},
}
BUTTON = {"light": "rgb(164, 60, 23)", "dark": "rgb(240, 150, 108)"}
CARD = {"light": "rgb(255, 253, 249)", "dark": "rgb(31, 33, 37)"}


def style(page: Page, target: str, name: str) -> str:
    """Return the computed style of the first element that a selector finds."""
    value: str = page.evaluate(STYLE, [target, name])
    return value


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_follow_the_readers_theme_with_and_without_script(visit: Visit, scheme: Scheme, script: bool) -> None:
    page = visit(PAGES[SURVEY, "it"], scheme=scheme, script=script)
    for target, colour in COLOURS[scheme].items():
        assert style(page, target, "color") == colour, target
    assert style(page, SEND, "backgroundColor") == BUTTON[scheme]
    assert style(page, "form.form", "backgroundColor") == CARD[scheme]


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
@pytest.mark.parametrize("address", [PAGES[SURVEY, "it"], f"/forms/{SURVEY}"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_the_browser_draws_follows_the_theme_and_paper_is_always_light(
    visit: Visit, scheme: Scheme, address: str, script: bool
) -> None:
    page = visit(address, scheme=scheme, script=script)
    for target in ("html", "body", "input"):
        assert style(page, target, "colorScheme").replace("normal", "light") == scheme, target
    page.emulate_media(media="print", color_scheme=scheme)
    for target in ("html", "body", "input"):
        assert style(page, target, "colorScheme").replace("normal", "light") == "light", target
    assert style(page, "main h1", "color") == COLOURS["light"]["main h1"]
    assert style(page, "main a", "color") in ("rgb(164, 60, 23)", "rgb(34, 37, 43)")


def test_the_readers_own_choice_of_theme_reaches_scrollbars_and_never_paper(visit: Visit) -> None:
    for scheme, other in (("light", "dark"), ("dark", "light")):
        page = visit("/", scheme=scheme)
        page.click(".theme-switch")
        assert style(page, "html", "colorScheme").replace("normal", "light") == other
        page.emulate_media(media="print")
        assert style(page, "html", "colorScheme") == "light"
        assert style(page, "main h1", "color") == COLOURS["light"]["main h1"]


def test_without_a_portal_paper_is_light_too(browser: Browser) -> None:
    page = browser.new_page(color_scheme="dark")
    page.set_content(Shell(None).page("it", title="x", content=Markup("<a href='#'>x</a>"), alternates={}))
    assert style(page, "a", "color") == BUTTON["dark"]
    page.emulate_media(media="print", color_scheme="dark")
    assert style(page, "a", "color") == BUTTON["light"]
    page.close()


def test_the_type_is_the_notice_boards_and_comes_from_the_portal(visit: Visit, service: Service) -> None:
    page = visit()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(PAGES[SURVEY, "it"])
    page.evaluate("() => document.fonts.ready.then(() => true)")
    for target, family in [("main h1", "Fraunces"), ("main p", "Atkinson"), (".form-label", "Fraunces")]:
        assert family in style(page, target, "fontFamily")
        size = style(page, target, "fontSize")
        name = style(page, target, "fontFamily").split(",")[0]
        assert page.evaluate("font => document.fonts.check(font)", f"{size} {name}")
    assert any(".woff2" in url for url in asked)
    assert [url for url in asked if not url.startswith((service.url, "data:"))] == []


def test_the_zero_of_a_number_has_no_stroke_and_that_of_a_reference_has(visit: Visit) -> None:
    page = visit(PAGES[SURVEY, "it"])
    page.evaluate("""async () => {
        const texts = "<p id=number>31000</p><p class=form-reference>M0</p>";
        document.querySelector("h1").insertAdjacentHTML("afterend", texts);
        await document.fonts.ready;
    }""")
    protocol = page.context.new_cdp_session(page)
    for method in ("DOM.enable", "CSS.enable"):
        protocol.send(method)
    root = protocol.send("DOM.getDocument")["root"]["nodeId"]
    drawn = {}
    for target in ("#number", ".form-reference"):
        node = protocol.send("DOM.querySelector", {"nodeId": root, "selector": target})["nodeId"]
        fonts = protocol.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
        drawn[target] = [font["familyName"].split()[0] for font in fonts]
    assert drawn == {"#number": ["Figtree"], ".form-reference": ["Atkinson"]}


@pytest.mark.parametrize("address", [PAGES[SURVEY, "it"], PAGES[GROUP, "it"], f"/forms/{GROUP}"])
def test_the_first_question_is_seen_before_anybody_scrolls_far(visit: Visit, address: str) -> None:
    page = visit(address)
    for width, height, screens in ((1280, 800, 1), (360, 780, 1.5)):
        page.set_viewport_size({"width": width, "height": height})
        question = page.locator(".form-field").first.bounding_box()
        assert question
        assert question["y"] < height * screens, width


@pytest.mark.parametrize("width", [320, 1280])
def test_options_are_rows_to_touch_and_the_chosen_one_is_tinted(visit: Visit, width: int) -> None:
    page = visit(PAGES[SURVEY, "it"], width=width)
    options = page.locator(".form-option").all()
    assert len(options) >= 12
    for option in options:
        box = option.bounding_box()
        assert box is not None
        assert box["height"] >= 44
    before = style(page, ".form-option", "backgroundColor")
    options[0].scroll_into_view_if_needed()
    box = options[0].bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] - 6, box["y"] + box["height"] / 2)
    assert options[0].locator("input").is_checked()
    page.wait_for_function(
        "before => getComputedStyle(document.querySelector('.form-option')).backgroundColor !== before",
        arg=before,
    )


def test_a_readers_own_theme_is_kept_from_italian_to_english(visit: Visit) -> None:
    page = visit("/")
    page.click(".theme-switch")
    assert style(page, "main h1", "color") == COLOURS["dark"]["main h1"]
    chosen = page.get_attribute("body", "data-md-color-scheme")
    page.goto("/en/")
    assert page.get_attribute("body", "data-md-color-scheme") == chosen
