"""`bacheca.portal.build.staged_tree`: a staged tree is as if it had been staged anew, and nothing is written twice."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bacheca.portal.build.stage import stage
from bacheca.portal.build.staged_tree import StagedTree
from bacheca.portal.cache.store import Cache
from tests.bacheca.portal.conftest import FORM, SETTINGS, Sketch


def folder_becomes_file(sketch: Sketch) -> None:
    shutil.rmtree(sketch.root / "content/it/altrove")
    sketch.write("content/it/altrove", "x")


EDITS: dict[str, tuple[Callable[[Sketch], object], set[str]]] = {
    "nothing": (lambda sketch: None, set()),
    "a page": (
        lambda sketch: sketch.page("it/privacy.md", "Altro.", translation="privacy"),
        {"it/pages/privacy.md"},
    ),
    "a page that goes": (lambda sketch: (sketch.root / "content/it/altrove/nuova.md").unlink(), set()),
    "a picture": (lambda sketch: sketch.write("content/it/a.svg", "<svg/>"), {"it/pages/a.svg"}),
    "a folder that becomes a file": (
        folder_becomes_file,
        {"it/pages/altrove"},
    ),
    "settings": (
        lambda sketch: sketch.settings("mkdocs.yml", {**SETTINGS, "copyright": "Nessuno"}),
        {"it/mkdocs.yml", "en/mkdocs.yml"},
    ),
    "a translation": (
        lambda sketch: (sketch.root / "content/en/privacy.md").unlink(),
        {"it/pages/privacy.md"},
    ),
    "a form that a page names": (
        lambda sketch: sketch.write("content/forms/prova.yaml", FORM + 'form:closes: "2027-06-30"\n'),
        {"it/pages/altro.md"},
    ),
}


def staged(sketch: Sketch) -> dict[str, tuple[bytes, int]]:
    stage(sketch.portal(), sketch.content())
    found = (file for code in ("it", "en") for file in (sketch.root / "build" / code).rglob("*") if file.is_file())
    root = sketch.root / "build"
    return {file.relative_to(root).as_posix(): (file.read_bytes(), file.stat().st_mtime_ns) for file in found}


@pytest.mark.parametrize("what", EDITS)
def test_only_what_changed_is_written_and_all_is_as_if_it_were_new(sketch: Sketch, what: str) -> None:
    sketch.page("it/altrove/nuova.md", "Nuova.", translation="new")
    sketch.page("it/altro.md", "Chiude {{ form.prova.closes }}.", translation="other")
    before = staged(sketch)
    edit, changed = EDITS[what]
    edit(sketch)
    after = staged(sketch)
    assert {path for path in after if after[path] != before.get(path)} == changed
    shutil.rmtree(sketch.root / "build")
    anew = staged(sketch)
    assert {path: content for path, (content, _) in after.items()} == {
        path: content for path, (content, _) in anew.items()
    }


def test_a_file_that_somebody_else_wrote_to_is_written_again(tmp_path: Path) -> None:
    for _ in range(2):
        tree = StagedTree(tmp_path / "pages", Cache(tmp_path / "cache"))
        tree.write("a/b.md", "1", lambda: "Testo")
        tree.close()
        assert (tmp_path / "pages/a/b.md").read_text() == "Testo"
        (tmp_path / "pages/a/b.md").write_text("Tasto")


def test_where_nobody_can_tell_what_a_file_is_made_of_it_is_made_and_compared(tmp_path: Path) -> None:
    for text in ("uno", "due"):
        tree = StagedTree(tmp_path / "pages", Cache(tmp_path / "cache"))
        tree.write("a.md", "", lambda text=text: text)  # type: ignore[misc]
        tree.close()
        assert (tmp_path / "pages/a.md").read_text() == text
