"""What rendering hands to whatever completes the pages: the files of one language as the engine left them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bacheca.portal.cache.digests import digest_of_bytes
from bacheca.portal.cache.store import Cache

KIND = "raw"
"""The kind of object that holds a page as the engine left it, under its own digest."""


class PageLost(Exception):
    """A page of the cache is not what was put there: it has been thrown away, and must be rendered anew."""


@dataclass(frozen=True)
class RawSite:
    """The files of a language.

    Args:
        folder: where they are, a tree as of the site; pages that did not change may be in the cache alone.
        digests: what each of them holds, by its path in the folder, such as `guida/index.html`. Whoever made something
            of a file with the same digest, and of nothing else that has changed, need not read it again.
        cache: where pages are kept; None where all files are in the folder.
        again: makes the file of a page anew whose staged text has changed, by the path of that; None where what made it
            is no longer loaded.
    """

    folder: Path
    digests: Mapping[str, str]
    cache: Cache | None = None
    again: Callable[[str], bytes] | None = field(default=None, repr=False, compare=False)

    def read(self, path: str) -> bytes:
        """Give what a file holds.

        Args:
            path: a key of `digests`.

        Raises:
            PageLost: it was kept, and is no longer what it was.
        """
        file = self.folder / path
        if self.cache is None or file.is_file():
            return file.read_bytes()
        found = self.cache.get(KIND, self.digests[path])
        if found is None:
            raise PageLost(path)
        return found


def raw_site(folder: Path) -> RawSite:
    """Look at a folder that an engine has written."""
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    return RawSite(folder, {file.relative_to(folder).as_posix(): digest_of_bytes(file.read_bytes()) for file in files})
