"""`bacheca.portal.own_look.staged`: what a community's colours, files and fonts make of its pages."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from bacheca.portal.appearance.colours import given_in
from bacheca.portal.appearance.look import USUAL, Look, read_look
from bacheca.portal.appearance.own_files import own_files
from bacheca.portal.build.stage import stage
from bacheca.portal.images.icons import icons
from bacheca.portal.images.social_cards import Card, cards_of, draw
from bacheca.portal.own_look.staged import SHEET, look_files, look_of
from bacheca.portal.settings import read_portal
from tests.bacheca.portal.conftest import SETTINGS, Sketch
from tests.bacheca.portal.theme.rendered import Theme

ACCENT = "#7a1f6b"
DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 2"><rect width="4" height="2" fill="#0a6e5c"/></svg>'
FONT = b"wOF2 and more"


def look_in(folder: Path, **given: object) -> Look:
    return read_look(given_in(given), own_files(folder), has_hero=True)


def photo(file: Path, size: tuple[int, int]) -> None:
    Image.new("RGB", size, ACCENT).save(file)


def test_without_anything_of_its_own_a_portal_looks_as_the_product_does() -> None:
    assert look_files(USUAL) == {}
    told = look_of(USUAL)
    assert (told["sheet"], told["hero"]) == ("", True)
    assert len(told["fonts"]) == 5


def test_colours_and_fonts_are_a_style_sheet_after_the_others(tmp_path: Path) -> None:
    (tmp_path / "text.woff2").write_bytes(FONT)
    look = look_in(tmp_path, accent=ACCENT)
    sheet = look_files(look)[SHEET].decode()
    assert f"--accent: {ACCENT};" in sheet
    assert 'url("../fonts/own-text.woff2")' in sheet
    assert "--paper" not in sheet, "what is as it was is not said again"
    theme = Theme(tmp_path, ["a.md"])
    theme.config["extra"]["look"] = look_of(look)
    page = theme.page("a.md")
    sheets = [link.attributes["href"] or "" for link in page.css('link[rel="stylesheet"]:not([media])')]
    assert sheets.index("../assets/stylesheets/own-look.css") > sheets.index("../assets/stylesheets/tokens.css")
    preloaded = [link.attributes["href"] for link in page.css('link[rel="preload"][as="font"]')]
    assert preloaded == ["../assets/fonts/fraunces-600.woff2", "../assets/fonts/own-text.woff2"]


@pytest.mark.parametrize("size", [(2400, 800), (40, 40), (30, 900)])
def test_a_logo_of_any_size_fits_the_header_and_weighs_little(tmp_path: Path, size: tuple[int, int]) -> None:
    photo(tmp_path / "logo.png", size)
    look = look_in(tmp_path)
    logo = look_of(look)["logo"]
    assert logo["width"] <= 180
    assert logo["height"] <= 34
    assert abs(logo["width"] / logo["height"] - size[0] / size[1]) < 0.4
    assert len(look_files(look)["assets/images/own-logo.png"]) < 20_000


@pytest.mark.parametrize("size", [(600, 300), (30, 15)])
def test_a_picture_of_its_own_that_was_held_sideways_stands_upright_and_says_nothing_of_who_took_it(
    sketch: Sketch, size: tuple[int, int]
) -> None:
    file = sketch.write("content/assets/hero.jpg", "")
    exif = Image.Exif()
    exif[0x0112], exif[0x013B] = 6, "Ada Rossi"
    image = Image.new("RGB", size, "blue")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    image.save(file, exif=exif)
    stage(sketch.portal(), sketch.content())
    shown = sketch.root / "build/it/pages/assets/images/own-hero.jpg"
    assert b"Ada Rossi" not in shown.read_bytes()
    with Image.open(shown) as made:
        assert made.width * 2 == made.height
        assert made.convert("RGB").getpixel((made.width // 2, made.height // 6))[0] > 200  # type: ignore[index]
    told = look_of(sketch.language().look)["hero"]
    assert abs(told["width"] * 2 - told["height"]) <= 1


def test_a_page_shows_the_logo_and_its_icon(tmp_path: Path) -> None:
    (tmp_path / "logo.svg").write_text(DRAWING, encoding="utf-8")
    theme = Theme(tmp_path, ["a.md"])
    theme.config["extra"]["look"] = look_of(look_in(tmp_path))
    page = theme.page("a.md")
    logo = page.css_first(".site-brand img")
    assert logo
    assert (logo.attributes["src"], logo.attributes["alt"]) == ("../assets/images/own-logo.svg", "")
    assert not page.css_matches(".site-brand svg")
    assert page.css_matches('link[rel="icon"][href="../assets/images/own-logo.svg"]')


def test_the_drawing_of_the_home_page_is_the_communitys_or_none(tmp_path: Path) -> None:
    (tmp_path / "hero.svg").write_text(DRAWING, encoding="utf-8")
    own = look_in(tmp_path)
    assert look_of(own)["hero"]["src"] == "assets/images/own-hero.svg"
    none = read_look((), own_files(tmp_path), has_hero=False)
    assert look_of(none)["hero"] is False
    assert look_files(none) == {}


def test_cards_and_icons_have_the_colours_and_the_logo(tmp_path: Path) -> None:
    photo(tmp_path / "logo.png", (100, 100))
    look = look_in(tmp_path, accent="#0b5cad")
    card = Image.open(io.BytesIO(draw(Card("Titolo", "", "Coro", "example.org", look)))).convert("RGB")
    assert card.getpixel((600, 625)) == (0x0B, 0x5C, 0xAD)
    assert near(card.getpixel((90, 78)), ACCENT)


def test_the_icon_is_the_logo_where_there_is_no_other(sketch: Sketch) -> None:
    (sketch.root / "content/assets").mkdir()
    photo(sketch.root / "content/assets/logo.png", (100, 100))
    icon = Image.open(io.BytesIO(icons(sketch.language())["assets/images/icon-192.png"]())).convert("RGB")
    assert near(icon.getpixel((96, 96)), ACCENT)


def near(pixel: object, colour: str) -> bool:
    assert isinstance(pixel, tuple)
    return all(abs(one - other) < 12 for one, other in zip(pixel, bytes.fromhex(colour[1:]), strict=True))


def test_the_portals_own_card_is_its_picture_and_pages_keep_theirs(sketch: Sketch) -> None:
    (sketch.root / "content/assets").mkdir()
    photo(sketch.root / "content/assets/card.png", (300, 300))
    content = sketch.content()
    cards = cards_of(sketch.language(), content.all_pages("it"), content.forms)
    assert cards[""].file.endswith(".jpg")
    assert Image.open(io.BytesIO(draw(cards[""]))).size == (1200, 630)
    assert cards["modulo.md"].file.endswith(".png")


def test_each_change_of_a_file_is_another_card(tmp_path: Path) -> None:
    keys = set()
    for width in (2, 3):
        (tmp_path / "logo.svg").write_text(DRAWING.replace('width="4"', f'width="{width}"'), encoding="utf-8")
        keys.add(Card("Titolo", "", "Coro", "example.org", look_in(tmp_path)).key)
    assert len(keys) == 2


@pytest.mark.parametrize(
    ("name", "held", "code"),
    [
        ("logo.svg", DRAWING, ""),
        ("logo.svg", DRAWING.replace("<rect", "<script>alert(1)</script><rect"), "PAGE_CODE"),
        ("logo.svg", DRAWING.replace("<rect", '<rect onload="alert(1)"'), "PAGE_CODE"),
        ("logo.svg", DRAWING.replace("<rect", '<image href="/etc/hostname.png"/><rect'), "LOOK_BROKEN"),
        ("logo.svg", DRAWING.replace("<rect", '<use xlink:href="file:///etc/a.svg#b"/><rect'), "LOOK_BROKEN"),
        ("logo.svg", "niente", "LOOK_BROKEN"),
        ("hero.png", "niente", "LOOK_BROKEN"),
        ("text.woff2", "niente", "LOOK_BROKEN"),
        ("logo.gif", "niente", "LOOK_FILE"),
        ("sfondo.png", "niente", "LOOK_FILE"),
    ],
)
def test_a_file_that_cannot_be_used_is_told_of(sketch: Sketch, name: str, held: str, code: str) -> None:
    sketch.write(f"content/assets/{name}", held)
    assert {found for _, _, found in sketch.places()} == ({code} if code else set())


def test_a_picture_with_too_many_pixels_is_not_even_opened(sketch: Sketch, monkeypatch: pytest.MonkeyPatch) -> None:
    (sketch.root / "content/assets").mkdir()
    photo(sketch.root / "content/assets/logo.png", (30, 30))
    monkeypatch.setattr("bacheca.portal.images.own_pictures.MOST_PIXELS", 899)
    assert [code for _, _, code in sketch.places()] == ["LOOK_BROKEN"]


def test_a_colour_that_fails_is_told_at_its_line_with_the_nearest_one(sketch: Sketch) -> None:
    extra = {**SETTINGS["extra"], "colours": {"accent": {"light": "#0b5cad", "dark": "#334455"}, "second": "blù"}}
    sketch.settings("mkdocs.yml", {**SETTINGS, "extra": extra})
    problems = read_portal(sketch.config_file)[1]
    lines = sketch.config_file.read_text(encoding="utf-8").splitlines()
    said = [(problem.code, lines[problem.line - 1].strip(), problem.values.get("near")) for problem in problems]
    assert said == [
        ("SETTING_COLOUR", "second: blù", None),
        ("SETTING_CONTRAST", "dark: '#334455'", 'dark: "#708396"'),
    ]


def test_a_template_that_is_told_of_no_look_is_whole(tmp_path: Path) -> None:
    page = Theme(tmp_path, ["a.md"]).page("a.md")
    assert page.css_matches(".site-brand svg")
    assert page.css_matches('link[rel="icon"][href="../assets/images/favicon.svg"]')
