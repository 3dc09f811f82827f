"""Whether a file that is not ours mentions somebody: workbooks, archives and SPSS files are looked into.

What it cannot open (a file behind a password, a picture) it tells nothing of: a person has to look.
"""

from __future__ import annotations

import gzip
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from pathlib import Path

LONGEST = 200_000_000
"""Bytes of a file, or of what is packed in one, that are looked through."""

DEPTH = 3
"""How many archives may lie in each other: a workbook in an archive is two."""

ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be")
"""In what the programs of analysts write texts."""

UNREADABLE = (OSError, EOFError, RuntimeError, NotImplementedError, zipfile.BadZipFile, zlib.error)
"""What the library raises of an archive that is broken, or has a password."""

SPSS = (b"$FL2", b"$FL3")
"""How SPSS files begin, whose texts are packed in pieces of eight bytes."""


def mentions(path: Path, address: str) -> bool:
    """Tell whether a file, or any in a folder, holds an address, in whatever case."""
    files = [path] if path.is_file() else sorted(file for file in path.rglob("*") if file.is_file())
    return any(_mentions(file, address.casefold()) for file in files)


def _mentions(path: Path, address: str) -> bool:
    with suppress(OSError), path.open("rb") as file:
        content = file.read(LONGEST)
        return any(_holds(part, address) for part in _unpacked(content, DEPTH)) or (
            content.startswith(SPSS) and address in _texts_of_spss(path)
        )
    return False


def _holds(content: bytes, address: str) -> bool:
    lowered = content.lower()
    return any(address.encode(encoding) in lowered for encoding in ENCODINGS) or (
        not address.isascii() and address in content.decode("utf-8", "replace").casefold()
    )


def _unpacked(content: bytes, depth: int) -> Iterator[bytes]:
    """Give a file's bytes, then those of whatever is packed in it."""
    yield content
    if not depth:
        return
    if content.startswith(b"\x1f\x8b"):
        with suppress(*UNREADABLE), gzip.open(BytesIO(content)) as file:
            yield from _unpacked(file.read(LONGEST), depth - 1)
    elif zipfile.is_zipfile(BytesIO(content)):
        with suppress(*UNREADABLE), zipfile.ZipFile(BytesIO(content)) as archive:
            for name in archive.namelist():
                with archive.open(name) as file:
                    yield from _unpacked(file.read(LONGEST), depth - 1)


def _texts_of_spss(path: Path) -> str:
    """Give the texts of an SPSS file; nothing where it cannot be read."""
    import pyreadstat  # noqa: PLC0415  it brings pandas: a second, which only this needs

    try:
        rows, _ = pyreadstat.read_sav(str(path), disable_datetime_conversion=True)
    except Exception:  # whatever the library meets in a file that others wrote, a person has to look at it
        return ""
    return "\n".join(map(str, rows.to_numpy().ravel())).casefold()
