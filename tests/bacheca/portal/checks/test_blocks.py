"""`blocks` and `read`: settings, blocks, translations, authors, navigation, all in one run."""

from __future__ import annotations

import pytest

from tests.bacheca.portal.conftest import SETTINGS, Sketch


@pytest.mark.parametrize("written", ["{{ community.nome }}", "{{ config.site_name }}", "{{community.}}", "{{ email }}"])
def test_an_unknown_setting_is_a_problem(sketch: Sketch, written: str) -> None:
    sketch.page("it/a.md", f"uno\n\n{written}\n", translation="a")
    assert sketch.places() == [("content/it/a.md", 8, "SETTING_UNKNOWN")]
    assert "community.email" in sketch.said()[0]


def test_a_setting_may_stand_in_the_front_matter(sketch: Sketch) -> None:
    sketch.page("it/a.md", "", translation="a", description='"Scrivi a {{ community.email }}."')
    assert sketch.places() == []
    sketch.page("it/a.md", "", translation="a", description='"Scrivi a {{ community.posta }}."')
    assert sketch.places() == [("content/it/a.md", 3, "SETTING_UNKNOWN")]


def test_braces_in_code_are_left_alone(sketch: Sketch) -> None:
    sketch.page("it/a.md", "`{{ x }}`\n", translation="a")
    assert sketch.places() == []


def test_a_block_of_an_unknown_form_is_a_problem(sketch: Sketch) -> None:
    sketch.page("it/a.md", "/// form | altra\n///\n", translation="a")
    assert sketch.said() == [
        "content/it/a.md:6: FORM_UNKNOWN There is no form altra — create content/forms/altra.yaml, or use one of: prova"
    ]


@pytest.mark.parametrize(
    "body", ["/// form | prova\n", "/// form | prova\n\nTesto.\n\n///\n", "//// form | prova\n///\n"]
)
def test_a_block_that_is_not_closed_is_a_problem(sketch: Sketch, body: str) -> None:
    sketch.page("it/a.md", body, translation="a")
    assert sketch.places() == [("content/it/a.md", 6, "BLOCK_OPEN")]


def test_a_form_speaks_the_language_of_its_page(sketch: Sketch) -> None:
    (sketch.root / "content/forms/prova.en.yaml").unlink()
    assert sketch.places() == [("content/en/form.md", 8, "FORM_LANGUAGE")]


def test_a_form_with_problems_is_told_with_the_rest_and_is_not_unknown(sketch: Sketch) -> None:
    sketch.write("content/forms/prova.yaml", "name: prova\n")
    sketch.page("it/a.md", "[x](y.md)", translation="a")
    files = {path for path, _, _ in sketch.places()}
    assert {"content/forms/prova.yaml", "content/it/a.md"} <= files
    assert "FORM_UNKNOWN" not in {code for _, _, code in sketch.places()}


def test_a_translation_key_stands_once_in_a_language(sketch: Sketch) -> None:
    sketch.page("it/a.md", "", translation="form")
    assert sketch.places() == [("content/it/modulo.md", 4, "TRANSLATION_TWICE")]


def test_two_articles_have_two_addresses(sketch: Sketch) -> None:
    sketch.article("altro", slug="un-articolo")
    assert [(path, code) for path, _, code in sketch.places()] == [
        ("content/it/articoli/posts/un-articolo.md", "ADDRESS_TWICE")
    ]


def test_an_author_is_one_of_the_known(sketch: Sketch) -> None:
    sketch.article("altro", authors="[nessuno]")
    assert [code for _, _, code in sketch.places()] == ["AUTHOR_UNKNOWN"]


@pytest.mark.parametrize("text", ["redazione: {name: R}\n", "authors: [", ""])
def test_the_authors_file_has_to_be_readable(sketch: Sketch, text: str) -> None:
    sketch.write("content/it/articoli/.authors.yml", text)
    found = [code for path, _, code in sketch.places() if path == "content/it/articoli/.authors.yml"]
    assert found[0] == "AUTHORS_FILE"


def test_the_navigation_names_pages_that_are_there(sketch: Sketch) -> None:
    nav = [{"Uno": "uno.md"}, {"Due": [{"Tre": "articoli/tre.md"}, "modulo.md"]}, {"Fuori": "https://example.org"}]
    sketch.settings("mkdocs.yml", SETTINGS | {"nav": nav})
    assert [problem.values["target"] for problem in sketch.problems()] == ["uno.md", "articoli/tre.md"]


def test_every_problem_comes_in_one_run_in_the_order_of_files(sketch: Sketch) -> None:
    sketch.page("it/b.md", "[x](y.md)\n{{ z }}\n", translation="b", title="no")
    sketch.page("it/a.md", "/// form | altra\n///\n", translation="a")
    sketch.page("en/c.md", "[x](y.md)", translation="c")
    assert sketch.places() == [
        ("content/en/c.md", 6, "LINK_DEAD"),
        ("content/it/a.md", 6, "FORM_UNKNOWN"),
        ("content/it/b.md", 2, "KEY_QUOTE"),
        ("content/it/b.md", 6, "LINK_DEAD"),
        ("content/it/b.md", 7, "SETTING_UNKNOWN"),
    ]


@pytest.mark.parametrize("path", ["it/en.md", "it/en/index.md", "it/en/altro/a.md"])
def test_a_page_where_another_language_has_its_place_is_a_problem(sketch: Sketch, path: str) -> None:
    sketch.page(path, "Ciao.", translation="a")
    assert sketch.places() == [(f"content/{path}", 1, "ADDRESS_TWICE")]


def test_a_folder_where_another_language_has_its_place_is_a_problem(sketch: Sketch) -> None:
    sketch.write("content/it/en/foto.svg", "<svg/>")
    sketch.page("it/entrare.md", "![Una foto](en/foto.svg)", translation="a")
    assert sketch.places() == [("content/it/en", 1, "ADDRESS_TWICE")]
