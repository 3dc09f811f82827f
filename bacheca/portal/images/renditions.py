"""Renditions: what is shown in the place of an editor's picture, in a few widths and in the formats that weigh least.

What becomes of a picture depends on nothing but what it holds: each is encoded by one thread, whatever the machine has.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image, ImageCms

from bacheca.portal.images.own_pictures import (
    FORMATS,
    MOST_PIXELS,
    UNREADABLE,
    NoPicture,
    moves,
    upright,
    upright_size,
)

WIDTHS = (480, 960, 1600)
"""How wide renditions are, in pixels: a phone, a sharp one, the widest column of a sharp screen."""

NEXT = 0.85
"""How much of the widest one another may have: one nearly as wide would save nothing."""

ICON = 256
"""The longest side of a picture that is left as it is, in pixels."""

LONGEST = 65_535
"""The longest side of a picture that is looked at, in pixels: longer ones take many times the memory of others."""

SIMPLE = 960
"""The most that browsers get that know none of the newer formats, in pixels of width."""

STRIP = 64
"""How many rows of what comes out are made at once of a picture that is much larger."""

KINDS: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "avif": ("AVIF", {"quality": 60, "speed": 7, "max_threads": 1, "autotiling": False}),
    "webp": ("WEBP", {"quality": 80, "method": 4}),
    "jpg": ("JPEG", {"quality": 82, "optimize": True, "progressive": True}),
    "png": ("PNG", {"compress_level": 9}),
}
"""The kinds of renditions by their endings: Pillow's name of the format, and how it is written."""

NEWER = ("avif", "webp")
"""The kinds that browsers may choose, the lightest first."""

PLAIN: Mapping[str, str] = {"JPEG": "jpg", "MPO": "jpg", "PNG": "png", "GIF": "png", "WEBP": "webp", "AVIF": "webp"}
"""What those get that know none of them, by the format of the picture."""

File = tuple[str, int]
"""A rendition: its kind, and its width in pixels."""


@dataclass(frozen=True)
class Renditions:
    """What is shown in the place of a picture.

    Args:
        width: of the widest, or of the picture itself where there are none, in pixels.
        height: of the same.
        mark: tells them from those of any other picture.
        sources: the widths of each kind, the best kind first; empty where the picture stays as it is.
        plain: what browsers get that know none of these kinds.
    """

    width: int
    height: int
    mark: str = ""
    sources: tuple[tuple[str, tuple[int, ...]], ...] = ()
    plain: File = ("", 0)

    @property
    def files(self) -> tuple[File, ...]:
        """All of them, each once."""
        found = [(kind, width) for kind, widths in self.sources for width in widths]
        return tuple(dict.fromkeys([*found, self.plain])) if self.sources else ()


def renditions_of(held: bytes, mark: str) -> tuple[Renditions | None, dict[File, bytes]]:
    """Make the renditions of a picture.

    Args:
        held: the file of the editors.
        mark: what is to tell them from those of others.

    Returns:
        What they are, and each; None for what is no picture, and nothing of one that stays as it is.
    """
    try:
        with Image.open(io.BytesIO(held), formats=FORMATS) as image:
            size = upright_size(image)
            large = max(size) > LONGEST or image.width * image.height > MOST_PIXELS
            stays = large or moves(image) or max(size) <= ICON
            return (Renditions(*size), {}) if stays else _encoded(image, held, mark)
    except UNREADABLE:
        return None, {}


def as_seen(file: Path, width: int) -> Image.Image:
    """Give a picture as it is seen, no wider than this: upright, in the colours of screens, without anything noted.

    Raises:
        NoPicture: it is none, or has too many pixels.
    """
    try:
        with Image.open(file, formats=FORMATS) as image:
            if image.width * image.height > MOST_PIXELS:
                raise NoPicture(f"{image.width} × {image.height}")
            return _shown(image, min(width, upright_size(image)[0]))
    except UNREADABLE as error:
        raise NoPicture(str(error).replace("\n", " ")) from None


def widths_of(width: int) -> tuple[int, ...]:
    """Give how wide the renditions of a picture are, which is never wider than itself."""
    widest = min(width, WIDTHS[-1])
    return (*(step for step in WIDTHS if step < NEXT * widest), widest)


def _encoded(image: Image.Image, held: bytes, mark: str) -> tuple[Renditions, dict[File, bytes]]:
    own, simple = upright_size(image), PLAIN[str(image.format)]
    widths = widths_of(own[0])
    shown = _shown(image, widths[-1])
    sizes = {width: shown if width == shown.width else _narrower(shown, width) for width in widths}
    plain = (simple, max((width for width in widths if width <= SIMPLE), default=widths[0]))
    made: dict[File, bytes] = {plain: _written(sizes[plain[1]], simple)}
    kinds: list[str] = []
    for kind in reversed(NEWER):
        lightest = made[kinds[0] if kinds else simple, plain[1]]
        with suppress(*UNREADABLE):  # longer than the format can be
            tried = {(kind, width): _written(sizes[width], kind) for width in widths}
            if kind == simple or len(tried[kind, plain[1]]) < len(lightest):
                made |= tried
                kinds.insert(0, kind)
    if not kinds:  # of few colours, say
        kinds = [simple]
        made |= {(simple, width): _written(sizes[width], simple) for width in widths}
    if widths[-1] == own[0] and len(held) <= len(made[kinds[0], own[0]]):
        return Renditions(*own), {}
    return Renditions(*shown.size, mark, tuple((kind, widths) for kind in kinds), plain), made


def _shown(image: Image.Image, width: int) -> Image.Image:
    own = upright_size(image)
    size = (width, _height(own, width))
    lying = size if own == image.size else size[::-1]
    if image.format in ("JPEG", "MPO"):  # decoded no larger than needed, it takes a part of the memory
        image.draft(None, lying)
    shown = _in_srgb(upright(_reduced(image, lying[0])))
    shown = shown.copy() if shown.size == size else shown.resize(size, Image.Resampling.LANCZOS, reducing_gap=3)
    shown.info = {}
    return shown


def _reduced(image: Image.Image, width: int) -> Image.Image:
    """Give a picture at least as wide as this, in colours that every format has; strip by strip, for memory's sake."""
    factor = image.width // width
    if factor < 2:
        return _coloured(image)
    image.load()
    rows = factor * STRIP
    strips = [
        _coloured(image.crop((0, top, image.width, min(top + rows, image.height)))).reduce(factor)
        for top in range(0, image.height, rows)
    ]
    made = Image.new(strips[0].mode, (strips[0].width, sum(strip.height for strip in strips)))
    for number, strip in enumerate(strips):
        made.paste(strip, (0, number * STRIP))
    made.info = dict(image.info)
    return made


def _coloured(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):  # 16 bits
        return image.convert("I").point(lambda value: value / 256).convert("L")
    if image.has_transparency_data and image.mode != "RGBA":
        return image.convert("RGBA")
    if image.mode in ("L", "RGB", "RGBA", "CMYK"):
        return image
    return image.convert("L" if image.mode == "1" else "RGB")


def _narrower(image: Image.Image, width: int) -> Image.Image:
    return image.resize((width, _height(image.size, width)), Image.Resampling.LANCZOS, reducing_gap=3)


def _height(size: tuple[int, int], width: int) -> int:
    return max(1, round(size[1] * width / size[0]))


def _in_srgb(image: Image.Image) -> Image.Image:
    profile = image.info.get("icc_profile")
    wanted = "RGBA" if image.mode == "RGBA" else "RGB"
    if profile:
        try:
            given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            if image.mode == "CMYK" or "sRGB" not in ImageCms.getProfileDescription(given):
                made = ImageCms.profileToProfile(image, given, ImageCms.createProfile("sRGB"), outputMode=wanted)
                return made or image
        except (ImageCms.PyCMSError, OSError, ValueError):  # of other colours than the picture, or broken
            pass
    return image.convert(wanted) if image.mode == "CMYK" else image


def _written(image: Image.Image, kind: str) -> bytes:
    """Write a picture; nothing where it has more pixels on a side than the format can."""
    format_, options = KINDS[kind]
    made = io.BytesIO()
    image.convert("RGB" if kind == "jpg" and image.mode == "RGBA" else image.mode).save(made, format_, **options)
    return made.getvalue()
