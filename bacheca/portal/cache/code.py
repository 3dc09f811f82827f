"""The code that takes part in a build: what it made may be another thing once that changes."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from weakref import WeakKeyDictionary

from bacheca.portal.cache.digests import digest_of
from bacheca.portal.cache.file_digests import FileDigests
from bacheca.portal.cache.store import Cache

OURS = Path(__file__).parents[2]
"""The folder of the library, with its templates, catalogues and assets."""


_told: WeakKeyDictionary[Cache, str] = WeakKeyDictionary()


def code_digest(cache: Cache) -> str:
    """Give the digest of Python, of every package that is installed, by its version, and of all files of ours.

    Args:
        cache: where it is kept what our files hold; every build opens one, and to each the same is told all along.

    Raises:
        OSError: the cache cannot be written to.
    """
    if cache not in _told:
        _told[cache] = _digest(cache)
    return _told[cache]


def _digest(cache: Cache) -> str:
    known = FileDigests(cache, "code")
    files = [
        Path(folder, name)
        for folder, _, names in os.walk(OURS)
        for name in names
        if not name.endswith(".pyc") and not name.startswith(".")
    ]
    ours = known.of_all(OURS, files)
    known.save()
    return digest_of(sys.version, sys.platform, installed(), ours)


def installed() -> list[str]:
    """Name the packages that can be imported, each with its version."""
    folders = (folder for folder in sys.path if os.path.isdir(folder))
    names = {name for folder in folders for name in os.listdir(folder)}
    return sorted(name for name in names if name.endswith((".dist-info", ".egg-info")))
