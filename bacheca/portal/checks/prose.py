"""What can be wrong in the text of a page: headings that skip a level, pictures without words or too heavy."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import unquote

from bacheca.forms.errors import Problem
from bacheca.portal.content.pages import Page
from bacheca.portal.content.rendered import Reference
from bacheca.portal.errors import PortalProblem
from bacheca.portal.files import is_photo

SILENT = re.compile(r"!\[[ \t]*\](?:\([ \t]*<?|\[)([^\s\])>]+)")
"""A picture of Markdown without words, and where it is."""


def check_headings(page: Page) -> Iterator[Problem]:
    """Give the headings that skip a level, and those of level 1 after the first: the title of a page is one."""
    level = 0
    for heading in page.rendered.headings:
        here, deepest = heading.level, max(level + 1, 2)
        if here > deepest or (here == 1 and level):
            wanted = "#" * min(max(here, 2), deepest)
            yield page.problem("HEADING_LEVEL", heading.line, level="#" * here, wanted=wanted)
        level = here


def check_form_pictures(files: Iterable[Path]) -> Iterator[Problem]:
    """Give the pictures in the texts of forms that nobody who cannot see them is told of.

    Args:
        files: the files of forms and of their translations.
    """
    for file in files:
        lines = file.read_text(encoding="utf-8", errors="replace").split("\n")
        for number, line in enumerate(lines, 1):
            found = SILENT.search(line) if "![" in line and line.lstrip()[:1] != "#" else None
            if found:
                yield PortalProblem("FORM_PICTURE_WORDS", file.as_posix(), number, values={"picture": found[1]})


def check_pictures(page: Page, content: Path, limit: int) -> Iterator[Problem]:
    """Give the pictures that nobody who cannot see them is told of, and those too heavy for a phone.

    Photos may weigh what they like, since the build makes them smaller: a drawing or what moves stays as it is.

    Args:
        page: the page.
        content: the folder of its language's files.
        limit: the most kilobytes (1,000 bytes) of a picture: a page with its styles weighs 100 at most.
    """
    for picture in page.rendered.references:
        if not picture.is_picture:
            continue
        is_told = picture.words is not None if picture.is_html else bool((picture.words or "").strip())
        if not is_told:
            yield page.problem("PICTURE_WORDS", picture.line, picture=picture.target or "![]")
        yield from _check_weight(page, picture, content, limit)


def _check_weight(page: Page, picture: Reference, content: Path, limit: int) -> Iterator[Problem]:
    target = unquote(picture.target)
    folder = page.url if picture.is_html else posixpath.dirname(page.path)
    path = posixpath.normpath(posixpath.join(folder, target.partition("#")[0]))
    file = content / path
    if not target or "://" in target or path.startswith(("../", "/")) or not file.is_file():
        return
    weight = round(file.stat().st_size / 1000)
    if weight > limit and _stays(file):
        yield page.problem("PICTURE_HEAVY", picture.line, picture=target, weight=weight, limit=limit)


def _stays(file: Path) -> bool:
    """Tell whether a picture is published as it is."""
    if not is_photo(file.name):
        return True
    from bacheca.portal.images.check_pictures import stays  # noqa: PLC0415  most portals have no heavy photo

    return stays(file)
