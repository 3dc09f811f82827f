"""The files of a site: what each is made of, and how a tree of them comes to be on disk without making one again.

What did not change since the site of before is linked from there: it is one file in both, with its time and so its
ETag. Of that site a file is taken only as it was written: whoever edits one by hand gets it made anew.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from bacheca.forms.atomic_file import overwrite
from bacheca.portal.cache.digests import digest_of_bytes
from bacheca.portal.postprocess.compression import METHODS, copies_of

THREADS = 4
"""Writing waits for the disk, and compressing leaves Python alone."""

Stamp = list[int]
"""Number, size and time of a file on disk."""

Written = dict[str, Any]
"""What was written of each file: the key of its piece, its stamp, and the stamps of its compressed copies."""


@dataclass(frozen=True)
class Piece:
    """What a file of a site is to hold.

    Args:
        made: a digest of all that it is made of; pieces with the same one hold the same, but for `styles`.
        content: what it holds: bytes, a file, or what makes it when it is asked for.
        styles: the name of the theme's style sheet that it names; empty where it names none.
        is_page: whether it is a page that was dressed: what it refers to is kept under `made`.
    """

    made: str
    content: bytes | Path | Callable[[], bytes]
    styles: str = ""
    is_page: bool = False

    @property
    def key(self) -> str:
        """What tells it from all that hold something else."""
        return f"{self.made} {self.styles}" if self.styles else self.made

    def read(self) -> bytes:
        """Give what it holds."""
        if isinstance(self.content, bytes):
            return self.content
        return self.content.read_bytes() if isinstance(self.content, Path) else self.content()


def piece_of(content: str | bytes) -> Piece:
    """Make a piece of what it holds."""
    data = content.encode() if isinstance(content, str) else content
    return Piece(digest_of_bytes(data), data)


def pieces_of(folder: Path) -> dict[str, Piece]:
    """Give the files of a folder."""
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    return {file.relative_to(folder).as_posix(): Piece(_digest(file), file) for file in files}


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


class SiteFiles:
    """The files of a site on disk.

    Args:
        pieces: what each is to hold, by its path.
        before: the site of before.
        written: what was written of it.
        compressed: whether compressed copies stand beside the texts.
    """

    def __init__(self, pieces: Mapping[str, Piece], before: Path, written: Written, *, compressed: bool):
        self._before = before
        self._known = written
        self._compressed = compressed
        self._pieces = {path: piece for path, piece in pieces.items() if not self._is_copy(path, pieces)}
        self.written: Written = {}
        """What is written now, for the next build."""
        self.is_shared = False
        """Whether some file of the tree that was made is one with that of the site of before."""

    def make(self, new: Path) -> None:
        """Make a tree of them.

        Args:
            new: its folder. An earlier tree may be there: what in it is as it was written stays, all else goes.

        Raises:
            OSError: the disk refuses.
        """
        there, folders = _found_in(new)
        staying = {path for path in self._pieces if self._stays(path, there)}
        wanted = staying | {path + ending for path in staying for ending in self.written[path][2]}
        for path in there.keys() - wanted:
            os.unlink(f"{new}/{path}")  # it may be one file with that of the site of before: never written to
        needed = {"", *(os.path.dirname(path) for path in self._pieces)}
        needed |= {folder.as_posix() for path in needed if path for folder in PurePosixPath(path).parents[:-1]}
        for folder in sorted(folders - needed, reverse=True):
            os.rmdir(f"{new}/{folder}")
        for folder in sorted(needed - folders):
            os.makedirs(f"{new}/{folder}", exist_ok=True)
        changed = [path for path in self._pieces if path not in staying and not self._link(path, new)]
        with ThreadPoolExecutor(THREADS) as threads:
            list(threads.map(lambda path: self._write(path, new), changed))
        self.is_shared = len(changed) < len(self._pieces)

    def update(self) -> None:
        """Bring the site of before, a preview's, up to date where it is, each file at once and without its copies.

        Raises:
            OSError: the disk refuses.
        """
        site = self._before
        site.mkdir(parents=True, exist_ok=True)
        there = set(self._known) or {file.relative_to(site).as_posix() for file in site.rglob("*") if file.is_file()}
        for path in sorted(self._pieces, key=lambda path: path.endswith(".html")):  # pages last: they name the others
            piece, file = self._pieces[path], site / path
            known = self._known.get(path)
            if known is None or known[0] != piece.key or not _is(file, known[1]):
                data = piece.read()
                if not file.is_file() or file.read_bytes() != data:
                    file.parent.mkdir(parents=True, exist_ok=True)
                    overwrite(file, data)
                known = [piece.key, _stamp(file), {}]
            self.written[path] = known
        for path in there - self._pieces.keys():
            (site / path).unlink(missing_ok=True)
            for folder in (site / path).parents:
                if folder == site or not folder.is_dir() or any(folder.iterdir()):
                    break
                folder.rmdir()

    def _is_copy(self, path: str, pieces: Mapping[str, Piece]) -> bool:
        """Tell whether a file has the place of another's compressed copy: an old one must not be sent for the other."""
        plain, ending = os.path.splitext(path)
        if not self._compressed or ending not in METHODS or plain not in pieces:
            return False
        return ending in dict(copies_of(plain, pieces[plain].read()))

    def _stays(self, path: str, there: Mapping[str, Stamp]) -> bool:
        """Tell whether a file and its copies are in an earlier tree as they were written for the site of before."""
        known = self._known.get(path)
        if known is None or known[0] != self._pieces[path].key or there.get(path) != known[1]:
            return False
        if any(there.get(path + ending) != stamp for ending, stamp in known[2].items()):
            return False
        self.written[path] = known
        return True

    def _link(self, path: str, new: Path) -> bool:
        """Take a file and its copies from the site of before; tell whether they are there, as they were written."""
        known = self._known.get(path)
        if known is None or known[0] != self._pieces[path].key:
            return False
        old, file = f"{self._before}/{path}", f"{new}/{path}"
        copies: dict[str, Stamp] = known[2] if self._compressed else {}
        if not _is(old, known[1]) or not all(_is(old + ending, stamp) for ending, stamp in copies.items()):
            return False
        for ending in ("", *copies):
            if not _linked(old + ending, file + ending):
                return False
        self.written[path] = known
        return True

    def _write(self, path: str, new: Path) -> None:
        piece, file = self._pieces[path], f"{new}/{path}"
        data = piece.read()
        self._put(path, data, new)
        copies: dict[str, Stamp] = {}
        for ending, copy in copies_of(path, data) if self._compressed else ():
            self._put(path + ending, copy, new)
            copies[ending] = _stamp(file + ending)
        self.written[path] = [piece.key, _stamp(file), copies]

    def _put(self, path: str, data: bytes, new: Path) -> None:
        """Write a file, unless that of the site of before holds the same, whoever wrote it: then it keeps its time."""
        old, file = f"{self._before}/{path}", f"{new}/{path}"
        if not (_holds(old, data) and _linked(old, file)):
            with open(file, "xb") as opened:  # never one that was linked from the site of before
                opened.write(data)


def _holds(file: str, data: bytes) -> bool:
    """Tell whether a file is there, no link, and holds something."""
    try:
        found = os.lstat(file)
        if not stat.S_ISREG(found.st_mode) or found.st_size != len(data):
            return False
        with open(file, "rb") as opened:
            return opened.read() == data
    except OSError:
        return False


def _linked(old: str, new: str) -> bool:
    """Make a file of one tree one of another as well; tell whether that could be done."""
    try:
        os.link(old, new, follow_symlinks=False)
    except OSError:  # another disk, or one without links
        return False
    return True


def _found_in(tree: Path) -> tuple[dict[str, Stamp], set[str]]:
    """Give the stamp of whatever is no folder in a tree, and its folders, by their paths; nothing where it is none."""
    files: dict[str, Stamp] = {}
    folders: set[str] = set()
    left = [""] if tree.is_dir() else []
    while left:
        folder = left.pop()
        folders.add(folder)
        with os.scandir(f"{tree}/{folder}") as entries:
            for entry in entries:
                path = f"{folder}/{entry.name}" if folder else entry.name
                if entry.is_dir(follow_symlinks=False):
                    left.append(path)
                else:
                    found = entry.stat(follow_symlinks=False)
                    files[path] = [found.st_ino, found.st_size, found.st_mtime_ns]
    return files, folders


def _stamp(file: str | Path) -> Stamp:
    found = os.stat(file)
    return [found.st_ino, found.st_size, found.st_mtime_ns]


def _is(file: str | Path, stamp: Stamp) -> bool:
    """Tell whether a file is the one that was written, and as it was."""
    try:
        found = os.lstat(file)
    except OSError:
        return False
    return [found.st_ino, found.st_size, found.st_mtime_ns] == stamp
