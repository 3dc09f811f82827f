"""A community's own pictures: drawn or scaled to the size that they are shown at, and upright as they were taken."""

from __future__ import annotations

import io
import struct
import zlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

import resvg_py
from PIL import Image, ImageOps, features

from bacheca.forms.definition.text_file import read_text
from bacheca.portal.appearance.own_files import DRAWING
from bacheca.portal.cache.digests import digest_of

MOST_PIXELS = 50_000_000
"""Of a picture: more would take the memory of the machine that builds."""

UNREADABLE = (
    *(OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning),
    *(EOFError, struct.error, zlib.error, RuntimeError, LookupError, ArithmeticError, TypeError),
)
"""What Pillow and its decoders raise of a file that is no picture, not a whole one, or one made to mislead."""

FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "AVIF")
"""What browsers show, by Pillow's names: nothing else is even tried, whatever a file is called."""

TURNED = 0x0112
"""The EXIF tag that says how a picture is to be turned."""

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


def told_size(file: Path) -> Size:
    """Give the width and the height that a picture says it has, once upright; nothing of it is decoded.

    Raises:
        NoPicture: it is none.
    """
    if file.suffix == DRAWING:
        return picture_size(file)
    try:
        with Image.open(file, formats=FORMATS) as image:
            return upright_size(image)
    except UNREADABLE as error:
        raise NoPicture(str(error).replace("\n", " ")) from None


def moves(image: Image.Image) -> bool:
    """Tell whether a picture has several frames; a photo with others behind it, as some cameras make, has one."""
    return image.format != "MPO" and bool(getattr(image, "is_animated", False))


@cache
def made_by(*modules: str) -> str:
    """Give a digest of what makes pictures: those that were made by something else are made anew.

    Args:
        modules: the names of the modules beside this one that take part.
    """
    libraries = [features.version(name) for name in ("avif", "webp", "jpg", "zlib", "littlecms2")]
    read = [Path(__file__).with_name(f"{name}.py").read_bytes() for name in ("own_pictures", *modules)]
    return digest_of(version("pillow"), libraries, read)


def upright_size(image: Image.Image) -> Size:
    """Give the width and the height of a picture, once upright."""
    is_on_its_side = image.getexif().get(TURNED, 1) in range(5, 9)
    return (image.height, image.width) if is_on_its_side else image.size


def upright(image: Image.Image) -> Image.Image:
    """Turn a picture as it was held."""
    return image if image.getexif().get(TURNED, 1) == 1 else ImageOps.exif_transpose(image)


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
    size = picture_size(file)
    if size[0] <= width and size[1] <= height:
        return file.read_bytes()
    with Image.open(file, formats=FORMATS) as image:
        kind = "JPEG" if image.format == "MPO" else image.format
        made, shown = io.BytesIO(), upright(image)
        shown.thumbnail((width, height), Image.Resampling.LANCZOS)
        shown.save(made, kind, quality=85, exif=b"")
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
        with Image.open(file, formats=FORMATS) as image:
            if image.width * image.height > MOST_PIXELS:
                raise NoPicture(f"{image.width} × {image.height}")
            image.load()
            return upright(image)
    except UNREADABLE as error:
        raise NoPicture(str(error).replace("\n", " ")) from None
