"""Drafts, of every kind and however they are marked: nothing that is published knows of them; a preview shows them."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from bacheca.portal.build.pipeline import build
from bacheca.portal.generated.progress import digest
from tests.bacheca.portal.conftest import Sketch, quiet, with_our_theme

FORM = ("/// form | prova\n///\n", {"translation": "prova"})
EVENT = {"starts": '"2030-03-12 18:00"', "ends": '"2030-03-12 20:00"', "place": "Biella", "signup": "modulo/"}
WORDS = ("bozzapagina", "bozzaevento", "bozzaarticolo", "bozzatradotta", "bozzaricetta", "bozzafutura", "bozzaradice")
"""One word for each draft: it stands in everything that the draft says."""


@pytest.fixture
def drafts(sketch: Sketch) -> Sketch:
    """A small portal with a draft of each kind."""
    with_our_theme(sketch, draft_docs="/ricette/\n")

    def said(word: str, **meta: str) -> dict[str, str]:
        return {"title": f"Di {word}", "description": f"Che cosa sia {word}.", **meta}

    def article(word: str, **meta: str) -> None:
        written = said(word, tags=f"[{word}]", categories=f"[{word}]", numero="77", **meta)
        sketch.article(word, f"Inizio {word}.\n\n<!-- more -->\n\nFine.\n", **written)

    sketch.page("it/bozzapagina.md", "## bozzapagina\n", **said("bozzapagina", translation="bozzapagina", draft="true"))
    sketch.page("it/eventi/bozzaevento.md", "bozzaevento", **said("bozzaevento", draft="true", **EVENT))
    sketch.page("it/bozzaradice.md", "bozzaradice", **said("bozzaradice", draft="yes", translation="radice", **EVENT))
    article("bozzaarticolo", draft="true")
    article("bozzafutura", date="2999-01-01")
    sketch.page("en/public.md", "Public.", translation="traduzione")
    sketch.page("it/tradotta.md", "bozzatradotta", **said("bozzatradotta", translation="traduzione", draft="true"))
    sketch.page("it/ricette/dolci.md", "bozzaricetta", **said("bozzaricetta", translation="bozzaricetta"))
    return sketch


def words_in(site: Path) -> set[tuple[str, str]]:
    """Find the words of drafts anywhere in a built site: in files and in their names."""
    found = set()
    for file in (path for path in site.rglob("*") if path.is_file()):
        data = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
        said = f"{file.relative_to(site)}\n".encode() + data
        found |= {(word, file.relative_to(site).as_posix()) for word in WORDS if word.encode() in said.lower()}
    return found


def test_nothing_that_is_published_knows_of_a_draft(drafts: Sketch) -> None:
    portal = drafts.portal()
    build(portal, drafts.root / "site", quiet, engine="mkdocs", full=False)
    assert words_in(drafts.root / "site") == set()
    assert not (drafts.root / "site" / "eventi").exists()
    content = drafts.content()
    month = digest(portal, portal.main, content.pages["it"], content.forms, "2026-11")
    assert not [word for word in WORDS if word in month]


def test_a_preview_shows_drafts_and_says_what_they_are(drafts: Sketch) -> None:
    site = drafts.root / "site"
    build(drafts.portal("it"), site, quiet, engine="mkdocs", full=False, live="1")
    assert {word for word, _ in words_in(site)} == set(WORDS)
    for path in (
        "bozzapagina",
        "eventi/bozzaevento",
        "articoli/bozzaarticolo",
        "articoli/bozzafutura",
        "ricette/dolci",
    ):
        assert "Bozza: non è pubblicata" in (site / path / "index.html").read_text(encoding="utf-8")
    assert "Bozza" not in (site / "privacy" / "index.html").read_text(encoding="utf-8")


def test_a_link_to_a_draft_is_a_problem_in_a_published_page_and_in_no_draft(sketch: Sketch) -> None:
    sketch.page("it/bozza.md", "[Altra](altra.md)", translation="bozza", draft="true")
    sketch.page("it/altra.md", "[Bozza](bozza.md)", translation="altra", draft="true")
    assert sketch.places() == []
    sketch.page("it/a.md", "[Bozza](bozza.md)", translation="a")
    assert sketch.places() == [("content/it/a.md", 6, "LINK_DRAFT")]


def test_a_problem_of_a_draft_stops_nothing(sketch: Sketch) -> None:
    sketch.page("it/bozza.md", "[Nulla](nulla.md)", translation="bozza", draft="true", title="no")
    assert {problem.code for problem in sketch.problems()} == {"KEY_QUOTE", "LINK_DEAD"}
    assert not any(problem.stops for problem in sketch.problems())


@pytest.mark.parametrize(("said", "pages"), [("true", 0), ("yes", 0), ('"true"', 0), ("1", 0), ("false", 1), ("", 1)])
def test_a_page_is_kept_back_whatever_it_says_of_being_a_draft(sketch: Sketch, said: str, pages: int) -> None:
    sketch.page("it/bozza.md", "Testo.", translation="bozza", draft=said)
    assert [page.path for page in sketch.content().pages["it"]].count("bozza.md") == pages
