"""`bacheca.portal.checks.prose`: headings in order, pictures with words and light enough."""

from __future__ import annotations

import pytest

from bacheca.portal.rules import LIMITS
from tests.bacheca.portal.conftest import Sketch


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        ("# A\n\n## B\n\n### C\n\n## D\n", []),
        ("## B\n\n### C\n\n#### D\n\n## E\n", []),
        ("### C\n", [6]),
        ("# A\n\n### C\n\n#### D\n", [8]),
        ("## B\n\n# A\n", [8]),
        ("# A\n\n# B\n", [8]),
        ("## B\n\n```\n#### not a heading\n```\n", []),
        ("#hashtag\n\n## B\n", []),
    ],
)
def test_a_heading_is_at_most_one_level_deeper_than_the_one_before(sketch: Sketch, body: str, lines: list[int]) -> None:
    sketch.page("it/a.md", body, translation="a")
    assert sketch.places() == [("content/it/a.md", line, "HEADING_LEVEL") for line in lines]


@pytest.mark.parametrize(
    ("written", "wrong"),
    [
        ("![](a.png)", True),
        ("![ ][a]\n\n[a]: a.png", True),
        ('<img src="../a.png">', True),
        ('<img src="../a.png" alt="">', False),
        ("![Una scala](a.png)", False),
        ("`![](a.png)`", False),
    ],
)
def test_a_picture_says_in_words_what_it_shows(sketch: Sketch, written: str, wrong: bool) -> None:
    sketch.write("content/it/a.png", "x")
    sketch.page("it/a.md", f"Ecco:\n{written}\n", translation="a")
    found = [place for place in sketch.places() if place[2] != "PICTURE_UNUSED"]
    assert found == ([("content/it/a.md", 9 if "]:" in written else 7, "PICTURE_WORDS")] if wrong else [])


def test_a_picture_is_light_enough_for_a_phone(sketch: Sketch) -> None:
    picture = sketch.write("content/it/articoli/a b.png", "x" * LIMITS["picture"] * 1000)
    sketch.page("it/articoli/a.md", "![Una scala](a%20b.png)\n", translation="a")
    assert {code for _, _, code in sketch.places()} <= {"ADDRESS_NAME"}
    picture.write_text("x" * (LIMITS["picture"] + 1) * 1000)
    assert [said for said in sketch.said() if "ADDRESS_NAME" not in said] == [
        "content/it/articoli/a.md:6: PICTURE_HEAVY The picture a b.png weighs 151 kB"
        " — make it smaller: 150 kB at most, since many read on a phone"
    ]
