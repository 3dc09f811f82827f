"""Plain files and folders: reading nothing else, and clearing away whatever else stands where one belongs."""

from __future__ import annotations

import io
import os
import shutil
import stat
from contextlib import suppress
from pathlib import Path

FLAGS = os.O_RDONLY | sum(getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY"))
"""Every byte as it is, without a link at the end, and without waiting for whoever writes into a pipe."""


def read_file(path: Path | str) -> bytes:
    """Read a file; never through a link, even one that has just come there.

    Raises:
        OSError: it cannot be read, or is no file.
    """
    descriptor = os.open(path, FLAGS)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(f"{path}: no file")
        with io.FileIO(descriptor, closefd=False) as opened:
            return opened.readall()
    finally:
        os.close(descriptor)


def is_plain(path: Path | str) -> bool:
    """Tell whether something is a file, and no link to one."""
    try:
        return stat.S_ISREG(os.lstat(path).st_mode)
    except OSError:
        return False


def remove(path: Path | str) -> None:
    """Remove whatever is there, if anything is: of a link only the link, of a folder all that is in it.

    Raises:
        OSError: it cannot be removed.
    """
    try:
        os.unlink(path)
    except FileNotFoundError:
        return
    except (IsADirectoryError, PermissionError):  # the second where systems say so of folders
        if not stat.S_ISDIR(os.lstat(path).st_mode):
            raise
        with suppress(FileNotFoundError):  # somebody else may be at it, too
            _open_up(path)
            shutil.rmtree(path)


def _open_up(path: Path | str) -> None:
    """Give oneself the rights to look into a folder and all that are in it, without following links."""
    os.chmod(path, 0o700)
    for folder, folders, _ in os.walk(path):
        for inner in (os.path.join(folder, name) for name in folders):
            if not os.path.islink(inner):
                os.chmod(inner, 0o700)


def cleared_for_folder(path: Path | str) -> bool:
    """See to it that a path is a folder one can work in, or free for one; tell whether it was anything else."""
    try:
        found = os.lstat(path)
    except FileNotFoundError:
        return False
    if stat.S_ISDIR(found.st_mode) and os.access(path, os.R_OK | os.W_OK | os.X_OK):
        return False
    remove(path)
    return True


def cleared_for_file(path: Path | str) -> bool:
    """See to it that a path is a file one can read and write, or free for one; tell whether it was anything else."""
    try:
        found = os.lstat(path)
    except FileNotFoundError:
        return False
    if stat.S_ISREG(found.st_mode) and os.access(path, os.R_OK | os.W_OK):
        return False
    remove(path)
    return True
