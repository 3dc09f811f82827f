"""The articles of a language, as lists show them: how long they take to read, which are related."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from heapq import nsmallest

from babel.dates import format_date, format_skeleton

from bacheca.forms.locales import locale_of
from bacheca.portal.content.pages import Page, moment_of

WORDS_A_MINUTE = 220
"""How many words people read in a minute, in an article."""

NEVER = dt.datetime.min.replace(tzinfo=dt.UTC)
"""When an article was written that does not say it, which `check` stops."""

Subjects = tuple[tuple[str, ...], tuple[str, ...]]
"""The labels of an article and its topics, each once and in order."""

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


class RelatedArticles:
    """Which articles are closest to each other: they share their rarer labels, or a topic.

    Those with the same labels and topics are equally close to any other, so each such set is looked at once, however
    many have it.

    Args:
        articles: all of them, newest first.
        most: how many to give of one at most.
    """

    def __init__(self, articles: Iterable[Article], most: int = 3):
        self._articles = list(articles)
        self._most = most
        self._spread = Counter(tag for article in self._articles for tag in article.tags)
        self._newest: dict[Subjects, list[int]] = {}
        self._with: dict[tuple[int, str], list[Subjects]] = {}
        self._near: dict[Subjects, list[Article]] = {}
        for place, article in enumerate(self._articles):
            subjects = _subjects(article)
            places = self._newest.setdefault(subjects, [])
            if not places:
                for name in _named(subjects):
                    self._with.setdefault(name, []).append(subjects)
            if len(places) <= most:  # one of them may be the article that is asked about
                places.append(place)

    def of(self, article: Article) -> list[Article]:
        """Give the articles closest to one, the closest first, of equally close ones the newest."""
        subjects = _subjects(article)
        if subjects not in self._near:
            others = dict.fromkeys(other for name in _named(subjects) for other in self._with.get(name, ()))
            ranked = ((-self._nearness(subjects, other), place) for other in others for place in self._newest[other])
            self._near[subjects] = [self._articles[place] for _, place in nsmallest(self._most + 1, ranked)]
        return [other for other in self._near[subjects] if other.page.path != article.page.path][: self._most]

    def _nearness(self, one: Subjects, other: Subjects) -> float:
        shared = sum(1 / self._spread[tag] for tag in one[0] if tag in other[0])
        return shared + (0.1 if not set(one[1]).isdisjoint(other[1]) else 0)


def _subjects(article: Article) -> Subjects:
    return tuple(sorted(set(article.tags))), tuple(sorted(set(article.topics)))


def _named(subjects: Subjects) -> list[tuple[int, str]]:
    """Give labels and topics, each told from the other."""
    return [(kind, name) for kind, names in enumerate(subjects) for name in names]


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
