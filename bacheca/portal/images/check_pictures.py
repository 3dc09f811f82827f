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
from bacheca.portal.rendering.workers import WorkerDied, spread

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
    keys = {file: digest_of(rules, known.of(file)) for file in files} if known else {}
    codes = {file: kept.get_json(SEEN, keys[file]) if kept else None for file in files}
    for file, (code, is_sure) in _faults([file for file in files if codes[file] is None]).items():
        codes[file] = code
        if kept and is_sure:
            kept.put_json(SEEN, keys[file], code)
    for file in files:
        if codes[file]:
            most = own_pictures.MOST_PIXELS // MILLION
            yield PortalProblem(str(codes[file]), file.as_posix(), 1, values={"file": file.name, "most": most})
    if known:
        known.save()


def _faults(files: list[Path]) -> dict[Path, tuple[str, bool]]:
    """Give the code of what is wrong with each picture, and whether that is sure.

    They are read in processes of their own: one that ends with a picture has crashed with it, or had no memory left.
    """
    died: dict[Path, tuple[str, bool]] = {}
    while left := [file for file in files if file not in died]:
        try:
            return died | {
                file: (code, True) for file, code in zip(left, spread(left, _fault, apart=True), strict=True)
            }
        except WorkerDied as death:
            died[left[death.place]] = ("PICTURE_BROKEN", False)
    return died


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
