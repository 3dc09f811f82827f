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
from bacheca.portal.errors import PortalProblem

ELEMENTS = frozenset(("script", "iframe", "frame", "object", "embed", "applet", "base", "form", "meta", "link"))
DRAWN = ELEMENTS - {"link", "meta"} | {"foreignobject"}
ADDRESSES = frozenset(("href", "src", "xlink:href", "action", "formaction", "data", "poster", "to", "values"))
SCHEME = re.compile(r"(javascript|vbscript|data):(?!image/(?:png|jpeg|gif|webp|avif)\b)")
LINK = re.compile(r"\]\(\s*<?([^)>]*)|^[ ]{0,3}\[[^\]]+\]:\s*<?(\S+)")
LISTED = re.compile(r"\{:?[^}]*\}")
ATTRIBUTE = re.compile(r"\b(on[a-z]+)\s*=", re.IGNORECASE)
VALUE = re.compile(r"=\s*[\"']?([^\s\"'}]+)")


def check_code(page: Page) -> Iterator[Problem]:
    """Give what in a page would run code: elements, attributes (of attribute lists too) and addresses."""
    lines = list(page.prose())
    text = "\n".join(line for _, line in lines)
    found = [*_in_elements(text, ELEMENTS), *_in_markdown(text)]
    for written in dict.fromkeys(found):
        yield page.problem("PAGE_CODE", _line_of(lines, written), written=written)


def check_drawings(content: Path) -> Iterator[Problem]:
    """Give what in the drawings of a folder would run code."""
    for file in sorted(content.rglob("*.svg")):
        text = read_text(file).text
        lines = list(enumerate(text.split("\n"), 1))
        for written in dict.fromkeys(_in_elements(text, DRAWN)):
            yield PortalProblem("PAGE_CODE", file.as_posix(), _line_of(lines, written), values={"written": written})


def _line_of(lines: list[tuple[int, str]], written: str) -> int:
    """Give the first line that has what was found."""
    key, is_address, value = written.partition("=")
    near = (value if is_address and key in ADDRESSES else written).lower().rstrip(">").partition(":")[0]
    found = (number for number, said in lines if near in html.unescape(said).lower())
    return next(found, lines[0][0] if lines else 1)


def _in_elements(text: str, elements: frozenset[str]) -> Iterator[str]:
    if "<" not in text:
        return
    root = LexborHTMLParser(text).root
    for node in root.traverse() if root else ():
        tag = str(node.tag).lower()
        if ":" in tag:  # an address between < and > is a link
            continue
        if tag in elements:
            yield f"<{tag}>"
        for key, value in node.attributes.items():
            if ATTRIBUTE.fullmatch(f"{key}="):
                yield key
            elif key in ADDRESSES and _runs(value or ""):
                yield f"{key}={value}"


def _in_markdown(text: str) -> Iterator[str]:
    for line in text.split("\n"):
        targets = [inline or reference for inline, reference in LINK.findall(line)]
        for listed in LISTED.findall(line):
            yield from ATTRIBUTE.findall(listed)
            targets += VALUE.findall(listed)
        yield from (target for target in targets if _runs(target))


def _runs(address: str) -> bool:
    """Tell whether an address is code, as browsers read it: they pass over blanks and controls in it."""
    return bool(SCHEME.match(re.sub(r"[\x00-\x20]+", "", html.unescape(address)).lower()))
