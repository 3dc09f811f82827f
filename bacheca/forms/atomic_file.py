"""Files that are put in their place whole, readable by their owner alone."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def placed(path: Path) -> Iterator[Path]:
    """Give a path beside a file's own, to be written by any program; it takes its place once it is on disk."""
    beside = path.with_name(f".{path.stem}.{os.getpid()}.new{path.suffix}")
    try:
        os.close(os.open(beside, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600))
        yield beside
        handle = os.open(beside, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
