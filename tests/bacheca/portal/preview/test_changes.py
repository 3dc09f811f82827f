"""`bacheca.portal.preview.changes`: what is saved is told at once, and once."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bacheca.portal.preview.changes import EVERYTHING, Changes, is_ignored
from bacheca.portal.preview.server import watched
from tests.bacheca.portal.conftest import Sketch


@pytest.fixture
def changes(tmp_path: Path) -> Iterator[Changes]:
    (tmp_path / "content/it").mkdir(parents=True)
    for name in ("content/it/a.md", "mkdocs.yml"):
        (tmp_path / name).write_text("prima")
    watching = Changes([(tmp_path, "mkdocs*.yml"), (tmp_path / "content", EVERYTHING)])
    yield watching
    watching.close()


def save_beside_and_rename(page: Path) -> None:
    beside = page.with_name(f".{page.name}.tmp")
    beside.write_text("dopo")
    beside.replace(page)


def save_a_copy_and_write(page: Path) -> None:
    """Save as vim does."""
    page.with_name("4913").write_text("")
    page.with_name("4913").unlink()
    page.rename(f"{page}~")
    page.write_text("dopo")
    os.unlink(f"{page}~")


def save_bit_by_bit(page: Path) -> None:
    with page.open("w") as opened:
        for letter in "dopo":
            opened.write(letter)
            opened.flush()


WAYS: list[Callable[[Path], object]] = [
    lambda page: page.write_text("dopo"),
    save_beside_and_rename,
    save_a_copy_and_write,
    save_bit_by_bit,
]


@pytest.mark.parametrize("save", WAYS)
def test_however_a_program_saves_it_is_one_change(
    tmp_path: Path, changes: Changes, save: Callable[[Path], object]
) -> None:
    save(tmp_path / "content/it/a.md")
    assert changes.wait(lambda: None) == {tmp_path / "content/it/a.md"}


def test_a_page_that_is_renamed_to_what_nobody_reads_has_changed(tmp_path: Path, changes: Changes) -> None:
    (tmp_path / "content/it/a.md").rename(tmp_path / "content/it/a.md~")
    assert changes.wait(lambda: None) == {tmp_path / "content/it/a.md"}


def test_many_files_at_once_are_one_change(tmp_path: Path, changes: Changes) -> None:
    pages = {tmp_path / f"content/it/nuova/{number}.md" for number in range(40)}
    (tmp_path / "content/it/nuova").mkdir()
    (tmp_path / "content/it/a.md").unlink()
    for page in pages:
        page.write_text("x")
    found: set[Path] = set()
    while not found >= {*pages, tmp_path / "content/it/a.md"}:
        found |= changes.wait(lambda: None)


def test_settings_are_watched_and_other_files_beside_them_are_not(tmp_path: Path, changes: Changes) -> None:
    (tmp_path / "altro.yml").write_text("x")
    (tmp_path / "mkdocs.en.yml").write_text("x")
    assert changes.wait(lambda: None) == {tmp_path / "mkdocs.en.yml"}


def test_whoever_reads_a_file_changes_nothing(tmp_path: Path, changes: Changes) -> None:
    (tmp_path / "content/it/a.md").read_text()

    class Looked(Exception):
        """Nothing came."""

    def look() -> None:
        raise Looked

    with pytest.raises(Looked):
        changes.wait(look)


@pytest.mark.parametrize(
    ("path", "ignored"),
    [
        ("content/it/a.md", False),
        ("content/it/.authors.yml", False),
        ("content/it/.a.md.swp", True),
        ("portal/__pycache__/x.pyc", True),
        ("a.md~", True),
        ("content/4913", True),
    ],
)
def test_files_that_nobody_wrote_are_ignored(path: str, ignored: bool) -> None:
    assert is_ignored(str(Path(path))) is ignored


def test_a_template_or_a_logo_of_ones_own_that_is_saved_is_a_change_though_its_folder_is_new(sketch: Sketch) -> None:
    changes = Changes(watched(sketch.portal()))
    try:
        for path in ("theme/partials/footer.html", "assets/logo.svg"):
            saved = sketch.write(f"content/{path}", "<p>a</p>")
            assert saved in changes.wait(lambda: None)
    finally:
        changes.close()
