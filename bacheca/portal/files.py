"""The files that editors commit: what may be among them, and copying them so that nothing else is ever published.

A link in the content could publish any file of the machine that builds. So there are none, wherever they lead: what is
to be published stands in the content itself.
"""

from __future__ import annotations

import io
import os
import shutil
import stat
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO
from unicodedata import normalize

from mkdocs.utils import is_markdown_file

from bacheca.forms.errors import Problem
from bacheca.portal.disk.plain_files import FLAGS
from bacheca.portal.errors import ContentProblems, PortalProblem

PRIVATE = ("data", "build", "site", ".git")
"""Folders beside the settings that hold answers, keys, or what was built."""

BADLY_NAMED = frozenset('\\:*?"<>|')
"""Characters that some system cannot have in a name, so that whoever works there cannot take the portal out of git."""

Change = Callable[[bytes], bytes]
"""What becomes of a file before it is published."""

PHOTOS = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif")
"""The endings of pictures made of pixels that browsers show; cameras and programs note things in them."""


def check_files(folder: Path, heaviest: int) -> Iterator[Problem]:
    """Give what may not stand in a folder of the content, without opening anything.

    Args:
        folder: the folder; links within are not followed, whatever they lead to.
        heaviest: the most megabytes of a file: what is larger belongs somewhere else, and a link here.
    """
    seen: dict[str, str] = {}
    with os.scandir(folder) as found:
        entries = sorted(found, key=lambda entry: entry.name)
    for entry in entries:
        path = Path(entry.path)
        if not entry.name.isprintable() or BADLY_NAMED & set(entry.name):
            yield _problem("FILE_NAME", path)
        elif (other := seen.setdefault(normalize("NFC", entry.name).casefold(), entry.name)) != entry.name:
            yield _problem("FILE_CASE", path, other=other)
        if entry.is_symlink():
            yield _problem("FILE_LINK", path)
        elif entry.is_dir(follow_symlinks=False):
            yield from check_files(path, heaviest)
        elif not entry.is_file(follow_symlinks=False):
            yield _problem("FILE_KIND", path)
        elif entry.stat(follow_symlinks=False).st_size > heaviest * 10**6:
            yield _problem("FILE_HEAVY", path, limit=heaviest)


def is_own(folder: Path, root: Path) -> bool:
    """Tell whether a folder is the portal's, and neither holds nor lies in one that nobody may publish from."""
    whole, private = folder.resolve(), [root / name for name in PRIVATE]
    if data := os.environ.get("FORMS_DATA"):
        private.append(Path(data))
    apart = (whole != other and whole not in other.parents and other not in whole.parents for other in _whole(private))
    return root.resolve() in whole.parents and all(apart)


def _whole(folders: Iterable[Path]) -> Iterator[Path]:
    return (folder.resolve() for folder in folders)


def check_way(root: Path, folder: Path) -> Iterator[Problem]:
    """Give the links on the way from the portal's folder to a folder of its content, the folder included."""
    for place in (folder, *folder.parents):
        if place in (root, *root.parents):
            return
        if place.is_symlink():
            yield _problem("FILE_LINK", place)


def files_in(folder: Path) -> list[str]:
    """Name the files of a folder and of all folders in it, by their paths in it, in order; links are none of them."""
    found: list[str] = []
    left = [""] if folder.is_dir() else []
    while left:
        inside = left.pop()
        with os.scandir(folder / inside) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    left.append(f"{inside}{entry.name}/")
                elif entry.is_file(follow_symlinks=False):
                    found.append(f"{inside}{entry.name}")
    return sorted(found, key=lambda path: path.split("/"))


def copied_files(source: Path) -> Iterator[str]:
    """Name the files of a folder of the content that `copy_files` copies, by their paths in it."""
    for folder, _, files in os.walk(source):
        yield from (os.path.relpath(os.path.join(folder, name), source) for name in files if not is_markdown_file(name))


def copy_files(source: Path, target: Path, change: Change | None = None) -> None:
    """Copy a folder of the content, its pages left out; what is there already stays as it is, and keeps its time.

    Each file is opened from its own folder, itself opened and never followed through a link: what was put there since
    the check, or while this runs, is refused too. Windows opens no folders, nor has it links for everybody.

    Args:
        source: the folder.
        target: where its files go.
        change: gives what is to stand there instead, of the endings of `PHOTOS` alone.

    Raises:
        ContentProblems: something is no file of the folder's own.
    """
    target.mkdir(parents=True, exist_ok=True)
    for folder, folders, files, descriptor in _opened_folders(source):
        here = target / Path(folder).relative_to(source)
        for name in folders:
            place = name if descriptor is not None else os.path.join(folder, name)
            if stat.S_ISLNK(os.stat(place, dir_fd=descriptor, follow_symlinks=False).st_mode):
                raise ContentProblems(_problem("FILE_LINK", Path(folder, name)))
        for name in files:
            if not is_markdown_file(name):
                _copy(Path(folder, name), descriptor, here / name, change)


def _opened_folders(source: Path) -> Iterator[tuple[str, list[str], list[str], int | None]]:
    """Walk a folder as `os.fwalk` does, with no descriptors where folders cannot be opened."""
    if hasattr(os, "fwalk"):
        yield from os.fwalk(source)
    else:
        yield from ((*found, None) for found in os.walk(source))


def is_photo(path: str) -> bool:
    """Tell whether a file is a picture made of pixels, by its name."""
    return os.path.splitext(path)[1].lower() in PHOTOS


def _copy(path: Path, folder: int | None, target: Path, change: Change | None) -> None:
    try:
        opened = os.open(path.name if folder is not None else path, FLAGS, dir_fd=folder)
    except OSError:  # a link, or a socket
        raise ContentProblems(_problem("FILE_LINK", path)) from None
    with os.fdopen(opened, "rb") as source:
        if not stat.S_ISREG(os.fstat(opened).st_mode):
            raise ContentProblems(_problem("FILE_KIND", path))
        shown: BinaryIO = source
        if change and is_photo(path.name):
            shown = io.BytesIO(change(source.read()))
        if _is_same(shown, target):
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        shown.seek(0)
        with target.open("wb") as copy:
            shutil.copyfileobj(shown, copy)


def _is_same(source: BinaryIO, target: Path) -> bool:
    """Tell whether a file is there, and holds what another does."""
    try:
        with target.open("rb") as copy:
            if os.fstat(copy.fileno()).st_size != source.seek(0, os.SEEK_END):
                return False
            source.seek(0)
            while piece := source.read(1 << 20):
                if copy.read(1 << 20) != piece:
                    return False
            return True
    except FileNotFoundError:
        return False


def _problem(code: str, path: Path, **values: object) -> PortalProblem:
    shown = path.as_posix()
    shown = shown if shown.isprintable() else shown.encode("unicode_escape").decode()
    return PortalProblem(code, shown, 1, values={"name": Path(shown).name, **values})
