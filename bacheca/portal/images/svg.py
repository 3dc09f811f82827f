"""Pictures made of SVG templates, in the colours of the theme and with its fonts: no network, no program to install."""

from __future__ import annotations

import hashlib
import io
import re
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import resvg_py
from jinja2 import Environment
from markupsafe import Markup
from PIL import Image

from bacheca.forms.jinja import bare_environment

HERE = Path(__file__).parents[1]
TEMPLATES = HERE / "templates" / "pictures"
PARTIALS = HERE / "theme/partials"
IMAGES = HERE / "theme/assets/images"
STYLES = HERE / "theme/assets/stylesheets"
FONTS = HERE / "images" / "fonts"
"""The theme's fonts as TrueType, which is what the drawing library reads; `OFL.txt` tells how they were made."""

TOKEN = re.compile(r"--([\w-]+): (#[0-9a-f]{6});")
ART = re.compile(r"^(?:\.logo )?\.art-.*", re.MULTILINE)
VARIABLE = re.compile(r"var\(--([\w-]+)\)")
SHADES = 8
"""Steps between the two colours of an edge."""

LEVEL = 7
"""Of compression: 9 makes files 8 % smaller in six times the time."""

EDGES = (
    ("paper", "ink"),
    ("paper", "accent"),
    ("paper", "soft"),
    ("tint", "accent"),
    ("tint", "olive"),
    ("tint", "sun"),
    ("card", "soft"),
    ("card", "tint"),
    ("card", "accent"),
    ("sun", "accent-strong"),
    ("sun", "olive"),
    ("olive-ground", "olive"),
    ("line", "card"),
)
"""The colours that meet in pictures; any other becomes the nearest of these or of their shades."""


@cache
def tokens() -> dict[str, str]:
    """Give the colours of the light theme by their names."""
    light = (STYLES / "tokens.css").read_text(encoding="utf-8").partition("@media")[0]
    return dict(TOKEN.findall(light))


@cache
def design() -> str:
    """Give a digest of all that cards are made with: they are drawn anew when it changes."""
    files = [
        *TEMPLATES.glob("*.svg"),
        *FONTS.glob("*.ttf"),
        *FONTS.glob("*.json"),
        *(PARTIALS / name for name in ("board.html", "logo.html")),
    ]
    files += [HERE / "images" / f"{module}.py" for module in ("social_cards", "svg", "text_fitting")]
    read = [file.read_bytes() for file in sorted(files)]
    libraries = [version(name) for name in ("pillow", "resvg-py")]
    return hashlib.sha256(repr((read, tokens(), _art(), libraries)).encode()).hexdigest()


def picture(template: str, **values: Any) -> Image.Image:
    """Draw a template.

    Args:
        template: its file under `templates/pictures/`, or a drawing of the theme.
        values: what it names, besides `tokens` and `art`.
    """
    svg = _environment().get_template(template).render(values, tokens=tokens(), art=Markup(_art()))  # noqa: S704  ours
    files = [str(file) for file in sorted(FONTS.glob("*.ttf"))]
    drawn = resvg_py.svg_to_bytes(svg_string=svg, skip_system_fonts=True, font_files=files)
    return Image.open(io.BytesIO(drawn)).convert("RGB")


def png(image: Image.Image) -> bytes:
    """Write a picture as a small PNG: it has few colours, and only those of the theme."""
    made = io.BytesIO()
    in_colours(image).save(made, "PNG", compress_level=LEVEL)
    return made.getvalue()


def in_colours(image: Image.Image) -> Image.Image:
    """Give a picture in the few colours that all of them have."""
    return image.quantize(palette=_palette(), dither=Image.Dither.NONE)


@cache
def _environment() -> Environment:
    return bare_environment((TEMPLATES, PARTIALS, IMAGES))


@cache
def _art() -> str:
    """Give the theme's styles for drawings, with colours in the place of variables."""
    rules = ART.findall((STYLES / "text.css").read_text(encoding="utf-8"))
    return VARIABLE.sub(lambda found: tokens()[found[1]], "\n".join(rules))


@cache
def _palette() -> Image.Image:
    colours: dict[tuple[int, ...], None] = {}
    for pair in EDGES:
        first, last = (bytes.fromhex(tokens()[name][1:]) for name in pair)
        for step in range(SHADES + 1):
            mixed = zip(first, last, strict=True)
            colours[tuple(round(a + (b - a) * step / SHADES) for a, b in mixed)] = None
    palette = Image.new("P", (1, 1))
    palette.putpalette([value for colour in colours for value in colour])
    return palette
