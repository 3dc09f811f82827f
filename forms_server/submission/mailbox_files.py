"""Where letters lie: `.eml` files, mbox files, Maildirs, folders of any of them; one letter at a time is in memory."""

from __future__ import annotations

import mailbox
import re
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from bacheca.forms import limits

SEPARATOR = b"From "
STUFFED = re.compile(rb"^>(>*From )", re.MULTILINE)
"""A line of a letter that an mbox keeps from looking like the beginning of the next one."""

MAILDIR = ("cur", "new", "tmp")
READ = limits.LETTER + 1
"""How much of a letter is read, in bytes: whoever gets more than the limit knows that it is too long."""


@dataclass(frozen=True)
class Envelope:
    """A letter where it lies.

    Args:
        place: where, as an operator finds it.
        read: gives its bytes, the first of them where it is longer than any letter that is read; raises `OSError`
            where it cannot.
        remove: takes it away from there.
    """

    place: str
    read: Callable[[], bytes]
    remove: Callable[[], None]


def envelopes_in(path: Path) -> Iterator[Envelope]:
    """Give the letters of a file or folder, whichever kind of mailbox it is; nothing is marked as read.

    Raises:
        OSError: it cannot be read.
    """
    if not path.is_dir():
        yield from _file(path)
    elif all((path / name).is_dir() for name in MAILDIR):
        for file in sorted(each for name in MAILDIR[:2] for each in (path / name).glob("[!.]*")):
            yield from _letter(file)
    else:  # whatever lies in a folder is read or named, and nothing passed over
        for each in sorted(path.glob("[!.]*")):
            yield from envelopes_in(each)


def _file(path: Path) -> Iterator[Envelope]:
    if not path.is_file():  # nothing else has an end
        return
    with path.open("rb") as file:
        is_mbox = file.read(len(SEPARATOR)) == SEPARATOR
    yield from _mbox(path) if is_mbox else _letter(path)


def _letter(path: Path) -> Iterator[Envelope]:
    if path.is_file():
        yield Envelope(str(path), lambda: _beginning(path), path.unlink)


def _beginning(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(READ)


def _mbox(path: Path) -> Iterator[Envelope]:
    removed: list[int] = []
    with path.open("rb") as file:
        for number, raw in enumerate(_divided(file)):
            place = f"{path}: letter {number + 1}"
            yield Envelope(place, lambda raw=raw: raw, lambda key=number: removed.append(key))  # type: ignore[misc]
    if removed:
        with closing(mailbox.mbox(path, create=False)) as box:
            box.lock()
            try:
                for key in removed:
                    box.remove(key)  # type: ignore[arg-type]  # an mbox numbers its letters
                box.flush()
            finally:
                box.unlock()


def _divided(file: BinaryIO) -> Iterator[bytes]:
    """Give the beginnings of the letters of an mbox, as they were before it kept them apart."""
    letter: bytearray | None = None
    begins, separates = True, False
    while piece := file.readline(READ):
        if begins:
            separates = piece.startswith(SEPARATOR)
            if separates and letter is not None:
                yield STUFFED.sub(rb"\1", bytes(letter))
            letter = bytearray() if separates or letter is None else letter
        if letter is not None and not separates:
            letter += piece[: READ - len(letter)]
        begins = piece.endswith(b"\n")
    yield STUFFED.sub(rb"\1", bytes(letter or b""))
