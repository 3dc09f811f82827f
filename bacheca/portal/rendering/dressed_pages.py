"""Pages in their templates, as the engine leaves them: kept under all that each was made of, and shows of others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File
from mkdocs.structure.nav import Navigation

from bacheca.portal.cache.digests import digest_of, digest_of_bytes
from bacheca.portal.cache.raw_site import KIND
from bacheca.portal.cache.store import Cache
from bacheca.portal.rendering import search_entries
from bacheca.portal.rendering.surroundings import Surroundings
from bacheca.portal.settings_file import THEME

LAST = "last-pages"
"""What the last build of a language made of each page."""


@dataclass(frozen=True)
class Dressed:
    """A page in its template.

    Args:
        digest: that of its HTML, under which it is kept; empty where its template makes nothing.
        search: the key of what it adds to the search.
    """

    digest: str
    search: str


@dataclass(frozen=True)
class Kept:
    """What is kept of the pages of a language.

    Args:
        keys: under what each page is kept, by its path; those whose key nobody can tell have none.
        dressed: the pages that are as they were, by their paths.
    """

    keys: Mapping[str, str]
    dressed: Mapping[str, Dressed]


class DressedPages:
    """The pages of a language in their templates.

    Args:
        cache: where they are kept.
        config: the settings of the engine.
        nav: the navigation.
        settings: those settings as they are written.
        code: the digest of the code.
    """

    def __init__(self, cache: Cache, config: MkDocsConfig, nav: Navigation, settings: Mapping[str, Any], code: str):
        self._cache = cache
        self._config = config
        self._nav = nav
        # Nobody knows what the templates of another theme look at.
        self._is_ours = _templates_of(Path(config.theme.dirs[0])) == _templates_of(THEME)
        self._key = digest_of(config.config_file_path)
        # Each page tells what it shows of the navigation.
        self._common = digest_of(code, {name: value for name, value in settings.items() if name != "nav"})

    @cached_property
    def _around(self) -> Surroundings:
        """What pages show of each other, once all are read."""
        return Surroundings(self._config, self._nav)

    def kept(self, sources: Iterable[File], read: Mapping[str, str]) -> Kept:
        """Give the pages that are as they were.

        Args:
            sources: the pages, once all are read.
            read: the key of what Markdown made of each, by its path.
        """
        if not self._is_ours:
            return Kept({}, {})
        around = self._around
        last = self._cache.get_json(LAST, self._key) or {}
        keys: dict[str, str] = {}
        dressed: dict[str, Dressed] = {}
        for file in sources:
            path, page = file.src_uri, file.page
            assert page  # noqa: S101  each has one, once pages are read
            own = [
                path,
                file.url,
                read[path],
                page.content and digest_of(page.content, [str(item) for item in page.toc]),
            ]
            try:
                keys[path] = digest_of(self._common, own, page.meta, around.digest(page))
            except TypeError:  # what nobody can tell is made anew
                continue
            found = last.get(path)
            if found and found[0] == keys[path] and self._are_there(*found[1:]):
                dressed[path] = Dressed(*found[1:])
        return Kept(keys, dressed)

    def special(self, name: str) -> str:
        """Give the key of a file that a template makes without a page, such as `404.html`; nothing where none can."""
        return digest_of(self._common, name, self._around.top) if self._is_ours else ""

    def put(self, output: str) -> str:
        """Keep the HTML of a page; give its digest, or nothing where it is empty."""
        if not output.strip():
            return ""
        content = output.encode("utf-8", errors="xmlcharrefreplace")
        digest = digest_of_bytes(content)
        self._cache.put(KIND, digest, content)
        return digest

    def keep(self, sources: Iterable[File], kept: Kept, pages: Iterable[Dressed]) -> None:
        """Keep what this build made of each page, for the next one."""
        made: dict[str, Any] = {}
        for file, page in zip(sources, pages, strict=True):
            if file.src_uri in kept.keys:
                made[file.src_uri] = [kept.keys[file.src_uri], page.digest, page.search]
        self._cache.put_json(LAST, self._key, made)

    def _are_there(self, digest: str, search: str) -> bool:
        there = not digest or self._cache.has(KIND, digest)
        return there and (not search or self._cache.has(search_entries.KIND, search))


def _templates_of(theme: Path) -> dict[str, bytes]:
    return {file.relative_to(theme).as_posix(): file.read_bytes() for file in theme.rglob("*.html")}
