"""The index of the search, put together of what each page adds to it: one that stays as it is is not parsed again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.pages import Page

from bacheca.portal.cache.digests import digest_of
from bacheca.portal.cache.raw_site import PageLost
from bacheca.portal.cache.store import Cache
from bacheca.portal.rendering.plain_entries import PLAIN_ENTRIES, plain_entry

KIND = "search"
INDEX = "search/search_index.json"


class _Told:
    """An index to which nothing is added: what the page adds is kept."""

    def add_entry_from_context(self, page: Page) -> None:
        """Pass over a page."""


class SearchEntries:
    """What pages add to the index of Material's search.

    Args:
        cache: where it is kept.
        config: the settings of the engine.
        code: the digest of the code.
    """

    def __init__(self, cache: Cache, config: MkDocsConfig, code: str):
        self._cache = cache
        self._code = code
        self._folder = Path(config.site_dir)
        plugins = (plugin for name, plugin in config.plugins.items() if name.rpartition("/")[2] == "search")
        self._plugin: Any = next((plugin for plugin in plugins if plugin.config.enabled), None)
        self._index: Any = self._plugin and self._plugin.search_index

    def prepare(self, page: Page) -> str:
        """Have a page that is about to be dressed parsed, unless what it adds is kept; give the key of that."""
        if not self._plugin:
            return ""
        meta = page.meta
        said = [meta.get("title"), meta.get("tags"), meta.get("search")]
        key = digest_of(self._code, page.content, page.url, page.title, said)
        self._plugin.search_index = _Told() if self._cache.has(KIND, key) else self._index
        self._index.entries = []
        return key

    def keep(self, key: str) -> None:
        """Keep what the page that has just been dressed added."""
        if self._plugin and self._plugin.search_index is self._index:
            entries = (json.dumps(entry, separators=(",", ":"), default=str) for entry in self._index.entries)
            plain = json.dumps([plain_entry(entry) for entry in self._index.entries])
            self._cache.put(KIND, key, f"{','.join(entries)}\n{plain}".encode())

    def write(self, keys: Iterable[str]) -> dict[str, str]:
        """Write the index, and beside it its entries without their HTML.

        Args:
            keys: those of all pages, in their order.

        Returns:
            The digest of the index by its path; nothing where there is none.

        Raises:
            PageLost: what some page adds to it was kept, and is no longer what it was.
        """
        if not self._plugin:
            return {}
        self._index.entries = []
        before, after = self._index.generate_search_index(None).encode().split(b"[]}")
        place = self._folder / INDEX
        place.parent.mkdir(parents=True, exist_ok=True)
        whole, digest = True, hashlib.sha256()
        with place.open("wb") as file, place.with_name(PLAIN_ENTRIES).open("wb") as beside:

            def write(part: bytes) -> None:
                file.write(part)
                digest.update(part)

            write(before + b"[")
            first = True
            for key in keys:
                kept = self._cache.get(KIND, key)
                whole = whole and kept is not None  # the others are looked at all the same: the next try finds all
                entries, _, plain = (kept or b"").partition(b"\n")
                if entries:
                    write(b"," * (not first) + entries)
                    beside.write(plain + b"\n")
                    first = False
            write(b"]}" + after)
        if not whole:
            raise PageLost(INDEX)
        return {INDEX: digest.hexdigest()}
