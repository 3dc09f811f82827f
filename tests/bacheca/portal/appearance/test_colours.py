"""`bacheca.portal.appearance.colours`: whatever colours a community gives, every pair of the theme can be read."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bacheca.portal.appearance.colours import (
    DARK,
    LIGHT,
    THEMES,
    TOKENS,
    check_colours,
    faults,
    given_in,
    palette,
    unreadable,
    usual,
)
from bacheca.portal.appearance.contrast import contrast

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
GIVEN = st.dictionaries(
    st.sampled_from(sorted(TOKENS)),
    st.one_of(COLOURS, st.dictionaries(st.sampled_from(THEMES), COLOURS)),
)


def test_the_products_own_colours_can_be_read() -> None:
    assert [unreadable(usual()[theme]) for theme in THEMES] == [[], []]
    assert palette(()) == usual()


@settings(max_examples=40, deadline=None)
@given(written=GIVEN)
def test_whatever_is_given_every_proposal_passes_and_what_passes_is_taken_as_it_is(written: dict[str, object]) -> None:
    colours = given_in(written)
    wrong = {(fault.theme, fault.name): fault for fault in faults(colours)}
    mended = tuple(
        (theme, name, wrong[theme, name].near if (theme, name) in wrong else colour) for theme, name, colour in colours
    )
    assert list(faults(mended)) == []
    themes = palette(mended)
    assert [unreadable(themes[theme]) for theme in THEMES] == [[], []]
    for theme, name, colour in mended:
        assert themes[theme][TOKENS[name]] == colour


@settings(max_examples=40, deadline=None)
@given(accent=COLOURS)
def test_a_colour_is_refused_only_where_it_cannot_be_read_and_keeps_its_hue(accent: str) -> None:
    found = list(faults(given_in({"accent": accent})))
    assert bool(found) == (contrast(accent, usual()[LIGHT]["paper"]) < 4.5)


def test_the_nearest_colour_is_the_same_one_a_little_darker() -> None:
    (fault,) = faults(given_in({"accent": "#4a90d9"}))
    assert (fault.theme, fault.name, fault.near) == (LIGHT, "accent", "#2e75bc")


def test_one_colour_serves_both_themes_and_two_serve_one_each() -> None:
    one = palette(given_in({"accent": "#0b5cad"}))
    assert one[LIGHT]["accent"] == "#0b5cad"
    assert contrast(one[DARK]["accent"], usual()[DARK]["paper"]) > 4.5
    both = palette(given_in({"accent": {"light": "#0b5cad", "dark": "#8ab8ff"}}))
    assert [both[theme]["accent"] for theme in THEMES] == ["#0b5cad", "#8ab8ff"]


def test_what_is_no_colour_of_a_screen_is_none() -> None:
    assert given_in({"accent": "rosso", "second": "#12", "text": "#11223344", "background": 7}) == ()
    assert given_in({"accent": "navy", "text": "#ABC", "altro": "#fff"}) == (
        ("light", "accent", "#000080"),
        ("light", "text", "#aabbcc"),
    )


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ({"acent": "#a43c17"}, "SETTING_TYPO extra.colours.acent extra.colours.accent"),
        ({"accento": "rosso"}, "SETTING_TYPO extra.colours.accento extra.colours.accent"),
        ({1: "#a43c17"}, "SETTING_TYPO extra.colours.1 "),
        ({"accent": {"dork": "rosso"}}, "SETTING_TYPO extra.colours.accent.dork extra.colours.accent.dark"),
        ({"accent": "rosso"}, "SETTING_COLOUR extra.colours.accent accent: "),
        ({"accent": ["#a43c17"]}, "SETTING_COLOUR extra.colours.accent accent: "),
        ("#a43c17", "SETTING_COLOUR extra.colours colours: {accent: "),
        (["#a43c17"], "SETTING_COLOUR extra.colours colours: {accent: "),
    ],
)
def test_whatever_is_no_colour_and_whatever_nobody_reads_is_told_with_what_to_type(written: object, told: str) -> None:
    found: list[str] = []

    def tell(code: str, way: tuple[str, ...], **values: object) -> None:
        assert way[:2] == ("extra", "colours")
        found.append(f"{code} {values['key']} {values.get('near', values.get('example'))}")

    check_colours(written, tell)
    assert len(found) == 1
    assert found[0].startswith(told)
