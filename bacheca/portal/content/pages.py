"""The pages that editors write: front matter, body, and the address each will have."""

from __future__ import annotations

import datetime as dt
import posixpath
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date
from mkdocs.utils import get_relative_url
from pymdownx.slugs import slugify  # type: ignore[import-untyped]

from bacheca.forms import USUAL
from bacheca.forms.definition.text_file import text_of
from bacheca.forms.errors import Problem
from bacheca.forms.locales import locale_of
from bacheca.portal.clock import build_moment
from bacheca.portal.content.assumed import description_of, title_of
from bacheca.portal.content.heads import read_front_matter
from bacheca.portal.content.readings import KeepingReader, Readings
from bacheca.portal.content.rendered import PLAIN, MarkdownReader, Rendered
from bacheca.portal.content.sources import Sources, sources_of
from bacheca.portal.disk.plain_files import read_file
from bacheca.portal.errors import PortalProblem
from bacheca.portal.settings import Language
from bacheca.portal.settings_file import SNIPPETS, permitted, within

SLUG: Callable[[str, str], str] = slugify(case="lower")
"""How both engines make a topic's address."""

FENCE = re.compile(r"[ \t>]*(`{3,}|~{3,})")
CODE = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)")


@dataclass(frozen=True)
class Page:
    """One Markdown page.

    Args:
        language: the code of its language.
        path: where it stands in its language's tree, such as `take-part/survey.md`.
        meta: its front matter.
        body: its Markdown.
        url: its address under its language's root, such as `take-part/survey/`; empty for the home.
        file: the file, as problems name it; empty for a page that the build writes.
        key_lines: the line of each key of the front matter.
        body_line: the line on which the body begins.
        written: how each value of the front matter stands in the file.
        assumed: the keys of the front matter that it does not have, and whose values its text and its path tell.
        is_article: whether it is one of the articles.
        is_draft: whether it is kept from the portal until it is ready: nothing that is published may know of it.
        reader: what reads its Markdown.
        zone: the time zone of what it says of moments.
    """

    language: str
    path: str
    meta: Mapping[str, Any]
    body: str
    url: str
    file: str = ""
    key_lines: Mapping[str, int] = field(default_factory=dict, repr=False)
    body_line: int = 1
    written: Mapping[str, str] = field(default_factory=dict, repr=False)
    assumed: frozenset[str] = frozenset()
    is_article: bool = False
    is_draft: bool = False
    reader: MarkdownReader = field(default=PLAIN, repr=False, compare=False)
    zone: ZoneInfo = USUAL.zone

    @property
    def key(self) -> str:
        """The key that it shares with its translations; empty where it has none."""
        return str(self.meta.get("translation") or "")

    @cached_property
    def rendered(self) -> Rendered:
        """What the engine makes of its Markdown."""
        return self.reader.read(self.body, self.body_line)

    @property
    def destination(self) -> str:
        """Its file among the rendered pages of its language."""
        return f"{self.url}index.html" if self.url.endswith("/") or not self.url else self.url

    def way_to(self, other: Page) -> str:
        """Give the address of another page of its language, as seen from this one."""
        return get_relative_url(other.url, self.url)

    def prose(self) -> Iterator[tuple[int, str]]:
        """Give each line of text with its number; code is left out."""
        return ((number, CODE.sub("", line) if "`" in line else line) for number, line in self.text())

    def text(self) -> Iterator[tuple[int, str]]:
        """Give each line outside blocks of code with its number."""
        lines = enumerate(self.body.split("\n"), self.body_line)
        return iter(lines) if "```" not in self.body and "~~~" not in self.body else _outside_code(lines)

    def problem(self, code: str, line: int | str = 1, **values: object) -> PortalProblem:
        """Make a problem of this page.

        Args:
            code: the problem's code.
            line: its line, or the key of the front matter that is at fault.
            values: what its sentence names.
        """
        at = self.key_lines.get(line, 1) if isinstance(line, str) else line
        return PortalProblem(code, self.file, at, values=values)


def _outside_code(lines: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    fence = ""
    for number, line in lines:
        mark = FENCE.match(line)
        if fence:
            if mark and mark[1].startswith(fence):
                fence = ""
        elif mark:
            fence = mark[1]
        else:
            yield number, line


def read_pages(
    language: Language, reader: MarkdownReader | None = None, sources: Sources | None = None
) -> tuple[tuple[Page, ...], tuple[Problem, ...]]:
    """Read every page of a language, drafts included.

    Args:
        language: the language.
        reader: what reads their Markdown; one that fills nothing in where none is given.
        sources: the files that they are made of, where somebody has looked already.

    Returns:
        The pages in the order of their paths, and what is wrong with those that cannot be read.
    """
    pages: list[Page] = []
    problems: list[Problem] = []
    reader = reader or reader_of(language)
    sources = sources or sources_of(language.content, language.config)
    problems += (_left_out("PAGE_LEFT_OUT", path, language) for path in sources.unasked)
    problems += (_left_out("PAGE_HIDDEN", path, language, other=other) for path, other in sources.hidden.items())
    for path in sources.pages:
        page, found = read_page(path, language, reader, held_back=path in sources.held_back)
        problems += found
        if page:
            pages.append(page)
    return tuple(pages), tuple(problems)


def _left_out(code: str, path: str, language: Language, **values: object) -> Problem:
    return PortalProblem(code, (language.content / path).as_posix(), 1, values={"file": path, **values})


def reader_of(
    language: Language, known: Mapping[str, str] | None = None, readings: Readings | None = None
) -> MarkdownReader:
    """Give what reads the Markdown of a language's pages as the build will.

    Args:
        language: the language.
        known: what takes the place of what stands between double braces.
        readings: what was read before, where it is kept.
    """
    extensions = permitted(language.config["markdown_extensions"])
    if SNIPPETS in extensions:  # the operator has allowed it
        included = (folder.as_posix() for folder in language.included)
        extensions[SNIPPETS] = {**(extensions[SNIPPETS] or {}), **within(*included, language.content.as_posix())}
    return MarkdownReader(extensions, known) if readings is None else KeepingReader(extensions, known or {}, readings)


def read_page(
    path: str, language: Language, reader: MarkdownReader, *, held_back: bool
) -> tuple[Page | None, tuple[Problem, ...]]:
    """Read one page.

    Args:
        path: where it stands in its language's tree.
        language: its language.
        reader: what reads its Markdown.
        held_back: whether the settings name it among the drafts.

    Returns:
        The page, where it can be read, and what is wrong with it.
    """
    file = language.content / path
    name = file.as_posix()
    try:
        read = text_of(read_file(file))
    except OSError as error:
        reason = error.strerror or type(error).__name__
        return None, (PortalProblem("PAGE_FILE", name, 1, values={"reason": reason}),)
    wrong = [PortalProblem("PAGE_FILE", name, read.line, values={"reason": read.reason})] if read.reason else []
    text = read.text
    found, body = read_front_matter(text, name, reader.heads)
    if found.values is None:
        return None, (*wrong, *found.problems)
    meta = found.values
    body_line = text.count("\n") - body.count("\n") + 1
    page = Page(language.code, path, meta, body, "", name, found.lines, body_line, found.written)
    article = is_article(path, language)
    draft = held_back or is_draft(meta) or (article and is_too_early(meta, language))
    page = _whole(replace(page, is_article=article, is_draft=draft, reader=reader, zone=language.zone), language)
    return replace(page, url=page_url(path, page.meta, language)), (*wrong, *found.problems)


def _whole(page: Page, language: Language) -> Page:
    """Give a page with what it does not say and its text tells."""
    assumed: dict[str, Any] = {}
    if page.meta.get("title") in (None, "", []):
        assumed["title"] = title_of(page.path, page.text(), str(language.config.get("site_name") or ""))
    if page.meta.get("description") in (None, "", []):
        assumed["description"] = description_of(page.text(), language.limits["description"])
    if page.is_article and page.meta.get("slug") in (
        None,
        "",
    ):  # the engine would make it of the title as it renders it
        title = str(assumed.get("title") or page.meta.get("title"))
        assumed["slug"] = SLUG(title, "-") or posixpath.splitext(posixpath.basename(page.path))[0]
    return replace(page, meta={**page.meta, **assumed}, assumed=frozenset(assumed)) if assumed else page


def is_article(path: str, language: Language) -> bool:
    """Tell whether the page at a path is one of the articles."""
    return bool(language.blog) and path.startswith(f"{posts_folder(language)}/")


def is_draft(meta: Mapping[str, Any]) -> bool:
    """Tell whether a page says that it is a draft; one that says something else there is kept back too."""
    return "draft" in meta and meta["draft"] not in (False, None, "")


def is_too_early(meta: Mapping[str, Any], language: Language) -> bool:
    """Tell whether an article waits for its day, where the settings let articles do so."""
    moment = moment_of(meta)
    waits = bool((language.blog or {}).get("draft_if_future_date")) and meta.get("draft") is None
    return waits and moment is not None and moment > build_moment()


def moment_of(meta: Mapping[str, Any]) -> dt.datetime | None:
    """Give when an article was written, as the engine reads `date`: a day, a moment, or one of several as `created`."""
    date = meta.get("date")
    given = date.get("created") if isinstance(date, Mapping) else date
    if isinstance(given, dt.datetime):
        return given if given.tzinfo else given.replace(tzinfo=dt.UTC)
    return dt.datetime.combine(given, dt.time(), dt.UTC) if isinstance(given, dt.date) else None


def posts_folder(language: Language) -> str:
    """Give the folder of the articles in a language that has them."""
    blog = language.blog or {}
    return posixpath.normpath(str(blog["post_dir"]).format(blog=blog["blog_dir"]))


def page_url(path: str, meta: Mapping[str, Any], language: Language) -> str:
    """Give the address of a page under its language's root, as the engines make it.

    Args:
        path: where the page stands in its language's tree.
        meta: its front matter.
        language: its language.
    """
    blog = language.blog
    files = not language.config.get("use_directory_urls", True)
    stem = posixpath.splitext(path)[0]
    if blog and is_article(path, language):
        file = posixpath.basename(stem)
        moment = moment_of(meta)
        given = meta.get("categories")
        topics = [SLUG(str(topic), "-") for topic in given] if isinstance(given, list) else []
        locale = locale_of(language.locale)
        values = {
            "slug": str(meta.get("slug") or file),
            "date": format_date(moment.date(), blog["post_url_date_format"], locale) if moment else "",
            "categories": "/".join(topics[:1]),
            "file": file,
        }
        stem = f"{blog['blog_dir']}/{posixpath.normpath(blog['post_url_format'].format(**values)).strip('/')}"
    elif posixpath.basename(stem) in ("index", "README"):
        folder = posixpath.dirname(stem)
        return posixpath.join(folder, "index.html" if files else "") if folder or files else ""
    return f"{stem}.html" if files else f"{stem}/"


def forms_in(page: Page) -> list[str]:
    """Give the names of the forms that a page shows, in their order."""
    return [block.name for block in page.rendered.blocks if block.kind == "form"]


def beside_forms(pages: Iterable[Page]) -> dict[str, tuple[Page, str]]:
    """Give, of each form, the first page that shows it and where files beside that page begin: its folder, its name."""
    found: dict[str, tuple[Page, str]] = {}
    for page in pages:
        for name in forms_in(page):
            found.setdefault(name, (page, posixpath.join(posixpath.dirname(page.destination), name)))
    return found


def paired(pages: Mapping[str, tuple[Page, ...]]) -> dict[str, tuple[Page, ...]]:
    """Give the pages of each language, those without a translation key with that of the same path elsewhere.

    Args:
        pages: the pages of each language, by its code.

    Returns:
        A page takes the key that the page of its path has in another language, unless another page of its own has
        that key; where none of them says one, the path itself is the key. In one language alone nothing is changed.
    """
    by_path = {code: {_stem(page.path): page for page in found} for code, found in pages.items()}
    taken = {code: {page.key for page in found} for code, found in pages.items()}
    return {code: tuple(_paired(page, taken[code], by_path) for page in found) for code, found in pages.items()}


def _paired(page: Page, taken: Collection[str], by_path: Mapping[str, Mapping[str, Page]]) -> Page:
    if page.key or page.is_article:
        return page
    stem = _stem(page.path)
    others = [found[stem] for code, found in by_path.items() if code != page.language and stem in found]
    if not others:
        return page
    said = next((other.key for other in others if other.key), "")
    key = f"/{stem}" if not said or said in taken else said
    assumed = page.assumed | {"translation"}
    return replace(page, meta={**page.meta, "translation": key}, assumed=assumed)


def _stem(path: str) -> str:
    folder, name = posixpath.split(posixpath.splitext(path)[0])
    return posixpath.join(folder, "index" if name == "README" else name)
