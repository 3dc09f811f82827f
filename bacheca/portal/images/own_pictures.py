"""A community's own pictures: drawn or scaled to the size that they are shown at."""

from __future__ import annotations

import io
from pathlib import Path

import resvg_py
from PIL import Image

from bacheca.forms.definition.text_file import read_text
from bacheca.portal.appearance.own_files import DRAWING

MOST_PIXELS = 50_000_000
"""Of a picture: more would take the memory of the machine that builds."""

UNREADABLE = (OSError, ValueError, Image.DecompressionBombError, Image.DecompressionBombWarning)
Size = tuple[int, int]


class NoPicture(Exception):
    """A file holds no picture that can be used; the text says why."""


def picture_size(file: Path) -> Size:
    """Give the width and the height of a picture.

    Raises:
        NoPicture: it is none, or has too many pixels.
    """
    if file.suffix == DRAWING:
        return _drawn(file, height=256).size
    return _opened(file).size


def shown_at(file: Path, width: int, height: int) -> Size:
    """Give the largest size of a picture in a place, in whole pixels."""
    own = picture_size(file)
    scale = min(width / own[0], height / own[1])
    return max(1, round(own[0] * scale)), max(1, round(own[1] * scale))


def scaled(file: Path, size: Size) -> Image.Image:
    """Give a picture of a size, with what of it is transparent.

    Raises:
        NoPicture: it is none, or has too many pixels.
    """
    image = _drawn(file, width=size[0]) if file.suffix == DRAWING else _opened(file)
    return image.convert("RGBA").resize(size, Image.Resampling.LANCZOS)


def as_shown(file: Path, width: int, height: int) -> bytes:
    """Give the file that a page shows: a drawing as it is, a photo no larger than its place asks for.

    Args:
        file: the picture.
        width: of its place, in pixels of a sharp screen.
        height: of its place.
    """
    if file.suffix == DRAWING:
        return file.read_bytes()
    image = _opened(file)
    if image.width <= width and image.height <= height:
        return file.read_bytes()
    made, kind = io.BytesIO(), image.format
    image.thumbnail((width, height), Image.Resampling.LANCZOS)
    image.save(made, kind, quality=85)
    return made.getvalue()


def _drawn(file: Path, width: int | None = None, height: int | None = None) -> Image.Image:
    try:
        text = read_text(file).text
        drawn = resvg_py.svg_to_bytes(svg_string=text, skip_system_fonts=True, width=width, height=height)
    except ValueError as error:
        raise NoPicture(str(error)) from None
    return Image.open(io.BytesIO(drawn))


def _opened(file: Path) -> Image.Image:
    try:
        with Image.open(file) as image:
            if image.width * image.height > MOST_PIXELS:
                raise NoPicture(f"{image.width} × {image.height}")
            image.load()
            return image
    except UNREADABLE as error:
        raise NoPicture(str(error).replace("\n", " ")) from None
