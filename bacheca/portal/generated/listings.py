"""The pages that the build writes about articles and events: issues, topics, years, titles, labels."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bacheca.portal.content.articles import Article, articles_of, month
from bacheca.portal.content.authors import author_names
from bacheca.portal.content.pages import SLUG, Page, page_url
from bacheca.portal.generated.event_pages import events_page
from bacheca.portal.generated.page_templates import environment
from bacheca.portal.messages import SAYINGS, say
from bacheca.portal.settings import Language


@dataclass(frozen=True)
class Listing:
    """A kind of page about articles.

    Args:
        values: what the articles of one such page share, for an article: one such thing or several.
        path: where the page stands under the articles' folder, given the language and the value.
        engine: whether the engine knows such pages: it fills them and places them in the navigation.
    """

    values: Callable[[Article], Iterable[Any]]
    path: Callable[[Language, Any], str]
    engine: bool


def _named(language: Language, name: str) -> str:
    return say(SAYINGS[name], language.code)


def _formatted(language: Language, setting: str, **values: Any) -> str:
    return str((language.blog or {})[setting]).format(**values)


LISTINGS = {
    "issue": Listing(
        lambda article: [article.issue] if article.issue else [],
        lambda language, value: f"{_named(language, 'issues_folder')}/{value}.md",
        engine=False,
    ),
    "topic": Listing(
        lambda article: article.topics,
        lambda language, value: f"{_formatted(language, 'categories_url_format', slug=SLUG(value, '-'))}.md",
        engine=True,
    ),
    "year": Listing(
        lambda article: [article.day.year],
        lambda language, value: f"{_formatted(language, 'archive_url_format', date=value)}.md",
        engine=True,
    ),
    "author": Listing(
        lambda article: article.authors,
        lambda language, value: f"{_named(language, 'authors_folder')}/{value}.md",
        engine=False,
    ),
    "themes": Listing(
        lambda article: [""], lambda language, value: f"{_named(language, 'titles_page')}.md", engine=False
    ),
    "tags": Listing(
        lambda article: [""], lambda language, value: f"{_named(language, 'labels_page')}.md", engine=False
    ),
}
"""The kinds: `NAME` and `NAME_description` are sayings, `NAME.md` is a template."""


def written_pages(language: Language, pages: Iterable[Page]) -> list[Page]:
    """Give the pages that the build writes about the articles and events of a language.

    A page that an editor wrote at the same path stays as it is.

    Args:
        language: the language.
        pages: every page that editors wrote in it, sound.

    Returns:
        The table of contents of each issue, a page a topic, a year and one for all labels; the engine
        fills topics and years with the articles themselves. Before them, the page of all events.
    """
    pages = list(pages)
    taken = {page.path for page in pages}
    if language.blog is None:
        return events_page(language, pages)
    articles, names = articles_of(pages), author_names(language)
    return events_page(language, pages) + [
        _write(language, kind, value, grouped, pages, names=names)
        for kind, listing in LISTINGS.items()
        for value, grouped in _groups(listing, articles).items()
        if _path(language, kind, value) not in taken
    ]


def browse(language: Language, pages: Iterable[Page]) -> str:
    """Write the Markdown that leads from the list of articles to issues, topics, years and labels."""
    pages = list(pages)
    articles, names = articles_of(pages), author_names(language)
    groups = {kind: _groups(listing, articles) for kind, listing in LISTINGS.items()}
    here = f"{_folder(language)}/index.md"
    return (
        environment(language.code)
        .get_template("browse.md")
        .render(
            {
                kind: [(_title(language, kind, value, names), _path(language, kind, value)) for value in found]
                for kind, found in groups.items()
            },
            to=lambda path: posixpath.relpath(path, posixpath.dirname(here)),
        )
    )


def _write(
    language: Language, kind: str, value: Any, articles: list[Article], pages: list[Page], *, names: Mapping[str, str]
) -> Page:
    path = _path(language, kind, value)
    title = _title(language, kind, value, names)
    newest = month(articles[0].day, language.code)
    named = names.get(value, value) if kind == "author" else value
    description = say(SAYINGS[f"{kind}_description"], language.code, value=named, month=newest)
    imprint = next((page for page in pages if page.key == "imprint"), None)
    body = (
        environment(language.code)
        .get_template(f"{kind}.md")
        .render(
            title=title,
            month=newest,
            articles=articles,
            topics=_by_topic(articles, language.code),
            imprint=imprint,
            to=lambda target: posixpath.relpath(target, posixpath.dirname(path)),
        )
    )
    meta = {"title": title, "description": description, "listing": kind, "search": {"exclude": True}}
    return Page(language.code, path, meta, body, page_url(path, meta, language))


def _by_topic(articles: list[Article], language: str) -> dict[str, list[Article]]:
    rest = [article for article in articles if not article.topics]
    return _groups(LISTINGS["topic"], articles) | ({say(SAYINGS["topic_none"], language): rest} if rest else {})


def _groups(listing: Listing, articles: list[Article]) -> dict[Any, list[Article]]:
    groups: dict[Any, list[Article]] = {}
    for article in articles:
        for value in listing.values(article):
            groups.setdefault(value, []).append(article)
    ascending = all(isinstance(value, str) for value in groups)
    return {value: groups[value] for value in sorted(groups, reverse=not ascending)}


def _folder(language: Language) -> str:
    return str((language.blog or {})["blog_dir"])


def _path(language: Language, kind: str, value: Any) -> str:
    return f"{_folder(language)}/{LISTINGS[kind].path(language, value)}"


def _title(language: Language, kind: str, value: Any, names: Mapping[str, str]) -> str:
    named = names.get(value, value) if kind == "author" else value
    return say(SAYINGS[kind], language.code, value=named)


def page_of(language: Language, kind: str, value: Any) -> str:
    """Give the address of the page about the articles that share something: their issue, their author."""
    return page_url(_path(language, kind, value), {}, language)


def author_pages(language: Language, article: Article, names: Mapping[str, str]) -> list[dict[str, str]]:
    """Give the name and the page of each author of an article, as its page shows them.

    Args:
        language: the article's language.
        article: the article.
        names: the names of authors by their keys.
    """
    return [{"name": names.get(key, key), "url": page_of(language, "author", key)} for key in article.authors]
