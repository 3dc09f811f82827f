"""What rendering hands to whatever completes the pages: the files of one language as the engine left them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bacheca.portal.cache.digests import digest_of_bytes


@dataclass(frozen=True)
class RawSite:
    """The files of a language.

    Args:
        folder: where they are, a tree as of the site.
        digests: what each of them holds, by its path in the folder, such as `guida/index.html`. Whoever made something
            of a file with the same digest, and of nothing else that has changed, need not read it again.
    """

    folder: Path
    digests: Mapping[str, str]

    def read(self, path: str) -> bytes:
        """Give what a file holds.

        Args:
            path: a key of `digests`.
        """
        return (self.folder / path).read_bytes()


def raw_site(folder: Path) -> RawSite:
    """Look at a folder that an engine has written."""
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    return RawSite(folder, {file.relative_to(folder).as_posix(): digest_of_bytes(file.read_bytes()) for file in files})
