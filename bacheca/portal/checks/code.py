"""What in a page or a drawing would run in the reader's browser, or show another site's pages as ours.

The service lets no page run anything but the portal's own scripts; but a page may be read where no service stands, and
whoever writes one should hear at once that it will do nothing.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

from bacheca.forms.definition.text_file import read_text
from bacheca.forms.errors import Problem
from bacheca.portal.content.pages import Page
from bacheca.portal.content.rendered import line_of_mark, unmarked
from bacheca.portal.errors import PortalProblem

ELEMENTS = frozenset(("script", "iframe", "frame", "object", "embed", "applet", "base", "form", "meta", "link"))
DRAWN = ELEMENTS - {"link", "meta"} | {"foreignobject"}
ADDRESSES = frozenset(("href", "src", "xlink:href", "action", "formaction", "data", "poster", "to", "values"))
SCHEME = re.compile(r"(javascript|vbscript|data):(?!image/(?:png|jpeg|gif|webp|avif)\b)")
ATTRIBUTE = re.compile(r"on[a-z]+", re.IGNORECASE)


def check_code(page: Page) -> Iterator[Problem]:
    """Give what in a page would run code: elements, attributes (of attribute lists too) and addresses."""
    lines = list(enumerate(page.body.split("\n"), page.body_line))
    found: dict[str, int] = {}
    for written, line in _in_elements(page.rendered.html, ELEMENTS):
        found.setdefault(unmarked(written), line)
    for written, line in found.items():
        after = [(number, text) for number, text in lines if number >= line]
        yield page.problem("PAGE_CODE", _line_of(after, written), written=written)


def check_drawings(content: Path) -> Iterator[Problem]:
    """Give what in the drawings of a folder would run code."""
    for file in sorted(content.rglob("*.svg")):
        text = read_text(file).text
        lines = list(enumerate(text.split("\n"), 1))
        for written in dict.fromkeys(written for written, _ in _in_elements(text, DRAWN)):
            yield PortalProblem("PAGE_CODE", file.as_posix(), _line_of(lines, written), values={"written": written})


def _line_of(lines: list[tuple[int, str]], written: str) -> int:
    """Give the first line that has what was found."""
    key, is_address, value = written.partition("=")
    near = (value if is_address and key in ADDRESSES else written).lower().rstrip(">").partition(":")[0]
    found = (number for number, said in lines if near in html.unescape(said).lower())
    return next(found, lines[0][0] if lines else 1)


def _in_elements(text: str, elements: frozenset[str]) -> Iterator[tuple[str, int]]:
    """Give what would run, and the line that the marks of the text tell, or 0."""
    if "<" not in text:
        return
    root = LexborHTMLParser(text).root
    for node in root.traverse() if root else ():
        tag = str(node.tag).lower()
        if ":" in tag:  # an address between < and > is a link
            continue
        attributes = node.attributes
        line = max((line_of_mark(f"{key}{value or ''}") for key, value in attributes.items()), default=0)
        if tag in elements:
            yield f"<{tag}>", line
        for key, value in attributes.items():
            if ATTRIBUTE.fullmatch(key):
                yield key, line
            elif key in ADDRESSES and _runs(unmarked(value or "")):
                yield f"{key}={value}", line


def _runs(address: str) -> bool:
    """Tell whether an address is code, as browsers read it: they pass over blanks and controls in it."""
    return bool(SCHEME.match(re.sub(r"[\x00-\x20]+", "", html.unescape(address)).lower()))
