"""What can be wrong in the text of a page: headings that skip a level, pictures without words or too heavy."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from bacheca.forms.errors import Problem
from bacheca.portal.content.pages import Page

HEADING = re.compile(r"(#{1,6})[ \t]+\S")
PICTURE = re.compile(r"!\[([^\]]*)\](?:\(\s*<?([^)>\s]+))?")
IMAGE = re.compile(r"<img\b[^>]*>", re.IGNORECASE)
ALTERNATIVE = re.compile(r"\balt\s*=", re.IGNORECASE)

IMAGE_LIMIT = 150
"""The most kilobytes (1,000 bytes) of a picture: a page with its styles weighs 100 at most."""


def check_headings(page: Page) -> Iterator[Problem]:
    """Give the headings that skip a level, and those of level 1 after the first: the title of a page is one."""
    level = 0
    for line, text in page.text():
        found = HEADING.match(text)
        if not found:
            continue
        here, deepest = len(found[1]), max(level + 1, 2)
        if here > deepest or (here == 1 and level):
            yield page.problem("HEADING_LEVEL", line, level="#" * here, wanted="#" * min(max(here, 2), deepest))
        level = here


def check_pictures(page: Page, content: Path) -> Iterator[Problem]:
    """Give the pictures that nobody who cannot see them is told of, and those too heavy for a phone.

    Args:
        page: the page.
        content: the folder of its language's files.
    """
    for line, text in page.prose():
        for words, target in PICTURE.findall(text):
            if not words.strip():
                yield page.problem("PICTURE_WORDS", line, picture=target or "![]")
            yield from _check_weight(page, line, content, unquote(target))
        for tag in IMAGE.findall(text):
            if not ALTERNATIVE.search(tag):
                yield page.problem("PICTURE_WORDS", line, picture=tag)


def _check_weight(page: Page, line: int, content: Path, target: str) -> Iterator[Problem]:
    path = posixpath.normpath(posixpath.join(posixpath.dirname(page.path), target))
    file = content / path
    if not target or "://" in target or path.startswith(("../", "/")) or not file.is_file():
        return
    weight = round(file.stat().st_size / 1000)
    if weight > IMAGE_LIMIT:
        yield page.problem("PICTURE_HEAVY", line, picture=target, weight=weight, limit=IMAGE_LIMIT)
