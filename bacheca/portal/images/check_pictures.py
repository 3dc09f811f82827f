"""The pictures among the content: whether each can be read to its end, and in the memory that there is."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from PIL import Image

from bacheca.forms.errors import Problem
from bacheca.portal.cache.digests import digest_of
from bacheca.portal.cache.file_digests import FileDigests
from bacheca.portal.cache.store import Cache
from bacheca.portal.errors import PortalProblem
from bacheca.portal.images import own_pictures
from bacheca.portal.images.own_pictures import FORMATS, UNREADABLE, moves

SEEN = "seen-pictures"
"""The kind under which it is kept what was found of pictures."""

MILLION = 10**6


def check_pixels(files: list[Path], kept: Cache | None) -> Iterator[Problem]:
    """Give the pictures that cannot be read, or would take more memory than a machine can be asked for.

    Args:
        files: the pictures.
        kept: where it is kept what was found before.
    """
    known = FileDigests(kept, SEEN) if kept else None
    rules = digest_of(version("pillow"), own_pictures.MOST_PIXELS)
    for file in files:
        code = _kept_fault(file, digest_of(rules, known.of(file)), kept) if kept and known else _fault(file)
        if code:
            most = own_pictures.MOST_PIXELS // MILLION
            yield PortalProblem(code, file.as_posix(), 1, values={"file": file.name, "most": most})
    if known:
        known.save()


def _kept_fault(file: Path, key: str, kept: Cache) -> str:
    found = kept.get_json(SEEN, key)
    if found is None:
        found = _fault(file)
        kept.put_json(SEEN, key, found)
    return str(found)


def stays(file: Path) -> bool:
    """Tell whether a picture has several frames, so that it is published as it is."""
    try:
        with Image.open(file, formats=FORMATS) as image:
            return moves(image)
    except UNREADABLE:
        return False


def _fault(file: Path) -> str:
    """Give the code of what is wrong with a picture; empty where nothing is."""
    with warnings.catch_warnings(action="error", category=Image.DecompressionBombWarning):
        try:
            with Image.open(file, formats=FORMATS) as image:
                if image.width * image.height > own_pictures.MOST_PIXELS:
                    return "PICTURE_LARGE"
                if image.format == "PNG":
                    image.verify()
                else:
                    image.draft("L", (1, 1))  # a JPEG is read to its end, and hardly anything of it decoded
                    image.load()
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            return "PICTURE_LARGE"
        except UNREADABLE:
            return "PICTURE_BROKEN"
    return ""
