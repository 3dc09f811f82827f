"""`bacheca.portal.rendering.read_pages`: a page that nobody wrote to since the last build is not opened again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from mkdocs.config import load_config
from mkdocs.structure.files import get_files
from mkdocs.structure.pages import Page

from bacheca.portal.cache.store import Cache
from bacheca.portal.rendering import read_pages
from bacheca.portal.rendering.markdown_results import Made, MarkdownResults
from bacheca.portal.rendering.read_pages import ReadPages

TEXT = "---\ntitle: Titolo\ntags: [a, 1, true]\n---\n\nParole.\n"


def build(root: Path, plugins: Any = ()) -> tuple[Made | None, Page]:
    """Read the page of a folder as a build does; give what the build before knew of it, and the page."""
    config = load_config(config_file=str(root / "mkdocs.yml"))
    files, cache = get_files(config), Cache(root / "cache")
    markdown = MarkdownResults(cache, config, files, "code")
    texts = ReadPages(cache, config, files, markdown, plugins)
    (file,) = files.documentation_pages()
    page = Page(None, file, config)
    taken = texts.take(page)
    if taken is None:
        texts.read(page)
    texts.keep([(file, taken or Made(*markdown.make(page)))])
    return taken, page


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(read_pages, "SETTLED", -(10**18))  # whatever was just written is taken for settled
    (tmp_path / "docs").mkdir()
    (tmp_path / "mkdocs.yml").write_text("site_name: Prova\n")
    (tmp_path / "docs/index.md").write_text(TEXT)
    return tmp_path


def test_what_a_page_says_of_itself_is_known_without_its_text(root: Path) -> None:
    first, read = build(root)
    second, taken = build(root)
    assert first is None
    assert second is not None
    assert repr(taken.meta) == repr(read.meta)
    assert (taken.title, taken.markdown) == ("Titolo", "")


@pytest.mark.parametrize("text", [TEXT.replace("Parole", "Altro!"), TEXT.replace("Titolo", "Altro!")])
def test_a_page_that_was_written_again_is_read(root: Path, text: str) -> None:
    build(root)
    (root / "docs/index.md").write_text(text)
    assert build(root)[0] is None


def test_with_plugins_of_other_settings_every_page_is_read(root: Path) -> None:
    build(root)
    assert build(root, {"tags": {}})[0] is None


@pytest.mark.parametrize("head", ["date: 2026-11-23\ntitle: a", "description: a", "title: a\n1: b"])
def test_what_json_does_not_tell_and_what_has_no_title_is_read(root: Path, head: str) -> None:
    (root / "docs/index.md").write_text(f"---\n{head}\n---\n\n# A\n")
    build(root)
    assert build(root)[0] is None


def test_what_was_written_just_before_is_read_again(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_pages, "SETTLED", 3600 * 10**9)
    build(root)
    assert build(root)[0] is None
