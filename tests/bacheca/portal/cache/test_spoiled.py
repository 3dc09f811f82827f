"""What builds keep, spoiled in any way: it is thrown away, that is told, and all is as if it were new."""

from __future__ import annotations

import datetime as dt
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from bacheca.portal.build.pipeline import lock_of
from bacheca.portal.build.staged_tree import StagedTree
from bacheca.portal.cache.store import Cache
from bacheca.portal.cache.unchanged import Record
from bacheca.portal.disk.plain_files import remove

KEY = "0123456789abcdef"

KINDS: dict[str, Callable[[Path, Path], object]] = {
    "a folder": lambda place, _: place.mkdir(),
    "a folder that is not empty": lambda place, _: (place / "a/b").mkdir(parents=True),
    "a file": lambda place, _: place.write_bytes(b"one"),
    "a pipe": lambda place, _: os.mkfifo(place),
    "a socket": lambda place, _: os.mknod(place, 0o600 | stat.S_IFSOCK),
    "a link to a file": lambda place, aside: place.symlink_to(aside / "file"),
    "a link to a folder": lambda place, aside: place.symlink_to(aside),
    "a link to itself": lambda place, _: place.symlink_to(place),
    "a link to nothing": lambda place, aside: place.symlink_to(aside / "nothing"),
    "nobody's to read": lambda place, _: os.close(os.open(place, os.O_CREAT, 0)),
}

FILES = (f"cache/page/01/{KEY[2:]}", "cache/builds", "cache/format", "unchanged.json", "lock", "it/pages/a/b.md")
FOLDERS = ("cache", "cache/page", "cache/page/01", "cache/staged", "it/pages", "it/pages/a")


def work(build: Path, *, full: bool = False) -> list[Path]:
    """Do with the build folder what a build does; tell what it throws away."""
    told: list[Path] = []
    with lock_of(build, told.append):
        cache = Cache(build / "cache", told.append)
        if full:
            remove(build / "it")
            cache.clear()
        cache.begin_build()
        if cache.get("page", KEY) is None:
            cache.put("page", KEY, b"one")
        assert cache.has("page", KEY)
        assert Cache(build / "cache").get("page", KEY) == b"one"
        tree = StagedTree(build / "it/pages", cache)
        tree.clear_out(["a/b.md"])
        tree.write("a/b.md", "1", lambda: "Testo")
        tree.close()
        assert (build / "it/pages/a/b.md").read_text() == "Testo"
        record = Record(build, build.parent / "site", {})
        record.nothing_changed()
        record.drop(told.append)
        record.keep(dt.datetime.now(dt.UTC), dt.datetime.now(dt.UTC))
    return told


@pytest.mark.parametrize("place", [*FILES, *FOLDERS])
@pytest.mark.parametrize("kind", KINDS)
def test_whatever_stands_in_the_place_of_what_is_kept_is_thrown_away_and_told(
    tmp_path: Path, kind: str, place: str
) -> None:
    aside, build = tmp_path / "aside", tmp_path / "build"
    for folder in (aside, build):
        folder.mkdir()
    (aside / "file").write_bytes(b"mine")
    work(build)
    spoiled = build / place
    in_place = {spoiled, *spoiled.parents} - {build, *build.parents}
    for full in (False, True):
        remove(spoiled)
        KINDS[kind](spoiled, aside)
        told = work(build, full=full)
        assert spoiled.is_dir() == (place in FOLDERS)
        assert not spoiled.is_symlink()
        assert is_usual(kind, place, full=full) or in_place & {*told}
        assert work(build) == []
        assert [path.read_bytes() for path in aside.iterdir()] == [b"mine"]


def is_usual(kind: str, place: str, *, full: bool) -> bool:
    """Tell whether nothing need be told: of what an edit of a page makes too, or a file whose content is unknown."""
    if place.startswith("it/"):
        return full or kind in ("a file", "nobody's to read") or (kind.startswith("a folder") and place in FOLDERS)
    if place in FOLDERS:
        return kind.startswith("a folder")
    return kind == "a file" or (kind == "nobody's to read" and os.geteuid() == 0)


def test_of_a_link_only_the_link_is_removed_and_of_a_folder_what_nobody_may_read_too(tmp_path: Path) -> None:
    (tmp_path / "aside").mkdir()
    (tmp_path / "folder/shut/inner").mkdir(parents=True)
    (tmp_path / "folder/link").symlink_to(tmp_path / "aside")
    (tmp_path / "folder/shut").chmod(0)
    mode = (tmp_path / "aside").stat().st_mode
    for _ in range(2):
        remove(tmp_path / "folder")
        assert [path.name for path in tmp_path.iterdir()] == ["aside"]
    assert (tmp_path / "aside").stat().st_mode == mode


def test_a_lock_that_somebody_else_made_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lock = tmp_path / "lock"
    lock.touch()
    monkeypatch.setattr(os, "access", lambda *_, **__: False)  # as of another user's
    lock_of(tmp_path)
    assert lock.is_file()
