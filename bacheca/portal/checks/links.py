"""Where the links of pages lead: to a page or a file that is there, at a heading that is there."""

from __future__ import annotations

import difflib
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from markdown.extensions.toc import slugify, unique

from bacheca.forms.errors import Problem
from bacheca.portal.content.pages import Page

INLINE = re.compile(r"\]\(\s*(?:<([^>]*)>|([^)\s]+))")
REFERENCE = re.compile(r"[ ]{0,3}\[[^\]]+\]:\s+<?([^\s>]+)")
WEB = re.compile(r"www\.[\w-]+\.|[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|it|eu|de|fr|uk)(?:[/?#]|$)", re.IGNORECASE)
HOME = re.compile(
    r"file:|[a-z]:\\|https?://(localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|\[::1\])(?=[:/?#]|$)", re.IGNORECASE
)
PICTURES = frozenset((".svg", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif"))
MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
ELSEWHERE = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:|//|\{\{")
HEADING = re.compile(r"#{1,6}[ \t]+(.*?)[ \t]*#*[ \t]*$")
NAME = re.compile(r"\{:?[^}]*#([^\s}]+)[^}]*\}|\bid=[\"']([^\"']+)")
ATTRIBUTES = re.compile(r"[ ]*\{:?[^}]*\}[ ]*$")
LINKED = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")


@dataclass(frozen=True)
class Link:
    """A link of a page.

    Args:
        target: what was written.
        line: its line in the file, or the key of the front matter it stands in.
    """

    target: str
    line: int | str


def links(page: Page) -> Iterator[Link]:
    """Give the links of a page's body that stay in the portal."""
    for line, text in page.prose():
        found = [linked or bare for linked, bare in INLINE.findall(text)]
        reference = REFERENCE.match(text)
        if reference:
            found.append(reference[1])
        yield from (Link(target, line) for target in found if HOME.match(target) or not ELSEWHERE.match(target))


def addresses(page: Page) -> Iterator[Link]:
    """Give the links of a page's front matter (`href` in `hero` and `cards`, `signup`) that stay in the portal."""

    def hrefs(value: Any) -> Iterator[str]:
        if isinstance(value, dict):
            for key, item in value.items():
                if key == "href" and isinstance(item, str):
                    yield item
                else:
                    yield from hrefs(item)
        elif isinstance(value, list):
            for item in value:
                yield from hrefs(item)

    for key in ("hero", "cards"):
        found = hrefs(page.meta.get(key))
        yield from (Link(target, key) for target in found if not ELSEWHERE.match(target))
    signup = page.meta.get("signup")
    if isinstance(signup, str) and not ELSEWHERE.match(signup):
        yield Link(signup, "signup")


def anchors(page: Page) -> set[str]:
    """Give the names in a page that a link can point at, as the engine makes them."""
    names: set[str] = set()
    for _, text in page.text():
        written = [attribute or html for attribute, html in NAME.findall(text)]
        names.update(written)
        heading = HEADING.match(text)
        if heading and not written:
            plain = LINKED.sub(r"\1", ATTRIBUTES.sub("", heading[1]))
            unique(slugify(re.sub(r"[*]|\\(?=\W)|<[^>]*>", "", plain), "-"), names)
    return names


@dataclass(frozen=True)
class Tree:
    """The pages and files of a language, as links see them.

    Args:
        pages: every page, by its path.
        content: the folder of the other files.
        names: the names in each page asked for so far, by its path.
        unread: the paths of pages that cannot be read.
    """

    pages: Mapping[str, Page]
    content: Path
    names: dict[str, set[str]]
    unread: frozenset[str] = frozenset()

    def check(self, page: Page, link: Link) -> Problem | None:
        """Follow a link of a page's body, written as the path of a file."""
        written, _, anchor = link.target.partition("#")
        written = unquote(written.partition("?")[0])
        folder = posixpath.dirname(page.path)
        path = posixpath.normpath(posixpath.join(folder, written)) if written else page.path
        if path in self.pages:
            return self._check_anchor(page, link, self.pages[path], anchor)
        if path in self.unread:
            return None
        if found := self._meant(page, link):
            return found
        if not path.startswith(("../", "/")) and not written.endswith("/") and (self.content / path).is_file():
            return None
        address = posixpath.normpath(posixpath.join("/", page.url, written)).strip("/")
        meant = next((other for other in self.pages.values() if other.url.strip("/") == address), None)
        if meant:
            near = posixpath.relpath(meant.path, folder or ".")
            return page.problem("LINK_ADDRESS", link.line, target=link.target, near=near)
        paths = [posixpath.relpath(other, folder or ".") for other in self._alike(path) or self.pages]
        return page.problem("LINK_DEAD", link.line, target=link.target, near=_nearest(written, paths))

    def _alike(self, path: str) -> list[str]:
        """Give the files of the sort that a path names: what is no page was not meant to be one."""
        ending = posixpath.splitext(path)[1].lower()
        if ending in ("", ".md", ".html"):
            return []
        sort = PICTURES if ending in PICTURES else {ending}
        files = (file for file in self.content.rglob("*") if file.suffix.lower() in sort)
        return sorted(file.relative_to(self.content).as_posix() for file in files)

    def _meant(self, page: Page, link: Link) -> Problem | None:
        """Recognise addresses of elsewhere that lack their beginning, and paths as Windows writes them."""
        if HOME.match(link.target):
            return page.problem("LINK_HOME", link.line, target=link.target)
        if "\\" in link.target:
            return page.problem("LINK_SLASH", link.line, target=link.target, near=link.target.replace("\\", "/"))
        if WEB.match(link.target):
            return page.problem("LINK_ELSEWHERE", link.line, target=link.target, near=f"https://{link.target}")
        if MAIL.fullmatch(link.target):
            return page.problem("LINK_ELSEWHERE", link.line, target=link.target, near=f"mailto:{link.target}")
        return None

    def check_address(self, page: Page, link: Link) -> Problem | None:
        """Follow a link of a page's front matter, written as an address under the language's root."""
        address, _, anchor = link.target.partition("#")
        if found := self._meant(page, link):
            return found
        urls = {other.url: other for other in self.pages.values()}
        if address in urls:
            return self._check_anchor(page, link, urls[address], anchor)
        if not address.startswith(("/", ".")) and (self.content / address).is_file():
            return None
        return page.problem("LINK_DEAD", link.line, target=link.target, near=_nearest(address, urls))

    def _check_anchor(self, page: Page, link: Link, target: Page, anchor: str) -> Problem | None:
        if target.is_draft and not page.is_draft:
            return page.problem("LINK_DRAFT", link.line, target=link.target, file=target.file)
        if not anchor:
            return None
        if target.path not in self.names:
            self.names[target.path] = anchors(target)
        names = self.names[target.path]
        if unquote(anchor) in names:
            return None
        near = _nearest(anchor, names)
        return page.problem("ANCHOR_DEAD", link.line, target=link.target, near=f"#{near}")


def check_links(
    pages: Iterable[Page], written: Iterable[Page], content: Path, unread: frozenset[str] = frozenset()
) -> Iterator[Problem]:
    """Give the dead links of a language.

    Args:
        pages: the pages that editors wrote: their links are checked.
        written: the pages that the build writes: links may lead there.
        content: the folder of the language's files.
        unread: the paths of pages that cannot be read.
    """
    pages = list(pages)
    tree = Tree({page.path: page for page in (*pages, *written)}, content, {}, unread)
    for page in pages:
        followed = [tree.check(page, link) for link in links(page)]
        followed += [tree.check_address(page, link) for link in addresses(page)]
        yield from (problem for problem in followed if problem)


def _nearest(written: str, names: Iterable[str]) -> str:
    return next(iter(difflib.get_close_matches(written, sorted(names), 1, 0.0)), "")
