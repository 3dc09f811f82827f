"""A digest of what a page shows of everything around it: navigation, neighbours, listed articles.

The templates of the portal's own theme read nothing else of other pages; a test follows what they ask for. So a page
whose own parts and whose surroundings are as they were is as it was.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure import StructureItem
from mkdocs.structure.nav import Link, Navigation, Section
from mkdocs.structure.pages import Page

from bacheca.portal.cache.digests import digest_of

Entry = Page | Section | Link
"""What the navigation is made of."""


class Surroundings:
    """What the pages of a language show of each other.

    Args:
        config: the settings of the engine.
        nav: the navigation.
    """

    def __init__(self, config: MkDocsConfig, nav: Navigation):
        plugins = list(config.plugins.values())
        self._tags = [plugin for plugin in plugins if getattr(plugin, "mappings", None) is not None]
        self._separators = [plugin.config.post_excerpt_separator for plugin in plugins if hasattr(plugin, "blog")]
        self._ways: dict[int, tuple[str, str]] = {}
        self._shown: dict[int, str] = {}
        self.top = digest_of(self._list(nav.items))
        """The digest of what every page shows of the first level."""
        self._places = {id(item): place for place, item in enumerate(nav.items)}

    def digest(self, page: Page) -> str:
        """Give the digest of what a page shows of all that is around it.

        Raises:
            TypeError: what it says of itself holds something that cannot be told.
        """
        return digest_of(
            self.top,
            [self._section(section) for section in page.ancestors],
            self._places.get(id([page, *page.ancestors][-1])),
            page.title,
            page.is_homepage,
            page.parent.url if isinstance(page.parent, Page) else None,
            [_neighbour(page.previous_page), _neighbour(page.next_page)],
            [self._labels(plugin, page) for plugin in self._tags],
            self._as_article(page) if hasattr(page, "excerpt") else None,
            self._as_list(page) if hasattr(page, "posts") else None,
        )

    def _list(self, items: Iterable[Entry]) -> list[Any]:
        return [self._entry(item) for item in items]

    def _entry(self, item: Entry) -> list[Any]:
        """Give what a list of the navigation shows of an entry."""
        children = _children(item)
        head = children[0] if children else item
        kinds = [bool(children), getattr(head, "is_index", False), getattr(item, "is_homepage", False)]
        return [item.title, getattr(item, "url", None), *self._way(item), *kinds]

    def _section(self, section: StructureItem) -> str:
        """Give the digest of what pages of a section show of it: its entries, and those of the sections within it."""
        if id(section) not in self._shown:
            children = _children(section)
            inner = [self._list(_children(child)) for child in children]
            parts = [section.title, getattr(section, "url", None), *self._way(section), self._list(children), inner]
            self._shown[id(section)] = digest_of(parts)
        return self._shown[id(section)]

    def _way(self, item: StructureItem) -> tuple[str, str]:
        """Give the pages that an entry leads to, the first and the last of it: as `ways.html` finds them."""
        if id(item) not in self._ways:
            url = getattr(item, "url", None)
            first = last = url if isinstance(url, str) else ""
            if children := _children(item):
                ways = [self._way(child) for child in children]
                first, last = _nearest([way[0] for way in ways]), _nearest([way[1] for way in reversed(ways)])
            self._ways[id(item)] = (first, last)
        return self._ways[id(item)]

    def _labels(self, plugin: Any, page: Page) -> list[Any]:
        """Give the labels of a page, and where each leads."""
        mapping = plugin.mappings.get(page) if plugin.config.enabled and plugin.config.tags else None
        found = list(plugin.listings & mapping) if mapping else []
        return [[tag.name, tag.hidden, [[link.title, link.url] for link in tag.links]] for tag in found]

    def _as_article(self, page: Any) -> list[Any]:
        """Give what an article shows besides."""
        config = page.config
        dates = [config.date.created, config.date.updated]
        topics = [[topic.title, topic.url] for topic in page.categories]
        links = [[type(item).__name__, item.title, getattr(item, "url", "")] for item in config.links or ()]
        return [*dates, config.readtime, config.pin, topics, links, [str(author) for author in page.authors]]

    def _as_list(self, page: Any) -> list[Any]:
        """Give what a list of articles shows: all of each of them, and the pages that it goes on with."""
        pages = [[other.url, other.title] for other in page.pages]
        posts = [[post.url, post.title, post.markdown, post.meta, self._as_article(post)] for post in page.posts]
        return [pages, posts, self._separators]


def _children(item: StructureItem) -> list[Entry]:
    return getattr(item, "children", None) or []


def _nearest(ways: list[str]) -> str:
    """Give the first way that leads to a page of the site, or else the first that leads anywhere."""
    return next((way for way in ways if way and "://" not in way), "") or next(filter(None, ways), "")


def _neighbour(page: Page | None) -> list[Any] | None:
    """Give what a page shows of the one before or after it: of an article, what its cover is made of, too."""
    if page is None:
        return None
    drawn = [page.meta.get("categories"), page.meta.get("picture")] if hasattr(page, "excerpt") else []
    return [page.url, page.title, *drawn]
