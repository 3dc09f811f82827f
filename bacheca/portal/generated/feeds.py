"""The feeds of the articles: RSS 2.0, Atom (RFC 4287) and JSON Feed 1.1."""

from __future__ import annotations

import json
from collections.abc import Iterable
from email.utils import format_datetime
from typing import Any

from bacheca.forms.local_time import start_of
from bacheca.portal.content.articles import Article
from bacheca.portal.content.authors import author_names
from bacheca.portal.postprocess.snippets import piece
from bacheca.portal.settings import Language

FEEDS = {"rss": "feed.xml", "atom": "atom.xml", "json": "feed.json"}
"""The kinds of feed: the file of each, in the folder of the articles."""

LENGTH = 20
"""How many articles a feed has: the newest."""


def feeds(language: Language, articles: Iterable[Article]) -> dict[str, str]:
    """Give the feeds of a language's articles, by their paths under its root; none where there are no articles.

    Args:
        language: the language.
        articles: its articles, newest first.
    """
    newest = list(articles)[:LENGTH]
    if language.blog is None or not newest:
        return {}
    home = f"{language.url}{language.blog['blog_dir']}/"
    names = author_names(language)
    entries = [_entry(language, article, names) for article in newest]
    values = {
        "title": str(language.config["site_name"]),
        "description": str(language.config.get("site_description") or language.config["site_name"]),
        "home": home,
        "language": language.code,
        "updated": max(entry["moment"] for entry in entries),
        "entries": entries,
        "files": {kind: home + name for kind, name in FEEDS.items()},
        "rfc822": format_datetime,
    }
    texts = {kind: piece(f"{kind}.xml", language.code, **values) + "\n" for kind in ("rss", "atom")}
    texts["json"] = _json(values)
    return {f"{language.blog['blog_dir']}/{FEEDS[kind]}": text for kind, text in texts.items()}


def _entry(language: Language, article: Article, names: dict[str, str]) -> dict[str, Any]:
    return {
        "title": article.title,
        "url": language.url + article.url,
        "description": article.description,
        "moment": start_of(article.day, language.zone),
        "authors": [names.get(key, key) for key in article.authors],
        "labels": [*article.topics, *article.tags],
    }


def _json(values: dict[str, Any]) -> str:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": values["title"],
        "description": values["description"],
        "home_page_url": values["home"],
        "feed_url": values["files"]["json"],
        "language": values["language"],
        "items": [
            {
                "id": entry["url"],
                "url": entry["url"],
                "title": entry["title"],
                "content_text": entry["description"],
                "date_published": entry["moment"].isoformat(),
                "authors": [{"name": name} for name in entry["authors"]],
                "tags": entry["labels"],
            }
            for entry in values["entries"]
        ],
    }
    return json.dumps(feed, ensure_ascii=False, indent=1) + "\n"
