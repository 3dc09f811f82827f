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

import yaml

from forms.errors import Problem
from portal.content_files import read_file
from portal.errors import PortalProblem
from portal.settings import Language

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
HEAD = re.compile(r"\A---[ \t]*\n(.*?\n)?---[ \t]*(?:\n|\Z)", re.DOTALL)
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
    """

    language: str
    path: str
    meta: Mapping[str, Any]
    body: str
    url: str
    file: str = ""
    key_lines: Mapping[str, int] = field(default_factory=dict, repr=False)
    body_line: int = 1

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
        page, problem = _read_page(file, language)
        if page:
            pages.append(page)
        if problem:
            problems.append(problem)
    return tuple(pages), tuple(problems)


def _read_page(file: Path, language: Language) -> tuple[Page | None, Problem | None]:
    name = file.as_posix()
    path = file.relative_to(language.content).as_posix()
    try:
        text = read_file(file).decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "UTF-8"
        return None, PortalProblem("PAGE_FILE", name, 1, values={"reason": reason})
    head = HEAD.match(text)
    if not head:
        return None, PortalProblem("PAGE_HEAD", name, 1)
    try:
        meta, lines = _read_head(head[1] or "")
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        reason = str(getattr(error, "problem", None) or "YAML")
        return None, PortalProblem("PAGE_YAML", name, mark.line + 2 if mark else 1, values={"reason": reason})
    url = page_url(path, meta, language)
    body_line = text[: head.end()].count("\n") + 1
    return Page(language.code, path, meta, text[head.end() :], url, name, lines, body_line), None


def _read_head(text: str) -> tuple[dict[str, Any], dict[str, int]]:
    loader = LOADER(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return {}, {}
        if not isinstance(node, yaml.MappingNode):
            raise yaml.MarkedYAMLError(problem="KEY: VALUE", problem_mark=node.start_mark)
        lines = {str(key.value): key.start_mark.line + 2 for key, _ in node.value}
        return loader.construct_document(node), lines
    except ValueError as error:  # a date such as 2026-13-40
        raise yaml.YAMLError(str(error)) from None
    finally:
        loader.dispose()


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
