"""Where the links and pictures of pages lead: to a page or a file that is there, at a heading that is there."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from unicodedata import normalize
from urllib.parse import quote, unquote, urljoin, urlsplit

from mkdocs.utils import is_markdown_file

from bacheca.forms.definition.checks.nearest import slug
from bacheca.forms.errors import Problem
from bacheca.portal.content.pages import Page
from bacheca.portal.files import files_in
from bacheca.portal.nearest_path import Names
from bacheca.portal.settings import Language

WEB = re.compile(r"www\.[\w-]+\.|[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|it|eu|de|fr|uk)(?:[/?#]|$)", re.IGNORECASE)
HOME = re.compile(
    r"file:|[a-z]:\\|https?://(localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|\[::1\])(?=[:/?#]|$)", re.IGNORECASE
)
MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
ELSEWHERE = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:|//|\{\{")
PICTURES = frozenset((".svg", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif"))
FIRST_PAGE = re.compile(r"/(?:index|README)\.md$")
PAGES = frozenset(("", ".md", ".markdown", ".html", ".htm"))
"""The endings of what was meant to be a page."""

SERVICE = ("/forms/", "/desk/")
"""Where the addresses of the service begin, under the root of the host."""

SIGNS = str.maketrans({sign: f"%{ord(sign):02X}" for sign in ' ()<>%#?"\\'})
"""Signs that mean something else in an address than in the name of a file."""


@dataclass(frozen=True)
class Link:
    """A link of a page, or a picture.

    Args:
        target: what was written.
        line: its line in the file, or the key of the front matter it stands in.
        is_picture: whether it shows a picture.
        is_html: whether it is an element of HTML, whose address the engine leaves as it stands.
    """

    target: str
    line: int | str
    is_picture: bool = False
    is_html: bool = False


def links(page: Page) -> Iterator[Link]:
    """Give the links and pictures of a page's body that stay in the portal."""
    for found in page.rendered.references:
        if (HOME.match(found.target) and not found.says_itself) or not ELSEWHERE.match(found.target):
            yield Link(found.target, found.line, found.is_picture, found.is_html)


def addresses(page: Page) -> Iterator[Link]:
    """Give the links of a page's front matter (`href` in three properties, `signup`) that stay in the portal."""

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

    for key in ("hero", "cards", "image"):
        found = hrefs(page.meta.get(key))
        yield from (Link(target, key) for target in found if not ELSEWHERE.match(target))
    signup = page.meta.get("signup")
    if isinstance(signup, str) and not ELSEWHERE.match(signup):
        yield Link(signup, "signup")


@dataclass(frozen=True)
class Place:
    """What an address leads to.

    Args:
        page: the page; None where it is a file.
        path: the path of the page or file in its language's tree.
    """

    page: Page | None
    path: str


OUTSIDE = Place(None, "")
"""What is not for the portal to follow."""


class Tree:
    """The pages and files of a language, as links see them.

    Args:
        language: the language.
        pages: every page.
        unread: the paths of pages that cannot be read.
        made: the addresses of files that the build makes.
    """

    def __init__(
        self, language: Language, pages: Iterable[Page], unread: frozenset[str] = frozenset(), made: Iterable[str] = ()
    ):
        self.language, self.unread, self.made = language, unread, frozenset(made)
        self.pages = {page.path: page for page in pages}
        self.by_url = {page.url: page for page in self.pages.values()}
        self.by_url |= {f"{url}index.html": page for url, page in list(self.by_url.items())}

    def replace(self, page: Page) -> None:
        """Put a page in the place of what it was: its path and its address are the same."""
        self.pages[page.path] = page
        self.by_url |= {page.url: page, f"{page.url}index.html": page}

    @cached_property
    def files(self) -> frozenset[str]:
        """The files that the build publishes as they are."""
        shown = (path for path in files_in(self.language.content) if path[0] != "." and "/." not in path)
        return frozenset(path for path in shown if not is_markdown_file(path))

    @cached_property
    def near_pages(self) -> Names:
        """The paths of the pages, those of a folder's first page without its name."""
        return Names(self._by_folder)

    @cached_property
    def _by_folder(self) -> Mapping[str, str]:
        return {FIRST_PAGE.sub(".md", path): path for path in self.pages}

    def nearest_page(self, path: str) -> str:
        """Give the page whose path comes nearest to one; empty where there is none."""
        return self._by_folder.get(self.near_pages.nearest(path, 0.0), "")

    @cached_property
    def near_urls(self) -> Names:
        """The addresses of the pages, that of the home left out."""
        return Names(url for url in self.by_url if url and not url.endswith("index.html"))

    @cached_property
    def near_pictures(self) -> Names:
        """The paths of the pictures."""
        return Names(path for path in self.files if posixpath.splitext(path)[1].lower() in PICTURES)

    @cached_property
    def near_files(self) -> Names:
        """The paths of the files that are no pictures."""
        return Names(path for path in self.files if posixpath.splitext(path)[1].lower() not in PICTURES)

    @cached_property
    def by_letters(self) -> Mapping[str, str]:
        """Every path, by the one way to write its letters that no accent stands apart in."""
        return {normalize("NFC", path): path for path in (*self.files, *self.pages)}

    def at(self, address: str) -> Place | None:
        """Give what an address under the language's root leads to; None where nothing is there."""
        page = self.by_url.get(address) or self.by_url.get(f"{address}/")
        if page:
            return Place(page, page.path)
        if address in self.files or address in self.made:
            return Place(None, address)
        return None


class Links:
    """The links of a portal, followed.

    Args:
        trees: the pages and files of every language, the main one first.
    """

    def __init__(self, trees: Iterable[Tree]):
        self._trees = {tree.language.code: tree for tree in trees}

    def problems(self, page: Page) -> Iterator[Problem]:
        """Give what is wrong with the links of a page."""
        tree = self._trees[page.language]
        for link in links(page):
            if found := self._follow(tree, page, link):
                yield found
        for link in addresses(page):
            if found := self._follow_address(tree, page, link):
                yield found

    def targets(self, page: Page) -> Iterator[Page]:
        """Give the pages that a page leads to, in its text and its front matter."""
        tree = self._trees[page.language]
        for link in links(page):
            try:
                written = unquote(urlsplit(link.target).path)
            except ValueError:
                continue
            target = tree.pages.get(self._path(tree, page, link, written))
            if target is None and (place := self._at(tree, page, written)):
                target = place.page
            if target:
                yield target
        for link in addresses(page):
            if target := tree.by_url.get(link.target.partition("#")[0]):
                yield target

    def _follow(self, tree: Tree, page: Page, link: Link) -> Problem | None:
        """Follow a link of a page's body: of Markdown the path of a file, of HTML an address."""
        if found := self._meant(tree, page, link):
            return found
        try:
            parts = urlsplit(link.target)
        except ValueError:
            return page.problem("LINK_NOTHING", link.line, target=link.target)
        written = unquote(parts.path)
        path = self._path(tree, page, link, written) if written else page.path
        if path in tree.pages:
            return self._anchor(page, link, tree.pages[path], unquote(parts.fragment))
        if path in tree.unread or path in tree.files:
            return None
        place = self._at(tree, page, written)
        return self._check_place(tree, page, link, place) if place else self._dead(tree, page, link, path)

    def _check_place(self, tree: Tree, page: Page, link: Link, place: Place) -> Problem | None:
        """Judge a link that is an address of the built site and no path of a file: it holds until something moves."""
        fragment = urlsplit(link.target).fragment
        found = self._anchor(page, link, place.page, unquote(fragment)) if place.page else None
        if found or place.page is None or link.is_html or place.page.language != page.language:
            return found
        near = _written(tree, page, place.page.path, anchor=fragment)
        return page.problem("LINK_ADDRESS", link.line, target=link.target, near=near)

    def _path(self, tree: Tree, page: Page, link: Link, written: str) -> str:
        """Give the path of the file that a link of Markdown names; empty where it names none."""
        if link.is_html or (written.startswith("/") and not from_root(tree.language)):
            return ""
        base = "" if written.startswith("/") else posixpath.dirname(page.path)
        return posixpath.normpath(posixpath.join(base, written.lstrip("/")))

    def _at(self, tree: Tree, page: Page, written: str) -> Place | None:
        """Give what an address of a page leads to, in whichever language; `OUTSIDE` out of the portal."""
        root = next(iter(self._trees.values())).language.path
        whole = unquote(urlsplit(urljoin(f"http://host{tree.language.path}{quote(page.url)}", quote(written))).path)
        if whole.startswith(SERVICE) or not whole.startswith(root):
            return OUTSIDE
        for other in sorted(self._trees.values(), key=lambda other: -len(other.language.path)):
            if whole.startswith(other.language.path):
                return other.at(whole[len(other.language.path) :])
        return None

    def _dead(self, tree: Tree, page: Page, link: Link, path: str) -> Problem:
        """Say that a link leads to nothing, and what comes nearest to it."""
        path = path or urljoin(f"/{page.url}", unquote(urlsplit(link.target).path)).strip("/")
        same = tree.by_letters.get(normalize("NFC", path))
        if same and same != path:
            near = _written(tree, page, same, is_html=link.is_html)
            return page.problem("LINK_LETTERS", link.line, target=link.target, near=near, name=_renamed(same))
        for other in self._trees.values():
            there = posixpath.relpath(posixpath.join(tree.language.content, path), other.language.content)
            if other is not tree and there in other.pages:
                near = f"{other.language.path}{other.pages[there].url}".translate(SIGNS)
                return page.problem("LINK_DEAD", link.line, target=link.target, near=near)
        found = self._nearest(tree, link, path)
        if not found:
            return page.problem("LINK_NOTHING", link.line, target=link.target)
        fragment = urlsplit(link.target).fragment
        anchor = fragment if found in tree.pages and unquote(fragment) in tree.pages[found].rendered.names else ""
        near = _written(tree, page, found, anchor=anchor, is_html=link.is_html)
        return page.problem("LINK_DEAD", link.line, target=link.target, near=near)

    def _nearest(self, tree: Tree, link: Link, path: str) -> str:
        """Give the path that was meant: a page for a page, a picture for a picture, or nothing."""
        stem, ending = posixpath.splitext(path)
        if link.is_picture or ending.lower() in PICTURES:
            return tree.near_pictures.nearest(path)
        if ending.lower() not in PAGES:
            return tree.near_files.nearest(path)
        guesses = [f"{path}.md", f"{stem}.md", f"{path}/index.md", f"{path}/README.md", f"{stem}/index.md"]
        guesses += [posixpath.join(posixpath.dirname(path), "index.md")] if stem.endswith("README") else []
        return next((guess for guess in guesses if guess in tree.pages), "") or tree.nearest_page(
            FIRST_PAGE.sub(".md", f"{stem}.md")
        )

    def _meant(self, tree: Tree, page: Page, link: Link) -> Problem | None:
        """Recognise addresses of elsewhere that lack their beginning, and paths as Windows writes them."""
        if HOME.match(link.target):
            return page.problem("LINK_HOME", link.line, target=link.target)
        if "\\" in link.target:
            near = link.target.replace("\\", "/")
            other = self._follow(tree, page, Link(near, link.line, link.is_picture, link.is_html))
            near = str(other.values.get("near", near)) if other else near
            return page.problem("LINK_SLASH", link.line, target=link.target, near=near)
        if WEB.match(link.target) and not self._is_file(tree, page, link):
            return page.problem("LINK_ELSEWHERE", link.line, target=link.target, near=f"https://{link.target}")
        if MAIL.fullmatch(link.target):
            return page.problem("LINK_ELSEWHERE", link.line, target=link.target, near=f"mailto:{link.target}")
        return None

    def _is_file(self, tree: Tree, page: Page, link: Link) -> bool:
        path = self._path(tree, page, link, unquote(link.target.partition("#")[0]))
        return path in tree.files or path in tree.pages

    def _follow_address(self, tree: Tree, page: Page, link: Link) -> Problem | None:
        """Follow a link of a page's front matter, written as an address under the language's root."""
        if found := self._meant(tree, page, link):
            return found
        address, _, anchor = link.target.partition("#")
        if address in tree.by_url:
            return self._anchor(page, link, tree.by_url[address], unquote(anchor))
        if not address.startswith(("/", ".")) and unquote(address) in tree.files:
            return None
        near = tree.near_urls.nearest(address.strip("/") + "/", 0.0)
        if not near:
            return page.problem("LINK_NOTHING", link.line, target=link.target)
        return page.problem("LINK_DEAD", link.line, target=link.target, near=near)

    def _anchor(self, page: Page, link: Link, target: Page, anchor: str) -> Problem | None:
        """Look for the heading that a link leads to, and whether anybody may know of its page."""
        if target.is_draft and not page.is_draft:
            return page.problem("LINK_DRAFT", link.line, target=link.target, file=target.file)
        name = anchor.partition(":~:")[0]
        if name in ("", "top") or name.startswith("tag:") or target.rendered.refused:
            return None
        names = target.rendered.names
        if name in names:
            return None
        before = link.target.partition("#")[0]
        found = Names(names).nearest(name, 0.0)
        near = f"{before}#{found.translate(SIGNS)}" if found else before or "#top"
        return page.problem("ANCHOR_DEAD", link.line, target=link.target, near=near)


def check_links(trees: Iterable[Tree], pages: Iterable[Page]) -> Iterator[Problem]:
    """Give the dead links of pages.

    Args:
        trees: the pages and files of every language, the main one first.
        pages: the pages whose links are followed.
    """
    followed = Links(trees)
    for page in pages:
        yield from followed.problems(page)


def from_root(language: Language) -> bool:
    """Tell whether links that begin with `/` are paths from the folder of the pages."""
    settings = language.config.get("validation")
    links = settings.get("links", settings) if isinstance(settings, dict) else {}
    return isinstance(links, dict) and links.get("absolute_links") == "relative_to_docs"


def _written(tree: Tree, page: Page, path: str, *, anchor: str = "", is_html: bool = False) -> str:
    """Write a link from a page to a path of its language, so that it can be copied."""
    if not is_html:
        written = posixpath.relpath(path, posixpath.dirname(page.path) or ".")
    elif path in tree.pages:
        written = posixpath.relpath(tree.pages[path].url or ".", page.url or ".") + "/"
    else:
        written = posixpath.relpath(path, page.url or ".")
    written = written.translate(SIGNS)
    return f"{written}#{anchor}" if anchor else written


def _renamed(path: str) -> str:
    """Give a path a name without accents."""
    stem, dot, ending = posixpath.basename(path).rpartition(".")
    return f"{slug(stem)}{dot}{ending}"
