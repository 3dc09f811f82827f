"""The colours of the theme, light and dark, and what the colours that a community gives make of them.

Every colour that stands on another is in `PAIRS`. A community gives as few as one; whatever it does not give is the
product's, moved as far as the given ones ask, so that every pair can be read whenever each given colour can be read on
its background.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from bacheca.forms.definition.checks.nearest import nearest as word_meant
from bacheca.portal.appearance.contrast import (
    BLACK,
    PART,
    TEXT,
    WHITE,
    contrast,
    eased,
    lightness,
    mixed,
    nearest,
    read_colour,
    with_lightness,
)

STYLES = Path(__file__).parents[1] / "theme/assets/stylesheets"
TOKEN = re.compile(r"--([\w-]+): (#[0-9a-f]{6});")

LIGHT, DARK = "light", "dark"
THEMES = (LIGHT, DARK)

TOKENS: Mapping[str, str] = {"background": "paper", "text": "ink", "accent": "accent", "second": "olive"}
"""The colours that a community may give, each with what the style sheets call it."""

GROUNDS = ("paper", "card", "tint", "olive-ground", "board")
"""What text stands on: the page, cards and forms, code and chosen answers, notes, the foot of every page."""

FRONTS = ("ink", "soft", "accent", "accent-strong", "olive", "error")
"""What stands on them: text, small text, links and the frame of what has the focus and charts, links that are pointed
at, the second colour, errors."""

PAIRS: tuple[tuple[str, str, float], ...] = (
    *((front, ground, TEXT) for front in FRONTS for ground in GROUNDS),
    *(("on-accent", ground, TEXT) for ground in ("accent", "accent-strong")),  # the words of buttons
    ("ink", "mark", TEXT),
    *(("field", ground, PART) for ground in GROUNDS),
)
"""Every pair of colours of the theme: what stands in front, what is behind, and the contrast that the two must have."""

MARKED, TINTED, NOTED, LINED, SOFTENED, FRAMED = 0.4, 0.09, 0.12, 0.12, 0.25, 0.45
"""How much of another colour is mixed in: of sun into marks, of accent and second into their grounds, of ink into
lines, of paper into small text and frames."""

STRONGER, IN_THE_DARK = 0.07, 0.76
"""How much links that are pointed at differ in lightness from others, and how light a colour is in the dark."""

Tell = Callable[..., None]
Tokens = dict[str, str]
Given = tuple[tuple[str, str, str], ...]
"""The colours that a community gives: the theme, the name, the colour."""


@dataclass(frozen=True)
class Fault:
    """A given colour that cannot be read on its background.

    Args:
        theme: `light` or `dark`.
        name: a key of `TOKENS`.
        colour: what was given.
        ground: the background.
        near: the nearest colour that can.
    """

    theme: str
    name: str
    colour: str
    ground: str
    near: str


@cache
def usual() -> Mapping[str, Tokens]:
    """Give the product's own colours of both themes by their names."""
    light, _, rest = (STYLES / "tokens.css").read_text(encoding="utf-8").partition("@media")
    own = dict(TOKEN.findall(light))
    return {LIGHT: own, DARK: own | dict(TOKEN.findall(rest.partition("@media")[0]))}


def check_colours(written: Any, tell: Tell) -> None:
    """Tell of the colours of `extra.colours` that are none, and of those that cannot be read.

    Args:
        written: the setting.
        tell: takes a code, the keys that lead to the setting, and the values of the sentence.
    """
    if written is None:
        return
    if not isinstance(written, Mapping):
        example = f'colours: {{accent: "{usual()[LIGHT][TOKENS["accent"]]}"}}'
        tell("SETTING_COLOUR", ("extra", "colours"), key="extra.colours", value=written, example=example)
        return
    for name, value in written.items():
        if _is_known(name, TOKENS, (), tell):
            for theme, colour in value.items() if isinstance(value, Mapping) else [("", value)]:
                if theme and not _is_known(theme, THEMES, (name,), tell):
                    continue
                way = tuple(filter(None, ("extra", "colours", name, theme)))
                if not read_colour(colour):
                    example = f'{way[-1]}: "{usual()[theme or LIGHT][TOKENS[name]]}"'
                    tell("SETTING_COLOUR", way, key=".".join(way), value=colour, example=example)
    for fault in faults(given_in(written)):
        keys = (fault.theme,) if isinstance(written[fault.name], Mapping) else ()
        way = ("extra", "colours", fault.name, *keys)
        ratio = f"{math.floor(contrast(fault.colour, fault.ground) * 100) / 100:.2f}"
        near = f'{way[-1]}: "{fault.near}"'
        values = {"value": fault.colour, "ground": fault.ground, "ratio": ratio, "least": TEXT, "near": near}
        tell("SETTING_CONTRAST", way, key=".".join(way), **values)


def _is_known(key: object, known: Collection[str], below: tuple[str, ...], tell: Tell) -> bool:
    """Tell of a name below `extra.colours` that nobody reads, with the nearest one."""
    if key in known:
        return True
    way = ("extra", "colours", *below)
    said = {"key": ".".join((*way, str(key))), "near": ".".join((*way, word_meant(key, known, 0.0)))}
    tell("SETTING_TYPO", (*way, str(key)), **said)
    return False


def given_in(written: Any) -> Given:
    """Give the colours of `extra.colours` that are colours."""
    found: dict[tuple[str, str], str] = {}
    for name, value in written.items() if isinstance(written, Mapping) else ():
        values = value if isinstance(value, Mapping) else {LIGHT: value}
        for theme, colour in values.items():
            if name in TOKENS and theme in THEMES and (read := read_colour(colour)):
                found[theme, name] = read
    return tuple((theme, name, colour) for (theme, name), colour in sorted(found.items()))


def faults(given: Given) -> Iterator[Fault]:
    """Give the given colours that cannot be read, each with the nearest that can."""
    for theme in THEMES:
        named = {name: colour for where, name, colour in given if where == theme}
        ground = named.get("background") or usual()[theme]["paper"]
        for name, colour in named.items():
            if name != "background" and contrast(colour, ground) < TEXT:
                yield Fault(theme, name, colour, ground, nearest(colour, ground, TEXT))


@cache
def palette(given: Given) -> Mapping[str, Tokens]:
    """Give the colours of both themes.

    Args:
        given: the community's own; one that cannot be read is taken for the nearest that can.

    Returns:
        By theme, each colour by its name in the style sheets.
    """
    light = {name: colour for theme, name, colour in given if theme == LIGHT}
    dark = {name: colour for theme, name, colour in given if theme == DARK}
    for name in ("accent", "second"):
        if name in light and name not in dark:
            dark[name] = with_lightness(light[name], max(lightness(light[name]), IN_THE_DARK))
    return {theme: _tokens(usual()[theme], named) for theme, named in ((LIGHT, light), (DARK, dark))}


def unreadable(tokens: Tokens) -> list[tuple[str, str, float]]:
    """Give the pairs of a theme's colours without the contrast that they must have, and the one they have."""
    behind = {**tokens, "mark": tokens.get("mark") or mixed(tokens["paper"], tokens["sun"], MARKED)}
    return [
        (front, ground, contrast(behind[front], behind[ground]))
        for front, ground, least in PAIRS
        if contrast(behind[front], behind[ground]) < least
    ]


def _tokens(own: Tokens, named: Mapping[str, str]) -> Tokens:
    """Give the colours of a theme.

    Args:
        own: the product's.
        named: the community's.
    """
    if not named:
        return own
    now = {**own, **{TOKENS[name]: colour for name, colour in named.items()}}
    paper = now["paper"]
    for front in ("ink", "accent", "olive", "error"):
        now[front] = nearest(now[front], paper, TEXT)
    ink, accent = now["ink"], now["accent"]

    def is_ground(tried: str) -> bool:
        text = all(contrast(now[front], tried) >= TEXT for front in FRONTS)
        return text and contrast(now["field"], tried) >= PART

    if "accent" in named or "background" in named:
        near = (now["on-accent"], WHITE, paper, BLACK)
        now["on-accent"] = next(colour for colour in near if contrast(colour, accent) >= TEXT)
        further = STRONGER if lightness(accent) > lightness(paper) else -STRONGER
        strong = with_lightness(accent, lightness(accent) + further)
        is_read = all(contrast(strong, ground) >= TEXT for ground in (paper, now["on-accent"]))
        now["accent-strong"] = strong if is_read else accent
    if "background" in named or "text" in named:
        now["soft"] = eased(ink, paper, SOFTENED, lambda soft: contrast(soft, paper) >= TEXT)
        now["line"] = mixed(paper, ink, LINED)
        now["board"] = mixed(paper, now["line"], 0.5)
        now["field"] = eased(ink, paper, FRAMED, lambda field: contrast(field, paper) >= PART)
    if "background" in named:
        now["card"] = mixed(paper, WHITE, 0.6 if lightness(paper) > lightness(ink) else 0.04)
    if "accent" in named or "background" in named:
        now["tint"] = mixed(paper, accent, TINTED)
    if "second" in named or "background" in named:
        now["olive-ground"] = mixed(paper, now["olive"], NOTED)
    for ground in GROUNDS[1:]:
        now[ground] = eased(paper, now[ground], 1, is_ground)
    now["mark"] = eased(paper, now["sun"], MARKED, lambda mark: contrast(ink, mark) >= TEXT)
    return now
