"""`bacheca.portal.postprocess.pages`: rendered pages of a small portal, completed in place."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from bacheca.portal.postprocess.html_tree import Tree, written
from bacheca.portal.postprocess.pages import put_under_title
from tests.bacheca.portal.conftest import Sketch, dress

GLOSSARY = (
    "<h1>Glossario</h1>"
    '<h2 data-aliases="bandire" data-forms="bannata, bannato" id="bannare">Bannare</h2><p>Vietare.</p>'
)
HTML = '<html><head><link rel="stylesheet" href="../a/palette.1f.min.css">\n</head><main>{}</main></html>'


@pytest.fixture
def dressed(sketch: Sketch, tmp_path: Path) -> dict[str, str]:
    """The pages after dressing, by their folder."""
    folder = tmp_path / "rendered"
    sketch.page("it/glossario.md", "", translation="glossary", title="Il glossario")
    sketch.page("it/domande.md", "", translation="faq")
    bodies = {
        "": "<p>Bandire è l’ultimo mezzo.</p>",
        "glossario": GLOSSARY,
        "domande": '<h2 id="chi">Chi è?<a class="headerlink" href="#chi">&para;</a></h2><p>Una <b>persona</b>.</p>',
        "modulo": "<p>Bandire, bannare</p>",
        "articoli/altro": "<p>bannare</p>",
        "margini": '<div class="page-text--margins"><ul><li>Bandire.</li></ul></div>',
    }
    sketch.page("it/margini.md", "")
    for name, body in bodies.items():
        (folder / name).mkdir(parents=True, exist_ok=True)
        (folder / name / "index.html").write_text(HTML.format(body), encoding="utf-8")
    portal = sketch.portal()
    dress(portal.main, sketch.content().pages["it"], folder)
    return {name: (folder / name / "index.html").read_text(encoding="utf-8") for name in bodies}


def data(page: str) -> list[Any]:
    """The linked data of a page."""
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page.partition("</head>")[0])
    return [json.loads(text) for text in found]


def test_pages_link_to_the_entry_and_carry_its_note(dressed: dict[str, str]) -> None:
    assert '<a class="term" href="glossario/#bannare" aria-describedby="term-bannare">Bandire</a> è' in dressed[""]
    assert '<a class="term" href="../glossario/#bannare"' in dressed["modulo"]
    note = '<p class="term-note" id="term-bannare" role="tooltip" popover="manual">Vietare.</p>'
    assert note in dressed["modulo"]
    assert "</div></main></body></html>" in dressed["modulo"]
    assert dressed["modulo"].count("aria-describedby") == 1


def test_a_margin_tells_of_the_term_to_those_who_see_it_for_others_hear_the_tooltip(dressed: dict[str, str]) -> None:
    page = Tree(dressed["margini"])
    (note,) = page.css("li > div.term-margin")
    assert note.text(separator="|", strip=True) == "Glossario|Bannare|Vietare."
    assert note.attributes == {"class": "term-margin", "aria-hidden": "true", "data-term": "bannare"}
    assert note.css_first("a").attributes == {"href": "../glossario/#bannare", "tabindex": "-1"}
    assert page.css_first("li").first_child == note
    assert page.css_first("#term-bannare") is not None


def test_the_entry_lists_the_pages_and_pages_that_nobody_wrote_are_left_alone(dressed: dict[str, str]) -> None:
    assert '<a href="..">Una pagina</a>' in dressed["glossario"]
    assert '<a href="../modulo/">Una pagina</a>' in dressed["glossario"]
    assert "articoli/altro" not in dressed["glossario"]
    assert "term" not in dressed["articoli/altro"]
    assert "aria-describedby" not in dressed["glossario"]


def test_the_glossary_and_the_questions_are_linked_data(dressed: dict[str, str]) -> None:
    (terms,) = data(dressed["glossario"])
    assert (terms["@type"], terms["name"]) == ("DefinedTermSet", "Il glossario")
    (questions,) = data(dressed["domande"])
    (question,) = questions["mainEntity"]
    assert question["url"] == "https://prova.example.org/domande/#chi"
    assert question["name"] == "Chi è?"
    assert question["acceptedAnswer"]["text"] == "Una persona."
    assert data(dressed["modulo"]) == []


def test_no_page_asks_for_colours_that_nobody_uses(dressed: dict[str, str]) -> None:
    assert not [page for page in dressed.values() if "palette" in page]


def test_a_whole_page_that_an_editor_gave_keeps_its_every_byte(sketch: Sketch, tmp_path: Path) -> None:
    given = {"prova.html": b"prova: 1\r\n", "latino.html": "<p>perché</p>".encode("latin-1"), "q.html": b"<P>Bannare"}
    folder = tmp_path / "rendered"
    folder.mkdir()
    for name, data in given.items():
        (folder / name).write_bytes(data)
    dress(sketch.language(), sketch.content().pages["it"], folder)
    assert {name: (folder / name).read_bytes() for name in given} == given


@pytest.mark.parametrize(("body", "has"), [("<pre class='mermaid'>graph</pre>", True), ("<pre>mermaid</pre>", False)])
def test_a_page_says_whether_it_has_a_diagram(sketch: Sketch, tmp_path: Path, body: str, has: bool) -> None:
    page = tmp_path / "rendered/a.html"
    page.parent.mkdir()
    page.write_text(body)
    assert dress(sketch.language(), [], page.parent).traits["a.html"].has_diagram is has


def test_code_that_begins_with_an_empty_line_keeps_that_one_and_gets_no_other(sketch: Sketch, tmp_path: Path) -> None:
    page = tmp_path / "rendered/index.html"
    page.parent.mkdir()
    page.write_text("<main><pre>\n\nx</pre><table></table></main>")
    dress(sketch.language(), sketch.content().pages["it"], page.parent)
    assert "<pre>\n\nx</pre>" in page.read_text()


def test_a_portal_without_a_glossary_is_left_as_it_is(sketch: Sketch, tmp_path: Path) -> None:
    page = tmp_path / "rendered/index.html"
    page.parent.mkdir()
    page.write_text("<main>Bannare</main>")
    dress(sketch.language(), sketch.content().pages["it"], page.parent)
    assert page.read_text() == "<main>Bannare</main>"


def test_what_comes_under_the_title_stands_once_behind_the_first() -> None:
    box = '<div id="under-title"><nav>Qui</nav><aside>Là</aside></div>'
    tree = Tree(f"<main><p>Sezione</p>{box}<p>Prima</p><h1>Uno</h1><p>Testo</p><h1>Due</h1></main>")
    put_under_title(tree)
    assert "<p>Prima</p><h1>Uno</h1><nav>Qui</nav><aside>Là</aside><p>Testo</p><h1>Due</h1>" in written(tree)
    assert "under-title" not in written(tree)


def test_what_comes_under_a_title_that_is_none_stays_before_the_text() -> None:
    tree = Tree('<main><div id="under-title"><nav>Qui</nav></div><p>Testo</p></main>')
    put_under_title(tree)
    assert "<main><nav>Qui</nav><p>Testo</p></main>" in written(tree)
