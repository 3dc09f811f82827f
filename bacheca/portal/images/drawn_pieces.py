"""The pieces that drawings are put together from, and how one is set down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Template
from selectolax.lexbor import LexborHTMLParser

from bacheca.forms.jinja import bare_environment

TEMPLATES = Path(__file__).parents[1] / "templates" / "pictures"
KIT = TEMPLATES / "kit.svg"
PIN_UNDER_EDGE = 6
"""How far beneath the upper edge of a paper its pin sits, in units of the paper."""


@dataclass(frozen=True)
class Piece:
    """A piece of the kit, drawn around its own middle.

    Args:
        width: in units of the drawing.
        height: likewise.
        body: its SVG.
    """

    width: float
    height: float
    body: str


@dataclass(frozen=True)
class Placed:
    """A piece where it stands in a drawing.

    Args:
        name: which piece.
        x: where its middle is.
        y: likewise, downwards.
        scale: how many times its own size it is.
        turn: in degrees, clockwise.
        pin: the class of the pin that holds it; empty for none.
    """

    name: str
    x: float
    y: float
    scale: float = 1
    turn: float = 0
    pin: str = ""

    @property
    def piece(self) -> Piece:
        """The piece itself."""
        return pieces()[self.name]

    @property
    def half(self) -> tuple[float, float]:
        """Half its width and half its height, as they are in the drawing."""
        return self.piece.width * self.scale / 2, self.piece.height * self.scale / 2

    @property
    def pin_height(self) -> float:
        """How far above its own middle its pin is, in units of the piece."""
        return self.piece.height / 2 - PIN_UNDER_EDGE


@cache
def pieces() -> Mapping[str, Piece]:
    """Give the pieces of the kit by their names."""
    found: dict[str, Piece] = {}
    for symbol in LexborHTMLParser(KIT.read_text(encoding="utf-8")).css("symbol[id]"):
        _, _, width, height = map(float, (symbol.attributes["viewbox"] or "").split())
        body = "".join((symbol.inner_html or "").split("\n    ")).strip()
        found[symbol.attributes["id"] or ""] = Piece(width, height, body)
    return found


@cache
def template(name: str) -> Template:
    """Give a template of drawings."""
    return bare_environment(TEMPLATES).get_template(name)
