"""The cache of a portal: what builds keep, each thing by its kind and by a key that tells all it was made of.

What is read is verified, for a disk may fail and a process may be killed: an object that is not what was put there is
thrown away, of whatever kind it is, and made anew. Nothing in it is ever run. It is for one portal on one machine;
whoever may write here may write pages.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from bacheca.forms.atomic_file import overwrite
from bacheca.portal.disk.plain_files import cleared_for_file, cleared_for_folder, is_plain, read_file, remove

FORMAT = "bacheca-cache 1"
"""What the folder says of itself. Another means that other code wrote it: all of it is thrown away."""

HASH = 32
"""Bytes of an object's own hash, which stands before what it holds."""

BUILDS = 5
"""How many builds an object is kept without being used."""

STAMP, LOG = "format", "builds"
"""The files that stand beside the folders of kinds."""

Dropped = Callable[[Path], None]
"""Is told of what is thrown away because it is not what was put there."""


class Cache:
    """The cache.

    Several processes may use it at once: what has one key is the same, whoever puts it there.

    Args:
        folder: where it is; made if need be.
        dropped: is told of each object that is thrown away.
    """

    def __init__(self, folder: Path, dropped: Dropped = lambda _: None):
        self._folder = folder
        self.dropped = dropped
        if os.path.lexists(folder) and not self._is_ours():
            dropped(folder)
        folder.mkdir(parents=True, exist_ok=True)
        stamp = folder / STAMP
        if not stamp.is_file():
            overwrite(stamp, FORMAT)

    def get(self, kind: str, key: str) -> bytes | None:
        """Give what was kept; None where nothing was, or not what was put there."""
        place = self._place(kind, key)
        try:
            found = read_file(place)
        except FileNotFoundError:
            return None
        except OSError:  # no file, or a bad sector
            found = b""
        content = found[HASH:]
        if found[:HASH] != _hash(kind, key, content):
            self._drop(Path(place))
            return None
        os.utime(place)
        return content

    def put(self, kind: str, key: str, content: bytes) -> None:
        """Keep something.

        Raises:
            OSError: the disk is full, or cannot be written to.
        """
        place, held = Path(self._place(kind, key)), _hash(kind, key, content) + content
        try:
            if os.path.islink(place.parent):
                raise NotADirectoryError(place.parent)
            overwrite(place, held)
        except OSError:  # no folder yet, or something else in the way
            self._clear_way(place)
            place.parent.mkdir(parents=True, exist_ok=True)
            overwrite(place, held)

    def get_json(self, kind: str, key: str) -> Any:
        """Give a value that was kept; None where none was."""
        found = self.get(kind, key)
        return None if found is None else json.loads(found)

    def put_json(self, kind: str, key: str, value: Any) -> None:
        """Keep a value of JSON; the order of its mappings stays.

        Raises:
            OSError: the disk is full, or cannot be written to.
        """
        self.put(
            kind, key, json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
        )

    def has(self, kind: str, key: str) -> bool:
        """Tell whether something is there, without verifying it, and that it is of use still."""
        place = self._place(kind, key)
        if not is_plain(place):
            return False
        try:
            os.utime(place)
        except OSError:
            return False
        return True

    def begin_build(self) -> None:
        """Count a build, and throw away what the last `BUILDS` of them had no use for."""
        log = self._folder / LOG
        begun = [line for line in (_text(log) or "").split() if line.isdecimal()][-BUILDS:]
        if len(begun) == BUILDS:
            # Each look at all objects takes a while: once in some builds is enough.
            oldest = int(begun[0])
            for place in self._objects():
                with suppress(FileNotFoundError):  # another build may be at it, too
                    if os.stat(place).st_mtime_ns < oldest:
                        os.unlink(place)
            begun = begun[1 + BUILDS // 2 :]
        overwrite(log, "\n".join([*begun, str(time.time_ns())]) + "\n")

    def keep(self, kind: str, keys: Iterable[str]) -> None:
        """Say of objects that they are of use, though nobody has to read them."""
        for key in keys:
            self.has(kind, key)

    def verify(self, kind: str) -> None:
        """Read all objects of a kind, so that those are thrown away that are not what was put there."""
        for place in map(Path, [*self._objects()]):
            if place.parent.parent.name == kind:
                self.get(kind, place.parent.name + place.name)

    def clear(self) -> None:
        """Throw everything away."""
        for place in self._objects():
            with suppress(FileNotFoundError):
                os.unlink(place)

    def _objects(self) -> Iterator[str]:
        """Give the place of every object; whatever else stands where objects do is thrown away."""
        for kind in _entries(self._folder):
            if kind.name in (STAMP, LOG) or kind.name.startswith("."):
                continue
            for half in self._inside(kind):
                for entry in self._inside(half):
                    if entry.is_file(follow_symlinks=False):
                        yield entry.path
                    else:
                        self._drop(Path(entry.path))

    def _inside(self, folder: os.DirEntry[str]) -> list[os.DirEntry[str]]:
        with suppress(PermissionError):
            if folder.is_dir(follow_symlinks=False):
                return _entries(folder.path)
        remove(folder.path)
        self.dropped(Path(folder.path))
        return []

    def _place(self, kind: str, key: str) -> str:
        return f"{self._folder}/{kind}/{key[:2]}/{key[2:]}"

    def _is_ours(self) -> bool:
        """Tell whether the folder is a cache of this code's; if not, it is emptied, and so is what no cache has."""
        try:
            names = os.listdir(self._folder)
        except OSError:
            remove(self._folder)
            return False
        places = [self._folder / name for name in names]
        if places and _text(self._folder / STAMP) != FORMAT:
            for place in [self._folder] if self._folder.is_symlink() else places:
                remove(place)
            return False
        for place in places:
            is_file = place.name in (STAMP, LOG) or place.name.startswith(".")
            if cleared_for_file(place) if is_file else cleared_for_folder(place):
                self.dropped(place)
        return True

    def _clear_way(self, place: Path) -> None:
        """Throw away what an object cannot take the place of, and what is no folder where it lies."""
        for folder in (place.parent.parent, place.parent):
            if cleared_for_folder(folder):
                self.dropped(folder)
        if cleared_for_file(place):
            self.dropped(place)

    def _drop(self, place: Path) -> None:
        """Throw an object away, or what is in its way."""
        for folder in (place.parent.parent, place.parent):
            if cleared_for_folder(folder):
                self.dropped(folder)
                return
        remove(place)
        self.dropped(place)


def _entries(folder: Path | str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return [*entries]
    except FileNotFoundError:  # another build may be at it, too
        return []


def _hash(kind: str, key: str, content: bytes) -> bytes:
    """Give an object's hash, its name in it: one that was moved is another."""
    return hashlib.sha256(f"{kind}/{key}\n".encode() + content).digest()


def _text(file: Path) -> str | None:
    try:
        return read_file(file).decode("utf-8", "replace")
    except OSError:
        return None
