"""The files that give a portal its own look: `content/assets/`, each known by its name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from selectolax.lexbor import LexborHTMLParser

from bacheca.forms.definition.text_file import read_text

DRAWING = ".svg"
PHOTOS = (".png", ".webp", ".jpg", ".jpeg")
FONT = ".woff2"

ENDINGS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "logo": (DRAWING, *PHOTOS),
        "favicon": (DRAWING, ".png"),
        "hero": (DRAWING, *PHOTOS),
        "card": (".png", ".jpg", ".jpeg"),
        "headings": (FONT,),
        "text": (FONT,),
        "text-bold": (FONT,),
    }
)
"""What may be there, and how it may end; of several with one name the first ending counts."""

FONTS: Mapping[str, str] = MappingProxyType({"headings": "600 700", "text": "400", "text-bold": "700"})
"""The fonts, each with the weights that it stands for."""

NAMES = tuple(f"{name}{ending}" for name, endings in ENDINGS.items() for ending in endings)
ADDRESSES = ("href", "xlink:href", "src")


def folder_of(content: Path, root: Path) -> Path:
    """Give the folder whose `assets` and `theme` are the portal's own.

    Args:
        content: the folder of the pages of a language.
        root: the folder of the settings; where pages lie right in it, their look lies in `content` beside.
    """
    return content.parent if content.parent.resolve() != root.resolve() else root / "content"


def own_files(folder: Path) -> dict[str, Path]:
    """Give the files of a folder that a portal's look is made of, by their names without an ending."""
    return {
        name: found[0]
        for name, endings in ENDINGS.items()
        if (found := [file for ending in endings if (file := folder / f"{name}{ending}").is_file()])
    }


def leads_out(drawing: Path) -> Iterator[str]:
    """Give the addresses in a drawing of anything but itself: who draws it would put in what lies there."""
    root = LexborHTMLParser(read_text(drawing).text).root
    for node in root.traverse() if root else ():
        for key in ADDRESSES:
            address = (node.attributes.get(key) or "").strip()
            if address and not address.startswith(("#", "data:image/")) and node.tag != "a":
                yield address
