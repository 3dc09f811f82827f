"""A portal under a path of its host, with `use_directory_urls: false` and another `blog_dir`: every address holds."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from selectolax.lexbor import LexborHTMLParser

from bacheca.portal.build.pipeline import build
from bacheca.portal.search.index import entries_of
from bacheca.portal.settings import load_portal
from bacheca.portal.settings_file import THEME
from tests.portal import PORTAL

HOST = "https://bacheca.example.org"
EVENT = (
    "---\ntitle: Ritrovo\ndescription: Una sera.\ntranslation: ritrovo\nplace: Torino\n"
    "starts: 2031-05-06 18:00\nends: 2031-05-06 20:00\n---\nCiao.\n"
)
HIDDEN = (
    "---\ntitle: Nascosta\ndescription: Non si trova.\ntranslation: nascosta\nrobots: noindex, follow\n---\nCiao.\n"
)


def as_files(text: str) -> str:
    """Write the addresses of settings and front matter as those of files."""
    return re.sub(r"\bhref: ([\w/-]+)/(?=[,}\s])", r"href: \1.html", text)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("sotto") / "portale"
    shutil.copytree(PORTAL, root)
    (root / "content/it/articoli").rename(root / "content/it/notizie")
    for file in (*root.glob("*.yml"), *root.rglob("*.md")):
        text = file.read_text(encoding="utf-8").replace("articoli/", "notizie/").replace(f"{HOST}/", f"{HOST}/sub/")
        text = text.replace("blog_dir: articoli", "blog_dir: notizie").replace("../../bacheca/portal/theme", str(THEME))
        file.write_text(as_files(text), encoding="utf-8")
    main = root / "mkdocs.yml"
    main.write_text(main.read_text(encoding="utf-8") + "\nuse_directory_urls: false\n", encoding="utf-8")
    (root / "content/it/nascosta.md").write_text(HIDDEN, encoding="utf-8")
    (root / "content/it/eventi").mkdir()
    (root / "content/it/eventi/ritrovo.md").write_text(EVENT, encoding="utf-8")
    # The build itself follows every reference of every page and file, and fails where one leads nowhere.
    build(load_portal(main), root / "site", lambda *_, **__: None, engine="mkdocs", full=True)
    return root / "site"


def read(file: Path) -> LexborHTMLParser:
    return LexborHTMLParser(file.read_text(encoding="utf-8"))


def test_the_switch_of_languages_stays_in_the_portal(site: Path) -> None:
    for name in ("profilo.html", "404.html", "nascosta.html", "notizie/moderare-di-notte.html"):
        (switch,) = read(site / name).css("a.site-language")
        address = urljoin(f"{HOST}/sub/{name}", switch.attributes["href"] or "")
        assert address.startswith(f"{HOST}/sub/en/"), name
    (switch,) = read(site / "profilo.html").css("a.site-language")
    assert switch.attributes["href"] == "/sub/en/profile.html"


def test_an_article_leads_to_its_issue_wherever_articles_are(site: Path) -> None:
    issues = [
        (page.parent / (link.attributes["href"] or "")).resolve()
        for page in (site / "notizie").glob("*.html")
        for link in read(page).css('.entry__facts a[href*="numeri/"]')
    ]
    assert issues
    assert all(issue.is_file() for issue in issues)


def test_the_sitemap_has_the_pages_that_may_be_found_under_their_own_addresses(site: Path) -> None:
    listed = re.findall(r"<loc>(.*?)</loc>", (site / "sitemap.xml").read_text(encoding="utf-8"))
    assert len(listed) > 40
    assert f"{HOST}/sub/profilo.html" in listed
    assert not [address for address in listed if "nascosta" in address or "404" in address or "shell" in address]
    paths = [unquote(urlsplit(address).path.removeprefix("/sub/")) for address in listed]
    assert [path for path in paths if not (site / path).is_file()] == []
    assert all(read(site / path).css_matches(f'link[rel="canonical"][href="{HOST}/sub/{path}"]') for path in paths)
    said = (site / "sitemap.xml").read_text(encoding="utf-8")
    assert f'hreflang="en" href="{HOST}/sub/en/profile.html"' in said


def test_linked_data_notes_search_feeds_calendars_and_the_service_name_files(site: Path) -> None:
    glossary = read(site / "glossario.html")
    data = [json.loads(script.text()) for script in glossary.css('script[type="application/ld+json"]')]
    assert data[0]["url"] == f"{HOST}/sub/glossario.html"
    terms = [a.attributes["href"] or "" for page in site.glob("*.html") for a in read(page).css("a.term")]
    assert terms
    assert all(term.startswith("glossario.html#") for term in terms)
    assert glossary.css_first(".term-uses a[href$='.html']")
    index = entries_of((site / "search/search_index.js").read_text(encoding="utf-8"))
    assert "profilo.html" in {entry["location"] for entry in index}
    feed = json.loads((site / "notizie/feed.json").read_text(encoding="utf-8"))
    assert all(
        item["url"].startswith(f"{HOST}/sub/notizie/") and item["url"].endswith(".html") for item in feed["items"]
    )
    assert f"URL:{HOST}/sub/eventi/ritrovo.html" in (site / "eventi/ritrovo.ics").read_text(encoding="utf-8")
    told = json.loads((site / "bacheca.json").read_text(encoding="utf-8"))
    assert told["languages"]["it"]["privacy"] == "/sub/privacy.html"
    assert {page for pages in told["forms"].values() for page in pages.values()} >= {"/sub/partecipa/sondaggio.html"}
