"""The pages that editors write: front matter, body, and the address each will have."""

from __future__ import annotations

import datetime as dt
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from bacheca.forms.definition.text_file import text_of
from bacheca.forms.errors import Problem
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

    @property
    def key(self) -> str:
        """The key that it shares with its translations; empty where it has none."""
        return str(self.meta.get("translation") or "")

    @property
    def is_article(self) -> bool:
        """Whether it is one of the articles."""
        return "/posts/" in f"/{self.path}"

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
    """Read every page of a language.

    Returns:
        The pages in the order of their paths, and what is wrong with those that cannot be read.
    """
    pages: list[Page] = []
    problems: list[Problem] = []
    for file in sorted(language.content.rglob("*.md")):
        page, found = _read_page(file, language)
        problems += found
        if page:
            pages.append(page)
    return tuple(pages), tuple(problems)


def _read_page(file: Path, language: Language) -> tuple[Page | None, tuple[Problem, ...]]:
    name = file.as_posix()
    path = file.relative_to(language.content).as_posix()
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
    return page, (*wrong, *found.problems)


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
    if blog and path.startswith(f"{blog['blog_dir']}/posts/"):
        slug = str(meta.get("slug") or posixpath.basename(path)[:-3])
        form = str(blog.get("post_url_format", "{date}/{slug}"))
        date = meta.get("date")
        day = f"{date:%Y/%m/%d}" if isinstance(date, dt.date) else ""
        return f"{blog['blog_dir']}/{form.format(slug=slug, date=day)}/"
    stem = path.removesuffix(".md")
    if posixpath.basename(stem) in ("index", "README"):
        stem = posixpath.dirname(stem)
    return f"{stem}/" if stem else ""


def forms_in(page: Page) -> list[str]:
    """Give the names of the forms that a page shows, in their order."""
    return [block[2] for _, text in page.prose() if (block := FORM_BLOCK.match(text))]
