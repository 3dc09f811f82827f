"""Editors' pictures as they are published: what is seen, without what cameras and programs note besides."""

from __future__ import annotations

import hashlib
import io

from PIL import Image, ImageOps

from bacheca.portal.cache.store import Cache
from bacheca.portal.images.own_pictures import MOST_PIXELS, UNREADABLE

ORIENTATION = 0x0112
"""The EXIF tag that says how a picture is to be turned."""

QUALITY = 90
"""Of a picture whose pixels are written anew."""

STORED = "picture"
"""The kind under which pictures are kept."""

SEEN = frozenset(("icc_profile", "transparency", "background", "gamma", "srgb", "chromaticity", "dpi", "aspect"))
"""What is noted in a picture and changes how it looks."""

OF_FORMAT = frozenset(
    (
        *("jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive", "progression"),
        *("adobe", "adobe_transform", "interlace", "loop", "duration", "timestamp"),
    )
)
"""What only says how the file is written."""


def published(held: bytes, cache: Cache) -> bytes:
    """Give a picture as it is published: turned as it was held, with no place, camera, time or name noted in it.

    Args:
        held: the file of the editors.
        cache: what builds keep.

    Returns:
        The file itself where nothing is noted in it, it moves, or it is no picture.
    """
    key = hashlib.sha256(held).hexdigest()
    kept = cache.get(STORED, key)
    if kept is None:
        kept = _bare(held)
        cache.put(STORED, key, kept)
    return kept


def _bare(held: bytes) -> bytes:
    try:
        with Image.open(io.BytesIO(held)) as image:
            moves = image.format != "MPO" and getattr(image, "n_frames", 1) > 1
            if moves or image.width * image.height > MOST_PIXELS or not _notes(image):
                return held
            upright = ImageOps.exif_transpose(image)
            is_turned = image.getexif().get(ORIENTATION, 1) != 1
            # A JPEG whose pixels stay where they are is written with its own tables, and so loses next to nothing.
            as_held = image.format == "JPEG" and not is_turned
            kind = "JPEG" if image.format == "MPO" else image.format
            shown = image if as_held else upright
            shown.info = {name: value for name, value in image.info.items() if name in SEEN}
            made, profile = io.BytesIO(), shown.info.get("icc_profile")
            shown.save(made, kind, quality="keep" if as_held else QUALITY, icc_profile=profile, exif=b"")
            return made.getvalue()
    except UNREADABLE:
        return held


def _notes(image: Image.Image) -> bool:
    """Tell whether something is noted in a picture that nobody sees."""
    image.load()  # PNG may have notes behind its pixels
    return bool(image.getexif()) or bool(image.info.keys() - SEEN - OF_FORMAT)
