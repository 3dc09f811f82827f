"""What in a page or a drawing would run in the reader's browser, or show another site's pages as ours.

The service lets no page run anything but the portal's own scripts; but a page may be read where no service stands, and
whoever writes one should hear at once that it will do nothing.
"""

from __future__ import annotations

import html
from collections.abc import Iterator
from pathlib import Path

from bacheca.forms.definition.text_file import read_text
from bacheca.forms.errors import Problem
from bacheca.portal.content.executable import ADDRESSES, DRAWN, executable
from bacheca.portal.content.pages import Page
from bacheca.portal.errors import PortalProblem


def check_code(page: Page) -> Iterator[Problem]:
    """Give what in a page would run code: elements, attributes (of attribute lists too) and addresses."""
    lines = list(enumerate(page.body.split("\n"), page.body_line))
    for written, line in page.rendered.executable:
        after = [(number, text) for number, text in lines if number >= line]
        yield page.problem("PAGE_CODE", _line_of(after, written), written=written)


def check_drawings(content: Path) -> Iterator[Problem]:
    """Give what in the drawings of a folder would run code."""
    for file in sorted(content.rglob("*.svg")):
        text = read_text(file).text
        lines = list(enumerate(text.split("\n"), 1))
        for written in dict.fromkeys(written for written, _ in executable(text, DRAWN)):
            yield PortalProblem("PAGE_CODE", file.as_posix(), _line_of(lines, written), values={"written": written})


def _line_of(lines: list[tuple[int, str]], written: str) -> int:
    """Give the first line that has what was found."""
    key, is_address, value = written.partition("=")
    near = (value if is_address and key in ADDRESSES else written).lower().rstrip(">").partition(":")[0]
    found = (number for number, said in lines if near in html.unescape(said).lower())
    return next(found, lines[0][0] if lines else 1)
