"""What files hold, told without reading those again that nobody wrote to since: as git does, by what the disk says."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from pathlib import Path

from bacheca.portal.cache.digests import digest_of, digest_of_bytes
from bacheca.portal.cache.store import Cache

KIND = "file-digests"
SETTLED = 2 * 10**9
"""Nanoseconds after which a file that is written to again surely has another time."""


class FileDigests:
    """The digests of files, those of earlier builds among them.

    Args:
        cache: where they are kept.
        name: under which name, such as `code`; one for each set of files that is asked for together.
    """

    def __init__(self, cache: Cache, name: str):
        self._cache = cache
        self._key = digest_of(name)
        kept = cache.get_json(KIND, self._key)
        self._kept: dict[str, list[object]] = kept if isinstance(kept, dict) else {}
        self._now: dict[str, list[object]] = {}
        self._changed = False

    def of(self, file: Path) -> str:
        """Give the digest of what a file holds.

        Raises:
            OSError: it cannot be read.
        """
        path = os.fspath(file)
        found = os.stat(file)
        seen = [found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino, found.st_dev]
        kept = self._kept.get(path)
        if kept is not None and kept[1:] == seen:
            digest = str(kept[0])
        else:
            digest = digest_of_bytes(file.read_bytes())
            self._changed = True
        if time.time_ns() - found.st_ctime_ns > SETTLED:
            self._now[path] = [digest, *seen]
        return digest

    def of_all(self, root: Path, files: Iterable[Path]) -> str:
        """Give one digest of files: of their paths under a folder, and of what they hold."""
        return digest_of([(file.relative_to(root).as_posix(), self.of(file)) for file in sorted(files)])

    def save(self) -> None:
        """Keep those that were asked for.

        Raises:
            OSError: the disk is full, or cannot be written to.
        """
        if self._changed or self._now.keys() != self._kept.keys():
            self._cache.put_json(KIND, self._key, self._now)
