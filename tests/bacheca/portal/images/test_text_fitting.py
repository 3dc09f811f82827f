"""`bacheca.portal.images.text_fitting`: titles in lines that fit their place."""

from __future__ import annotations

import pytest
from PIL import ImageFont

from bacheca.portal.images.svg import FONTS
from bacheca.portal.images.text_fitting import HEADING, LEADING, SIZES, STRONG, cut, fit, font, placed, written

PAGES = FONTS.parents[1] / "theme/assets/fonts"
WIDTH, HEIGHT = 704, 320
TITLES = [
    "A",
    "Articoli",
    "Un reclamo in pubblico è anche un’occasione",
    "What a community manager does when everyone is asleep and the complaints keep coming in",
    "Precipitevolissimevolmentissimissimevolissimevolmente",
    "parola " * 200,
    "W" * 500,
]


def length(line: str, size: int) -> float:
    return ImageFont.truetype(FONTS / HEADING, size, layout_engine=ImageFont.Layout.BASIC).getlength(line)


@pytest.mark.parametrize("title", TITLES, ids=lambda title: title[:20])
def test_a_title_of_any_length_fits_its_place(title: str) -> None:
    size, lines = fit(title, WIDTH, HEIGHT)
    assert max(length(line, size) for line in lines) <= WIDTH
    assert len(lines) * size * LEADING <= HEIGHT


@pytest.mark.parametrize("title", TITLES[:5], ids=lambda title: title[:20])
def test_a_title_that_fits_is_whole(title: str) -> None:
    assert "".join(fit(title, WIDTH, HEIGHT)[1]).replace(" ", "") == title.replace(" ", "")


def test_a_title_too_long_for_the_smallest_letters_ends_with_an_ellipsis() -> None:
    size, lines = fit("parola " * 200, WIDTH, HEIGHT)
    assert size == SIZES[-1]
    assert ["…" in line for line in lines] == [False] * (len(lines) - 1) + [True]


def test_short_titles_are_larger_than_long_ones_and_a_long_word_makes_letters_smaller() -> None:
    sizes = [fit(title, WIDTH, HEIGHT)[0] for title in TITLES[1:4]]
    assert sizes[0] == SIZES[0]
    assert sizes == sorted(sizes, reverse=True)
    assert fit("Professionalizzazione", WIDTH, HEIGHT)[0] < SIZES[0]


def test_lines_are_about_as_long_as_one_another() -> None:
    size, lines = fit("Il mestiere di tenere viva una comunità", WIDTH, HEIGHT)
    lengths = [length(line, size) for line in lines]
    assert min(lengths) > 0.75 * max(lengths)


def test_what_the_font_lacks_goes_without_its_accent_or_is_left_out() -> None:
    assert written("Perché «così» è: l’età – 10 €") == "Perché «così» è: l’età – 10 €"
    assert written("Čapek  señor 日本 → ok") == "Capek senor ok"


def test_a_line_too_long_is_cut_with_an_ellipsis() -> None:
    assert cut("Ascolto", 26, 704) == "Ascolto"
    assert cut("Ascolto e risposta, sempre", 26, 150) == "Ascolto e…"


@pytest.mark.parametrize("name", [HEADING, STRONG])
def test_the_fonts_of_pictures_are_those_of_the_pages(name: str) -> None:
    page = PAGES / name.replace(".ttf", ".woff2")
    fonts = [ImageFont.truetype(file, 60, layout_engine=ImageFont.Layout.BASIC) for file in (page, FONTS / name)]
    for character in map(chr, range(0x20, 0x2100)):
        if name == STRONG and character in "0123456789":
            continue
        first, second = (font.getmask(character) for font in fonts)
        assert (first.size, bytes(first)) == (second.size, bytes(second)), character


def test_the_digits_of_pictures_are_those_of_the_pages_without_a_stroke_in_the_zero() -> None:
    files = (PAGES / "figtree-digits-700.woff2", FONTS / STRONG)
    fonts = [ImageFont.truetype(file, 1000, layout_engine=ImageFont.Layout.BASIC) for file in files]  # a pixel a unit
    for digit in "0123456789":
        page, picture = ((font.getlength(digit), *font.getmask(digit).size) for font in fonts)
        assert picture == pytest.approx(page, abs=2), digit  # hinting moves an edge by a pixel
    zero = fonts[1].getmask("0")
    assert zero.getpixel((zero.size[0] // 2, zero.size[1] // 2)) == 0


def test_letters_of_a_title_stand_as_close_as_its_font_has_them_by_pairs() -> None:
    apart = [line[-1][1] for line in (list(placed("To", 100)), list(placed("Ho", 100)))]
    width = font(100).getlength
    assert apart[0] < width("T") - 3
    assert apart[1] == width("H")


@pytest.mark.parametrize("title", TITLES, ids=lambda title: title[:20])
def test_a_line_is_as_long_as_the_words_and_blanks_in_it(title: str) -> None:
    for size in SIZES:
        words = title.split(" ")
        assert sum(length(word, size) for word in words) + length(" ", size) * (len(words) - 1) == length(title, size)
