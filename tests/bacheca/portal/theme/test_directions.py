"""No style of ours says left or right, and every page and letter says which way its language is written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import tinycss2

from bacheca.forms.locales import direction_of

ROOT = Path(__file__).parents[4]
TOPS = (ROOT / "bacheca", ROOT / "forms_server")

STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
INLINE = re.compile(r'\bstyle="([^"]*)"')
SIDES = re.compile(r"(?:^|-)(?:left|right)(?:-|$)")
ROUND = ("margin", "padding", "inset", "border-width", "border-style", "border-color", "border-radius", "scroll-margin")
"""What may say something of each of the four sides at once, or of each corner."""

SIDED = ("text-align", "float", "clear", "caption-side", "resize")


def physical(sheet: str) -> Iterator[str]:
    """Give what a style sheet says of left and right, but of what is turned anyway, such as the stroke of a tick."""
    for rule in tinycss2.parse_stylesheet(sheet, skip_comments=True, skip_whitespace=True):
        if rule.type == "qualified-rule":
            yield from said_of_sides(tinycss2.serialize(rule.content))
        elif rule.type == "at-rule" and rule.content and rule.lower_at_keyword in ("media", "supports"):
            yield from physical(tinycss2.serialize(rule.content))


def said_of_sides(declarations: str) -> Iterator[str]:
    """Give the declarations that say left or right."""
    turned = "transform: rotate(" in declarations
    for said in tinycss2.parse_blocks_contents(declarations, skip_comments=True, skip_whitespace=True):
        if said.type != "declaration":
            continue
        value = tinycss2.serialize(said.value).strip()
        if said.lower_name in ROUND and not turned:
            parts = [tinycss2.serialize([token]) for token in said.value if token.type not in ("whitespace", "literal")]
            corners = said.lower_name == "border-radius"
            uneven = (parts[0], parts[-1]) != (parts[1], parts[2]) if corners and len(parts) == 4 else False
            if uneven or (not corners and len(parts) == 4 and parts[1] != parts[3]):
                yield f"{said.lower_name}: {value}"
        elif SIDES.search(said.lower_name) or (said.lower_name in SIDED and value in ("left", "right")):
            yield f"{said.lower_name}: {value}"


def sheets() -> dict[str, str]:
    found = {}
    for top in TOPS:
        for file in top.rglob("*"):
            if file.suffix == ".css":
                found[file.relative_to(ROOT).as_posix()] = file.read_text(encoding="utf-8")
            elif file.suffix in (".html", ".jinja"):
                text = file.read_text(encoding="utf-8")
                inline = "".join(f"x {{ {said} }}\n" for said in INLINE.findall(text))
                found[file.relative_to(ROOT).as_posix()] = "".join(STYLE.findall(text)) + inline
    return {name: sheet for name, sheet in found.items() if sheet}


SHEETS = sheets()


def test_there_are_styles_to_read() -> None:
    assert {"bacheca/portal/theme/assets/stylesheets/page.css", "forms_server/templates/shell.html"} <= SHEETS.keys()
    assert "forms_server/templates/mail/parts.html" in SHEETS


@pytest.mark.parametrize("name", SHEETS)
def test_no_style_says_left_or_right(name: str) -> None:
    assert list(physical(SHEETS[name])) == [], "say start or end, as in margin-inline-start"


@pytest.mark.parametrize(
    "said",
    [
        "margin-left: 0",
        "right: 1rem",
        "border-left: 1px solid",
        "border-top-left-radius: 1px",
        "text-align: right",
        "float: left",
        "padding: 1px 2px 3px 4px",
        "border-radius: 0 1px 1px 0",
        "inset: 0 auto auto 0",
    ],
)
def test_such_styles_are_found(said: str) -> None:
    assert list(physical(f"@media print {{ a {{ {said}; }} }}")) == [said]


@pytest.mark.parametrize("said", ["margin: 1px 2px 3px", "padding: 1px 2px 3px 2px", "border-radius: 1px 1px 0 0"])
def test_what_is_the_same_at_both_sides_is_none(said: str) -> None:
    assert list(physical(f"a {{ {said} }}")) == []


def test_every_page_and_letter_says_which_way_it_is_written() -> None:
    written = {
        file.relative_to(ROOT).as_posix(): file.read_text(encoding="utf-8")
        for top in TOPS
        for file in top.rglob("*")
        if file.suffix in (".html", ".jinja")
    }
    tags = {name: tag for name, text in written.items() for tag in re.findall(r'<[^>]*[\s"]lang="[^>]*>', text)}
    assert len(tags) > 8
    assert {name: tag for name, tag in tags.items() if " dir=" not in tag} == {}


@pytest.mark.parametrize(
    ("language", "direction"),
    [("it", "ltr"), ("ar", "rtl"), ("he", "rtl"), ("fa-IR", "rtl"), ("de-AT", "ltr"), ("xx", "ltr"), ("?", "ltr")],
)
def test_the_way_a_language_is_written_is_known(language: str, direction: str) -> None:
    assert direction_of(language) == direction
