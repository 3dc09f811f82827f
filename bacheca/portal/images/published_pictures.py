"""Editors' pictures as they are published: what is seen, without what cameras and programs note besides."""

from __future__ import annotations

import io
from contextlib import suppress

from PIL import Image

from bacheca.portal.cache.digests import digest_of, digest_of_bytes
from bacheca.portal.cache.store import Cache
from bacheca.portal.images.bare_files import bare_file
from bacheca.portal.images.own_pictures import FORMATS, MOST_PIXELS, TURNED, UNREADABLE, made_by, moves, upright

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
        The file itself where nothing is noted in it, or it is no picture.
    """
    key = digest_of(made_by("published_pictures", "bare_files"), digest_of_bytes(held))
    kept = cache.get(STORED, key)
    if kept is None:
        kept = _bare(held)
        cache.put(STORED, key, kept)
    return kept


def _bare(held: bytes) -> bytes:
    try:
        with Image.open(io.BytesIO(held), formats=FORMATS) as image:
            if image.width * image.height > MOST_PIXELS:
                return held
            is_turned = _is_turned(image, held)
            if not is_turned or moves(image):
                with suppress(ValueError):  # of another format, or built otherwise
                    return bare_file(held, str(image.format))
            if moves(image) or not _notes(image):
                return held
            # A JPEG whose pixels stay where they are is written with its own tables, and so loses next to nothing.
            as_held = image.format == "JPEG" and not is_turned
            kind = "JPEG" if image.format == "MPO" else image.format
            shown = upright(image)
            shown.info = {name: value for name, value in image.info.items() if name in SEEN}
            made, profile = io.BytesIO(), shown.info.get("icc_profile")
            shown.save(made, kind, quality="keep" if as_held else QUALITY, icc_profile=profile, exif=b"")
            return made.getvalue()
    except UNREADABLE:
        return held


def _is_turned(image: Image.Image, held: bytes) -> bool:
    """Tell whether a picture is to be turned."""
    if image.format == "PNG" and b"eXIf" in held:
        image.load()  # it may stand behind the pixels
    return bool(image.getexif().get(TURNED, 1) != 1)


def _notes(image: Image.Image) -> bool:
    """Tell whether something is noted in a picture that nobody sees."""
    image.load()
    return bool(image.getexif()) or bool(image.info.keys() - SEEN - OF_FORMAT)
