"""What in a page or a drawing would run in the reader's browser: elements, attributes and addresses that are code."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser

ELEMENTS = frozenset(("script", "iframe", "frame", "object", "embed", "applet", "base", "form", "meta", "link"))
"""Those that a page may not have."""

DRAWN = ELEMENTS - {"link", "meta"} | {"foreignobject"}
"""Those that a drawing may not have."""

ADDRESSES = frozenset(("href", "src", "xlink:href", "action", "formaction", "data", "poster", "to", "values"))
SCHEME = re.compile(r"(javascript|vbscript|data):(?!image/(?:png|jpeg|gif|webp|avif)\b)")
MARKS = re.compile("[\U000f0000-\U0010ffff]")
"""What the reader of pages puts into them: `bacheca.portal.content.rendered`."""

ATTRIBUTE = re.compile(r"on[a-z]+", re.IGNORECASE)


def executable(text: str, elements: frozenset[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Give what would run in a text of HTML or SVG, each with the attributes beside it.

    Args:
        text: the text.
        elements: the names of the elements that it may not have.
    """
    if "<" not in text:
        return
    root = LexborHTMLParser(text).root
    for node in root.traverse() if root else ():
        tag = str(node.tag).lower()
        if ":" in tag:  # an address between < and > is a link
            continue
        attributes = node.attributes
        beside = tuple(f"{key}{value or ''}" for key, value in attributes.items())
        if tag in elements:
            yield f"<{tag}>", beside
        for key, value in attributes.items():
            if ATTRIBUTE.fullmatch(key):
                yield key, beside
            elif key in ADDRESSES and _runs(value or ""):
                yield f"{key}={value}", beside


def _runs(address: str) -> bool:
    """Tell whether an address is code, as browsers read it: they pass over blanks and controls in it."""
    return bool(SCHEME.match(re.sub(r"[\x00-\x20]+", "", html.unescape(MARKS.sub("", address))).lower()))
