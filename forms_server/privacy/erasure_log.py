"""The list of all that was ever withdrawn, kept beside the database, so that no old copy brings it back."""

from __future__ import annotations

import os
import re
from pathlib import Path

from bacheca.forms.atomic_file import flush

TOMBSTONES = "tombstones.log"
"""The name of the file, in the data folder."""

LINE = re.compile(r"[0-9a-f]{64}")


class Tombstones:
    """The file `tombstones.log`: one hash a line, only ever added to.

    It says of nobody who they were; it belongs with the data, not with the copies of the database that it mends.
    """

    def __init__(self, path: Path):
        self._path = path

    def add(self, *tombstones: str) -> None:
        """Write some down, on disk before this returns.

        Raises:
            OSError: it cannot be written.
        """
        self._path.parent.mkdir(parents=True, exist_ok=True)
        new = not self._path.exists()
        handle = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            # A line cut short by a crash must not swallow this one: it begins with an end of line.
            written = "".join(f"\n{tombstone}\n" for tombstone in tombstones).encode()
            while written:
                written = written[os.write(handle, written) :]
            os.fsync(handle)
        finally:
            os.close(handle)
        if new:
            flush(self._path.parent)

    def bury(self, known: frozenset[str]) -> None:
        """Write down those of a store that are not yet there.

        Raises:
            OSError: it cannot be written.
        """
        self.add(*sorted(known - self.all()))

    def all(self) -> frozenset[str]:
        """Give all of them; what is no tombstone is left out."""
        if not self._path.exists():
            return frozenset()
        lines = self._path.read_text(encoding="ascii", errors="replace").splitlines()
        return frozenset(line for line in lines if LINE.fullmatch(line))
