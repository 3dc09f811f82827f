"""One process at a time in a folder of the data: the others wait for their turn."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Have a folder to oneself, readable by its owner alone; it is made if it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    with FileLock(folder / "lock"):
        yield
