"""An archive of many articles with events: rendered once, then read."""

from __future__ import annotations

import datetime as dt
import posixpath
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from bacheca.portal.build.engine import render
from bacheca.portal.build.read import read_content
from bacheca.portal.build.stage import stage
from bacheca.portal.cache.store import Cache
from bacheca.portal.content.articles import articles_of
from bacheca.portal.content.events import events_of
from bacheca.portal.generated.feeds import feeds
from bacheca.portal.generated.icalendar import calendars
from tests.bacheca.portal.archive import ARTICLES, TOPICS, archive
from tests.bacheca.portal.conftest import dress, write_files

NOW = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The rendered portal, complete but for what only a whole site has."""
    portal = archive(tmp_path_factory.mktemp("archivio")).portal()
    content, problems = read_content(portal)
    assert problems == ()
    stage(portal, content, now=NOW)
    raw = render(portal, "mkdocs", Cache(portal.build / "cache"))["it"]
    folder = raw.folder
    write_files({path: raw.read(path) for path in raw.digests}, folder)
    pages = content.pages["it"]
    dress(portal.main, pages, folder)
    write_files(feeds(portal.main, articles_of(pages)), folder)
    write_files(calendars(portal.main, events_of(pages), NOW), folder)
    return folder


def text(site: Path, path: str) -> str:
    return (site / path / "index.html").read_text(encoding="utf-8")


def main_links(html: str) -> list[str]:
    return re.findall(r'<a [^>]*href="([^"]+)"', html[html.index("<main") : html.index("</main>")])


def test_the_index_names_every_title_once_under_its_topic(site: Path) -> None:
    index = text(site, "articoli/indice")
    titles = [link for link in main_links(index) if re.fullmatch(r"\.\./titolo-\d+/", link)]
    assert len(titles) == len(set(titles)) == ARTICLES
    headings = re.findall(r"<h2[^>]*>([^<]+)<", index)
    assert headings == sorted(TOPICS)
    first = index[index.index(">Ascolto<") : index.index(">Formazione<", index.index('id="formazione"'))]
    shown = re.findall(r"Titolo \d+", first)
    assert shown == sorted(shown)
    assert len(shown) == -(-ARTICLES // len(TOPICS))


def test_the_archive_by_year_and_by_topic_is_paged(site: Path) -> None:
    years = sorted(folder.name for folder in (site / "articoli/archivio").iterdir())
    assert years == ["2022", "2023", "2024", "2025", "2026"]
    pages = [page for page in (site / "articoli/temi/ascolto").rglob("index.html")]
    titles = {title for page in pages for title in re.findall(r"Titolo \d+(?=</a>)", page.read_text(encoding="utf-8"))}
    assert len(pages) > 1
    assert len(titles) == -(-ARTICLES // len(TOPICS))


def test_an_article_leads_to_related_ones_and_to_its_neighbours(site: Path) -> None:
    article = text(site, "articoli/titolo-100")
    related = article[article.index('id="related"') : article.index('class="neighbours"')]
    links = re.findall(r'href="\.\./(titolo-\d+)/"', related)
    assert len(links) == 3
    assert "titolo-100" not in links
    assert 'rel="prev"' in article
    assert 'rel="next"' in article
    assert "1&nbsp;minuto" in article


def test_pages_point_at_the_feeds(site: Path) -> None:
    page = text(site, "articoli/titolo-100")
    for kind, name in {"rss+xml": "feed.xml", "atom+xml": "atom.xml", "feed+json": "feed.json"}.items():
        assert re.search(rf'<link rel="alternate" type="application/{re.escape(kind)}"[^>]*href="\.\./{name}"', page)
        assert (site / "articoli" / name).is_file()


def test_the_home_page_shows_the_newest_articles_and_the_next_event(site: Path) -> None:
    home = text(site, "")
    assert re.findall(r"Titolo \d+(?=</a>)", home) == ["Titolo 119", "Titolo 059", "Titolo 094"]
    aside = home[home.index('class="home__now') :]
    assert "Prossimo" in aside
    assert 'href="eventi/prossimo/"' in aside
    assert 'href="modulo/"' in aside


def test_an_event_page_has_its_calendar_its_form_and_its_data(site: Path) -> None:
    page = text(site, "eventi/prossimo")
    assert '<time datetime="2027-03-12T18:00:00+01:00">venerdì 12 marzo 2027, dalle 18:00 alle 20:00</time>' in page
    assert {"prossimo.ics", "../../modulo/", "../"} <= set(main_links(page))
    assert '"@type":"Event"' in page
    over = text(site, "eventi/passato")
    assert "L’evento è già stato." in over
    assert 'class="button"' not in over


def test_the_events_are_in_the_menu_and_every_link_of_these_pages_leads_somewhere(site: Path) -> None:
    dead = []
    for path in ("", "eventi", "eventi/prossimo", "articoli", "articoli/indice", "articoli/titolo-100"):
        page = text(site, path)
        assert re.search(r'<a href="[^"]*"[^>]*>Eventi</a>', page), path
        for link in main_links(page):
            parts = urlsplit(link)
            target = site / posixpath.normpath(posixpath.join("/", path, parts.path)).lstrip("/")
            if not parts.scheme and parts.path and not (target.is_file() or (target / "index.html").is_file()):
                dead.append((path, link))
    assert dead == []
