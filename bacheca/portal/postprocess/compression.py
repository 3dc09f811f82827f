"""The files of the site as Brotli and gzip beside themselves, so that no server compresses a page at each request."""

from __future__ import annotations

import gzip
import posixpath
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor

import brotli

ENDINGS = frozenset((".html", ".css", ".js", ".json", ".svg", ".xml", ".txt", ".ics", ".webmanifest"))
"""The files that are text; pictures and fonts are compressed as they are."""

LEAST = 500
"""Bytes under which a file is sent as it is."""

LARGE = 2**20
"""Bytes from which each method has a thread of its own: a build waits longest for the search's index."""

QUALITY = 5
"""Brotli's: of this portal 9 makes 2 % less in twelve times the time, 11 makes 11 % less in fifty times."""

LEVEL = 5
"""Gzip's: of pages 9 makes 1 % less in three times the time."""

QUICK = 4
"""That of both for large files: of the search's index it makes 3 % more than 5, in half the time."""

WINDOW = 18
"""Bits of how far back Brotli looks in large files: of the search's index 22 makes 1 % more, in twice the time."""

METHODS: Mapping[str, Callable[[bytes], bytes]] = {
    ".br": lambda plain: bytes(
        brotli.compress(plain, quality=QUALITY)
        if len(plain) < LARGE
        else brotli.compress(plain, quality=QUICK, lgwin=WINDOW)
    ),
    ".gz": lambda plain: gzip.compress(plain, LEVEL if len(plain) < LARGE else QUICK, mtime=0),
}
"""The ending of each compressed copy, and what makes it."""


def copies_of(path: str, plain: bytes) -> Iterator[tuple[str, bytes]]:
    """Give the compressed copies of a file, each with its ending; none where it would be no smaller.

    Args:
        path: its path, whose ending says what it is.
        plain: what it holds.
    """
    if posixpath.splitext(path)[1] not in ENDINGS or len(plain) < LEAST:
        return
    if len(plain) < LARGE:
        copies = [method(plain) for method in METHODS.values()]
    else:
        with ThreadPoolExecutor(len(METHODS)) as threads:
            copies = list(threads.map(lambda method: method(plain), METHODS.values()))
    for ending, copy in zip(METHODS, copies, strict=True):
        if len(copy) < len(plain):
            yield ending, copy
