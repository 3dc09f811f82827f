"""The portal's icons, made of its favicon, and its web manifest: what a phone shows that keeps the portal at hand."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from PIL import Image

from bacheca.portal.appearance.look import Look
from bacheca.portal.appearance.own_files import DRAWING
from bacheca.portal.images.own_pictures import scaled, shown_at
from bacheca.portal.images.svg import favicon, picture, png
from bacheca.portal.settings import Language, Portal

MANIFEST = "site.webmanifest"
FOLDER = "assets/images"
RECOLOURED = "own-favicon.svg"
"""The theme's favicon in the colours of a community that has no picture of its own."""

ICONS = {
    "icon-192.png": (192, 0.04),
    "icon-512.png": (512, 0.04),
    "icon-maskable.png": (512, 0.17),
    "apple-touch-icon.png": (180, 0.1),
}
"""The files: how wide they are in pixels, and which part of it is left free on each side.

Of a maskable icon a phone may show only a circle, four fifths as wide: the drawing's corners lie within it.
"""


def icons(language: Language) -> Mapping[str, Callable[[], bytes]]:
    """Give what draws each icon of a language, by its path under its root; all languages have the same."""
    look = language.look
    found: dict[str, Callable[[], bytes]] = {
        f"{FOLDER}/{name}": partial(_icon, size, room, look) for name, (size, room) in ICONS.items()
    }
    if look.given and not look.file("favicon", "logo"):
        found[f"{FOLDER}/{RECOLOURED}"] = favicon(look).encode
    # Browsers that know no other icon ask for one at the root of the host.
    return found if language.prefix else {**found, "favicon.ico": partial(_favicon, look)}


def shown_icon(look: Look) -> dict[str, str]:
    """Give the address and the type of the icon that pages name."""
    own = look.file("favicon", "logo")
    if own and own.suffix != DRAWING:
        return {"href": f"{FOLDER}/icon-192.png", "type": "image/png"}
    name = f"own-{own.name}" if own else RECOLOURED if look.given else "favicon.svg"
    return {"href": f"{FOLDER}/{name}", "type": "image/svg+xml"}


def _icon(size: int, room: float, look: Look) -> bytes:
    return png(_drawn(size, room, look), look)


def _drawn(size: int, room: float, look: Look) -> Image.Image:
    """Draw the icon: a community's own, or its logo, in the middle of a square of paper."""
    own = look.file("favicon", "logo")
    if not own:
        return picture("icon.svg", look, size=size, room=room)
    inner = round(size * (1 - 2 * room))
    shown = shown_at(own, inner, inner)
    square = Image.new("RGBA", (size, size), look.tokens["paper"])
    square.alpha_composite(scaled(own, shown), ((size - shown[0]) // 2, (size - shown[1]) // 2))
    return square.convert("RGB")


def _favicon(look: Look) -> bytes:
    made = io.BytesIO()
    _drawn(48, 0, look).save(made, "ICO", sizes=[(16, 16), (32, 32), (48, 48)])
    return made.getvalue()


def manifest_text(portal: Portal, language: Language) -> str:
    """Write the web manifest of a language."""
    return json.dumps(manifest(portal, language), ensure_ascii=False, indent=1) + "\n"


def manifest(portal: Portal, language: Language) -> dict[str, Any]:
    """Give what a language's web manifest says, in the words of the W3C's Web Application Manifest."""
    home, paper = urlsplit(language.url).path, language.look.tokens["paper"]
    name = str(language.config["site_name"])
    drawn = [
        {
            "src": f"{FOLDER}/{file}",
            "sizes": f"{size}x{size}",
            "type": "image/png",
            "purpose": "maskable" if "maskable" in file else "any",
        }
        for file, (size, _) in ICONS.items()
        if file.startswith("icon-")
    ]
    return {
        "id": home,
        "name": name,
        "short_name": name,
        "description": str(language.config.get("site_description") or ""),
        "lang": language.code,
        "dir": "ltr",
        "start_url": home,
        "scope": urlsplit(portal.main.url).path,
        "display": "browser",
        "theme_color": paper,
        "background_color": paper,
        "icons": drawn,
    }
