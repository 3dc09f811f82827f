"""`bacheca.portal.content.assumed`: what a page says of itself that does not say it."""

from __future__ import annotations

import pytest

from bacheca.portal.checks.translations import mark_page
from bacheca.portal.content.assumed import shortened
from bacheca.portal.content.pages import Page
from tests.bacheca.portal.conftest import Sketch


def read(sketch: Sketch, path: str, text: str) -> Page:
    """Write a page and read it."""
    sketch.write(f"content/{path}", text)
    language, _, name = path.partition("/")
    return next(page for page in sketch.content().pages[language] if page.path == name)


@pytest.mark.parametrize(
    ("path", "text", "title"),
    [
        ("it/guida.md", "Testo.\n\n# La *guida* di `qui` {: #su }\n", "La guida di qui"),
        ("it/guida.md", "La guida\n========\n\nTesto.\n", "La guida"),
        ("it/guida.md", "```\n# codice\n```\n\n## Due\n", "Guida"),
        ("it/la-mia_guida.md", "Testo.\n", "La mia guida"),
        ("it/FAQ.md", "Testo.\n", "FAQ"),
        ("it/guide/index.md", "Testo.\n", "Guide"),
        ("it/guide/README.md", "Testo.\n", "Guide"),
        ("it/a.md", "---\ntitle:\n---\n# Una :smile: &amp; due\n", "Una & due"),
        ("it/a.md", "+++\ntitle = 'Mia'\n+++\n# Altra\n", "Mia"),
        ("it/a.md", '{"title": "Mia"}\n\n# Altra\n', "Mia"),
        ("it/a.md", "Title: Mia\n\n# Altra\n", "Mia"),
        ("it/a.md", "{% raw %}\n\n# Altra\n", "Altra"),
        ("it/a.md", "---\n\n# Altra\n", "Altra"),
        ("it/a.md", "Nota: così\n\n# Altra\n", "Altra"),
    ],
)
def test_a_title_comes_from_the_first_heading_or_else_from_the_name(
    sketch: Sketch, path: str, text: str, title: str
) -> None:
    page = read(sketch, path, text)
    assert page.meta["title"] == title
    assert page.body_line == text.count("\n") - page.body.count("\n") + 1


@pytest.mark.parametrize(
    ("text", "description"),
    [
        (
            "# Titolo\n\nUn *testo* con [un passo](a.md)[^1]\nche va a capo.\n\nAltro.\n",
            "Un testo con un passo che va a capo.",
        ),
        ("- una\n- lista\n\n> Citazione\n\n![Foto](a.svg)\n\n!!! note\n    Nota\n\n| a | b |\n\nEcco.\n", "Ecco."),
        ("<div>\nx\n</div>\n\n/// form | prova\n///\n\nEcco {{ community.name }}.\n", "Ecco {{ community.name }}."),
        ("Titolo\n======\n\nEcco.\n", "Ecco."),
        ("# Titolo\n", ""),
    ],
)
def test_a_description_comes_from_the_first_paragraph(sketch: Sketch, text: str, description: str) -> None:
    assert read(sketch, "it/a.md", text).meta["description"] == description


def test_a_long_text_is_cut_after_a_sentence_or_a_word() -> None:
    assert shortened("Una frase. Un’altra che non ci sta.", 20) == "Una frase."
    assert shortened("Parole, parole, parole e parole", 20) == "Parole, parole…"
    assert len(shortened("parola " * 40, 155)) <= 155


def test_the_page_of_the_same_path_is_the_translation_unless_a_key_says_otherwise(sketch: Sketch) -> None:
    for path in ("it/guide/uno.md", "en/guide/uno.md", "it/due.md", "en/faq.md", "it/sola.md"):
        sketch.page(path, "Testo.", translation="")
    sketch.page("en/due.md", "Text.", translation="")
    sketch.page("en/altra.md", "Text.", translation="due")
    sketch.page("it/due.md", "Testo.", translation="due")
    sketch.page("it/faq.md", "Testo.", translation="faq")
    keys = {f"{code}/{page.path}": page.key for code, pages in sketch.content().pages.items() for page in pages}
    assert keys["it/guide/uno.md"] == keys["en/guide/uno.md"] != ""
    assert keys["it/faq.md"] == keys["en/faq.md"] == "faq"
    assert (keys["it/due.md"], keys["en/altra.md"]) == ("due", "due")
    assert keys["en/due.md"] != "due"
    assert keys["it/sola.md"] == ""
    assert sketch.places() == []


def test_a_portal_of_one_language_has_no_keys_of_its_own(sketch: Sketch) -> None:
    sketch.page("it/a.md", "Testo.", translation="")
    sketch.page("en/a.md", "Text.", translation="")
    (sketch.root / "mkdocs.en.yml").unlink()
    assert next(page.key for page in sketch.content().pages["it"] if page.path == "a.md") == ""


@pytest.mark.parametrize(
    "head", ["", "---\ntitle: A\n---\n", "+++\ntitle = 'A'\n+++\n", '{"title": "A"}\n', "Title: A\n\n"]
)
def test_any_translation_can_be_marked_again_and_again(sketch: Sketch, head: str) -> None:
    sketch.page("it/a.md", "Testo.", translation="")
    file = sketch.write("content/en/a.md", f"{head}# A\n\nText.\n")
    for text in ("Testo.", "Un altro."):
        sketch.page("it/a.md", text, translation="")
        mark_page(sketch.portal(), file)
        assert {code for _, _, code in sketch.places()} == {"DESCRIPTION_NONE"}
        page = next(page for page in sketch.content().pages["en"] if page.path == "a.md")
        assert (page.meta["title"], page.body.strip()) == ("A", "# A\n\nText.")
    sketch.page("it/a.md", "Un terzo.", translation="")
    assert "PAGE_STALE" in {code for _, _, code in sketch.places()}
