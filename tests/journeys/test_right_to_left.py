"""Where a language is written from right to left, every part of a page stands where a mirror would show it."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Picture, Visit
from tests.journeys.respondent import GROUP, PAGES, answer_group, person, send

ADDRESSES = [
    "/",
    "/articoli/imparare-il-mestiere/",
    "/glossario/",
    "/profilo/",
    "/partecipa/sondaggio/",
    "/andamento/",
]

PLACES = """() => {
  const apart = "body [dir='ltr'], pre, code, kbd, svg *, .headerlink, .md-dialog, .md-skip";
  const laid = (node) => !/^(inline|none|contents|inline-block)$/.test(getComputedStyle(node).display);
  const wide = document.documentElement.clientWidth, turned = document.body.dir === "rtl";
  const boxes = {};
  document.querySelectorAll("body *").forEach((node, number) => {
    const box = node.getBoundingClientRect();
    if (!box.width || !box.height || !laid(node) || node.closest(apart)) return;
    const begins = turned ? wide - box.right : box.left;
    boxes[`${number} ${node.outerHTML.slice(0, 60)}`] = [begins, box.top + scrollY, box.width, box.height];
  });
  return boxes;
}"""
"""Where whatever is laid out as a box of its own stands: from where lines begin, from the top, how wide, how tall."""


def places(page: Page, direction: str) -> dict[str, list[float]]:
    """Give where everything stands once the page is written in a direction, as the theme says it of a language."""
    page.evaluate("(direction) => { document.body.dir = direction }", direction)
    found: dict[str, list[float]] = page.evaluate(PLACES)
    return found


def astray(page: Page) -> list[Any]:
    """Give what does not stand, when a page is turned, where it stood in the mirror; to two pixels."""
    before, after = places(page, "ltr"), places(page, "rtl")
    assert len(before) > 10
    return [
        (part, before.get(part), after.get(part))
        for part in before.keys() | after.keys()
        if part not in before
        or part not in after
        or any(abs(one - other) > 2 for one, other in zip(before[part], after[part], strict=True))
    ]


BARS = """() => {
  document.body.dir = "rtl";
  const bars = [...document.querySelectorAll(".results-bar rect, .results-stack rect:first-of-type")];
  return bars.filter((bar) => bar.getBoundingClientRect().width > 1).map((bar) =>
    bar.ownerSVGElement.getBoundingClientRect().right - bar.getBoundingClientRect().right);
}"""
"""How far from where lines begin each bar of a chart does, once the page is turned."""

WIDTHS = (360, 1280)


def assert_mirrored(page: Page, name: str, picture: Picture) -> None:
    """Look at a page of both widths, turned, and leave it as it was."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        found = astray(page)
        for _ in range(100):
            if not found:
                break
            page.wait_for_timeout(50)  # what folds and unfolds with the width has not done so yet
            found = astray(page)
        assert found == [], (name, width)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (name, width)
        picture(page, f"rtl-{name}-{width}", full_page=True)
        page.evaluate("document.body.dir = 'ltr'")


def test_a_page_is_its_own_mirror(visit: Visit, picture: Picture) -> None:
    page = visit()
    for address in ADDRESSES:
        page.goto(address)
        assert_mirrored(page, address.strip("/").replace("/", "-") or "home", picture)
    page.click(".search-open")
    expect(page.locator("#search-query")).to_be_focused()
    page.keyboard.type("comunità")
    expect(page.locator(".search__result").nth(1)).to_be_visible()
    assert_mirrored(page, "search", picture)


def test_what_the_service_says_is_its_own_mirror(visit: Visit, picture: Picture, mark: str) -> None:
    page = visit(PAGES[GROUP, "it"], script=False)
    answer_group(page, person(mark))
    page.uncheck("#f-consenso")
    page.locator("form.form").evaluate("(form) => form.noValidate = true")
    send(page)
    assert_mirrored(page, "summary", picture)
    page.check("#f-consenso")
    send(page)
    assert_mirrored(page, "review", picture)
    send(page)
    expect(page.locator(".form-reference")).to_be_visible()
    assert_mirrored(page, "receipt", picture)
