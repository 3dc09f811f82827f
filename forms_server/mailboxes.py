"""Where letters lie: `.eml` files, folders of them, mbox files and Maildirs."""

from __future__ import annotations

import mailbox
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SEPARATOR = b"From "
STUFFED = re.compile(rb"^>(>*From )", re.MULTILINE)
"""A line of a letter that an mbox keeps from looking like the beginning of the next one."""

MAILDIR = ("cur", "new", "tmp")


@dataclass(frozen=True)
class Envelope:
    """A letter where it lies.

    Args:
        place: where, as an operator finds it.
        raw: its bytes.
        remove: takes it away from there.
    """

    place: str
    raw: bytes
    remove: Callable[[], None]


def envelopes_in(path: Path) -> Iterator[Envelope]:
    """Give the letters of a file or folder, whichever kind of mailbox it is; nothing is marked as read.

    Raises:
        OSError: it cannot be read.
    """
    if not path.is_dir():
        with path.open("rb") as file:
            is_mbox = file.read(len(SEPARATOR)) == SEPARATOR
        yield from _mbox(path) if is_mbox else _files([path])
    elif all((path / name).is_dir() for name in MAILDIR):
        yield from _maildir(path)
    else:
        yield from _files(sorted(path.rglob("*.eml")))


def _files(paths: list[Path]) -> Iterator[Envelope]:
    for path in paths:
        yield Envelope(str(path), path.read_bytes(), path.unlink)


def _maildir(path: Path) -> Iterator[Envelope]:
    box = mailbox.Maildir(path, create=False)
    for key in sorted(box.keys()):
        yield Envelope(f"{path}: {key}", box.get_bytes(key), lambda key=key: box.remove(key))  # type: ignore[misc]


def _mbox(path: Path) -> Iterator[Envelope]:
    with _open_mbox(path) as box:
        removed: list[Any] = []
        for number, key in enumerate(box.keys(), 1):
            raw = STUFFED.sub(rb"\1", box.get_bytes(key))
            yield Envelope(f"{path}: letter {number}", raw, lambda key=key: removed.append(key))  # type: ignore[misc]
        if removed:
            box.lock()
            try:
                for key in removed:
                    box.remove(key)
                box.flush()
            finally:
                box.unlock()


@contextmanager
def _open_mbox(path: Path) -> Iterator[mailbox.mbox]:
    box = mailbox.mbox(path, create=False)
    try:
        yield box
    finally:
        box.close()
