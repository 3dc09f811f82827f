"""Cards: the picture that stands for a page where somebody shares its address.

Staging names each page's card, so that the page can point at it; finishing draws those that no build drew before.
A card's name changes with what it shows, so that whoever keeps a copy of the old one asks for the new one.
"""

from __future__ import annotations

import hashlib
import io
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from math import ceil
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from PIL import Image, ImageDraw, ImageOps

from bacheca.forms import Form
from bacheca.portal.appearance.look import USUAL, Look
from bacheca.portal.cache.store import Cache
from bacheca.portal.content.pages import Page
from bacheca.portal.content.variables import filled, fillings_of
from bacheca.portal.files import is_photo
from bacheca.portal.images.covers import cover
from bacheca.portal.images.own_pictures import scaled, shown_at, told_size
from bacheca.portal.images.renditions import as_seen
from bacheca.portal.images.scenes import scene
from bacheca.portal.images.svg import design, in_colours, picture
from bacheca.portal.images.text_fitting import LEADING, STRONG, cut, fit, font, placed, written
from bacheca.portal.messages import SAYINGS, say
from bacheca.portal.rendering.workers import WorkFailed, spread
from bacheca.portal.settings import Language

FOLDER = "assets/cards"
CORNER = (68, 136)
"""Where the words of a card begin, in pixels from its left upper corner."""

WIDTH, HEIGHT = 716, 392
"""Of the place of the words, in pixels."""

EDGE = 4
"""Room for letters that reach over the left edge of a title, in pixels."""

TITLE = (WIDTH - 3 * EDGE, 320)
"""How wide and how high a title may be, in pixels."""

SECTION, SPACING = (26, TITLE[0]), 1.6
"""How high the letters of a section are and how wide they may run, and what is between them, in pixels."""

OVER, STRIP = 44, 8
"""How far the title begins below the section's upper edge, and what of that is free, in pixels."""

BASE, STRONG_BASE = 0.92, 22
"""Where letters stand below the upper edge of their line: in sizes of a title, and of a section in pixels."""

NAME, HOST = (36, 990), (26, 1050)
"""The same of the portal's name and of its host."""

WHOLE = (1200, 630)
LEFT, LOGO = 72, (240, 56)
"""Where a community's own logo begins, and how wide and how high it may be, in pixels."""

DRAWING, MIDDLE = (360, 400), (980, 315)
"""How wide and how high its own drawing may be, and where its middle is, in pixels."""

PANEL = (812, 0, 1200, 616)
"""Where the drawing is that the kit makes: its edges, in pixels."""

PANEL_COLOURS = 96
"""How many colours of a drawing are kept, the most frequent ones."""

CARD = "card"
"""The kind under which cards are kept."""


@dataclass(frozen=True)
class Card:
    """What a card shows.

    Args:
        title: the page's title.
        section: the part of the portal that the page belongs to; empty for none.
        portal: the portal's name.
        host: the portal's host.
        look: how the portal looks.
        cover: the topic and the name that an article's cover is drawn of; nothing for other pages.
        photo: a picture of the page's, or the community's own, which is shown in its place.
        shows: what is to be seen in that, where somebody says so.
    """

    title: str
    section: str
    portal: str
    host: str
    look: Look = USUAL
    cover: tuple[str, str] | None = None
    photo: Path | None = None
    shows: str = ""

    @property
    def file(self) -> str:
        """The name of its file."""
        return f"card.{self.key[:16]}.{'jpg' if self.photo else 'png'}"

    @cached_property
    def key(self) -> str:
        """What tells it from all that are drawn otherwise."""
        photo = _digest(self.photo, *_stamp(self.photo)) if self.photo else ""
        said = photo or (self.title, self.section, self.portal, self.host, self.cover)
        return hashlib.sha256(repr((design(self.look), said)).encode()).hexdigest()

    @property
    def alt(self) -> str:
        """What it says or shows, for those who do not see it."""
        if self.shows:
            return self.shows
        return f"{self.section}: {self.title} · {self.portal}" if self.section else f"{self.title} · {self.portal}"


def cards_of(language: Language, pages: Iterable[Page], forms: Mapping[str, Form]) -> dict[str, Card]:
    """Give the card of each page of a language, by the page's path.

    Under the empty path stands the portal's card: the home page's, and that of pages without a title of their own.

    Args:
        language: the language.
        pages: its pages, with those that the build writes.
        forms: the forms that can be used, by name.
    """
    pages, look = list(pages), language.look
    known = fillings_of(language, forms, forms)
    sections = dict(_sections(language))
    hero = next((page.meta.get("hero") for page in pages if page.key == "home"), None) or {}
    words = hero.get("title") or language.config.get("site_description") or language.community["name"]

    name, host = filled(str(language.config["site_name"]), known), urlsplit(language.url).netloc

    def card(title: Any, section: str = "", page: Page | None = None, photo: Path | None = None) -> Card:
        title, section = filled(str(title), known), filled(section, known)
        own, shows = _photo(page, language) if page else (photo, "")
        cover = _cover(page) if page and page.is_article else None
        return Card(title, "" if section == title else section, name, host, look, cover, own, shows)

    shown = [page for page in pages if page.key != "home"]
    titled = {page.path: page for page in shown if page.meta.get("title")}
    return {"": card(words, photo=look.file("card"))} | {
        path: card(page.meta["title"], _section(page, language, sections), page) for path, page in titled.items()
    }


def _cover(article: Page) -> tuple[str, str]:
    """Give what an article's cover is drawn of, as its own page asks for it: its topic, and the end of its address."""
    return str((article.meta.get("categories") or [""])[0]), article.url.rstrip("/").rpartition("/")[2]


def _photo(page: Page, language: Language) -> tuple[Path | None, str]:
    """Give the picture that a page has of its own, and what it shows; nothing where that is no photo."""
    told = page.meta.get("image")
    if not isinstance(told, Mapping) or not isinstance(told.get("href"), str) or not is_photo(told["href"]):
        return None, ""
    content = language.content.resolve()
    file = (content / unquote(told["href"])).resolve()
    is_ours = file.is_relative_to(content) and file.is_file()
    return (file, str(told.get("alt") or "")) if is_ours else (None, "")


def _stamp(file: Path) -> tuple[int, int, int]:
    found = file.stat()
    return found.st_size, found.st_mtime_ns, found.st_ino


@lru_cache(4096)
def _digest(file: Path, *stamp: int) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def draw_cards(cards: Mapping[str, Card], cache: Cache) -> dict[str, Card]:
    """Draw the cards of a language that no build drew before.

    Args:
        cards: the cards, as `cards_of` gives them.
        cache: where they are kept.

    Returns:
        Each card by its path under the language's root; `read_card` gives what it holds.
    """
    wanted = {card.file: card for card in cards.values()}
    missing = [card for card in wanted.values() if not cache.has(CARD, card.key)]
    try:
        spread(missing, lambda card: cache.put(CARD, card.key, draw(card)))
    except WorkFailed:  # said here in its own words
        for card in missing:
            cache.put(CARD, card.key, draw(card))
    return {f"{FOLDER}/{file}": card for file, card in wanted.items()}


def read_card(card: Card, cache: Cache) -> bytes:
    """Give a card as it was drawn, or draw it anew where it was damaged since."""
    return cache.get(CARD, card.key) or draw(card)


def draw(card: Card) -> bytes:
    """Draw a card, 1200 by 630 pixels, as PNG; a community's own picture as JPEG."""
    if card.photo:
        return _cropped(card.photo, card.look.tokens["paper"])
    image = _ground(card.portal, card.host, card.look, card.cover is not None).copy()
    size, lines = fit(written(card.title), *TITLE)
    section = cut(written(card.section).upper(), *SECTION, STRONG, SPACING)
    height = len(lines) * size * LEADING + (OVER if section else 0)
    top = (HEIGHT - height) / 2  # in the middle of their place
    title = Image.new("L", (WIDTH, HEIGHT))
    pen = ImageDraw.Draw(title)
    for number, line in enumerate(lines):
        base = top + (OVER if section else 0) + number * size * LEADING + size * BASE
        for letter, place in placed(line, size):
            pen.text((EDGE + place, base), letter, 255, font(size), anchor="ls")
    image.paste(_coloured(title, "ink", card.look), CORNER)
    if section:
        strip = Image.new("L", (WIDTH, OVER - STRIP))
        pen, left = ImageDraw.Draw(strip), float(EDGE)
        letters = font(SECTION[0], STRONG)
        for letter in section:
            pen.text((left, STRONG_BASE), letter, 255, letters, anchor="ls")
            left += letters.getlength(letter) + SPACING
        image.paste(_coloured(strip, "accent", card.look), (CORNER[0], CORNER[1] + round(top)))
    if card.cover:
        _beside(image, cover(*card.cover, "upright"), card.look)
    made = io.BytesIO()
    image.save(made, "PNG", compress_type=zlib.Z_RLE)  # a fifth more than at level 5, in half of the time
    return made.getvalue()


def _cropped(photo: Path, paper: str) -> bytes:
    """Give a picture of one's own, its edges cut off where its sides are of another proportion."""
    width, height = told_size(photo)
    seen = as_seen(photo, max(WHOLE[0], ceil(WHOLE[1] * width / height))).convert("RGBA")
    ground = Image.new("RGBA", seen.size, paper)
    ground.alpha_composite(seen)
    made = io.BytesIO()
    ImageOps.fit(ground.convert("RGB"), WHOLE, Image.Resampling.LANCZOS).save(made, "JPEG", quality=85)
    return made.getvalue()


def _coloured(strokes: Image.Image, colour: str, look: Look) -> Image.Image:
    """Give strokes of a colour on paper, in the colours of cards."""
    return Image.frombytes("P", strokes.size, strokes.tobytes().translate(_shades(colour, look)))


@cache
def _shades(colour: str, look: Look) -> bytes:
    """Give the colour of cards for each of the 256 grades between paper and another."""
    paper, full = (Image.new("RGB", (1, 1), look.tokens[name]) for name in ("paper", colour))
    grades = Image.new("RGB", (256, 1))
    for grade in range(256):
        grades.paste(Image.blend(paper, full, grade / 255), (grade, 0))
    return in_colours(grades, look).tobytes()


@cache
def _ground(portal: str, host: str, look: Look, is_bare: bool) -> Image.Image:
    """Draw what all cards of a portal share: logo, name, host, and, unless it is bare, the drawing of the home page."""
    logo, hero = look.file("logo"), look.file("hero") if look.has_hero and not is_bare else None
    size = shown_at(logo, *LOGO) if logo else (0, 0)
    left, base = NAME
    words = {"name": cut(written(portal), left, base - size[0]), "host": cut(host, *HOST, STRONG)}
    ground = picture("ground.svg", look, **words, logo=size[0]).convert("RGBA")
    if logo:
        ground.alpha_composite(scaled(logo, size), (LEFT, 78 - size[1] // 2))
    if hero:
        shown = shown_at(hero, *DRAWING)
        ground.alpha_composite(scaled(hero, shown), (MIDDLE[0] - shown[0] // 2, MIDDLE[1] - shown[1] // 2))
    image = in_colours(ground.convert("RGB"), look)
    if look.has_hero and not is_bare and not hero:
        _beside(image, scene("upright"), look)
    return image


def _beside(card: Image.Image, drawing: str, look: Look) -> None:
    """Put a drawing of the kit beside the words of a card, with its colours after the card's."""
    left, top, right, bottom = PANEL
    panel = picture("panel.svg", look, width=right - left, height=bottom - top, drawing=drawing)
    counted = sorted((panel.getcolors(panel.width * panel.height) or []), key=lambda found: (-found[0], found[1]))
    own = card.getpalette() or []
    first = len(own) // 3
    most = counted[: min(PANEL_COLOURS, 256 - first)]
    kept = [value for _, colour in most if isinstance(colour, tuple) for value in colour]
    palette = Image.new("P", (1, 1))
    palette.putpalette(kept)
    few = panel.quantize(palette=palette, dither=Image.Dither.NONE)
    card.putpalette(own + kept)
    card.paste(few.point([first + index for index in range(256)]), PANEL)


def _section(page: Page, language: Language, sections: Mapping[str, str]) -> str:
    if page.meta.get("eyebrow"):
        return str(page.meta["eyebrow"])
    if page.is_article:
        return str((page.meta.get("categories") or [""])[0])
    if "starts" in page.meta:
        return say(SAYINGS["events"], language.code)
    if "listing" in page.meta and language.blog:
        return sections.get(f"{language.blog['blog_dir']}/index.md", "")
    return sections.get(page.path, "")


def _sections(language: Language) -> Iterator[tuple[str, str]]:
    """Give the path of each page in a section of the navigation, and the section's title."""
    for entry in language.config.get("nav") or []:
        for title, below in entry.items() if isinstance(entry, dict) else ():
            if isinstance(below, list):
                yield from ((path, str(title)) for path in _paths(below))


def _paths(entry: Any) -> Iterator[str]:
    if isinstance(entry, str):
        yield entry
    else:
        for below in entry.values() if isinstance(entry, dict) else entry:
            yield from _paths(below)
