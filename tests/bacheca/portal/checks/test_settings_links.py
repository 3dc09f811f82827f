"""`bacheca.portal.checks.settings_links`: what stands at the foot of every page leads somewhere."""

from __future__ import annotations

import copy

import pytest

from tests.bacheca.portal.conftest import ENGLISH, SETTINGS, Sketch


def found(sketch: Sketch, *hrefs: str, english: str = "") -> list[tuple[str, int, str]]:
    settings = copy.deepcopy(SETTINGS)
    settings["extra"]["words"] = {"footer_links": [{"label": "x", "href": href} for href in hrefs]}
    sketch.settings("mkdocs.yml", settings)
    if english:
        words = {"footer_links": [{"label": "x", "href": english}]}
        sketch.settings("mkdocs.en.yml", ENGLISH | {"extra": {"words": words}})
    return [place for place in sketch.places() if place[2] == "SETTING_LINK"]


@pytest.mark.parametrize(
    "href", ["privacy/", "privacy/#chi", "/en/form/", "a.svg", "articoli/feed.xml", "https://x.org/y/"]
)
def test_what_is_there_or_elsewhere_is_no_problem(sketch: Sketch, href: str) -> None:
    assert found(sketch, href, english="form/") == []


@pytest.mark.parametrize(
    "href", ["riservatezza/", "/privacy/riservatezza/", "b.svg", "https://prova.example.org/niente/"]
)
def test_what_leads_nowhere_is_told_at_its_line(sketch: Sketch, href: str) -> None:
    ((file, line, _),) = found(sketch, href, english="form/")
    assert file == "mkdocs.yml"
    assert href in sketch.config_file.read_text().splitlines()[line - 1]


def test_a_link_is_told_for_each_language_in_which_it_leads_nowhere(sketch: Sketch) -> None:
    assert [file for file, *_ in found(sketch, "articoli/", english="articoli/")] == ["mkdocs.en.yml"]


def test_it_says_what_to_write(sketch: Sketch) -> None:
    assert found(sketch, "privacys/", english="privacy/")
    (line,) = [line for line in sketch.said("it") if "SETTING_LINK" in line]
    assert "scrivi `href: privacy/`" in line
