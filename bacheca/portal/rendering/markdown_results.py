"""What Markdown makes of a page, kept under all that it was made of.

An entry has two halves. The first stands under what can be told before the page is read: its text, its place, the
settings, the code. It names what the reading asked for besides (links to other pages, forms, results), and what came
back. Only where the same comes back today is the second half, what was made, of use.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import AnchorLink, TableOfContents

from bacheca.forms import Community, load_form
from bacheca.forms.set_days import SetDays, days_in
from bacheca.portal.cache.digests import digest_of
from bacheca.portal.cache.store import Cache
from bacheca.portal.clock import build_moment
from bacheca.portal.markdown.reads import reads_told, tell_read
from bacheca.portal.markdown.results_block import KEPT_RESULTS
from bacheca.portal.settings_file import SNIPPETS

HEAD, BODY = "markdown-head", "markdown"

INCLUDE = "8<"
"""What every line has that puts a file into a page."""


@dataclass(frozen=True)
class Made:
    """What the rest of a build has to know of a page that was read.

    Args:
        key: the key of its HTML and contents, under `BODY`.
        title: the title that its text gives it; None for none.
        minutes: how long it takes to read, where a plugin counted; None otherwise.
        reads: what was asked for while it was read, each with the digest of what came back.
    """

    key: str
    title: str | None = None
    minutes: int | None = None
    reads: Sequence[Any] = ()

    @property
    def told(self) -> list[Any]:
        """The arguments that it was made with."""
        return [self.key, self.title, self.minutes, self.reads]

    def put_into(self, page: Page) -> None:
        """Let a page know it, as if it had been read here."""
        page._title_from_render = self.title
        if self.minutes is not None:
            page.config.readtime = self.minutes  # type: ignore[attr-defined]  # an article's


class AskedFiles(Files):
    """The files of a site, which tell what a page asks for."""

    def __init__(self, files: Files):
        self._asked = files
        super().__init__(())

    def get_file_from_path(self, path: str) -> File | None:
        """Give a file, as MkDocs asks for the target of a link."""
        tell_read("file", path)
        return self._asked.get_file_from_path(path)


class MarkdownResults:
    """Reads pages, or takes what was made of them.

    Args:
        cache: where it is kept.
        config: the settings of the engine.
        files: the files of the site.
        code: the digest of the code.
    """

    def __init__(self, cache: Cache, config: MkDocsConfig, files: Files, code: str):
        self._cache = cache
        self._config = config
        self._files = files
        links = config.validation.links
        self.common = digest_of(
            code,
            list(config.markdown_extensions),
            dict(config.mdx_configs or {}),
            config.use_directory_urls,
            [links.absolute_links, links.not_found, links.unrecognized_links],
        )
        snippets = (config.mdx_configs or {}).get(SNIPPETS, {})
        self._included = (
            tuple(map(str, snippets.get("base_path") or ())) if SNIPPETS in config.markdown_extensions else ()
        )
        self._always = bool(snippets.get("auto_append"))
        self.digest_of_read = cache_of_reads(files)

    def kept(self, page: Page) -> Made | None:
        """Give what is known of a page whose text is known; None where it has to be read."""
        head = self._cache.get_json(HEAD, self._head(page))
        made = head and Made(*head)
        return made if made and self.holds(made) else None

    def holds(self, made: Made) -> bool:
        """Tell whether all that was asked for while a page was read is as it was; if so, it is of use still."""
        if any(self.digest_of_read(tuple(read)) != value for read, value in made.reads):
            return False
        self._cache.has(BODY, made.key)
        return True

    def make(self, page: Page) -> list[Any]:
        """Read a page, and keep what was made of it.

        Returns:
            The arguments of `Made`.
        """
        head = self._head(page)
        with reads_told() as reads:
            if self._included and (self._always or INCLUDE in (page.markdown or "")):
                tell_read("folders", *self._included)
            page.render(self._config, AskedFiles(self._files))
        assert page.content is not None  # noqa: S101  that is what rendering makes
        page.content = self._config.plugins.on_page_content(
            page.content, page=page, config=self._config, files=self._files
        )
        minutes = getattr(getattr(page, "config", None), "readtime", None)
        values = [(read, self.digest_of_read(read)) for read in reads]
        key = digest_of(head, values)
        made = Made(key, page._title_from_render, minutes, values).told
        self._cache.put_json(BODY, key, [page.content, [_told(item) for item in page.toc]])
        self._cache.put_json(HEAD, head, made)
        return made

    def fill(self, page: Page, made: Made, load: Callable[[Page], None]) -> None:
        """Give a page its HTML and contents.

        Args:
            page: the page.
            made: what is known of it.
            load: reads its text, where there is need of that.
        """
        found = self._cache.get_json(BODY, made.key)
        if found is None:
            load(page)
            self.make(page)
        else:
            page.content = found[0]
            page.toc = toc_of(found[1])

    def _head(self, page: Page) -> str:
        file = page.file
        return digest_of(self.common, page.markdown, file.src_uri, file.url, file.inclusion.value)


def toc_of(told: Iterable[Any]) -> TableOfContents:
    """Make a page's contents of what was kept."""
    items = [_anchor(*item) for item in told]
    if items:
        items[0].active = True  # type: ignore[attr-defined]  # as MkDocs does
    return TableOfContents(items)


def _anchor(title: str, name: str, level: int, children: list[Any]) -> AnchorLink:
    made = AnchorLink(title, name, level)
    made.children = [_anchor(*child) for child in children]
    return made


def _told(item: AnchorLink) -> list[Any]:
    return [item.title, item.id, item.level, [_told(child) for child in item.children]]


def cache_of_reads(files: Files) -> Callable[[tuple[str, ...]], str]:
    """Give what tells the digest of something that a page read, as it is in this build."""
    now = build_moment()

    @cache
    def form_of(folder: str, taken: str, name: str, language: str, zone: str) -> str:
        found = sorted([*Path(folder).glob(f"{name}.yaml"), *Path(folder).glob(f"{name}.*.yaml")])
        if not (Path(folder) / f"{name}.yaml").is_file():
            return digest_of(None)
        filed = load_form(Path(folder) / f"{name}.yaml", Community(language, ZoneInfo(zone)))
        days = days_in(Path(taken)).get(filed.name, SetDays())
        files, form = [(file.name, file.read_bytes()) for file in found], days.of(filed)
        standing = form.is_early(now), form.is_closed(now), form.is_shut_meanwhile(now)
        return digest_of(files, days.told(), *standing)

    @cache
    def results_of(folder: str, taken: str, name: str, language: str, zone: str) -> str:
        package, kept = Path(taken) / name, Path(taken) / KEPT_RESULTS
        names = json.loads(kept.read_text(encoding="utf-8")) if kept.is_file() else []
        return digest_of(form_of(folder, taken, name, language, zone), _tree(package), name in names)

    @cache
    def folders_of(*folders: str) -> str:
        return digest_of([_tree(Path(folder)) for folder in folders])

    @cache
    def poster_of(file: str, name: str) -> str:
        drawn = json.loads(Path(file).read_text(encoding="utf-8")) if Path(file).is_file() else {}
        return digest_of(drawn.get(name))

    @cache
    def file_of(path: str) -> str:
        found = files.get_file_from_path(path)
        return "" if found is None else f"{found.src_uri} {found.url} {found.inclusion.value}"

    kinds: dict[str, Callable[..., str]] = {
        "file": file_of,
        "form": form_of,
        "results": results_of,
        "folders": folders_of,
        "poster": poster_of,
    }
    return lambda read: kinds[read[0]](*read[1:])


def _tree(folder: Path) -> list[tuple[str, bytes]]:
    found = sorted(file for file in folder.rglob("*") if file.is_file())
    return [(file.relative_to(folder).as_posix(), file.read_bytes()) for file in found]
