"""Links of another tool, which lead to addresses or to its own files, made into links to the files that are here."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from bacheca.portal.importing.markdown_text import outside_code
from bacheca.portal.importing.source_site import POSTS, SourcePage, SourceSite

INLINE = re.compile(r"(\]\(\s*<?)([^\s()<>]*(?:\([^\s()<>]*\)[^\s()<>]*)*)")
DEFINITION = re.compile(r"^( {0,3}\[(?!\^)[^\]\n]+\]:[ \t]*<?)([^\s<>]+)", re.MULTILINE)
ATTRIBUTE = re.compile(r"(\b(?:href|src)\s*=\s*[\"'])([^\"'\n]*)")

PAGE_ENDINGS = (".md", ".mdx", ".markdown", ".html", ".htm")


class Links:
    """Where everything of a site is now.

    Args:
        site: the site, with all its pages and where they go.
        root: what its addresses begin with, such as `/` or `/docs/`.
    """

    def __init__(self, site: SourceSite, root: str = "/"):
        self._site = site
        self._root = root
        self._pages = {_plain(address): page for page in reversed(site.pages) for address in reversed(page.addresses)}
        self._files = {page.file: page for page in site.pages}
        self._targets = {file: target for target, file in site.files.items()}
        self._addresses = {unquote(address).strip("/"): target for target, address in site.addresses.items()}
        self.used: dict[tuple[str, str], Path] = {}
        """The files that pages lead to: where each goes, by the language and the path in its tree."""

    def rewrite(self, page: SourcePage) -> str:
        """Give the Markdown of a page with links to the files that are here; what leads nowhere is noted."""

        def change(text: str) -> str:
            for pattern in (INLINE, DEFINITION, ATTRIBUTE):
                is_html = pattern is ATTRIBUTE
                text = pattern.sub(lambda found: found[1] + self._to(page, found[2], is_html=is_html), text)  # noqa: B023  called at once
            return text

        return outside_code(page.body, change)

    def _to(self, page: SourcePage, written: str, *, is_html: bool) -> str:
        """Give what a link is here; as it was where it leads to another site, or nowhere that can be found."""
        parts = _split(written.replace("\x00", ""))
        own = urlsplit(self._site.url)
        if parts.netloc and parts.netloc == own.netloc and parts.path:
            return self._to(page, written[written.index(parts.netloc) + len(parts.netloc) :], is_html=is_html)
        if parts.scheme or parts.netloc or not parts.path or "\x00" in written or "{" in written:
            return written
        end = written[len(written.split("#", 1)[0].split("?", 1)[0]) :]
        for found in self._meant(page, unquote(parts.path)):
            if isinstance(found, SourcePage):
                if found.language != page.language:
                    return found.addresses[0] + end
                target, end = found.target, end if end.startswith("#") else ""
            else:
                self.used[page.language, found] = self._site.files[found]
                target, end = found, ""
            is_known = not is_html or self._site.tool != "mkdocs" or not (_is_post(page.target) or _is_post(target))
            return self._way(page, target, is_html=is_html) + end if is_known else written
        self._site.note("LINK", page.file, 0, written)
        return written

    def _way(self, page: SourcePage, target: str, *, is_html: bool) -> str:
        """Give the way to a file; in HTML, which the engine leaves as it stands, from address to address."""
        if not is_html:
            return posixpath.relpath(target, posixpath.dirname(page.target) or ".").replace(" ", "%20")
        here, there = self._stands(page.target), self._stands(target)
        way = posixpath.relpath(there or ".", posixpath.dirname(here) or ".")
        return (way + "/" if there.endswith("/") or not there else way).replace(" ", "%20")

    def _stands(self, target: str) -> str:
        """Give the address of a file, from the root of its tree on; articles stand in the folder of their blog."""
        stem, ending = posixpath.splitext(target)
        if ending != ".md":
            return target
        folder, name = posixpath.split(stem)
        if self._site.blog and folder == f"{self._site.blog}/{POSTS}":
            folder, stem = self._site.blog, f"{self._site.blog}/{name}"
        if name in ("index", "README"):
            return f"{folder}/" if folder else ""
        return f"{stem}/" if self._site.settings.get("use_directory_urls", True) else f"{stem}.html"

    def _meant(self, page: SourcePage, path: str) -> Iterator[SourcePage | str]:
        """Give what a path may lead to, the likeliest first: a page, or the path of a file in the tree."""
        if path.startswith("/"):
            rooted = path.removeprefix(self._root.rstrip("/")) if self._root != "/" else path
            tries = [rooted, path]
        else:
            beside = posixpath.normpath(posixpath.join(posixpath.dirname(page.file), path))
            if found := self._files.get(beside):
                yield found
            for stem in (beside, *(f"{beside}{ending}" for ending in PAGE_ENDINGS)):
                if found := self._files.get(stem):
                    yield found
            if (target := self._targets.get(self._site.folder / beside)) is not None:
                yield target
            base = page.addresses[0] if page.addresses else "/"
            tries = [posixpath.join(base, path), posixpath.join(posixpath.dirname(base.rstrip("/")), path)]
        for address in tries:
            plain = _plain(posixpath.normpath(address))
            if found := self._pages.get(plain):
                yield found
            if (target := self._addresses.get(plain)) is not None:
                yield target
            if (target := self._addresses.get(posixpath.normpath(address).strip("/"))) is not None:
                yield target


def _split(address: str) -> SplitResult:
    """Take an address apart; one that is none is all scheme, as of another site: `check` tells of it."""
    try:
        return urlsplit(address)
    except ValueError:
        return SplitResult(address, "", "", "", "")


def _is_post(target: str) -> bool:
    """Tell whether a page may be an article, whose address in MkDocs follows from its day, title and settings."""
    return target.endswith(".md") and f"/{POSTS}/" in f"/{target}"


def _plain(address: str) -> str:
    """Give an address as all its ways of writing it have it."""
    path = unquote(address).strip("/").lower()
    for ending in PAGE_ENDINGS:
        path = path.removesuffix(ending)
    return "" if path == "index" else path.removesuffix("/index")
