"""The title and the description of a page that does not say them, as its readers expect."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from functools import cache

import markdown
from selectolax.lexbor import LexborHTMLParser

HEADING = re.compile(r"[ ]{0,3}#[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*$")
UNDERLINE = re.compile(r"[ ]{0,3}=+[ \t]*$")
NO_PARAGRAPH = re.compile(
    r"[ ]{4}|\t|[ ]{0,3}(?:#|>|<|\||/{3,}|!{3}|\?{3}|={3}|:{3}|[-*+][ \t]|\d+[.)][ \t]"
    r"|\[[^\]]+\]:|\*\[|[-*_]{3,}\s*$|\{(?!\{))"
)
"""How the lines begin that are no prose: headings, lists, quotes, tables, HTML, blocks, definitions."""

SIGNS = re.compile(r"[ ]?:[a-z][a-z0-9_+-]*:|\[\^[^\]]+\]|[ ]?\{:?[^}{]*\}(?!\})")
LETTERS = re.compile(r"[^\W\d_]{2}")


def title_of(path: str, text: Iterable[tuple[int, str]], site_name: str) -> str:
    """Give the title of a page: its first heading of level 1, else its name.

    Args:
        path: where the page stands in its language's tree.
        text: its lines outside blocks of code, with their numbers.
        site_name: what the home page is called where it has no heading.
    """
    before = ""
    for _, line in text:
        found = HEADING.match(line)
        if found and (title := plain(found[1])):
            return title
        if UNDERLINE.match(line) and before.strip() and (title := plain(before)):
            return title
        before = line
    stem = posixpath.splitext(path)[0]
    if posixpath.basename(stem) in ("index", "README"):
        stem = posixpath.dirname(stem)
    name = posixpath.basename(stem).replace("-", " ").replace("_", " ").strip()
    return (name.capitalize() if name.lower() == name else name) or site_name


def description_of(text: Iterable[tuple[int, str]], limit: int) -> str:
    """Give the first paragraph of a page, as much of it as fits; empty where it has none."""
    block: list[str] = []
    for _, line in (*text, (0, "")):
        if line.strip():
            block.append(line)
            continue
        words = plain(" ".join(block)) if block and not any(map(NO_PARAGRAPH.match, block)) else ""
        if LETTERS.search(words) and not (len(block) == 2 and UNDERLINE.match(block[1])):
            return shortened(words, limit)
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
