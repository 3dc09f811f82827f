"""The articles of a language, as lists show them."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from babel.dates import format_date, format_skeleton

from bacheca.forms.locales import locale_of
from bacheca.portal.content.pages import Page, moment_of

WORDS_A_MINUTE = 220
"""How many words people read in a minute, in an article."""

NEVER = dt.datetime.min.replace(tzinfo=dt.UTC)
"""When an article was written that does not say it, which `check` stops."""

WORD = re.compile(r"[^\W\d_]{2,}")
MARKUP = re.compile(r"<[^>]*>|\]\([^)]*\)|\{:?[^}]*\}")


@dataclass(frozen=True)
class Article:
    """An article, as lists show it.

    Args:
        page: its page.
        title: its title.
        description: its description.
        moment: when it was written.
        authors: the keys of its authors.
        topics: its categories.
        issue: the number of the issue it belongs to; 0 where it is in none.
        tags: its labels.
        url: its address under its language's root.
        minutes: how long it takes to read, in minutes.
    """

    page: Page
    title: str
    description: str
    moment: dt.datetime
    authors: tuple[str, ...]
    topics: tuple[str, ...]
    issue: int
    tags: tuple[str, ...]
    url: str
    minutes: int

    @property
    def day(self) -> dt.date:
        """The day it was written."""
        return self.moment.date()

    @property
    def topic(self) -> str:
        """The first of its categories; empty where it has none."""
        return next(iter(self.topics), "")


def articles_of(pages: Iterable[Page]) -> list[Article]:
    """Give the articles among pages whose front matter is sound, newest first.

    Those of one day keep the order of the pages, as they do in the engine's lists.
    """
    articles = [_article(page) for page in pages if page.is_article]
    return sorted(articles, key=lambda article: article.moment, reverse=True)


def related(article: Article, articles: Iterable[Article], most: int = 3) -> list[Article]:
    """Give the articles closest to one: they share its rarer labels, or its topic.

    Args:
        article: the article.
        articles: all of them, newest first.
        most: how many to give at most.
    """
    articles = list(articles)
    spread = Counter(tag for other in articles for tag in other.tags)

    def nearness(other: Article) -> float:
        shared = sum(1 / spread[tag] for tag in set(article.tags) & set(other.tags))
        return shared + (0.1 if set(other.topics) & set(article.topics) else 0)

    near = [(nearness(other), other) for other in articles if other.page.path != article.page.path]
    return [other for score, other in sorted(near, key=lambda pair: -pair[0])[:most] if score]


def _article(page: Page) -> Article:
    meta = page.meta
    return Article(
        page,
        meta["title"],
        meta["description"],
        moment_of(meta) or NEVER,
        tuple(meta.get("authors") or ()),
        tuple(meta.get("categories") or ()),
        meta.get("numero") or 0,
        tuple(meta.get("tags") or ()),
        page.url,
        reading_minutes(page.body),
    )


def reading_minutes(body: str) -> int:
    """Say how long a text in Markdown takes to read, in whole minutes."""
    return max(1, round(len(WORD.findall(MARKUP.sub(" ", body))) / WORDS_A_MINUTE))


def long_date(day: dt.date, language: str) -> str:
    """Write a date out, such as *23 novembre 2026*."""
    return format_date(day, "long", locale=locale_of(language))


def month(day: dt.date, language: str) -> str:
    """Write a month out, such as *novembre 2026*."""
    return format_skeleton("yMMMM", day, locale=locale_of(language))
