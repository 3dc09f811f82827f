"""The cache: what is read is what was put there, or nothing."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bacheca.portal.cache.store import BUILDS, Cache

KEY = "0123456789abcdef"


def place(folder: Path) -> Path:
    """Find the only object of a cache."""
    return next(file for file in (folder / "page").rglob("*") if file.is_file())


def test_what_was_put_there_is_given_back_and_nothing_else(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache")
    assert cache.get("page", KEY) is None
    cache.put("page", KEY, b"one")
    cache.put_json("page", "other", {"b": ["è"], "a": None})
    assert Cache(tmp_path / "cache").get("page", KEY) == b"one"
    assert cache.get_json("page", "other") == {"b": ["è"], "a": None}
    assert cache.get("words", KEY) is None
    assert (cache.has("page", KEY), cache.has("words", KEY)) == (True, False)


def torn(file: Path) -> None:
    """Leave half of an object."""
    file.write_bytes(file.read_bytes()[:-1])


def emptied(file: Path) -> None:
    """Leave nothing in it."""
    file.write_bytes(b"")


def flipped(file: Path) -> None:
    """Change one bit."""
    content = file.read_bytes()
    file.write_bytes(content[:-1] + bytes((content[-1] ^ 1,)))


def another(file: Path) -> None:
    """Put an object that is sound in the place of another."""
    Cache(file.parents[2]).put("page", "fedcba9876543210", b"two")
    shutil.copy(file.parents[1] / "fe" / "dcba9876543210", file)


def a_folder(file: Path) -> None:
    """Put a folder in its place."""
    file.unlink()
    (file / "inner").mkdir(parents=True)


@pytest.mark.parametrize("spoil", [torn, emptied, flipped, another, a_folder])
def test_what_is_not_what_was_put_there_is_thrown_away_and_said(tmp_path: Path, spoil: Callable[[Path], None]) -> None:
    said: list[Path] = []
    cache = Cache(tmp_path, said.append)
    cache.put("page", KEY, b"one")
    spoil(place(tmp_path))
    assert cache.get("page", KEY) is None
    assert said == [tmp_path / "page" / KEY[:2] / KEY[2:]]
    assert cache.get("page", KEY) is None
    cache.put("page", KEY, b"one")
    assert cache.get("page", KEY) == b"one"
    assert len(said) == 1


def test_a_folder_that_other_code_wrote_is_emptied_and_that_is_said(tmp_path: Path) -> None:
    Cache(tmp_path).put("page", KEY, b"one")
    (tmp_path / "format").write_text("bacheca-cache 0")
    said: list[Path] = []
    assert Cache(tmp_path, said.append).get("page", KEY) is None
    assert said == [tmp_path]
    Cache(tmp_path, said.append).put("page", KEY, b"one")
    assert Cache(tmp_path, said.append).get("page", KEY) == b"one"
    assert said == [tmp_path]


def test_what_several_builds_had_no_use_for_is_thrown_away(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    for key in ("read", "kept", "unused"):
        cache.put("page", key, b"one")
    for _ in range(3 * BUILDS):
        cache.begin_build()
        assert cache.get("page", "read") == b"one"
        cache.keep("page", ["kept", "missing"])
    assert [cache.has("page", key) for key in ("read", "kept", "unused")] == [True, True, False]


def test_what_the_last_builds_used_stays(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.begin_build()
    cache.put("page", KEY, b"one")
    for _ in range(BUILDS - 1):
        cache.begin_build()
    assert cache.get("page", KEY) == b"one"


def test_an_emptied_cache_has_nothing_and_can_be_used(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.put("page", KEY, b"one")
    cache.clear()
    assert cache.get("page", KEY) is None
    cache.put("page", KEY, b"two")
    assert cache.get("page", KEY) == b"two"
