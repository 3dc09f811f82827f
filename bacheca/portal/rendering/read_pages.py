"""Pages as the last build read them: one whose staged file nobody wrote to since is neither read nor taken apart again.

Only of a plain page is it kept, of which plugins change no word: an article, or a page that lists others, is read.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from bacheca.portal.cache.digests import digest_of
from bacheca.portal.cache.file_digests import SETTLED
from bacheca.portal.cache.store import Cache
from bacheca.portal.rendering.markdown_results import Made, MarkdownResults

KIND = "read-pages"


class ReadPages:
    """The pages of a language as the last build read them.

    Args:
        cache: where they are kept.
        config: the settings of the engine.
        files: the files of the site.
        markdown: what Markdown made of pages.
        plugins: the settings of the plugins.
    """

    def __init__(self, cache: Cache, config: MkDocsConfig, files: Files, markdown: MarkdownResults, plugins: Any):
        self._cache, self._config, self._files, self._markdown = cache, config, files, markdown
        self._key = digest_of(config.config_file_path)
        self._read_by = digest_of(markdown.common, plugins)
        kept = cache.get_json(KIND, self._key) or {}
        self._kept: dict[str, list[Any]] = kept["pages"] if kept.get("read_by") == self._read_by else {}
        self._now: dict[str, list[Any]] = {}
        self._unread: set[str] = set()

    def take(self, page: Page) -> Made | None:
        """Let a page know what the last build read in it; give what was made of it, or None where it has to be read."""
        kept = self._kept.get(page.file.src_uri)
        if kept is None or type(page) is not Page or kept[0] != _place_of(page.file):
            return None
        made = Made(*kept[2])
        if not self._markdown.holds(made):
            return None
        page.markdown, page.meta = "", kept[1]
        if self._through_plugins(page):
            return None
        self._now[page.file.src_uri] = kept
        self._unread.add(page.file.src_uri)
        return made

    def read(self, page: Page) -> None:
        """Read a page."""
        page.read_source(self._config)
        written = page.markdown
        self._unread.discard(page.file.src_uri)
        page.markdown = self._through_plugins(page)
        if type(page) is Page and page.markdown == written and "title" in page.meta and _is_json(page.meta):
            self._now[page.file.src_uri] = [_place_of(page.file), page.meta, None]

    def load(self, page: Page) -> None:
        """Read a page that was taken, of whose text there is need after all."""
        if page.file.src_uri in self._unread:
            page.read_source(self._config)
            self._unread.discard(page.file.src_uri)

    def keep(self, pages: Iterable[tuple[File, Made]]) -> None:
        """Keep what was read, and made of it, for the next build, and let go of the texts.

        Raises:
            OSError: the disk is full, or cannot be written to.
        """
        now = time.time_ns()
        settled: dict[str, list[Any]] = {}
        for file, made in pages:
            if read := self._now.get(file.src_uri):
                read[2] = made.told
                assert file.page  # noqa: S101  it was read
                file.page.markdown = ""
                self._unread.add(file.src_uri)
                if now - max(read[0][-3:-1]) > SETTLED:  # else one that is staged anew could look the same
                    settled[file.src_uri] = read
        if settled != self._kept:
            self._cache.put_json(KIND, self._key, {"read_by": self._read_by, "pages": settled})
        self._kept, self._now = {}, {}

    def _through_plugins(self, page: Page) -> str:
        assert page.markdown is not None  # noqa: S101  it was read
        found = self._config.plugins.on_page_markdown(page.markdown, page=page, config=self._config, files=self._files)
        return str(found)


def _place_of(file: File) -> list[Any]:
    """Give what tells a staged page from another: where it comes to stand, and what changes whenever it is written."""
    found = os.stat(file.abs_src_path or "")
    return [
        *(file.url, file.inclusion.value),
        *(found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino),
    ]


def _is_json(value: Any) -> bool:
    """Tell whether a value comes back from JSON as it is."""
    try:
        text = json.dumps(value)
    except (TypeError, ValueError):
        return False
    return bool(json.loads(text) == value)
