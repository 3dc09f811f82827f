"""The small drawings beside a page's title, and the notice board of the home page, told in pieces of the kit."""

from __future__ import annotations

from functools import cache

from bacheca.portal.images.drawn_pieces import Placed, template

SCENES = {
    "profile": ("clay", Placed("note", 124, 86, 0.8, 6, "k-olive"), Placed("badge", 76, 84, 0.8, -5, "k-accent")),
    "rules": ("olive", Placed("rule", 124, 84, 0.72, 5, "k-olive"), Placed("check", 72, 92, 0.62, -6, "k-accent")),
    "glossary": ("sun", Placed("index", 104, 84, 0.92, -3)),
    "questions": ("clay", Placed("bubble", 82, 94, 0.78, -3), Placed("ask", 142, 60, 0.74, 4)),
    "articles": ("sun", Placed("note", 132, 90, 0.72, 7, "k-accent"), Placed("sheet", 80, 84, 0.72, -4, "k-olive")),
    "people": ("olive", Placed("bubble", 128, 54, 0.6, 4), Placed("people", 98, 104, 0.72)),
    "event": ("olive", Placed("cal", 100, 94, 0.78, -3), Placed("flags", 100, 24, 0.44)),
    "form": ("clay", Placed("tabs", 88, 86, 0.82, -4, "k-accent"), Placed("pen", 158, 86, 0.8)),
    "results": ("sun", Placed("check", 134, 92, 0.62, 5, "k-olive"), Placed("bars", 78, 82, 0.78, -4, "k-accent")),
    "search": ("clay", Placed("note", 84, 78, 0.82, -5, "k-olive"), Placed("lens", 138, 98, 0.72)),
}
"""The ground of each, and its pieces, the hindmost first."""


BOARD = (
    "clay",
    Placed("flags", 300, 44, 1.12),
    Placed("bars", 424, 190, 1.12, 4, "k-olive"),
    Placed("note", 152, 170, 1.12, -5, "k-accent"),
    Placed("cal", 296, 250, 1.02, -2),
    Placed("check", 132, 366, 1.05, 3, "k-olive"),
    Placed("bubble", 468, 352, 1.05, -3),
    Placed("people", 306, 440, 1.15),
)
"""The board on which all of them are pinned, as `SCENES`."""

UPRIGHT = (
    "clay",
    Placed("flags", 194, 40, 0.92),
    Placed("note", 112, 170, 1.08, -5, "k-accent"),
    Placed("bars", 286, 206, 1.02, 4, "k-olive"),
    Placed("check", 92, 330, 0.98, 3, "k-olive"),
    Placed("cal", 226, 366, 1.0, -2),
    Placed("bubble", 306, 486, 0.84, -3),
    Placed("people", 150, 552, 1.2),
)
"""The same board, higher than wide: beside the words of a card."""

DRAWN = {
    **{name: ("scene.svg", made) for name, made in SCENES.items()},
    "board": ("board.svg", BOARD),
    "upright": ("upright.svg", UPRIGHT),
}
"""What a template may ask for by its name: the frame of the drawing, and what is in it."""


@cache
def scene(name: str) -> str:
    """Give a drawing of `DRAWN` as SVG, which the theme's style sheet colours and no assistive technology reads."""
    frame, (ground, *placed) = DRAWN[name]
    return template(frame).render(ground=f"k-ground-{ground}", placed=placed)
