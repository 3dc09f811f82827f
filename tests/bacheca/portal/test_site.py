"""A portal as it is published: languages, links, shells, metadata."""

from __future__ import annotations

import json
import posixpath
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

ORIGIN = "https://bacheca.example.org"


class Reader(HTMLParser):
    """Every element of a page, with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def all(self, tag: str, **wanted: str) -> list[dict[str, str]]:
        return [found for name, found in self.elements if name == tag and found.items() >= wanted.items()]


def pages_of(site: Path) -> dict[str, Reader]:
    """Read every page that has an address, by its path on the host."""
    found = {}
    for file in site.rglob("index.html"):
        folder = file.parent.relative_to(site).as_posix()
        found["/" if folder == "." else f"/{folder}/"] = Reader(file.read_text(encoding="utf-8"))
    return found


def dead_links(site: Path, pages: dict[str, Reader]) -> list[tuple[str, str]]:
    """Give the links within the site that lead to no file, or to no place of its page."""
    dead = []
    named = {path: {found.get("id") for _, found in page.elements} for path, page in pages.items()}
    for path, page in pages.items():
        for _, attributes in page.elements:
            for written in (attributes.get("href"), attributes.get("src")):
                parts = urlsplit(written or "")
                if written is None or parts.scheme or parts.netloc or parts.path.startswith("/forms/"):
                    continue
                target = posixpath.normpath(posixpath.join(path, unquote(parts.path) or "."))
                if parts.path and (site / target.lstrip("/")).is_file():
                    continue
                there = path if not parts.path else f"{target.rstrip('/')}/"
                if there not in pages or (parts.fragment and unquote(parts.fragment) not in named[there]):
                    dead.append((path, written))
    return dead


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[str, Reader]:
    return pages_of(site)


def test_every_page_says_its_language(pages: dict[str, Reader], site: Path) -> None:
    assert len(pages) > 30
    for path, page in pages.items():
        assert page.all("html")[0]["lang"] == ("en" if path.startswith("/en/") else "it"), path
    for name, language in {"404": "it", "shell": "it", "en/404": "en", "en/shell": "en"}.items():
        assert Reader((site / f"{name}.html").read_text()).all("html")[0]["lang"] == language


def test_every_link_within_the_site_leads_somewhere(pages: dict[str, Reader], site: Path) -> None:
    assert dead_links(site, pages) == []


def test_a_link_that_leads_nowhere_would_be_found(site: Path) -> None:
    page = Reader('<p id="qui"><a href="#qui"></a><a href="#altrove"></a><a href="non-c-e/"></a></p>')
    assert dead_links(site, {"/": page}) == [("/", "#altrove"), ("/", "non-c-e/")]


def test_translations_name_each_other(pages: dict[str, Reader]) -> None:
    named = {
        path: {
            link["hreflang"]: link["href"].removeprefix(ORIGIN)
            for link in page.all("link", rel="alternate")
            if "hreflang" in link
        }
        for path, page in pages.items()
    }
    assert named["/profilo/"] == {"it": "/profilo/", "en": "/en/profile/"}
    for path, translations in named.items():
        for language, other in translations.items():
            assert named[other] == translations, (path, language)
        if translations:
            assert translations["en" if path.startswith("/en/") else "it"] == path


def test_the_switch_leads_to_the_same_page_or_home(pages: dict[str, Reader]) -> None:
    for path, page in pages.items():
        translations = {link["hreflang"]: link["href"] for link in page.all("link") if "hreflang" in link}
        other = "it" if path.startswith("/en/") else "en"
        home = "/" if other == "it" else "/en/"
        switches = [link for link in page.all("a") if "hreflang" in link]
        assert switches, path
        assert {link["href"] for link in switches} == {translations.get(other, ORIGIN + home).removeprefix(ORIGIN)}, (
            path
        )


def test_the_service_finds_pages_and_shells(site: Path, pages: dict[str, Reader]) -> None:
    told = json.loads((site / "bacheca.json").read_text())
    community = {"name": "La Bacheca", "email": "info@bacheca.example.org", "language": "it", "zone": "Europe/Rome"}
    assert told["community"] == community
    assert told["forms"] == {
        "gruppo-community-manager": {"it": "/partecipa/gruppo/", "en": "/en/take-part/group/"},
        "responsabili-comunita": {"it": "/partecipa/sondaggio/", "en": "/en/take-part/survey/"},
    }
    for language in told["languages"].values():
        assert {language["home"], language["privacy"]} <= pages.keys()
        shell = (site / language["shell"]).read_text()
        for mark in ("<!--bacheca:content-->", "<title>bacheca:title</title>", 'href="bacheca:alternate"'):
            assert shell.count(mark) == 1
        assert not re.search(r'(?:href|src)="(?!/|https?:|mailto:|#|bacheca:)', shell), (
            "an address of the shell is relative"
        )


def test_forms_stand_in_their_pages_in_the_language_of_the_page(pages: dict[str, Reader]) -> None:
    told = {"/partecipa/sondaggio/": "it", "/en/take-part/survey/": "en"}
    for path, language in told.items():
        assert len(pages[path].all("form", method="post", action="/forms/responsabili-comunita")) == 1
        assert pages[path].all("input", name="_lang")[0]["value"] == language
        assert pages[path].all("section", **{"data-search-exclude": ""})


def test_the_sitemap_names_every_page_once(site: Path, pages: dict[str, Reader]) -> None:
    sitemap = (site / "sitemap.xml").read_text()
    named = re.findall(r"<loc>([^<]+)</loc>", sitemap)
    assert sorted(unquote(url.removeprefix(ORIGIN)) for url in named) == sorted(pages)
    assert not (site / "en/sitemap.xml").exists()


def test_the_home_page_shows_the_newest_articles(pages: dict[str, Reader], site: Path) -> None:
    articles = [link.get("href", "") for link in pages["/"].all("a")]
    shown = {href for href in articles if re.fullmatch(r"articoli/[^/]+/", href) and (site / href).is_dir()}
    assert len(shown) >= 3


def test_no_setting_is_left_to_fill_in_and_no_attribute_is_unknown(site: Path, pages: dict[str, Reader]) -> None:
    for file in site.rglob("*.html"):
        assert "{{" not in file.read_text(encoding="utf-8"), file
    assert not [path for path, page in pages.items() for _, found in page.elements if "aliases" in found]
    assert "Detto anche: bandire" in (site / "glossario/index.html").read_text()


def test_the_profile_sums_itself_up_for_people_and_machines(site: Path, pages: dict[str, Reader]) -> None:
    for path, pay in {"/profilo/": "#retribuzione", "/en/profile/": "#pay"}.items():
        text = (site / path.strip("/") / "index.html").read_text()
        data = json.loads(re.findall(r'<script type="application/ld\+json">(.*?)</script>', text)[0])
        assert data["@type"] == "Occupation"
        assert data["occupationalCategory"]["codeValue"] == "2432"
        assert "estimatedSalary" not in data, "the pay has no date"
        assert pages[path].all("section", **{"aria-labelledby": "job"})
        assert pages[path].all("a", href=pay)
