"""The data folder, in which nobody but the service's own user sees anything."""

from __future__ import annotations

import logging
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from bacheca.forms.catalogues import marked as _
from forms_server.errors import SettingsProblem
from forms_server.messages import Saying

log = logging.getLogger(__name__)

OPEN = _(
    "FORMS_DATA: {folder} holds what people answered and is open to everybody on this machine, and it is not this"
    " user’s to close: run `chmod 700 {folder}` as its owner, or give it to this user with `chown -R` as root"
)

PORT = "desk.port"
"""The file that says on which port the service listens, while it does."""

OTHERS = stat.S_IRWXG | stat.S_IRWXO
"""What a mode allows to other users, those of the group included."""


def keep_private(folder: Path) -> None:
    """Close the data folder, and what lies in it, to other users; make it if it is not there.

    What lies deeper is closed with the folder above it. Where it cannot be made, whoever writes there says so.

    Raises:
        SettingsProblem: it is somebody else's, and open to everybody.
    """
    with suppress(OSError):
        folder.mkdir(mode=stat.S_IRWXU, parents=True, exist_ok=True)
    if not folder.is_dir() or not hasattr(os, "geteuid"):  # Windows knows other rights
        return
    if os.geteuid() == 0 != folder.stat().st_uid:
        log.warning("%s is not root's: what root writes there its user may not change; use runuser -u USER", folder)
    for path, mode in _open_to_others(folder):
        try:
            path.chmod(mode & ~OTHERS)
        except FileNotFoundError:
            continue  # it was there for a moment
        except OSError:
            if path == folder and mode & stat.S_IRWXO:
                raise SettingsProblem([Saying(OPEN, folder=folder)]) from None
            log.warning("%s can be opened by other users, and is not this user's to close", path)
        else:
            log.warning("%s could be opened by other users: now it cannot", path)


def is_writable(folder: Path) -> bool:
    """Tell whether a folder takes a file, by putting one there for a moment."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"0" * 4096)
    except OSError:
        return False
    return True


def _open_to_others(folder: Path) -> Iterator[tuple[Path, int]]:
    """Give the folder, then what lies in it, of which other users may do anything; links lead elsewhere."""
    mode = folder.stat().st_mode
    if mode & OTHERS:
        yield folder, stat.S_IMODE(mode)
    try:
        inside = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in inside:
        with suppress(FileNotFoundError):
            mode = entry.stat(follow_symlinks=False).st_mode
            if (stat.S_ISDIR(mode) or stat.S_ISREG(mode)) and mode & OTHERS:
                yield Path(entry.path), stat.S_IMODE(mode)
