"""Titles set in lines: as large as their place allows, in lines of about the same length, never over its edge."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache

from PIL import ImageFont

from bacheca.portal.images.svg import FONTS

SIZES = (84, 76, 68, 60, 54, 48, 42)
"""The sizes of titles in pixels, the largest first."""

LEADING = 1.12
"""From one line to the next, in sizes of the title."""

HEADING, STRONG = "fraunces-600.ttf", "atkinson-hyperlegible-next-700.ttf"
"""The fonts, by their files."""

KERNING = "fraunces-600.kerning.json"
"""By how much pairs of letters of a title are moved together, in sizes of the letters."""


def fit(title: str, width: int, height: int) -> tuple[int, list[str]]:
    """Set a title in a place.

    Args:
        title: the title, in characters that the font has.
        width: of the place, in pixels.
        height: of the place, in pixels.

    Returns:
        The size of its letters and its lines. A title too long for the smallest size ends with an ellipsis.
    """
    for size in SIZES:
        lines = _wrapped(title.split(), size, width)
        if _height(lines, size) <= height and all(_length(line, size) <= width for line in lines):
            return size, _even(title.split(), size, width, len(lines))
    lines = _wrapped([part for word in title.split() for part in _parts(word, size, width)], size, width)
    most = int(height / (size * LEADING))
    if len(lines) > most:
        lines = [*lines[: most - 1], cut(" ".join(lines[most - 1 :]), size, width)]
    return size, lines


def placed(line: str, size: int) -> Iterator[tuple[str, float]]:
    """Give the letters of a title's line, each with the place where it begins, in pixels from the line's begin."""
    place, before = 0.0, ""
    for letter in line:
        place += _kerning().get(before + letter, 0) * size
        yield letter, place
        place += _length(letter, size)
        before = letter


@cache
def _kerning() -> dict[str, float]:
    pairs: dict[str, float] = json.loads((FONTS / KERNING).read_text(encoding="utf-8"))
    return pairs


def cut(text: str, size: int, width: int, face: str = HEADING, spacing: float = 0) -> str:
    """Give as much of a text as one line has room for, with an ellipsis where something is missing.

    Args:
        text: the text.
        size: of the letters, in pixels.
        width: of the line, in pixels.
        face: the file of the font.
        spacing: what is between letters besides, in pixels.
    """
    if _length(text, size, face) + spacing * len(text) <= width:
        return text
    while text and _length(f"{text}…", size, face) + spacing * (len(text) + 1) > width:
        text = text[:-1]
    return f"{text.rstrip(' ,;:.')}…"


def written(text: str) -> str:
    """Give a text in characters that the font has: letters go without an unknown accent, signs are left out."""
    known = []
    for character in " ".join(text.split()):
        plain = "".join(part for part in unicodedata.normalize("NFKD", character) if not unicodedata.combining(part))
        known.append(next((form for form in (character, plain) if all(map(_has, form))), ""))
    return " ".join("".join(known).split())


@cache
def font(size: int, name: str = HEADING) -> ImageFont.FreeTypeFont:
    """Give a font at a size."""
    # The other engine kerns, but only where the machine happens to have its library: pictures would differ.
    return ImageFont.truetype(FONTS / name, size, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(8192)
def _length(text: str, size: int, name: str = HEADING) -> float:
    return font(size, name).getlength(text)


def _height(lines: list[str], size: int) -> float:
    return len(lines) * size * LEADING


@cache
def _has(character: str) -> bool:
    """Say whether the font has a character: those that it lacks all look the same."""
    missing, found = (font(SIZES[0]).getmask(one) for one in ("\uffff", character))
    return (found.size, bytes(found)) != (missing.size, bytes(missing))


def _wrapped(words: list[str], size: int, width: float) -> list[str]:
    lines: list[str] = []
    reached, blank = 0.0, _length(" ", size)
    for word in words:  # no letters move together in this layout: a line is as long as all that is in it
        long = _length(word, size)
        if lines and reached + blank + long <= width:
            lines[-1] += f" {word}"
            reached += blank + long
        else:
            lines.append(word)
            reached = long
    return lines


def _even(words: list[str], size: int, width: int, count: int) -> list[str]:
    """Wrap in as few lines as the whole width takes, in the narrowest width that takes no more."""
    narrowest = max((_length(word, size) for word in words), default=0)
    while width - size / 4 > narrowest and len(_wrapped(words, size, width - size / 4)) == count:
        width -= size // 4
    return _wrapped(words, size, width)


def _parts(word: str, size: int, width: int) -> list[str]:
    """Cut a word that is longer than a line."""
    parts = [""]
    for letter in word:
        if _length(parts[-1] + letter, size) > width:
            parts.append("")
        parts[-1] += letter
    return parts
