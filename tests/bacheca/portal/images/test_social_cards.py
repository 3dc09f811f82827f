"""`bacheca.portal.images.social_cards`: the picture of each page, drawn once, always within its edges."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from bacheca.portal.appearance.colours import usual
from bacheca.portal.appearance.look import read_look
from bacheca.portal.cache.store import Cache
from bacheca.portal.images.social_cards import (
    CORNER,
    FOLDER,
    HEIGHT,
    PANEL,
    TITLE,
    WIDTH,
    Card,
    cards_of,
    draw,
    draw_cards,
    read_card,
)
from tests.bacheca.portal.conftest import Sketch
from tests.bacheca.portal.test_site import ORIGIN, Reader

LIMIT = 55_000
"""Bytes of a card's file."""

TITLES = [
    "A",
    "Un reclamo in pubblico è anche un’occasione",
    "Precipitevolissimevolmentissimissimevolissimevolmente",
    "Mmmmmmmmmmmmm Wwwwwwwwwwwww gggggjjjjjjpppp «È» " * 9,
]


def drawn(card: Card) -> Image.Image:
    return Image.open(io.BytesIO(draw(card))).convert("RGB")


def card_of(title: str, section: str = "Partecipa") -> Card:
    return Card(title, section, "La Bacheca", "bacheca.example.org")


@pytest.mark.parametrize("section", ["", "Una sezione dal nome davvero molto lungo e poi ancora più lungo"])
@pytest.mark.parametrize("title", TITLES, ids=lambda title: title[:12])
def test_whatever_a_card_says_stays_within_its_place(title: str, section: str) -> None:
    card = drawn(card_of(title, section))
    assert card.size == (1200, 630)
    box = ImageChops.difference(card, drawn(card_of(" ", ""))).getbbox()
    assert box is not None
    left, top, right, bottom = box
    assert CORNER[0] <= left
    assert CORNER[1] < top, "the title meets the upper edge of its place"
    assert right <= CORNER[0] + TITLE[0] + 8, "the title runs over its width"
    assert bottom < CORNER[1] + HEIGHT, "the title meets the lower edge of its place"
    assert right < CORNER[0] + WIDTH
    assert len(draw(card_of(title, section))) < LIMIT


def test_a_card_has_the_colours_of_the_light_theme_and_its_ink_is_dark() -> None:
    card = drawn(card_of("Titolo"))
    paper, accent, ink = (tuple(bytes.fromhex(usual()["light"][name][1:])) for name in ("paper", "accent", "ink"))
    assert card.getpixel((3, 3)) == paper
    assert card.getpixel((600, 625)) == accent
    words = card.crop((*CORNER, CORNER[0] + WIDTH, CORNER[1] + HEIGHT)).getcolors(100_000) or []
    assert {accent, ink, paper} <= {colour for _, colour in words}


def cards_in(sketch: Sketch) -> dict[str, Card]:
    content = sketch.content()
    return cards_of(sketch.language(), content.all_pages("it"), content.forms)


def test_each_letter_of_italian_is_drawn() -> None:
    plain = drawn(card_of("perche citta"))
    assert ImageChops.difference(plain, drawn(card_of("perché città"))).getbbox()


def test_pages_articles_listings_and_events_say_their_section(sketch: Sketch) -> None:
    sketch.page("it/evento.md", "x", translation="evento", title="Festa", starts='"2027-01-01 18:00"', ends="x")
    sketch.page("it/occhiello.md", "x", translation="o", title="Con occhiello", eyebrow="Sopra")
    cards = cards_in(sketch)
    said = {path: (card.section, card.title) for path, card in cards.items()}
    assert said["articoli/posts/un-articolo.md"] == ("Ascolto", "Un articolo")
    assert said["articoli/index.md"] == ("Articoli", "Una pagina")
    assert said["articoli/numeri/1.md"] == ("Articoli", "Numero 1")
    assert said["evento.md"] == ("Eventi", "Festa")
    assert said["occhiello.md"] == ("Sopra", "Con occhiello")
    assert said["modulo.md"] == ("", "Una pagina")
    assert {(card.portal, card.host) for card in cards.values()} == {("Prova", "prova.example.org")}
    assert cards["modulo.md"].alt == "Una pagina · Prova"
    assert cards["articoli/numeri/1.md"].alt == "Articoli: Numero 1 · Prova"


def test_the_portals_card_says_what_the_home_page_says_and_settings_are_filled_in(sketch: Sketch) -> None:
    sketch.page("it/index.md", "x", translation="home", hero="{title: 'Ciao da {{ community.name }}'}")
    sketch.page("it/privacy.md", "x", translation="privacy", title="'Chi è {{ community.name }}'")
    cards = cards_in(sketch)
    assert cards[""].title == "Ciao da Prova"
    assert "index.md" not in cards
    assert cards["privacy.md"].title == "Chi è Prova"


def test_a_page_with_a_photo_shows_that_and_says_what_is_on_it(sketch: Sketch) -> None:
    file = sketch.write("content/it/assets/la foto.jpg", "")
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (630, 1260), "red").save(file, exif=exif)
    image = '{href: "assets/la%20foto.jpg", alt: Due persone}'
    sketch.page("it/evento.md", "x", translation="e", starts='"2027-01-01 18:00"', ends="x", image=image)
    sketch.page("it/a.md", "x", translation="a", image="{href: a.svg, alt: Un disegno}")
    before, drawing = (cards_in(sketch)[path] for path in ("evento.md", "a.md"))
    assert (drawing.photo, drawing.alt) == (None, "Una pagina · Prova")
    assert before.alt == "Due persone"
    assert before.file.endswith(".jpg")
    made = drawn(before)
    assert made.size == (1200, 630)
    assert made.getpixel((2, 2)) == pytest.approx((254, 0, 0), abs=3)
    Image.new("RGB", (1260, 630), "blue").save(file)
    assert cards_in(sketch)["evento.md"].file != before.file


def test_an_articles_card_shows_its_own_cover_and_other_pages_the_board_in_the_portals_colours(sketch: Sketch) -> None:
    cards = cards_in(sketch)
    article = cards["articoli/posts/un-articolo.md"]
    assert article.cover == ("Ascolto", "un-articolo")
    assert {path for path, card in cards.items() if card.cover} == {"articoli/posts/un-articolo.md"}
    another = replace(article, cover=("Regole", "un-articolo"))
    assert len({article.file, another.file, replace(article, cover=("Ascolto", "due")).file}) == 3
    own = read_look((("light", "accent", "#0b5cad"),), {}, has_hero=True)
    board, covered, other, blue = (
        drawn(card).crop(PANEL) for card in (card_of("A"), article, another, replace(article, look=own))
    )
    for panel, ground in ((board, "#f0dfd0"), (covered, "#dfe5d7"), (other, "#f0dfd0")):
        assert panel.getpixel((2, 300)) == tuple(bytes.fromhex(ground[1:]))
    assert (0x0B, 0x5C, 0xAD) in colours(blue)
    assert (0x0B, 0x5C, 0xAD) not in colours(covered)
    assert colours(drawn(replace(card_of("A"), look=replace(own, has_hero=False))).crop(PANEL)) == {(0xFB, 0xF8, 0xF2)}


def colours(image: Image.Image) -> set[object]:
    return {colour for _, colour in image.getcolors(1_000_000) or []}


def test_a_draft_has_no_card(sketch: Sketch) -> None:
    sketch.article("bozza", draft="true")
    assert "articoli/posts/bozza.md" not in cards_in(sketch)


def test_a_card_is_drawn_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = Cache(tmp_path)
    cards = {"a.md": card_of("Uno"), "b.md": card_of("Due"), "c.md": card_of("Uno")}
    assert set(draw_cards(cards, cache)) == {f"{FOLDER}/{card_of(title).file}" for title in ("Uno", "Due")}
    drawn: list[str] = []

    def noted(card: Card) -> bytes:
        drawn.append(card.title)
        return b"x"

    monkeypatch.setattr("bacheca.portal.images.social_cards.draw", noted)
    draw_cards({"a.md": card_of("Uno"), "b.md": card_of("Tre")}, cache)
    assert drawn == ["Tre"]


def test_many_cards_drawn_side_by_side_are_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bacheca.portal.rendering.workers.LEAST", 1)
    cards = {title: card_of(title) for title in ("Uno", "Due", "Tre")}
    draw_cards(cards, Cache(tmp_path))
    for card in cards.values():
        assert read_card(card, Cache(tmp_path)) == draw(card)


def test_a_card_that_was_damaged_is_drawn_anew(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    draw_cards({"a.md": card_of("Uno")}, cache)
    (kept,) = (tmp_path / "card").rglob("*/*")
    kept.write_bytes(b"x")
    assert read_card(card_of("Uno"), cache) == draw(card_of("Uno"))


def test_every_page_shows_a_card_of_its_own_words_in_its_language(site: Path) -> None:
    cards = {}
    for file in site.rglob("index.html"):
        page = Reader(file.read_text(encoding="utf-8"))
        said = {found.get("property") or found.get("name"): found["content"] for found in page.all("meta")[1:]}
        path = said["og:image"].removeprefix(ORIGIN).lstrip("/")
        assert (site / path).is_file(), file
        assert path.startswith("en/") == (page.all("html")[0]["lang"] == "en") == (said["og:locale"] == "en_GB")
        assert (said["og:image:width"], said["og:image:height"]) == ("1200", "630")
        assert said["twitter:card"] == "summary_large_image"
        assert said["og:image:alt"] == said["twitter:image:alt"]
        assert said["og:title"] in said["og:image:alt"]
        cards[file.parent.relative_to(site).as_posix()] = path
    drawn = {file.relative_to(site).as_posix() for file in site.rglob(f"{FOLDER}/*.png")}
    assert drawn == set(cards.values())
    assert len(drawn) == len(cards)
    for path in drawn:
        with Image.open(site / path) as card:
            assert (card.format, card.size) == ("PNG", (1200, 630))
        assert (site / path).stat().st_size < LIMIT
