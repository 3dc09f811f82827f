"""Whether anything has changed since the last build: asked of the disk, before anything else is loaded.

A build keeps a record of all that it read and of the site that it made. A file is taken for what it was as git does it:
where size, times and place on the disk are the same it is not read again, unless it was written just before the record
was; where they are others, what it holds decides. Whatever a record cannot tell, a build finds out.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import stat
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import chain
from pathlib import Path
from typing import Any

from bacheca.portal.disk.plain_files import cleared_for_file, read_file

RECORD = "unchanged.json"
FORMAT = 1
CODE = Path(__file__).parents[2]
"""The library itself, with its templates, its theme and its words."""

ENVIRONMENT = ("BACHECA_ALLOW", "FORMS_DATA", "PYTHONPATH", "SOURCE_DATE_EPOCH", "TZ")
"""The variables that a build depends on."""

SETTLED = 2 * 10**9
"""Nanoseconds after which a file that is written again surely has another time."""

WHOLE, SETTINGS = "whole", "settings"
"""What of a folder is read: everything, or only the settings that lie in it."""

Stamp = list[int]
"""Size, time of the content, time of the entry, and number of a file; nothing of a folder."""


class CannotTellError(Exception):
    """Nobody can tell from the disk whether something has changed."""


class Record:
    """The record of the last build of a portal.

    Args:
        build: the folder where builds work.
        site: the folder of the site.
        asked: what was asked of the command, all of which counts.
    """

    def __init__(self, build: Path, site: Path, asked: Mapping[str, str]):
        self._file = build / RECORD
        self._site = site
        self._asked = {
            **asked,
            "site": str(site.absolute()),
            **{name: os.environ.get(name) for name in ENVIRONMENT},
        }
        self._kept: Mapping[str, Any] = {}
        self._seen: dict[tuple[str, str], list[tuple[str, Stamp]]] = {}
        """What was found in folders that were looked at and not asked for yet: nobody has read anything there."""
        self._folders: dict[str, str] = {}
        self._files: dict[str, list[Any]] = {}
        self._taken = 0
        self._said = ""
        self._told = True

    def nothing_changed(self) -> str:
        """Give what is said where a new build would make the same site; nothing where it might not."""
        try:
            kept = json.loads(read_file(self._file))
            self._kept = kept if isinstance(kept, dict) else {}
            return str(kept["said"]) if self._holds(kept) else ""
        except (OSError, ValueError, LookupError, TypeError, CannotTellError):
            return ""

    def _holds(self, kept: Mapping[str, Any]) -> bool:
        if kept["format"] != FORMAT or kept["asked"] != self._asked or kept["made_by"] != made_by():
            return False
        if "SOURCE_DATE_EPOCH" not in os.environ and not kept["since"] <= time.time() < kept["until"]:
            return False
        self._taken = taken = time.time_ns()
        self._seen = {place: list(_listed(dict([place]))) for place in kept["folders"].items()}
        now = dict(chain(*self._seen.values()))
        files: dict[str, list[Any]] = kept["files"]
        if now.keys() != files.keys():
            return False
        read = {path for path, stamp in now.items() if not _is_settled(files[path], stamp, kept["taken"])}
        if any(digest_of_file(path) != files[path][0] for path in read) or kept["made"] != _made(self._site):
            return False
        if read:
            renewed = {path: [files[path][0], *stamp] for path, stamp in now.items()}
            self._write({**kept, "files": renewed, "taken": taken})
        return True

    def begin(self, folder: Path) -> None:
        """Look at what is read first: the code and the settings.

        Args:
            folder: where the settings lie.
        """
        self._taken = self._taken or time.time_ns()
        self.look_at({str(folder.absolute()): SETTINGS, str(CODE): WHOLE})

    def look_at(self, folders: Mapping[str, str]) -> None:
        """Look at what is read next, before it is read: what changes afterwards is seen by the next build.

        Args:
            folders: what of each is read.
        """
        files, taken = self._kept.get("files", {}), self._kept.get("taken", 0)
        self._folders |= folders
        try:
            for place in folders.items():
                found: Iterable[tuple[str, Stamp]] = self._seen.pop(place, []) or _listed(dict([place]))
                for path, stamp in found:
                    known = path in files and _is_settled(files[path], stamp, taken)
                    self._files[path] = [files[path][0] if known else digest_of_file(path), *stamp]
        except (OSError, CannotTellError):
            self.cannot_tell()

    def say(self, said: str) -> None:
        """Take down what is to be said where nothing has changed since."""
        self._said = said

    def cannot_tell(self) -> None:
        """Keep no record of this build."""
        self._told = False

    def drop(self, dropped: Callable[[Path], None] = lambda _: None) -> None:
        """Take the record of the build before away: the site is about to change.

        Args:
            dropped: is told of what was there and is no record.
        """
        if cleared_for_file(self._file):
            dropped(self._file)
        self._file.unlink(missing_ok=True)

    def keep(self, since: dt.datetime, until: dt.datetime) -> None:
        """Keep the record of a build that has ended well.

        Args:
            since: the moment that it took for now.
            until: the moment at which it would come out otherwise.
        """
        if not self._told:
            return
        try:
            made = _made(self._site)
        except (OSError, CannotTellError):
            return
        self._write(
            {
                "format": FORMAT,
                "said": self._said,
                "asked": self._asked,
                "made_by": made_by(),
                "since": since.timestamp(),
                "until": until.timestamp(),
                "taken": self._taken,
                "folders": self._folders,
                "files": self._files,
                "made": made,
            }
        )

    def _write(self, record: Mapping[str, Any]) -> None:
        # `bacheca.forms.atomic_file` would be the place for this, and takes half a second to load.
        beside = self._file.with_name(f".{self._file.name}.{os.getpid()}.new")
        with suppress(OSError):  # without a record the next build finds out by itself
            beside.write_text(json.dumps(record, separators=(",", ":")), encoding="ascii")
            beside.replace(self._file)


def made_by() -> list[str]:
    """Name Python and the packages that can be imported, each with its version and when it was installed."""
    found = []
    for folder in dict.fromkeys(sys.path):
        with suppress(OSError), os.scandir(folder or ".") as entries:
            found += [
                f"{entry.name} {entry.stat().st_mtime_ns}"
                for entry in entries
                if entry.name.endswith((".dist-info", ".egg-info"))
            ]
    return [sys.version, sys.executable, *sorted(found)]


def _listed(folders: Mapping[str, str]) -> Iterator[tuple[str, Stamp]]:
    """Give every file of some folders, and every folder in them."""
    for folder, part in folders.items():
        if part == WHOLE:
            yield from _tree(folder)
            continue
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name.endswith((".yml", ".yaml")) and entry.is_file():
                    yield entry.path, _stamp(entry.stat())


def _tree(folder: str) -> Iterator[tuple[str, Stamp]]:
    try:
        opened = os.scandir(folder)
    except FileNotFoundError:
        return
    with opened as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                if entry.name != "__pycache__":
                    yield entry.path, []
                    yield from _tree(entry.path)
            elif entry.is_dir():
                raise CannotTellError(entry.path)
            else:
                yield entry.path, _stamp(entry.stat())


def _stamp(found: os.stat_result) -> Stamp:
    return [found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino]


def _is_settled(kept: list[Any], stamp: Stamp, taken: int) -> bool:
    """Tell whether a file is what it was, without reading it."""
    return kept[1:] == stamp and (not stamp or max(stamp[1], stamp[2]) < taken - SETTLED)


def digest_of_file(path: str) -> str:
    """Give the digest of what a file holds; of a folder there is nothing to say.

    Raises:
        OSError: it cannot be read.
        CannotTellError: it is a pipe, or a device.
    """
    if os.path.isdir(path):
        return ""
    with open(path, "rb", opener=_without_waiting) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise CannotTellError(path)
        return hashlib.file_digest(file, "sha256").hexdigest()


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _made(site: Path) -> str:
    """Give one digest of the names and stamps of all files of a site."""
    said = hashlib.sha256()
    for path, stamp in sorted(_tree(str(site))):
        said.update(f"{path}\0{stamp}\n".encode("utf-8", "surrogateescape"))
    return said.hexdigest()
