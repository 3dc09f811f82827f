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
from bacheca.portal.appearance.colours import STYLES, THEMES, usual
from bacheca.portal.appearance.contrast import mixed
from bacheca.portal.appearance.look import USUAL, Look
from bacheca.portal.images.own_pictures import scaled

HERE = Path(__file__).parents[1]
TEMPLATES = HERE / "templates" / "pictures"
PARTIALS = HERE / "theme/partials"
IMAGES = HERE / "theme/assets/images"
FONTS = HERE / "images" / "fonts"
"""The theme's fonts as TrueType, which is what the drawing library reads; `OFL.txt` tells how they were made."""

COLOUR = re.compile(r"#[0-9a-f]{6}\b")
ART = re.compile(r"^\.(?:art|k)-.*", re.MULTILINE)
VARIABLE = re.compile(r"var\(--([\w-]+)\)")
KIT = re.compile(r"--(k-\w+): (.+);")
"""A colour of the kit, as the style sheet makes it of those of the theme."""

MIXED = re.compile(r"color-mix\(in srgb, (#\w+) (\d+)%, (#\w+)\)")
SHEETS = ("text.css", "drawings.css")
"""The styles of the theme that drawings have."""

SHADES = 8
"""Steps between the two colours of an edge."""

OWN_SIZE, OWN_COLOURS = 256, 64
"""How wide a community's own picture is where its colours are counted, and how many of them are kept."""

LEVEL = 7
"""Of compression: 9 makes files 8 % smaller in six times the time."""

EDGES = (
    ("paper", "ink"),
    ("paper", "accent"),
    ("paper", "soft"),
    ("paper", "olive"),
    ("paper", "sun"),
    ("card", "sun"),
    ("card", "olive"),
    ("card", "accent"),
)
"""The colours that meet in pictures; any other becomes the nearest of these or of their shades."""


MODULES = (
    *("social_cards", "svg", "text_fitting", "own_pictures", "renditions"),
    *("covers", "drawn_pieces", "scenes"),
)
"""The modules that take part in drawing a card."""


@cache
def design(look: Look = USUAL) -> str:
    """Give a digest of all that cards are made with: they are drawn anew when it changes."""
    files = [
        *TEMPLATES.glob("*.svg"),
        *FONTS.glob("*.ttf"),
        *FONTS.glob("*.json"),
        PARTIALS / "logo.html",
    ]
    files += [HERE / "images" / f"{module}.py" for module in MODULES]
    files += [HERE / "appearance" / "contrast.py", *(STYLES / name for name in SHEETS)]
    read = [file.read_bytes() for file in sorted(files)]
    libraries = [version(name) for name in ("coloraide", "pillow", "resvg-py")]
    return hashlib.sha256(repr((read, look.digest, look.tokens, libraries)).encode()).hexdigest()


def picture(template: str, look: Look = USUAL, **values: Any) -> Image.Image:
    """Draw a template.

    Args:
        template: its file under `templates/pictures/`, or a drawing of the theme.
        look: whose colours it has.
        values: what it names, besides `tokens`, `art` and `favicon`.
    """
    art = Markup(_art(look))  # noqa: S704  ours
    values = {"tokens": look.tokens, "art": art, "favicon": Markup(favicon(look)), **values}  # noqa: S704  ours
    svg = _environment().get_template(template).render(values)
    files = [str(file) for file in sorted(FONTS.glob("*.ttf"))]
    drawn = resvg_py.svg_to_bytes(svg_string=svg, skip_system_fonts=True, font_files=files)
    return Image.open(io.BytesIO(drawn)).convert("RGB")


@cache
def favicon(look: Look = USUAL) -> str:
    """Give the theme's favicon in the colours of a look."""
    written = (IMAGES / "favicon.svg").read_text(encoding="utf-8")
    own = {old: look.themes[theme][name] for theme in THEMES for name, old in usual()[theme].items()}
    return COLOUR.sub(lambda found: own.get(found[0], found[0]), written) if look.given else written


def png(image: Image.Image, look: Look = USUAL) -> bytes:
    """Write a picture as a small PNG: it has few colours, and only those of the theme."""
    made = io.BytesIO()
    in_colours(image, look).save(made, "PNG", compress_level=LEVEL)
    return made.getvalue()


def in_colours(image: Image.Image, look: Look = USUAL) -> Image.Image:
    """Give a picture in the few colours that all of them have."""
    return image.quantize(palette=_palette(look), dither=Image.Dither.NONE)


@cache
def _environment() -> Environment:
    return bare_environment((TEMPLATES, PARTIALS, IMAGES))


@cache
def _art(look: Look) -> str:
    """Give the theme's styles for drawings, with colours in the place of variables."""
    sheets = [(STYLES / name).read_text(encoding="utf-8") for name in SHEETS]
    colours = look.tokens | _kit(sheets[1], look)
    rules = [rule for sheet in sheets for rule in ART.findall(sheet)]
    return VARIABLE.sub(lambda found: colours[found[1]], "\n".join(rules))


def _kit(sheet: str, look: Look) -> dict[str, str]:
    """Give the light colours of the kit's pieces, made of those of a look as a browser makes them."""
    found = {}
    for name, value in KIT.findall(sheet.partition("@media")[0]):
        colour = VARIABLE.sub(lambda found: look.tokens[found[1]], value)
        while mix := MIXED.search(colour):
            colour = colour.replace(mix[0], mixed(mix[3], mix[1], int(mix[2]) / 100))
        found[name] = colour
    return found


@cache
def _palette(look: Look) -> Image.Image:
    colours: dict[tuple[int, ...], None] = {}
    for pair in EDGES:
        first, last = (bytes.fromhex(look.tokens[name][1:]) for name in pair)
        for step in range(SHADES + 1):
            parts = zip(first, last, strict=True)
            colours[tuple(round(a + (b - a) * step / SHADES) for a, b in parts)] = None
    for name in ("logo", "favicon", "hero"):
        if file := look.file(name):
            colours |= dict.fromkeys(_colours_of(file, look.tokens["paper"]))
    palette = Image.new("P", (1, 1))
    palette.putpalette([value for colour in list(colours)[:256] for value in colour])
    return palette


def _colours_of(file: Path, paper: str) -> list[tuple[int, ...]]:
    """Give the colours that a picture can do with, on paper."""
    ground = Image.new("RGBA", (OWN_SIZE, OWN_SIZE), paper)
    ground.alpha_composite(scaled(file, (OWN_SIZE, OWN_SIZE)))
    few = ground.convert("RGB").quantize(OWN_COLOURS)
    values = few.getpalette() or []
    return [tuple(values[place : place + 3]) for place in range(0, len(values), 3)]
