"""The portal's icons, made of its favicon, and its web manifest: what a phone shows that keeps the portal at hand."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from bacheca.portal.images.svg import picture, png, tokens
from bacheca.portal.settings import Language, Portal

MANIFEST = "site.webmanifest"
FOLDER = "assets/images"
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
    found = {f"{FOLDER}/{name}": partial(_icon, size, room) for name, (size, room) in ICONS.items()}
    # Browsers that know no other icon ask for one at the root of the host.
    return found if language.prefix else {**found, "favicon.ico": _favicon}


def _icon(size: int, room: float) -> bytes:
    return png(picture("icon.svg", size=size, room=room))


def _favicon() -> bytes:
    made = io.BytesIO()
    picture("icon.svg", size=48, room=0).save(made, "ICO", sizes=[(16, 16), (32, 32), (48, 48)])
    return made.getvalue()


def manifest_text(portal: Portal, language: Language) -> str:
    """Write the web manifest of a language."""
    return json.dumps(manifest(portal, language), ensure_ascii=False, indent=1) + "\n"


def manifest(portal: Portal, language: Language) -> dict[str, Any]:
    """Give what a language's web manifest says, in the words of the W3C's Web Application Manifest."""
    home = urlsplit(language.url).path
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
        "theme_color": tokens()["paper"],
        "background_color": tokens()["paper"],
        "icons": drawn,
    }
