"""What a test sees put on disk: every `fsync`, with the path it is of and what stood there at that moment."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch


@contextmanager
def flushes() -> Iterator[list[tuple[Path, bytes]]]:
    """Give what is flushed meanwhile: a file with its bytes; a folder, which is flushed for its names, with none."""
    seen: list[tuple[Path, bytes]] = []
    flush = os.fsync

    def fsync(descriptor: int) -> None:
        path = Path(os.readlink(f"/proc/self/fd/{descriptor}"))
        seen.append((path, path.read_bytes() if path.is_file() else b""))
        flush(descriptor)

    with patch("os.fsync", fsync):
        yield seen
