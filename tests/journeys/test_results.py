"""Results as everybody sees them: every kind of chart, light and dark, on a phone and on a desk, without script too."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from bacheca.forms.results.package import write_results
from tests.bacheca.forms.samples import sample_form, sample_results
from tests.journeys.conftest import Picture, Scheme, Visit
from tests.journeys.service import Service
from tests.journeys.test_axe import violations
from tests.journeys.test_budgets import LIMIT, Load
from tests.journeys.test_right_to_left import BARS, assert_mirrored

COMMENT = "Leggiamo tutto, e poi ne parliamo"
TOO_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def service_with_results(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service that shows the results of a form with every kind of question."""
    folder = tmp_path_factory.mktemp("results")
    (folder / "forms").mkdir()
    form = sample_form(folder / "forms")
    write_results(folder / "results" / form.name, form, sample_results(form, quotations=(COMMENT,)))
    running = Service(site, folder, FORMS_CONTENT=str(folder / "forms"))
    yield running
    running.stop()
    assert running.faults == []


@pytest.mark.parametrize(("scheme", "script"), [("light", True), ("dark", False)])
def test_results_are_read_by_everybody(
    visit: Visit, service_with_results: Service, picture: Picture, scheme: Scheme, script: bool
) -> None:
    page = visit(base=service_with_results.url, scheme=scheme)
    if not script:  # axe needs script, so that of the pages does not arrive
        page.route("**/*.js", lambda route: route.abort())
    load = Load(page)
    answer = page.goto("/forms/prova/results")
    assert answer is not None
    assert answer.status == 200
    assert load.weight <= LIMIT, load.sizes.most_common()
    charts = page.locator(".results-chart")
    expect(charts).to_have_count(9)
    assert page.locator(".results-chart table").count() == 8  # all but the comments
    expect(page.locator(".results-quotation")).to_have_text(COMMENT)
    expect(page.get_by_text("non mostrato").first).to_be_visible()
    expect(page.locator(".results-citation")).to_have_text(re.compile("^La Bacheca, «Risultati: "))
    found = []
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 800})
        page.evaluate("() => document.fonts.ready.then(() => true)")
        picture(page, f"results-{width}-{scheme}", full_page=True)
        assert not page.evaluate(TOO_WIDE), width
        for bar in page.locator(".results-bar, .results-stack").all():
            box = bar.bounding_box()
            assert box is not None
            assert box["width"] > 60, "a bar that cannot be read"
        found += [f"{width}: {line}" for line in violations(page)]
    assert found == []
    if script:
        assert_mirrored(page, "results", picture)
        begins = page.evaluate(BARS)
        assert len(begins) > 8
        assert max(map(abs, begins)) < 1, "a bar that does not begin where a line does"


@pytest.mark.parametrize("width", [360, 1280])
def test_bars_are_equally_thick_however_long_they_may_be(
    visit: Visit, service_with_results: Service, width: int
) -> None:
    page = visit("/forms/prova/results", base=service_with_results.url, width=width)
    boxes = [
        bar.bounding_box()
        for bar in page.locator(".results-chart--bars .results-bar, .results-chart--ranks .results-bar").all()
    ]
    assert len(boxes) > 8
    assert {round(box["height"]) for box in boxes if box} == {15}


def test_the_heads_of_a_matrix_stand_over_their_choices(visit: Visit, service_with_results: Service) -> None:
    page = visit("/forms/prova", base=service_with_results.url)
    middles: list[list[float]] = page.evaluate(
        """() => ["thead th", "tbody tr:first-child input"].map(wanted =>
            [...document.querySelectorAll(`.form-matrix-table ${wanted}`)].map(found => {
                const range = document.createRange();
                wanted.includes("th") ? range.selectNodeContents(found) : range.selectNode(found);
                const box = range.getBoundingClientRect();
                return box.x + box.width / 2;
            }))"""
    )
    heads, choices = middles
    assert len(heads) == len(choices) == 4
    assert all(abs(head - choice) < 2 for head, choice in zip(heads, choices, strict=True))
