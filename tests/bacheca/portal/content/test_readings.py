"""`bacheca.portal.content.readings`: what was read of pages before is what would be read of them again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bacheca.portal.build.read import read_content
from bacheca.portal.cache.store import Cache
from bacheca.portal.content.rendered import MarkdownReader
from tests.bacheca.portal.conftest import SETTINGS, Sketch
from tests.bacheca.portal.content.test_rendered import HEADINGS

FAULTS = (
    "# Titolo\n\n### Troppo\n\n[x](y.md) ![](a.svg) [z](modulo.md#niente) {{ community.niente }} "
    "{{ community.email }}\n"
    '\n/// form | niente\n\n<script>alert(1)</script> [j](javascript:x)\n\n<a href="modulo/" onclick="x">m</a>\n'
    '\n<img src="b.png"> <https://example.org/> [w](www.example.org) --8<-- \n\n--8<-- "a.md"\n\n## Àncora {#qui}\n'
)


@pytest.fixture
def faulty(sketch: Sketch) -> Sketch:
    """A small portal with faults of many kinds."""
    sketch.page("it/a.md", FAULTS, translation="a")
    sketch.page("it/b.md", "[a](a.md#qui) [b](a.md#li)\n", translation="b", title='""')
    sketch.page("en/c.md", "[" * 3000 + "x", translation="c")
    sketch.page("it/d.md", HEADINGS, translation="d")
    return sketch


def lines(sketch: Sketch, kept: Cache | None = None) -> list[str]:
    _, problems = read_content(sketch.portal(), kept=kept)
    return [f"{problem.level}{problem.line_of_text('it')}" for problem in problems]


def parsed(sketch: Sketch, cache: Cache, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Read everything, and give the first lines of what was parsed."""
    found: list[str] = []
    html = MarkdownReader.html

    def counted(self: MarkdownReader, body: str, first_line: int = 1) -> str:
        found.append(body.partition("\n")[0])
        return html(self, body, first_line)

    with monkeypatch.context() as patch:
        patch.setattr(MarkdownReader, "html", counted)
        lines(sketch, cache)
    return found


@pytest.mark.parametrize("more", [0, 30])
def test_problems_are_the_same_and_in_the_same_order(
    faulty: Sketch, monkeypatch: pytest.MonkeyPatch, more: int
) -> None:
    for number in range(more):  # so many that several processes read them
        faulty.page(f"it/n{number}.md", f"{FAULTS}{number}\n", translation=f"n{number}")
    plain = lines(faulty)
    assert len(plain) > 15
    assert lines(faulty, Cache(faulty.root / "build/cache")) == plain
    monkeypatch.setattr(MarkdownReader, "html", None)  # whatever is parsed again is a page without a link
    assert lines(faulty, Cache(faulty.root / "build/cache")) == plain


EDITS: dict[str, tuple[Callable[[Sketch], object], list[str]]] = {
    "nothing": (lambda sketch: None, []),
    "a page": (lambda sketch: sketch.page("it/privacy.md", "Altro.", translation="privacy"), ["Altro."]),
    "a line of its front matter": (
        lambda sketch: sketch.page("it/privacy.md", "Scrivi a {{ community.email }}.", x="1"),
        ["Scrivi a {{ community.email }}."],
    ),
    "what a page names": (
        lambda sketch: sketch.settings(
            "mkdocs.yml",
            {**SETTINGS, "extra": {**SETTINGS["extra"], "community": {"name": "P", "email": "p@example.org"}}},
        ),
        ["Scrivi a {{ community.email }}."],
    ),
    "a page's place": (
        lambda sketch: (sketch.root / "content/it/privacy.md").rename(sketch.root / "content/it/altrove.md"),
        [],
    ),
}


@pytest.mark.parametrize("what", EDITS)
def test_only_what_changed_is_parsed_again(sketch: Sketch, monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    cache = Cache(sketch.root / "build/cache")
    assert len(parsed(sketch, cache, monkeypatch)) >= 7
    edit, again = EDITS[what]
    edit(sketch)
    assert parsed(sketch, cache, monkeypatch) == again


def test_with_other_extensions_every_page_is_parsed_again(sketch: Sketch, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = Cache(sketch.root / "build/cache")
    pages = len(parsed(sketch, cache, monkeypatch))
    extensions = {**SETTINGS["markdown_extensions"], "toc": {"permalink": False}}
    sketch.settings("mkdocs.yml", {**SETTINGS, "markdown_extensions": extensions})
    assert len(parsed(sketch, cache, monkeypatch)) == pages


@pytest.mark.parametrize(
    ("name", "text", "again"),
    [
        ("sempre.md", "## Sempre\n", False),
        ("sempre.md:1:1", "## Sempre\n", True),
        ("sempre.md", '## Sempre\n\n--8<-- "altro.md"\n', True),
    ],
)
def test_a_file_that_is_added_to_every_page_is_told_by_what_it_says(
    sketch: Sketch, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, text: str, *, again: bool
) -> None:
    monkeypatch.setenv("BACHECA_ALLOW", "theme,extensions")
    snippets = {"base_path": ["parti"], "auto_append": [name]}
    extensions = {**SETTINGS["markdown_extensions"], "pymdownx.snippets": snippets}
    sketch.settings("mkdocs.yml", {**SETTINGS, "markdown_extensions": extensions})
    sketch.write("parti/altro.md", "Altro.\n")
    sketch.write("parti/sempre.md", text)
    sketch.page("it/b.md", "[qui](#sempre)\n", translation="b")
    cache = Cache(tmp_path / "cache")
    assert not [line for line in lines(sketch, cache) if "ANCHOR" in line]
    assert bool(parsed(sketch, cache, monkeypatch)) is again
    sketch.write("parti/sempre.md", text.replace("Sempre", "Mai"))
    assert [line for line in lines(sketch, cache) if "ANCHOR" in line]


def test_what_puts_another_file_into_a_page_is_read_each_time(
    sketch: Sketch, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("BACHECA_ALLOW", "theme,extensions")
    extensions = {**SETTINGS["markdown_extensions"], "pymdownx.snippets": {"base_path": "parti"}}
    sketch.settings("mkdocs.yml", {**SETTINGS, "markdown_extensions": extensions})
    sketch.write("parti/parte.md", "## Parte\n")
    sketch.page("it/a.md", '--8<-- "parte.md"\n', translation="a")
    sketch.page("it/b.md", "[a](a.md#parte)\n", translation="b")
    cache = Cache(tmp_path / "cache")
    assert not [line for line in lines(sketch, cache) if "ANCHOR" in line]
    sketch.write("parti/parte.md", "## Altra\n")
    assert [line for line in lines(sketch, cache) if "ANCHOR" in line]
