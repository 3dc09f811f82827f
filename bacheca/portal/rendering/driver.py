"""MkDocs' build, its own parts driven from here: each page is read once and dressed once, over all processors.

It is `mkdocs.commands.build.build` step by step, for settings whose plugins and extensions make each page by itself
and are known to do so. Whatever else the settings name is built by MkDocs' own loop. The pages are the same, byte for
byte: a test builds both.
"""

from __future__ import annotations

import logging
import os
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar, cast

from mkdocs.commands.build import _build_theme_template, get_context
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, InclusionLevel, get_files, set_exclusions
from mkdocs.structure.nav import Navigation, get_navigation
from mkdocs.structure.pages import Page
from mkdocs.utils.yaml import yaml_load

from bacheca.forms.compiled.templates import CompiledTemplates
from bacheca.portal.cache.digests import digest_of_bytes
from bacheca.portal.cache.raw_site import KIND as RAW
from bacheca.portal.cache.raw_site import PageLost, RawSite
from bacheca.portal.cache.store import Cache
from bacheca.portal.disk.discard import discard
from bacheca.portal.errors import is_full
from bacheca.portal.markdown.form_block import forget_forms
from bacheca.portal.rendering.dressed_pages import Dressed, DressedPages
from bacheca.portal.rendering.markdown_results import Made, MarkdownResults, toc_of
from bacheca.portal.rendering.read_pages import ReadPages
from bacheca.portal.rendering.search_entries import SearchEntries
from bacheca.portal.rendering.workers import WorkFailed, spread
from bacheca.portal.settings_file import EXTENSIONS, PLUGINS, SNIPPETS, is_allowed

T = TypeVar("T")

OF_THE_SITE = frozenset(("sitemap.xml",))
"""Templates of the engine whose files a site of several languages has of its own."""


SPECIAL = "special"


class EngineFailed(Exception):
    """MkDocs found something wrong; the text is what it would say."""


def is_driven(settings: Mapping[str, Any]) -> bool:
    """Tell whether a language can be built from here.

    Args:
        settings: those of the engine.
    """
    if is_allowed("tags"):  # a function of anybody's could read whatever it likes
        return False
    extensions = settings.get("markdown_extensions") or {}
    names = {name.removeprefix("markdown.extensions.") for name in extensions}
    return (
        not {*(settings.get("plugins") or {})} - PLUGINS
        and not names - EXTENSIONS - {SNIPPETS}
        and not (extensions.get(SNIPPETS) or {}).get("url_download")
        and not settings.get("hooks")
        and not settings.get("extra_templates")
    )


def render_language(config_file: Path, cache: Cache, code: str) -> RawSite:
    """Build a language.

    Args:
        config_file: the staged settings of the engine.
        cache: where builds keep what they made.
        code: the digest of the code.

    Returns:
        What was made; the files of the engine and of the theme are among it.

    Raises:
        EngineFailed: MkDocs would not have built it.
        PageLost: what pages add to the search was kept, and is no longer what it was; the next try makes it anew.
        OSError: the disk is full.
    """
    forget_forms()
    known: Any = MkDocsConfig.plugins
    known.plugin_cache.clear()  # MkDocs would take the plugins of the language before
    with _warnings_told() as said:
        try:
            config = load_config(config_file=str(config_file), strict=True)
            config.plugins.on_startup(command="build", dirty=False)
            try:
                build = _Build(config, cache, code, said)
                digests = build.run()
            finally:
                config.plugins.on_shutdown()
        except WorkFailed as error:
            raise EngineFailed("\n".join([*said, str(error)])) from None
        except PageLost:
            raise
        except Exception as error:
            if isinstance(error, OSError) and is_full(error):
                raise
            raise EngineFailed("\n".join([*said, traceback.format_exc()])) from None
        if said:
            raise EngineFailed("\n".join([*said, f"Aborted with {len(said)} warnings in strict mode!"]))
    return RawSite(Path(config.site_dir), digests, cache, build.again)


@contextmanager
def _warnings_told() -> Iterator[list[str]]:
    """Give the list that grows with whatever MkDocs and its plugins warn of: in strict mode it stops a build."""
    said: list[str] = []

    class Teller(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            said.append(f"{record.levelname:8}-  {record.getMessage()}")

    logger, teller = logging.getLogger("mkdocs"), Teller(logging.WARNING)
    logger.addHandler(teller)
    propagates, logger.propagate = logger.propagate, False
    try:
        yield said
    finally:
        logger.propagate = propagates
        logger.removeHandler(teller)


class _ThemeFiles:
    """The files of the theme, as MkDocs has them listed; without its thousands of icons, which MkDocs leaves out.

    Args:
        folders: the folders of the theme.
    """

    def __init__(self, folders: Iterable[str]):
        self._folders = folders

    def list_templates(self, filter_func: Callable[[str], bool]) -> list[str]:
        """Give the paths of all files that pass a filter, which lets none in hidden folders pass."""
        found: set[str] = set()
        for place in self._folders:
            for folder, folders, names in os.walk(place):
                folders[:] = [name for name in folders if not name.startswith(".")]
                found |= {os.path.relpath(os.path.join(folder, name), place) for name in names}
        return sorted(path for path in (name.replace(os.sep, "/") for name in found) if filter_func(path))


class _Build:
    """One build of one language.

    Args:
        config: the settings of the engine.
        cache: where builds keep what they made.
        code: the digest of the code.
        said: what MkDocs warned of.
    """

    def __init__(self, config: MkDocsConfig, cache: Cache, code: str, said: list[str]):
        self._config = config = config.plugins.on_config(config)
        config.plugins.on_pre_build(config=config)
        discard(Path(config.site_dir))
        files = get_files(config)
        self._env = config.theme.get_env()
        files.add_files_from_theme(cast(Any, _ThemeFiles(config.theme.dirs)), config)
        files = config.plugins.on_files(files, config=config)
        set_exclusions(files, config)
        self._files = files
        self._nav: Navigation = config.plugins.on_nav(get_navigation(files, config), config=config, files=files)
        self._sources = list(files.documentation_pages())
        self._markdown = MarkdownResults(cache, config, files, code)
        settings = yaml_load(Path(config.config_file_path).read_text(encoding="utf-8"))
        self._texts = ReadPages(cache, config, files, self._markdown, settings.get("plugins"))
        self._search = SearchEntries(cache, config, code)
        self._pages = DressedPages(cache, config, self._nav, settings, code)
        self._cache, self._code = cache, code
        self._said = said
        self._made: dict[str, Made] = {}
        self._filled: set[str] = set()

    def run(self) -> dict[str, str]:
        """Build, and give the digest of each file by its path in the site."""
        self._read()
        self._fill(*self._listings())
        self._env = self._config.plugins.on_env(self._env, config=self._config, files=self._files)
        self._env.bytecode_cache = CompiledTemplates(str(self._config.theme.locale), self._code)
        digests = self._copy() | self._special()
        kept = self._pages.kept(self._sources, {path: made.key for path, made in self._made.items()})
        undressed = [file for file in self._sources if file.src_uri not in kept.dressed]
        dressed = dict(zip(undressed, self._spread(undressed, self._dress), strict=True))
        pages = [kept.dressed.get(file.src_uri) or Dressed(*dressed[file]) for file in self._sources]
        self._pages.keep(self._sources, kept, pages)
        digests |= {file.dest_uri: page.digest for file, page in zip(self._sources, pages, strict=True) if page.digest}
        return digests | self._search.write([page.search for page in pages])

    def _read(self) -> None:
        """Read every page, or take what was made of it, so that each knows its title."""
        config = self._config
        unread: list[File] = []
        for file in self._sources:
            page = file.page or Page(None, file, config)
            page = config.plugins.on_pre_page(page, config=config, files=self._files)
            kept = self._texts.take(page)
            if not kept:
                self._texts.read(page)
                kept = self._markdown.kept(page)
            if kept:
                self._made[file.src_uri] = kept
                kept.put_into(page)
            elif hasattr(page, "posts"):  # a list of articles, whose title the pages that go on with it take over
                self._made[file.src_uri] = Made(*self._markdown.make(page))
            else:
                unread.append(file)
        for file, arguments in zip(unread, self._spread(unread, self._make), strict=True):
            self._made[file.src_uri] = made = Made(*arguments)
            made.put_into(_page(file))
        for file in self._sources:
            _page(file).content = ""  # from here on its title is what was found in it
        self._texts.keep((file, self._made[file.src_uri]) for file in self._sources)

    def again(self, path: str) -> bytes:
        """Make a page anew whose text has changed, and nothing that others show of it.

        Args:
            path: that of its staged text.

        Raises:
            EngineFailed: MkDocs would not have built it.
        """
        file = self._files.src_uris[path]
        page = _page(file)
        with _warnings_told() as said:
            self._texts.read(page)
            self._made[path] = made = Made(*self._make(file))
            made.put_into(page)
            self._filled.discard(path)
            digest, _ = self._dress(file)
        content = self._cache.get(RAW, digest) if digest else None
        if said or content is None:
            raise EngineFailed("\n".join(said))
        return content

    def _make(self, file: File) -> list[Any]:
        """Read a page and keep what was made of it; from there it is taken when it is dressed."""
        page = _page(file)
        made = self._markdown.make(page)
        page.content, page.toc = "", toc_of(())
        return made

    def _listings(self) -> Iterator[File]:
        """Give the pages at whose text plugins look once all are read: that list labels, or are named as links."""
        for plugin in self._config.plugins.values():
            yield from (listing.page.file for listing in getattr(plugin, "listings", None) or ())
            blog = getattr(plugin, "blog", None)
            if blog and any(post.config.links for post in blog.posts):
                yield from self._sources

    def _fill(self, *files: File) -> None:
        """Give pages their text."""
        for file in files:
            if file.src_uri not in self._filled:
                self._markdown.fill(_page(file), self._made[file.src_uri], self._texts.load)
                self._filled.add(file.src_uri)

    def _copy(self) -> dict[str, str]:
        """Copy the files that are no pages."""
        is_included: Callable[[InclusionLevel], bool] = InclusionLevel.is_included
        copied = [file for file in self._files if not file.is_documentation_page() and is_included(file.inclusion)]
        for file in copied:
            file.copy_file()
        return self._digest_of(*(file.dest_uri for file in copied))

    def _special(self) -> dict[str, str]:
        """Write what templates make without a page."""
        names = sorted({*self._config.theme.static_templates} - OF_THE_SITE)
        for name in names:
            key, place = self._pages.special(name), Path(self._config.site_dir, name)
            kept = self._cache.get(SPECIAL, key) if key else None
            if kept is not None:
                place.write_bytes(kept)
            else:
                _build_theme_template(name, self._env, self._files, self._config, self._nav)
                if key and place.is_file():
                    self._cache.put(SPECIAL, key, place.read_bytes())
        return self._digest_of(*names)

    def _dress(self, file: File) -> list[str]:
        """Keep a page in its template; give the arguments of `Dressed`."""
        self._fill(file)
        page, config = _page(file), self._config
        key = self._search.prepare(page)
        config._current_page = page
        page.active = True
        try:
            context = get_context(self._nav, self._sources, config, page)
            template = self._env.get_template(page.meta.get("template", "main.html"))
            context = config.plugins.on_page_context(context, page=page, config=config, nav=self._nav)
            output = config.plugins.on_post_page(template.render(context), page=page, config=config)
        finally:
            page.active = False
            config._current_page = None
        self._search.keep(key)
        page.content = ""  # its title is what was found in it
        return [self._pages.put(output), key]

    def _digest_of(self, *paths: str) -> dict[str, str]:
        """Give the digests of files of the site, where they are there."""
        files = ((path, Path(self._config.site_dir, path)) for path in paths)
        return {path: digest_of_bytes(file.read_bytes()) for path, file in files if file.is_file()}

    def _spread(self, items: list[T], work: Callable[[T], Any]) -> list[Any]:
        """Spread work over processes, and hear what MkDocs warns of in each."""

        def told(item: T) -> list[Any]:
            before = len(self._said)
            try:
                found = work(item)
            except Exception as error:
                if isinstance(error, OSError) and is_full(error):
                    raise
                raise WorkFailed("\n".join([*self._said[before:], traceback.format_exc()])) from None
            said = self._said[before:]
            del self._said[before:]
            return [found, said]

        done = spread(items, told)
        self._said += [line for _, said in done for line in said]
        return [found for found, _ in done]


def _page(file: File) -> Page:
    assert file.page  # noqa: S101  each has one, once pages are read
    return file.page
