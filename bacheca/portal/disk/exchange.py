"""Two paths that change places at once: whoever looks in between finds one or the other, never neither."""

from __future__ import annotations

import ctypes
import os
from pathlib import Path

AT_FDCWD = -100
RENAME_EXCHANGE = 2
"""Of Linux: https://man7.org/linux/man-pages/man2/rename.2.html"""


def exchange(one: Path, other: Path) -> None:
    """Let two paths of one file system change places.

    Where the system cannot do both at once, as on a Mac or over NFS, `other` is missing for a moment.

    Raises:
        OSError: one of them is not there, or may not be renamed; both are where they were.
    """
    renameat2 = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None) if os.name == "posix" else None
    if renameat2 and renameat2(AT_FDCWD, os.fsencode(one), AT_FDCWD, os.fsencode(other), RENAME_EXCHANGE) == 0:
        return
    if not os.path.lexists(one):
        raise FileNotFoundError(2, os.strerror(2), str(one))
    away = other.with_name(f"{other.name}.away")
    other.rename(away)
    try:
        one.rename(other)
    except OSError:
        away.rename(other)
        raise
    away.rename(one)
