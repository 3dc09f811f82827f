"""A tree of staged files that is brought up to date: what stays as it is is not written, and keeps its time."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import Any

from bacheca.portal.cache.digests import digest_of
from bacheca.portal.cache.store import Cache
from bacheca.portal.disk.plain_files import cleared_for_file, cleared_for_folder, read_file, remove

KIND = "staged"


class StagedTree:
    """The staged files of a language.

    Args:
        folder: where they are.
        cache: where it is kept what each of them was made of.
    """

    def __init__(self, folder: Path, cache: Cache):
        self._folder, self._cache = folder, cache
        self._key = digest_of(str(folder.absolute()))
        kept = cache.get_json(KIND, self._key)
        self._kept: dict[str, list[Any]] = kept if isinstance(kept, dict) else {}
        self._now: dict[str, list[Any]] = {}

    def clear_out(self, wanted: Iterable[str]) -> None:
        """Remove what is no longer wanted, and the folders that are left empty.

        Args:
            wanted: the paths of all files that there will be.
        """
        if cleared_for_folder(self._folder):
            self._cache.dropped(self._folder)
        if self._folder.is_dir():
            self._clear(self._folder, {os.path.join(self._folder, path) for path in wanted})

    def _clear(self, folder: Path | str, wanted: Collection[str]) -> bool:
        """Clear a folder out; tell whether it is left empty."""
        empty = True
        with os.scandir(folder) as entries:
            for entry in entries:
                is_folder = entry.is_dir(follow_symlinks=False)
                if entry.path in wanted:
                    gone = cleared_for_file(entry.path)
                    known = os.path.relpath(entry.path, self._folder) in self._kept if gone and is_folder else gone
                elif is_folder and not cleared_for_folder(entry.path):
                    known, gone = False, self._clear(entry.path, wanted)
                    if gone:
                        os.rmdir(entry.path)
                else:
                    remove(entry.path)
                    known, gone = not entry.is_file(follow_symlinks=False), True
                if known:
                    self._cache.dropped(Path(entry.path))
                empty = empty and gone
        return empty

    def write(self, path: str, made_of: str, text: Callable[[], str]) -> None:
        """Write a file, unless it is there as it was written, and made of the same.

        Args:
            path: its path in the folder.
            made_of: the digest of all that it is made of; empty where nobody can tell.
            text: makes its text.
        """
        file = self._folder / path
        known = self._kept.get(path)
        if not (made_of and known and known == [made_of, *_stamp(file)]):
            write_anew(file, text().encode())
        if made_of:
            self._now[path] = [made_of, *_stamp(file)]

    def close(self) -> None:
        """Keep what files were made of.

        Raises:
            OSError: the disk is full, or cannot be written to.
        """
        if self._now != self._kept:
            self._cache.put_json(KIND, self._key, self._now)


def write_anew(file: Path, content: bytes) -> None:
    """Write a file, unless it holds the same already; whatever else is in its place is thrown away."""
    try:
        same = read_file(file) == content
    except FileNotFoundError:
        file.parent.mkdir(parents=True, exist_ok=True)
        same = False
    except OSError:
        remove(file)
        same = False
    if not same:
        file.write_bytes(content)


def _stamp(file: Path) -> list[int]:
    """Give what changes whenever a file is written; nothing of one that is not there."""
    try:
        found = os.stat(file)
    except FileNotFoundError:
        return []
    return [found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino]
