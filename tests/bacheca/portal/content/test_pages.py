"""`bacheca.portal.content.pages`: reading pages, and the address each will have."""

from __future__ import annotations

from itertools import pairwise

import pytest

from bacheca.portal.content.pages import page_url, read_pages
from tests.bacheca.portal.conftest import Sketch


def test_every_page_is_read_with_its_lines(sketch: Sketch) -> None:
    sketch.page("it/a.md", "uno\ndue\n", title="A", translation="a")
    pages, problems = read_pages(sketch.language())
    page = next(page for page in pages if page.path == "a.md")
    assert not problems
    assert (page.meta["title"], page.key_lines["description"]) == ("A", 3)
    assert list(page.prose())[:2] == [(6, "uno"), (7, "due")]


BOMB = "".join(f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n" for before, name in pairwise("abcdefgh"))
"""Few characters, and millions of values."""


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        ("---\ntitle: A\n\nTesto.\n", 3, "PAGE_HEAD_OPEN"),
        ("---\ntitle: A\n--\nTesto.\n", 3, "PAGE_HEAD_MARK"),
        ("---\ntitle: A\ndescription: uno: due\n---\n", 3, "YAML_COLON"),
        ("---\ntitle: A\n- uno\n---\n", 2, "YAML_LIST"),
        ("---\n? : -\n---\n", 2, "PAGE_YAML"),
        ("---\n- uno\n---\n", 2, "PAGE_YAML"),
        ("+++\ntitle = A\n+++\n", 2, "PAGE_TOML"),
        ("---\na: &a [x, x, x, x, x, x, x, x, x]\n" + BOMB + "---\n", 1, "FORM_DEEP"),
        ("---\na: &a [*a]\n---\n", 1, "FORM_DEEP"),
    ],
)
def test_a_page_that_cannot_be_read_has_its_place(sketch: Sketch, text: str, line: int, code: str) -> None:
    sketch.write("content/it/rotta.md", text)
    assert ("content/it/rotta.md", line, code) in sketch.places()


def test_a_page_in_another_encoding_is_a_problem(sketch: Sketch) -> None:
    (sketch.root / "content/it/latin.md").write_bytes("---\ntitle: perché\n---\n".encode("latin-1"))
    assert ("content/it/latin.md", 2, "PAGE_FILE") in sketch.places()


def test_code_is_not_prose(sketch: Sketch) -> None:
    body = "uno `[x](y.md)` due\n```\n[x](y.md)\n```\n~~~~ md\n~~~\n[x](y.md)\n~~~~\ntre\n"
    sketch.page("it/codice.md", body, translation="code")
    pages, _ = read_pages(sketch.language())
    page = next(page for page in pages if page.path == "codice.md")
    assert [text for _, text in page.prose()] == ["uno  due", "tre", ""]


@pytest.mark.parametrize(
    ("path", "url"),
    [
        ("index.md", ""),
        ("profilo.md", "profilo/"),
        ("partecipa/index.md", "partecipa/"),
        ("partecipa/sondaggio.md", "partecipa/sondaggio/"),
        ("articoli/index.md", "articoli/"),
        ("articoli/posts/uno.md", "articoli/un-altro/"),
    ],
)
def test_addresses_are_those_of_the_engine(sketch: Sketch, path: str, url: str) -> None:
    assert page_url(path, {"slug": "un-altro"}, sketch.language()) == url
