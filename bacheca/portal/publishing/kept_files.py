"""The files of a kept site as they were when it was published: one may be in several, and so be edited in all of them.

A file that has its number, size and time of then is taken for what it was; of any other what it holds is looked at, so
that a site which came back from a backup is still the one that was published.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

from bacheca.forms.atomic_file import flush

RECORD = ".published.json"
"""The file of a kept site that says when it was published, and of what; its dot keeps it from being shown."""

FILES = ".files.json"
"""The file of a kept site that says what its files were: number, size, time and digest of each."""


def files_of(folder: Path) -> dict[str, Path]:
    """Give the files of a site, but for what publishing says of it, by their paths."""
    files = (Path(inner, name) for inner, _, names in os.walk(folder) for name in names)
    found = {file.relative_to(folder).as_posix(): file for file in files}
    return {path: file for path, file in found.items() if path not in (RECORD, FILES)}


def write_down(folder: Path, before: Path | None) -> None:
    """Write down what the files of a site are.

    Args:
        folder: the site.
        before: one that shares files with it, of which that is written down.
    """
    known = (before and _known(before)) or {}
    files: dict[str, list[int | str]] = {}
    for path, file in files_of(folder).items():
        stamp, was = _stamp(file), known.get(path)
        files[path] = was if was and was[:-1] == stamp else [*stamp, _digest(file)]
    (folder / FILES).write_text(json.dumps(files, ensure_ascii=False), encoding="utf-8")
    flush(folder / FILES)


def changed_in(folder: Path) -> list[str] | None:
    """Give the paths of what is not as it was when a site was published: edited, taken out, put in.

    Returns:
        They, in their order; None where it was not written down, as of a site that was built there.
    """
    known = _known(folder)
    if known is None:
        return None
    files = files_of(folder)
    return sorted(
        path
        for path in files.keys() | known.keys()
        if path not in files or path not in known or not _is(files[path], known[path])
    )


def _is(file: Path, was: list[int | str]) -> bool:
    return _stamp(file) == was[:-1] or (file.is_file() and _digest(file) == was[-1])


def _known(folder: Path) -> dict[str, list[int | str]] | None:
    try:
        known = json.loads((folder / FILES).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return known if isinstance(known, dict) and all(isinstance(was, list) for was in known.values()) else None


def _stamp(file: Path) -> list[int | str]:
    found = file.lstat()
    return [found.st_ino, found.st_size, found.st_mtime_ns]


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
