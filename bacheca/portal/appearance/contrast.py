"""Which colours can be read on which others: the contrast that WCAG 2.2 asks for, and the nearest colour that has it.

Colours are texts such as `#a43c17`. The nearest one keeps hue and chroma and moves in lightness alone, in OKLCH, where
equal steps look equally large.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coloraide import Color

TEXT = 4.5
"""What WCAG 1.4.3 (AA) asks of text. Headings could do with 3, and have the colour of the text beneath them."""

PART = 3.0
"""What WCAG 1.4.11 asks of what tells a control from its surroundings, as the borders of fields do."""

HALVINGS = 10
"""How often the way to black or to white is halved to find where on it a colour begins to be read."""

SHARES = 8
"""In how many steps a mixture comes back to where it began from."""

BLACK, WHITE = "#000000", "#ffffff"


@cache
def luminance(colour: str) -> float:
    """Give the relative luminance of a colour, as WCAG defines it."""
    return float(_read(colour).luminance())


def contrast(one: str, other: str) -> float:
    """Give the contrast of two colours, from 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def read_colour(written: object) -> str:
    """Give a colour as six digits; empty where it is none that screens show as it is.

    Args:
        written: what was written: `#a43c17`, `#a31`, or any other way that CSS knows.
    """
    try:
        colour = _read(str(written).strip())
    except ValueError:
        return ""
    return _written(colour) if colour.alpha(nans=False) == 1 else ""


@cache
def lightness(colour: str) -> float:
    """Give how light a colour is in OKLCH, from 0 to 1."""
    return float(_read(colour).convert("oklch").get("lightness", nans=False))


def with_lightness(colour: str, light: float) -> str:
    """Give a colour with another lightness, its hue kept and its chroma as far as a screen shows it."""
    return _written(_read(colour).convert("oklch").set("lightness", min(max(light, 0), 1)))


def mixed(one: str, other: str, share: float) -> str:
    """Give a colour with a share of another, from 0 to 1, mixed as CSS mixes `in srgb`."""
    return _written(_read(one).mix(other, share, space="srgb"))


def nearest(colour: str, ground: str, least: float) -> str:
    """Give the colour of the same hue that has enough contrast and is nearest in lightness.

    Args:
        colour: the one to begin from, which is given where it has enough.
        ground: what it stands on.
        least: the contrast that it must have, which black or white must have there.
    """
    if contrast(colour, ground) >= least:
        return colour
    start = lightness(colour)
    found = [
        (abs(light - start), candidate)
        for end in (0.0, 1.0)
        for light, candidate in [_first_read(colour, start, end, ground, least)]
        if contrast(candidate, ground) >= least
    ]
    return min(found)[1] if found else max((BLACK, WHITE), key=lambda end: contrast(end, ground))


def _first_read(colour: str, start: float, end: float, ground: str, least: float) -> tuple[float, str]:
    """Give the first lightness on a way with enough contrast, and the colour of it; at its end where there is none."""
    unread, read = start, end
    for _ in range(HALVINGS):
        half = (unread + read) / 2
        if contrast(with_lightness(colour, half), ground) >= least:
            read = half
        else:
            unread = half
    return read, with_lightness(colour, read)


def eased(colour: str, toward: str, share: float, passes: Callable[[str], bool]) -> str:
    """Give a colour with as much of another as passes.

    Args:
        colour: the one to begin from, which passes.
        toward: the other.
        share: the largest share of the other.
        passes: what to pass.
    """
    shares = (share * step / SHARES for step in range(SHARES, 0, -1))
    return next((found for part in shares if passes(found := mixed(colour, toward, part))), colour)


def _read(colour: str) -> Color:
    from coloraide import Color  # noqa: PLC0415  only a portal with colours of its own waits for it

    return Color(colour)


def _written(colour: Color) -> str:
    return colour.convert("srgb").fit(method="oklch-chroma").to_string(hex=True)
