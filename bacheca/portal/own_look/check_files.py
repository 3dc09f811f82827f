"""The files of a community's own look: nobody reads one by another name, nor one that is not what it says it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bacheca.forms.definition.checks.nearest import nearest
from bacheca.forms.errors import Problem
from bacheca.portal.appearance.own_files import DRAWING, ENDINGS, FONT, NAMES, leads_out
from bacheca.portal.checks.code import check_drawings
from bacheca.portal.errors import PortalProblem
from bacheca.portal.settings import Portal

SIGNATURE = b"wOF2"
"""How a font of the web begins."""


def check_look(portal: Portal) -> Iterator[Problem]:
    """Give what is wrong with the files of a portal's own look."""
    folder = portal.main.own / "assets"
    yield from check_drawings(folder)
    for file in sorted(file for file in folder.rglob("*") if file.is_file() and file.name[0] != "."):
        path = file.relative_to(folder).as_posix()
        if path not in NAMES:
            near = nearest(file.stem, ENDINGS, 0.0)
            endings = ENDINGS[near]
            wanted = f"{near}{file.suffix if file.suffix in endings else endings[0]}"
            yield PortalProblem("LOOK_FILE", file.as_posix(), 1, values={"file": path, "near": wanted})
        elif reason := _wrong(file):
            values = {"file": file.name, "reason": reason, "ending": file.suffix}
            yield PortalProblem("LOOK_BROKEN", file.as_posix(), 1, values=values)


def _wrong(file: Path) -> str:
    """Give why a file cannot be used; nothing of one that can."""
    if file.suffix == FONT:
        with file.open("rb") as opened:
            return "" if opened.read(len(SIGNATURE)) == SIGNATURE else "woff2"
    if file.suffix == DRAWING and (out := next(leads_out(file), "")):
        return out
    from bacheca.portal.images.own_pictures import NoPicture, picture_size  # noqa: PLC0415  most have none

    try:
        picture_size(file)
    except NoPicture as error:
        return str(error)
    return ""
