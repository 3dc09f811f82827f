"""What files hold, told without reading those again that nobody wrote to since."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bacheca.portal.cache import file_digests
from bacheca.portal.cache.digests import digest_of_bytes
from bacheca.portal.cache.file_digests import FileDigests
from bacheca.portal.cache.store import Cache


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    """Make a cache."""
    return Cache(tmp_path / "cache")


def test_a_file_that_nobody_wrote_to_is_not_read_again(
    tmp_path: Path, cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_digests, "SETTLED", 0)
    file = tmp_path / "page.md"
    file.write_bytes(b"one")
    known = FileDigests(cache, "pages")
    assert known.of(file) == digest_of_bytes(b"one")
    known.save()
    monkeypatch.setattr(Path, "read_bytes", None)
    monkeypatch.setattr(cache, "put_json", None)
    found = {file_digests.KIND: {str(file): [digest_of_bytes(b"one"), *stat_of(file)]}}
    monkeypatch.setattr(cache, "get_json", lambda kind, _: found[kind])
    again = FileDigests(cache, "pages")
    assert again.of(file) == digest_of_bytes(b"one")
    again.save()


def stat_of(file: Path) -> list[int]:
    """Give what the disk says of a file."""
    found = os.stat(file)
    return [found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino, found.st_dev]


def test_a_file_that_is_written_to_again_is_read_again_though_its_time_is_the_same(
    tmp_path: Path, cache: Cache
) -> None:
    file = tmp_path / "page.md"
    for content in (b"one", b"two", b"six"):
        file.write_bytes(content)
        os.utime(file, (1_800_000_000, 1_800_000_000))
        known = FileDigests(cache, "pages")
        assert known.of(file) == digest_of_bytes(content)
        known.save()


def test_files_have_one_digest_which_their_names_are_part_of(tmp_path: Path, cache: Cache) -> None:
    known = FileDigests(cache, "code")
    files = [tmp_path / name for name in ("a.py", "b.py")]
    for file in files:
        file.write_bytes(b"x = 1")
    before = known.of_all(tmp_path, files)
    assert known.of_all(tmp_path, reversed(files)) == before
    files[1] = files[1].rename(tmp_path / "c.py")
    assert known.of_all(tmp_path, files) != before
