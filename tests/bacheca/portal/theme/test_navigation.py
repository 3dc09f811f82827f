"""The navigation of a page: the header's entries, its section, the way to it, the pages beside it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from selectolax.lexbor import LexborHTMLParser

from tests.bacheca.portal.theme.rendered import ADDRESS, Theme, links

PATHS = [
    "index.md",
    "guide/index.md",
    "guide/prima.md",
    "guide/usare/index.md",
    "guide/usare/poco.md",
    "guide/usare/molto.md",
    "guide/server/debian.md",
    "guide/server/red/hat.md",
    "fondo/a/b/c/d.md",
    "piccola/a.md",
    "piccola/b.md",
    "sola.md",
]
NAV: list[Any] = [
    {"Casa": "index.md"},
    {
        "Guide": [
            "guide/index.md",
            "guide/prima.md",
            {"Usare": ["guide/usare/index.md", "guide/usare/poco.md", "guide/usare/molto.md"]},
            {"Server": ["guide/server/debian.md", {"Altri": ["guide/server/red/hat.md"]}]},
            {"Sorgenti": "https://example.org/sorgenti"},
        ]
    },
    {"Fondo": [{"A": [{"B": [{"C": ["fondo/a/b/c/d.md"]}]}]}]},
    {"Piccola": [{"Fuori": "https://example.org/"}, "piccola/a.md", "piccola/b.md"]},
    {"Vuota": []},
    {"Altrove": "https://example.org/altrove"},
    "sola.md",
]


def section(page: LexborHTMLParser) -> list[tuple[str, str]]:
    return links(page, ".section-nav")


def marks(page: LexborHTMLParser, within: str) -> dict[str, str]:
    marked = page.css(f"{within} [aria-current]")
    return {link.text().strip(): link.attributes["aria-current"] or "" for link in marked}


def test_an_entry_of_the_header_leads_to_the_first_page_below_it_however_deep(tmp_path: Path) -> None:
    theme = Theme(tmp_path, PATHS, NAV)
    for path in ("index.md", "guide/prima.md", "fondo/a/b/c/d.md"):
        here = ADDRESS + path.removesuffix("index.md").replace(".md", "/")
        assert [(text, urljoin(here, target)) for text, target in links(theme.page(path), ".site-menu")] == [
            ("Guide", f"{ADDRESS}guide/"),
            ("Fondo", f"{ADDRESS}fondo/a/b/c/d/"),
            ("Piccola", f"{ADDRESS}piccola/a/"),
            ("Altrove", "https://example.org/altrove"),
            ("sola", f"{ADDRESS}sola/"),
        ]


def test_the_page_of_a_missing_address_leads_where_the_header_does(tmp_path: Path) -> None:
    page = Theme(tmp_path, PATHS, NAV).missing()
    assert ("Fondo", "/fondo/a/b/c/d/") in links(page, ".ways")
    assert [target for _, target in links(page, ".ways")][1:] == [target for _, target in links(page, ".site-menu")]
    assert not page.css(".section-nav, .trail, .neighbours")


def test_a_page_shows_its_section_with_what_leads_to_it_open_and_itself_marked(tmp_path: Path) -> None:
    page = Theme(tmp_path, PATHS, NAV).page("guide/usare/poco.md")
    assert section(page) == [
        ("Guide", "../../"),
        ("prima", "../../prima/"),
        ("Usare", "../"),
        ("poco", "./"),
        ("molto", "../molto/"),
        ("Server", "../../server/debian/"),
        ("Sorgenti", "https://example.org/sorgenti"),
    ]
    assert marks(page, ".section-nav") == {"Usare": "true", "poco": "page"}
    assert marks(page, ".site-menu") == {"Guide": "true"}
    assert page.css_first(".section-nav details summary").text() == "Guide"


def test_a_sections_own_page_is_the_sections_name(tmp_path: Path) -> None:
    theme = Theme(tmp_path, PATHS, NAV)
    assert marks(theme.page("guide/index.md"), ".section-nav") == {"Guide": "page"}
    assert marks(theme.page("guide/usare/index.md"), ".section-nav") == {"Usare": "page"}
    assert marks(theme.page("guide/server/debian.md"), ".section-nav") == {"Server": "true", "debian": "page"}


def test_a_section_of_a_page_or_two_has_no_list_and_still_leads_from_one_to_the_next(tmp_path: Path) -> None:
    theme = Theme(tmp_path, PATHS, NAV)
    assert section(theme.page("piccola/a.md")) == []
    assert section(theme.page("sola.md")) == []
    assert links(theme.page("piccola/a.md"), ".neighbours") == [("Successivo b", "../b/")]


def test_a_page_may_ask_for_no_list_and_the_articles_have_their_own(tmp_path: Path) -> None:
    posts = [f"articoli/{name}.md" for name in ("index", "a", "b", "c", "d")]
    theme = Theme(tmp_path, [*PATHS, *posts], [*NAV, {"Articoli": posts}])
    assert section(theme.page("guide/prima.md", hide=["navigation"])) == []
    assert section(theme.page("articoli/b.md")) == []
    assert links(theme.page("articoli/b.md"), ".neighbours") == []
    assert links(theme.page("articoli/b.md"), ".trail") == [("Articoli", "../")]


def test_the_way_to_a_page_names_its_sections_and_tells_machines_too(tmp_path: Path) -> None:
    theme = Theme(tmp_path, PATHS, NAV)
    page = theme.page("guide/server/red/hat.md")
    assert links(page, ".trail") == [("Guide", "../../../"), ("Server", "../../debian/")]
    assert [step.text().strip() for step in page.css(".trail li")] == ["Guide", "Server", "Altri"]
    data = json.loads(page.css_first('script[type="application/ld+json"]').text())
    assert data["@type"] == "BreadcrumbList"
    assert [(item["position"], item["name"], item["item"]) for item in data["itemListElement"]] == [
        (1, "Prova", ADDRESS),
        (2, "Guide", f"{ADDRESS}guide/"),
        (3, "Server", f"{ADDRESS}guide/server/debian/"),
        (4, "Altri", f"{ADDRESS}guide/server/red/hat/"),
        (5, "hat", f"{ADDRESS}guide/server/red/hat/"),
    ]
    for path in ("index.md", "sola.md"):
        assert not theme.page(path).css('.trail, script[type="application/ld+json"]')
    assert links(theme.page("guide/index.md"), ".trail") == []


def test_before_and_after_stay_within_the_section(tmp_path: Path) -> None:
    theme = Theme(tmp_path, PATHS, NAV)
    assert links(theme.page("guide/index.md"), ".neighbours") == [("Successivo prima", "prima/")]
    assert links(theme.page("guide/usare/molto.md"), ".neighbours") == [
        ("Precedente poco", "../poco/"),
        ("Successivo debian", "../../server/debian/"),
    ]
    assert links(theme.page("guide/server/red/hat.md"), ".neighbours") == [("Precedente debian", "../../debian/")]
    assert links(theme.page("sola.md"), ".neighbours") == []


def test_without_a_navigation_of_its_own_a_portal_has_that_of_its_folders(tmp_path: Path) -> None:
    page = Theme(tmp_path, PATHS).page("guide/usare/poco.md")
    assert [text for text, _ in links(page, ".site-menu")] == ["sola", "Fondo", "Guide", "Piccola"]
    assert [text for text, _ in section(page)] == ["Guide", "prima", "Server", "Usare", "molto", "poco"]


def test_a_long_list_is_whole_on_its_first_page_and_around_the_place_on_the_others(tmp_path: Path) -> None:
    paths = [f"registro/voce-{number:03}.md" for number in range(300)]
    theme = Theme(tmp_path, ["index.md", *paths])
    assert len(section(theme.page(paths[0]))) == 300
    near = section(theme.page(paths[150]))
    assert near[0] == ("Registro (300)", "../voce-000/")
    assert near[1:] == [
        (f"voce-{number:03}", f"../voce-{number:03}/".replace("../voce-150", ".")) for number in range(138, 163)
    ]
    assert len(section(theme.page(paths[299]))) < 20


def test_entries_too_many_for_a_row_are_behind_the_button_and_a_page_names_few_of_very_many(tmp_path: Path) -> None:
    def header(count: int, path: str = "p00.md") -> LexborHTMLParser:
        return Theme(tmp_path, ["index.md", *(f"p{number:02}.md" for number in range(count))]).page(path)

    assert header(6).css("header.site-header--row")
    assert not header(30).css("header.site-header--row")
    nav = [
        {"Una pagina iniziale che ha un nome molto lungo": "index.md"},
        {"Una voce che è lunga abbastanza": "p00.md"},
    ]
    for entries, fits in ((nav, True), ([*nav, *nav[1:] * 3], False)):
        page = Theme(tmp_path, ["index.md", "p00.md"], entries).page("p00.md")
        assert page.css_matches("header.site-header--row") is fits
    theme, rows = Theme(tmp_path, ["index.md", *(f"pagina-{number}.md" for number in range(8))]), []
    for name in ("Prova", "Deutsch-Italienischer Kulturverein von Köln und Umgebung"):
        theme.config.site_name = name
        rows.append(theme.page("pagina-0.md").css_matches("header.site-header--row"))
    assert rows == [True, False], "a long name leaves less room"
    assert len(links(header(30), ".site-menu")) == 30
    assert len(links(header(90, "p50.md"), ".site-menu")) < 30
    assert len(links(header(90, "index.md"), ".site-menu")) == 90


def test_every_page_can_be_reached_from_the_home_page(tmp_path: Path) -> None:
    many = [f"registro/{folder}/v{number:02}.md" for folder in "ab" for number in range(50)]
    for nav in (NAV, None):
        paths = PATHS if nav else [*PATHS, *many]
        theme = Theme(tmp_path, paths, nav)
        urls = {file.url.removesuffix("./"): file.src_uri for file in theme.files}
        found, waiting = {"index.md"}, ["index.md"]
        while waiting:
            path = waiting.pop()
            page = theme.page(path)
            here = theme.files.get_file_from_path(path)
            assert here
            for link in page.css("a[href]"):
                address = urljoin(ADDRESS + here.url.removesuffix("./"), link.attributes["href"])
                target = urls.get(address.removeprefix(ADDRESS))
                if target and target not in found:
                    found.add(target)
                    waiting.append(target)
        assert found == set(paths)


@pytest.mark.parametrize(
    ("meta", "title"),
    [
        ({"title": "Chi siamo"}, "Chi siamo · Prova"),
        ({"title": "Prova"}, "Prova"),
        ({"hero": {"title": "Benvenuti"}}, "Prova · Benvenuti"),
        ({"hero": {"title": "Prova"}}, "Prova"),
        ({"title": "Uno <em>&amp;</em> due < tre"}, "Uno & due < tre · Prova"),
    ],
)
def test_the_title_names_the_page_and_the_site_and_neither_twice(
    tmp_path: Path, meta: dict[str, Any], title: str
) -> None:
    assert Theme(tmp_path, ["index.md"]).page("index.md", **meta).css_first("title").text() == title


def test_names_with_signs_of_html_are_shown_as_they_are_meant(tmp_path: Path) -> None:
    nav = [{"Domande & risposte": ["a.md", "b.md", "c.md", "d.md"]}, "index.md"]
    page = Theme(tmp_path, ["index.md", "a.md", "b.md", "c.md", "d.md"], nav).page("b.md")
    assert page.css_first(".section-nav__title").text() == "Domande & risposte"
    assert links(page, ".trail") == [("Domande & risposte", "../a/")]
    assert '"name": "Domande \\u0026 risposte"' in page.css_first('script[type="application/ld+json"]').text()
