"""What a community's folder remembers of the Bacheca that made it: its version, the answers, and the files it wrote.

An upgrade needs the files as they were written, to tell what the community has changed since. They are kept in the
folder itself: no later version has to be able to write what an earlier one wrote.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from packaging.version import InvalidVersion, Version

from bacheca import __version__
from bacheca.forms.atomic_file import overwrite

FOLDER = ".bacheca"
MADE = f"{FOLDER}/made.json"
WRITTEN = f"{FOLDER}/written.zip"
MOST = 8_000_000
"""The most bytes of a file that is read out of a record."""

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The time of every file in a record, so that the same files make the same record."""


class RecordRefused(Exception):
    """A record that cannot be read, or is a newer Bacheca's; `version` is that one's, and otherwise empty."""

    def __init__(self, sentence: str, version: str = ""):
        self.version = version
        super().__init__(sentence)


@dataclass(frozen=True)
class Record:
    """What a folder remembers.

    Args:
        version: the version that made it, or upgraded it last.
        answers: what `init` was told; empty where nobody knows.
        files: the files that it wrote, by their path in the folder.
    """

    version: str
    answers: Mapping[str, Any] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)


def read_record(folder: Path) -> Record | None:
    """Read what a folder remembers; None where it remembers nothing.

    Raises:
        RecordRefused: it cannot be read, or a newer Bacheca wrote it.
    """
    made = folder / MADE
    if not made.is_file():
        return None
    try:
        said = json.loads(made.read_text(encoding="utf-8"))
        version, answers = str(said["version"]), dict(said["answers"])
        is_newer = Version(version) > Version(__version__)
    except (OSError, ValueError, TypeError, KeyError, InvalidVersion) as error:
        raise RecordRefused(f"{made} cannot be read: bring it back from git, or from a backup.") from error
    if is_newer:
        raise RecordRefused(
            f"{folder} is of Bacheca {version}, and this is {__version__}: install {version} or a newer one"
            " (pip install --upgrade bacheca), or bring back the folder as it was before the upgrade.",
            version,
        )
    return Record(version, answers, _files(folder / WRITTEN))


def refuse_newer(folder: Path) -> None:
    """Refuse a folder that a newer Bacheca made or upgraded.

    Raises:
        RecordRefused: it is one, or what it remembers cannot be read.
    """
    read_record(folder)


def write_record(folder: Path, record: Record) -> None:
    """Write what a folder remembers: its version last, since that says the rest is there."""
    (folder / FOLDER).mkdir(exist_ok=True)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_LZMA) as archive:
        for path in sorted(record.files):
            archive.writestr(zipfile.ZipInfo(path, EPOCH), record.files[path], zipfile.ZIP_LZMA)
    overwrite(folder / WRITTEN, packed.getvalue())
    said = {"version": record.version, "answers": dict(record.answers)}
    overwrite(folder / MADE, json.dumps(said, ensure_ascii=False, indent=2) + "\n")


def _files(packed: Path) -> dict[str, str]:
    if not packed.is_file():
        return {}
    try:
        with zipfile.ZipFile(packed) as archive:
            if any(item.file_size > MOST for item in archive.infolist()):
                raise ValueError("a file of a record is larger than any that is written")
            return {item.filename: archive.read(item).decode() for item in archive.infolist()}
    except (OSError, ValueError, EOFError, zipfile.BadZipFile, NotImplementedError) as error:
        raise RecordRefused(f"{packed} cannot be read: bring it back from git, or from a backup.") from error
