"""Files of pictures without what cameras and programs note in them, and with every pixel as it was.

Such a file is a row of parts, each of which says what it is: those that are seen stay. Specifications: JPEG, ITU-T
T.81, annex B; PNG, https://www.w3.org/TR/png-3/; WebP, RFC 9649; GIF, https://www.w3.org/Graphics/GIF/spec-gif89a.txt
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Literal

PNG = b"\x89PNG\r\n\x1a\n"
PNG_SEEN = frozenset(
    (
        *(b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB", b"bKGD", b"hIST"),
        *(b"pHYs", b"cICP", b"mDCV", b"cLLI", b"acTL", b"fcTL", b"fdAT"),
    )
)
WEBP_SEEN = frozenset((b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"ICCP"))
WEBP_NOTES = 0b1100
"""The flags of a WebP that say that it has EXIF or XMP."""

JPEG_SEEN = {0xE0: (b"JFIF\0",), 0xE2: (b"ICC_PROFILE\0",), 0xEE: (b"Adobe",)}
"""The segments of applications that change how a JPEG looks, by their markers, and how they begin."""

JPEG_MARKER = re.compile(rb"\xff([^\x00\xd0-\xd7\xff])")
"""What ends the pixels of a JPEG, or a part of them."""

START_OF_SCAN, END, COMMENT = 0xDA, 0xD9, 0xFE
GIF_LOOPS = (b"\x0bNETSCAPE2.0", b"\x0bANIMEXTS1.0")


def bare_file(held: bytes, kind: str) -> bytes:
    """Give a file without its notes.

    Args:
        held: the file.
        kind: Pillow's name of its format.

    Raises:
        ValueError: it is not built as it should be, or of another format.
    """
    try:
        return b"".join(PARTS[kind](held))
    except (KeyError, IndexError) as error:
        raise ValueError(f"{kind}: {error}") from None


def _jpeg(held: bytes) -> Iterator[bytes]:
    """Give the segments of a JPEG; where others stand behind it, as in a burst, the first one's alone."""
    if held[:2] != b"\xff\xd8":
        raise ValueError("no JPEG")
    yield held[:2]
    place = 2
    while True:
        while held[place + 1] == 0xFF:
            place += 1
        marker, begin = held[place + 1], place + 4
        if held[place] != 0xFF:
            raise ValueError("no marker")
        if marker == END:
            yield held[place : place + 2]
            return
        end = place + 2 + _number(held[place + 2 : begin], "big")
        if end < begin or end > len(held):
            raise ValueError("cut off")
        is_noted = marker == COMMENT or 0xE0 <= marker <= 0xEF
        if not is_noted or held.startswith(JPEG_SEEN.get(marker, ()), begin, end):
            yield held[place:end]
        if marker == START_OF_SCAN:
            found = JPEG_MARKER.search(held, end)
            if found is None:
                raise ValueError("cut off")
            yield held[end : found.start()]
            end = found.start()
        place = end


def _png(held: bytes) -> Iterator[bytes]:
    if held[:8] != PNG:
        raise ValueError("no PNG")
    yield PNG
    place, kind = 8, b""
    while kind != b"IEND":
        kind = held[place + 4 : place + 8]
        end = place + 12 + _number(held[place : place + 4], "big")
        if end > len(held):
            raise ValueError("cut off")
        if kind in PNG_SEEN:
            yield held[place:end]
        place = end


def _webp(held: bytes) -> Iterator[bytes]:
    if held[:4] != b"RIFF" or held[8:12] != b"WEBP":
        raise ValueError("no WebP")
    whole = 8 + _number(held[4:8], "little")
    if whole > len(held):
        raise ValueError("cut off")
    parts, place = [b"WEBP"], 12
    while place < whole:
        kind, size = held[place : place + 4], _number(held[place + 4 : place + 8], "little")
        end = place + 8 + size + size % 2
        part = held[place:end]
        if kind == b"VP8X":
            part = part[:8] + bytes((part[8] & ~WEBP_NOTES,)) + part[9:]
        if kind in WEBP_SEEN:
            parts.append(part)
        place = end
    content = b"".join(parts)
    yield b"RIFF" + len(content).to_bytes(4, "little") + content


def _gif(held: bytes) -> Iterator[bytes]:
    if held[:3] != b"GIF":
        raise ValueError("no GIF")
    place = 13 + _colours(held[10])
    yield held[:place]
    while True:
        begin, kind = place, held[place]
        if kind == 0x3B:
            yield held[place : place + 1]
            return
        if kind not in (0x21, 0x2C):
            raise ValueError("no block")
        place += 2 if kind == 0x21 else 11 + _colours(held[place + 9])
        while size := held[place]:
            place += 1 + size
        place += 1
        is_seen = kind == 0x2C or held[begin + 1] == 0xF9 or held.startswith(GIF_LOOPS, begin + 2)
        if is_seen:
            yield held[begin:place]


def _colours(flags: int) -> int:
    """Give how many bytes a table of colours has."""
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _number(written: bytes, order: Literal["big", "little"]) -> int:
    return int.from_bytes(written, order)


PARTS: Mapping[str, Callable[[bytes], Iterator[bytes]]] = {
    "JPEG": _jpeg,
    "MPO": _jpeg,
    "PNG": _png,
    "WEBP": _webp,
    "GIF": _gif,
}
"""What gives the parts of a file that are seen, by Pillow's name of its format."""
