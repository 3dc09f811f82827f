"""What was compiled, kept where Python keeps our own modules, and trusted as those are.

Whoever may write there can have anything run anyway. The cache of a portal holds nothing that is run.
"""

from __future__ import annotations

import hashlib
import sys
from contextlib import suppress
from importlib.util import cache_from_source
from pathlib import Path

from bacheca.forms.atomic_file import overwrite

HASH = 32
"""Bytes of the hash that stands before what was compiled: a disk may fail."""

PROGRAM = Path(__file__).parents[3]
"""The folder of our packages."""


def name_within(path: Path) -> str:
    """Name a file or folder of the program, wherever that stands; nothing for any other, of which nothing is kept."""
    return path.relative_to(PROGRAM).as_posix() if path.is_relative_to(PROGRAM) else ""


def get_kept(name: str, made_of: str) -> bytes | None:
    """Give what was compiled; None where nothing is kept, or nothing of this.

    Args:
        name: under which name, of which only the newest is kept.
        made_of: all that it was made of.
    """
    with suppress(OSError):
        kept = _place(name).read_bytes()
        if kept[:HASH] == _hash(made_of, kept[HASH:]):
            return kept[HASH:]
    return None


def keep(name: str, made_of: str, made: bytes) -> None:
    """Keep what was compiled, for whoever may read the program, where Python may keep what it compiles."""
    if not sys.dont_write_bytecode:
        place = _place(name)
        with suppress(OSError):
            place.parent.mkdir(parents=True, exist_ok=True)
            overwrite(place, _hash(made_of, made) + made)
            place.chmod(Path(__file__).stat().st_mode | 0o200)


def _place(name: str) -> Path:
    ours = Path(cache_from_source(__file__))  # each kind of Python has its own, as it reads nothing of another's
    return ours.with_name(f"kept-{hashlib.sha256(name.encode()).hexdigest()}{''.join(ours.suffixes)}")


def _hash(made_of: str, made: bytes) -> bytes:
    return hashlib.sha256(hashlib.sha256(made_of.encode("utf-8", "surrogateescape")).digest() + made).digest()
