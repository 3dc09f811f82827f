"""The pages that editors write: front matter, body, and the address each will have."""

from __future__ import annotations

import datetime as dt
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from bacheca.forms.definition.text_file import text_of
from bacheca.forms.errors import Problem
from bacheca.portal.clock import build_moment
from bacheca.portal.content.sources import sources_of
from bacheca.portal.content.yaml_heads import read_head
from bacheca.portal.errors import PortalProblem
from bacheca.portal.files import read_file
from bacheca.portal.settings import Language

HEAD = re.compile(r"\A---[ \t]*\n(.*?\n)?---[ \t]*(?:\n|\Z)", re.DOTALL)
ENDING = re.compile(r"[ \t]*[-—–_*=]{2,}[ \t]*|[ \t]+---[ \t]*")
"""What people write where the front matter should end with three hyphens."""

KEYS_OF_PAGES = frozenset(
    [
        "title",
        "description",
        "translation",
        "date",
        "authors",
        "categories",
        "tags",
        "slug",
        "numero",
        "starts",
        "ends",
        "place",
        "address",
        "online",
        "signup",
        "cancelled",
        "template",
        "hide",
        "draft",
        "translates",
    ]
)
"""Properties by which one that lacks its colon is known."""

FENCE = re.compile(r"[ \t>]*(`{3,}|~{3,})")
CODE = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)")
FORM_BLOCK = re.compile(r"[ ]{0,3}(/{3,})\s*form\s*\|\s*(\S+)\s*$")
"""The line that opens a block with a form: its slashes, and the name of the form."""


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
        is_article: whether it is one of the articles.
        is_draft: whether it is kept from the portal until it is ready: nothing that is published may know of it.
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
    is_article: bool = False
    is_draft: bool = False

    @property
    def key(self) -> str:
        """The key that it shares with its translations; empty where it has none."""
        return str(self.meta.get("translation") or "")

    def prose(self) -> Iterator[tuple[int, str]]:
        """Give each line of text with its number; code is left out."""
        return iter(self._prose)

    def text(self) -> Iterator[tuple[int, str]]:
        """Give each line outside blocks of code with its number."""
        return iter(self._text)

    @cached_property
    def _prose(self) -> list[tuple[int, str]]:
        return [(number, CODE.sub("", line) if "`" in line else line) for number, line in self._text]

    @cached_property
    def _text(self) -> list[tuple[int, str]]:
        lines = enumerate(self.body.split("\n"), self.body_line)
        return list(lines if "```" not in self.body and "~~~" not in self.body else _outside_code(lines))

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


def read_pages(language: Language) -> tuple[tuple[Page, ...], tuple[Problem, ...]]:
    """Read every page of a language, drafts included.

    Returns:
        The pages in the order of their paths, and what is wrong with those that cannot be read.
    """
    pages: list[Page] = []
    problems: list[Problem] = []
    sources = sources_of(language.content, language.config)
    problems += (_left_out("PAGE_LEFT_OUT", path, language) for path in sources.unasked)
    problems += (_left_out("PAGE_HIDDEN", path, language, other=other) for path, other in sources.hidden.items())
    for path in sources.pages:
        page, found = _read_page(path, language, held_back=path in sources.held_back)
        problems += found
        if page:
            pages.append(page)
    return tuple(pages), tuple(problems)


def _left_out(code: str, path: str, language: Language, **values: object) -> Problem:
    return PortalProblem(code, (language.content / path).as_posix(), 1, values={"file": path, **values})


def _read_page(path: str, language: Language, *, held_back: bool) -> tuple[Page | None, tuple[Problem, ...]]:
    file = language.content / path
    name = file.as_posix()
    try:
        read = text_of(read_file(file))
    except OSError as error:
        reason = error.strerror or type(error).__name__
        return None, (PortalProblem("PAGE_FILE", name, 1, values={"reason": reason}),)
    wrong = [PortalProblem("PAGE_FILE", name, read.line, values={"reason": read.reason})] if read.reason else []
    text = read.text
    head = HEAD.match(text)
    if not head:
        return None, (*wrong, _headless(text, name))
    found = read_head(head[1] or "", name, KEYS_OF_PAGES, 1)
    if found.values is None:
        return None, (*wrong, *found.problems)
    url = page_url(path, found.values, language)
    body_line = text[: head.end()].count("\n") + 1
    meta, body = found.values, text[head.end() :]
    page = Page(language.code, path, meta, body, url, name, found.lines, body_line, found.written)
    article = is_article(path, language)
    draft = held_back or is_draft(meta) or (article and is_too_early(meta, language))
    return replace(page, is_article=article, is_draft=draft), (*wrong, *found.problems)


def is_article(path: str, language: Language) -> bool:
    """Tell whether the page at a path is one of the articles."""
    return bool(language.blog) and path.startswith(f"{posts_folder(language)}/")


def is_draft(meta: Mapping[str, Any]) -> bool:
    """Tell whether a page says that it is a draft; one that says something else there is kept back too."""
    return "draft" in meta and meta["draft"] not in (False, None, "")


def is_too_early(meta: Mapping[str, Any], language: Language) -> bool:
    """Tell whether an article waits for its day, where the settings let articles do so."""
    day = meta.get("date")
    waits = bool((language.blog or {}).get("draft_if_future_date")) and meta.get("draft") is None
    return waits and isinstance(day, dt.date) and f"{day:%Y-%m-%d}" > f"{build_moment():%Y-%m-%d}"


def posts_folder(language: Language) -> str:
    """Give the folder of the articles in a language that has them."""
    blog = language.blog or {}
    return posixpath.normpath(str(blog["post_dir"]).format(blog=blog["blog_dir"]))


def _headless(text: str, name: str) -> Problem:
    """Say what is wrong with a page that has no front matter: there is none, or it begins and does not end."""
    lines = text.split("\n")
    if not lines[0].startswith(("---", "—", "–-", "--")):
        return PortalProblem("PAGE_HEAD", name, 1)
    if lines[0].rstrip() != "---":
        return PortalProblem("PAGE_HEAD_MARK", name, 1, values={"written": lines[0].strip()})
    for i, line in enumerate(lines[1:], 2):
        if ENDING.fullmatch(line):
            return PortalProblem("PAGE_HEAD_MARK", name, i, values={"written": line.strip()})
        if not line.strip() or line.startswith("#"):
            return PortalProblem("PAGE_HEAD_OPEN", name, i)
    return PortalProblem("PAGE_HEAD_OPEN", name, len(lines))


def page_url(path: str, meta: Mapping[str, Any], language: Language) -> str:
    """Give the address of a page under its language's root, as the engines make it.

    Args:
        path: where the page stands in its language's tree.
        meta: its front matter.
        language: its language.
    """
    blog = language.blog
    stem = posixpath.splitext(path)[0]
    if blog and is_article(path, language):
        slug = str(meta.get("slug") or posixpath.basename(stem))
        form = str(blog["post_url_format"])
        date = meta.get("date")
        day = f"{date:%Y/%m/%d}" if isinstance(date, dt.date) else ""
        return f"{blog['blog_dir']}/{form.format(slug=slug, date=day)}/"
    if posixpath.basename(stem) in ("index", "README"):
        stem = posixpath.dirname(stem)
    return f"{stem}/" if stem else ""


def forms_in(page: Page) -> list[str]:
    """Give the names of the forms that a page shows, in their order."""
    return [block[2] for _, text in page.prose() if (block := FORM_BLOCK.match(text))]
