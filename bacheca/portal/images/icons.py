"""The portal's icons, made of its favicon, and its web manifest: what a phone shows that keeps the portal at hand."""

from __future__ import annotations

import json
from pathlib import Path
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


def write_icons(portal: Portal, language: Language, folder: Path) -> None:
    """Write the icons and the manifest of a language.

    Args:
        portal: the portal.
        language: the language.
        folder: the folder of its pages.
    """
    (folder / FOLDER).mkdir(parents=True, exist_ok=True)
    for name, (size, room) in ICONS.items():
        (folder / FOLDER / name).write_bytes(png(picture("icon.svg", size=size, room=room)))
    if not language.prefix:  # browsers that know no other icon ask for this one, at the root of the host
        picture("icon.svg", size=48, room=0).save(folder / "favicon.ico", sizes=[(16, 16), (32, 32), (48, 48)])
    text = json.dumps(manifest(portal, language), ensure_ascii=False, indent=1)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def manifest(portal: Portal, language: Language) -> dict[str, Any]:
    """Give what a language's web manifest says, in the words of the W3C's Web Application Manifest."""
    home = urlsplit(language.url).path
    name = str(language.config["site_name"])
    icons = [
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
        "icons": icons,
    }
