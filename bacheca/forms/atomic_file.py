"""Files that are put in their place whole, so that nobody ever reads half of one."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

UNFINISHED = re.compile(r"\..+\.[0-9]+\.new(\..+)?")
"""How the file is called that is written beside another, with the number of the process that writes it."""


def unfinished_in(folder: Path) -> list[Path]:
    """Give the files of a folder that are being written, or that a process left behind when it was killed."""
    return sorted(path for path in folder.glob(".*") if UNFINISHED.fullmatch(path.name))


@contextmanager
def placed(path: Path) -> Iterator[Path]:
    """Give a path beside a file's own, to be written by any program; it takes its place once it is on disk."""
    beside = path.with_name(f".{path.stem}.{os.getpid()}.new{path.suffix}")
    with _put(path, beside):
        yield beside


@contextmanager
def replaced(path: Path) -> Iterator[TextIO]:
    """Open a file of text to be written beside its place, which it takes once it is whole and on disk."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.new")
    with _put(path, beside), beside.open("w", encoding="utf-8", newline="") as file:
        yield file


@contextmanager
def _put(path: Path, beside: Path) -> Iterator[None]:
    try:
        os.close(os.open(beside, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600))
        yield
        flush(beside)
        beside.replace(path)
        flush(path.parent)
    finally:
        beside.unlink(missing_ok=True)


def overwrite(path: Path, content: str | bytes) -> None:
    """Write a file anew, wholly or not at all, with the rights it had; what a power cut takes can be made again."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        beside.write_bytes(content.encode() if isinstance(content, str) else content)
        if path.exists():
            beside.chmod(path.stat().st_mode)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def flush(path: Path) -> None:
    """Put a file on disk, or the names of a folder, where the system opens folders: Windows keeps names by itself."""
    if not hasattr(os, "O_DIRECTORY") and path.is_dir():
        return
    # Windows puts on disk only what was opened to be written.
    handle = os.open(path, os.O_RDONLY if hasattr(os, "O_DIRECTORY") else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
