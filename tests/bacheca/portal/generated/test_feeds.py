"""`bacheca.portal.generated.feeds`: three feeds that readers of feeds understand."""

from __future__ import annotations

import json
from pathlib import Path

import feedparser
import pytest

from bacheca.portal.content.articles import articles_of
from bacheca.portal.generated.feeds import FEEDS, LENGTH, feeds
from tests.bacheca.portal.archive import archive
from tests.bacheca.portal.conftest import Sketch, write_files

HOME = "https://bacheca.example.org/articoli/"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The feeds of 25 articles, one with signs that XML knows."""
    root = tmp_path_factory.mktemp("articoli")
    sketch = archive(root, articles=25)
    sketch.article("segni", title='"Più & «altro»"', date="2027-01-01", tags="[uno, due]", categories="[Ascolto]")
    language = sketch.language()
    write_files(feeds(language, articles_of(sketch.content().pages["it"])), root / "pages")
    return root / "pages/articoli"


@pytest.mark.parametrize(("kind", "version"), [("rss", "rss20"), ("atom", "atom10")])
def test_a_feed_is_read_without_a_fault(folder: Path, kind: str, version: str) -> None:
    feed = feedparser.parse(str(folder / FEEDS[kind]))
    assert not feed.bozo
    assert feed.version == version
    assert feed.feed.link == HOME
    assert len(feed.entries) == LENGTH
    first = feed.entries[0]
    assert first.title == "Più & «altro»"
    assert first.link == first.id == f"{HOME}segni/"
    assert first.summary == "Una frase."
    assert first.author == "R"
    assert [tag.term for tag in first.tags] == ["Ascolto", "uno", "due"]
    assert first.published_parsed[:5] == (2026, 12, 31, 23, 0), "midnight in Italy"
    moments = [entry.published_parsed for entry in feed.entries]
    assert moments == sorted(moments, reverse=True)


def test_the_json_feed_says_the_same(folder: Path) -> None:
    feed = json.loads((folder / FEEDS["json"]).read_text(encoding="utf-8"))
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["feed_url"] == f"{HOME}feed.json"
    atom = feedparser.parse(str(folder / FEEDS["atom"]))
    assert [item["id"] for item in feed["items"]] == [entry.id for entry in atom.entries]
    first = feed["items"][0]
    assert (first["title"], first["date_published"]) == ("Più & «altro»", "2027-01-01T00:00:00+01:00")
    assert first["authors"] == [{"name": "R"}]


def test_without_articles_there_is_no_feed(tmp_path: Path) -> None:
    assert feeds(Sketch(tmp_path).language(), []) == {}
