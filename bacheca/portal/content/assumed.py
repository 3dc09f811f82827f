"""The title, the description and the translation key of a page that does not say them, as its readers expect."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import markdown
from selectolax.lexbor import LexborHTMLParser

if TYPE_CHECKING:
    from bacheca.portal.content.pages import Page

HEADING = re.compile(r"[ ]{0,3}#[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*$")
UNDERLINE = re.compile(r"[ ]{0,3}=+[ \t]*$")
NO_PARAGRAPH = re.compile(
    r"[ ]{4}|\t|[ ]{0,3}(?:#|>|<|\||/{3,}|!{3}|\?{3}|={3}|:{3}|[-*+][ \t]|\d+[.)][ \t]"
    r"|\[[^\]]+\]:|\*\[|[-*_]{3,}\s*$|\{(?!\{))"
)
"""How the lines begin that are no prose: headings, lists, quotes, tables, HTML, blocks, definitions."""

SIGNS = re.compile(r"[ ]?:[a-z][a-z0-9_+-]*:|\[\^[^\]]+\]|[ ]?\{:?[^}{]*\}(?!\})")
LETTERS = re.compile(r"[^\W\d_]{2}")


def title_of(page: Page, site_name: str) -> str:
    """Give the title of a page: its first heading of level 1, else its name.

    Args:
        page: the page.
        site_name: what the home page is called where it has no heading.
    """
    before = ""
    for _, line in page.text():
        found = HEADING.match(line)
        if found and (title := plain(found[1])):
            return title
        if UNDERLINE.match(line) and before.strip() and (title := plain(before)):
            return title
        before = line
    stem = posixpath.splitext(page.path)[0]
    if posixpath.basename(stem) in ("index", "README"):
        stem = posixpath.dirname(stem)
    name = posixpath.basename(stem).replace("-", " ").replace("_", " ").strip()
    return (name.capitalize() if name.lower() == name else name) or site_name


def description_of(page: Page, limit: int) -> str:
    """Give the first paragraph of a page, as much of it as fits; empty where it has none."""
    block: list[str] = []
    for _, line in (*page.text(), (0, "")):
        if line.strip():
            block.append(line)
            continue
        text = plain(" ".join(block)) if block and not any(map(NO_PARAGRAPH.match, block)) else ""
        if LETTERS.search(text) and not (len(block) == 2 and UNDERLINE.match(block[1])):
            return shortened(text, limit)
        block = []
    return ""


def shortened(text: str, limit: int) -> str:
    """Cut a text after a sentence, else after a word, where it is too long."""
    if len(text) <= limit:
        return text
    head = text[: limit + 1]
    sentence = max(head.rfind(f"{sign} ") for sign in ".!?")
    return head[: sentence + 1] if sentence > limit // 3 else f"{head[: limit - 1].rpartition(' ')[0].rstrip(',;:')}…"


def plain(text: str) -> str:
    """Give the words of a line of Markdown."""
    converter = _converter()
    converter.reset()
    parsed = LexborHTMLParser(converter.convert(SIGNS.sub("", text)))
    return " ".join(parsed.text().split())


@cache
def _converter() -> markdown.Markdown:
    return markdown.Markdown()


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
