"""What staging makes of a community's own look: a style sheet, its files, and what the templates say of them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bacheca.forms.jinja import bare_environment
from bacheca.portal.appearance.colours import THEMES, usual
from bacheca.portal.appearance.look import Look
from bacheca.portal.appearance.own_files import FONTS
from bacheca.portal.images.icons import shown_icon
from bacheca.portal.images.own_pictures import as_shown, shown_at

SHEET = "assets/stylesheets/own-look.css"
TEMPLATES = Path(__file__).parents[1] / "templates/site"
PLACES: Mapping[str, tuple[int, int]] = {"logo": (180, 34), "hero": (440, 480)}
"""How wide and how high the pictures of pages may be shown, in pixels of CSS."""

SHARP = 3
"""Pixels of a sharp screen for one of CSS, on a side."""

ICONS = ("favicon", "logo")
FAMILIES = {"headings": "headings", "text": "text", "text-bold": "text"}
VARIABLES = (
    ("headings", ('--heading-font: "Own headings", "Fraunces fallback", Georgia, serif',)),
    (
        "text",
        (
            '--text-font: "Own text", "Atkinson fallback", system-ui, sans-serif',
            '--reference-font: "Own text", "Atkinson fallback", system-ui, sans-serif',
            '--md-text-font: "Own text", "Atkinson fallback", system-ui',
        ),
    ),
)
PRELOADED = (
    ("headings", "fraunces-600"),
    ("text", "atkinson-hyperlegible-next-400"),
    ("text-bold", "atkinson-hyperlegible-next-700"),
    ("text-digits", "figtree-digits-400"),
    ("text-digits", "figtree-digits-700"),
)
"""The fonts that pages fetch at once, and the product's in whose place each comes."""


def look_files(look: Look) -> dict[str, bytes]:
    """Give the files of a look, by their paths among the pages."""
    found = {f"assets/fonts/own-{file.name}": file.read_bytes() for name, file in look.files if name in FONTS}
    for name, (width, height) in PLACES.items():
        file = look.file(name)
        if file and (name != "hero" or look.has_hero):
            found[f"assets/images/own-{file.name}"] = as_shown(file, width * SHARP, height * SHARP)
    if file := look.file("favicon"):
        found[f"assets/images/own-{file.name}"] = file.read_bytes()
    if sheet := _sheet(look):
        found[SHEET] = sheet.encode()
    return found


def look_of(look: Look) -> dict[str, Any]:
    """Give what the templates are told of a look, as `extra.look`."""
    files = look_files(look)
    own = {name for name, _ in look.files}
    given = {"text-bold": "text", "text-digits": "text"}  # letters of one font are not mixed with those of another
    fonts = [
        f"own-{name}" if name in own else usual_font
        for name, usual_font in PRELOADED
        if name in own or given.get(name) not in own
    ]
    told: dict[str, Any] = {
        "sheet": SHEET if SHEET in files else "",
        "fonts": [f"assets/fonts/{font}.woff2" for font in fonts],
        "paper": {theme: look.themes[theme]["paper"] for theme in THEMES},
        "icon": shown_icon(look),
        "hero": look.has_hero,
    }
    for name, place in PLACES.items():
        file = look.file(name)
        if file and told.get(name, True):
            width, height = shown_at(file, *place)
            told[name] = {"src": f"assets/images/own-{file.name}", "width": width, "height": height}
    return told


def _sheet(look: Look) -> str:
    """Write what differs from the theme's own style sheets; nothing where nothing does."""
    names = {name for name, _ in look.files}
    changed = {
        theme: {
            "--md-typeset-mark-color" if name == "mark" else f"--{name}": colour
            for name, colour in look.themes[theme].items()
            if usual()[theme].get(name) != colour
        }
        for theme in THEMES
    }
    fonts = [(name, weights) for name, weights in FONTS.items() if name in names]
    if not fonts and not any(changed.values()):
        return ""
    template = bare_environment(TEMPLATES, escaped=False).get_template("own-look.css")
    return template.render(themes=changed, fonts=fonts, names=names, families=FAMILIES, uses=VARIABLES)
