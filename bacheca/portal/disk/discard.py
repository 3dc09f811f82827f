"""Trees that nobody needs any more, out of the way at once: some disks take seconds to remove a thousand folders."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path

MANY = 100
"""Folders from which nobody waits until they are removed."""


def discard(folder: Path) -> None:
    """Remove a tree, if it is there; of a link to one only the link.

    Its files go now, so that what is linked from elsewhere has settled. What may be left for a while is a hidden tree
    of empty folders beside it, which a process of its own removes.
    """
    if folder.is_symlink():
        folder.unlink()
        return
    folders = 0
    for inner, _, files in os.walk(folder):
        folders += 1
        for name in files:
            os.unlink(os.path.join(inner, name))
    if folders < MANY or os.name != "posix":
        shutil.rmtree(folder, ignore_errors=True)
        return
    gone = folder.with_name(f".gone.{time.time_ns()}.{folder.name}")
    folder.rename(gone)
    left = [str(path) for path in folder.parent.glob(".gone.*")]  # those of a machine that was switched off, too
    command = ["/bin/sh", "-c", 'rm -rf -- "$@" &', "sh", *left]
    # The shell ends at once; its child outlives this process, and holds none of its pipes.
    subprocess.run(  # noqa: S603  our own words
        command, check=False, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
