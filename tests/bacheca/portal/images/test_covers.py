"""`bacheca.portal.images.covers`: covers composed of an article's topic and name."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from bacheca.portal.images.covers import FILLING, MOTIFS, SHAPES, cover, motif_of
from bacheca.portal.images.drawn_pieces import pieces
from bacheca.portal.postprocess.html_tree import Tree
from bacheca.portal.postprocess.pages import draw

SHEET = Path("bacheca/portal/theme/assets/stylesheets/drawings.css")


@pytest.mark.parametrize("shape", SHAPES)
def test_every_motif_makes_a_cover_of_the_themes_own_classes(shape: str) -> None:
    sheet = SHEET.read_text(encoding="utf-8")
    for motif in MOTIFS:
        drawing = cover(sorted(motif.words)[0], "moderare-di-notte", shape)
        assert drawing.startswith("<svg")
        assert 'aria-hidden="true"' in drawing
        assert not re.search(r"style=|#[0-9a-f]{3,6}\b|<text|<script|href|\bid=", drawing)
        named = {name for names in re.findall(r'class="([^"]+)"', drawing) for name in names.split()}
        assert {name for name in named if f".{name}" not in sheet} <= {"cover--upright"}, "which stands in no page"
        assert len(re.findall("<g ", drawing)) >= 4, "a board with pieces on it"
    assert {piece for motif in MOTIFS for piece in (motif.main, *motif.companions, *FILLING)} <= set(pieces())


def test_an_article_keeps_its_cover_and_another_has_another() -> None:
    asked = "from bacheca.portal.images.covers import cover; print(cover('Regole', 'uno', 'wide'))"
    again = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    first = cover("Regole", "uno", "wide")
    assert again.stdout.strip() == first.strip()
    assert first != cover("Regole", "due", "wide")


@pytest.mark.parametrize(
    ("topic", "main"), [("Regole", "rule"), ("Meetings", "cal"), ("Unsere Zahlen", "bars"), ("ESCUCHA", "wave")]
)
def test_a_topic_is_known_by_its_words(topic: str, main: str) -> None:
    assert motif_of(topic).main == main
    assert motif_of("Notizie") == motif_of("Notizie")
    assert motif_of("Notizie").main not in ("night", "rule", "bars")


def test_the_main_piece_stays_in_whatever_is_cut_out_of_the_middle() -> None:
    for name in map(str, range(40)):
        drawing = cover("Regole", name, "wide")
        at = re.findall(r"translate\((\d+) (\d+)\)", drawing)[-1]
        assert 520 <= int(at[0]) <= 680


@pytest.mark.parametrize("shape", SHAPES)
def test_people_stand_whole_in_a_cover(shape: str) -> None:
    people, size = pieces()["people"], SHAPES[shape]
    standing = re.compile(r"translate\((-?\d+) (-?\d+)\)[^>]*scale\(([\d.]+)\)\">" + re.escape(people.body))
    found = [at for name in map(str, range(60)) for at in standing.findall(cover("Incontri", name, shape))]
    for x, y, scale in (map(float, at) for at in found):
        assert x - people.width * scale / 2 >= 0
        assert y - people.height * scale / 2 >= 0
        assert x + people.width * scale / 2 <= size.width
        assert y + people.height * scale / 2 <= size.height
    assert len(found) > 20


def test_a_page_gets_the_covers_that_its_template_asks_for() -> None:
    tree = Tree(
        '<article><div data-cover="card" data-topic="Regole" data-name="../a/uno/"></div><h2>Uno</h2></article>'
    )
    draw(tree)
    assert tree.css_first("[data-cover]") is None
    assert [node.tag for node in tree.css("article > *")] == ["svg", "h2"]
    assert cover("Regole", "uno", "card")[:60] in (tree.html or "")
