"""Turns that threads and processes take one after the other, such as to write to SQLite, which takes one writer.

SQLite itself lets whoever comes second look again after a while, and the while grows to a tenth of a second. Here
threads queue at a lock of their process, and processes at one on a file, which the system takes back from whoever is
killed.
"""

from __future__ import annotations

import errno
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from forms_server.errors import StoreUnavailable

try:
    import fcntl
except ImportError:  # Windows, where one process serves, and SQLite itself makes the commands wait
    fcntl = None  # type: ignore[assignment]

LOOK = 0.001
"""Seconds between two looks at another process's turn."""


class FileTurn:
    """A turn; any number of threads may share it.

    Args:
        path: the file that processes lock; it is made when it is first needed, and stays.
        patience: how many seconds to wait for a turn.
    """

    def __init__(self, path: Path, patience: float):
        self._path = path
        self._patience = patience
        self._threads = threading.Lock()
        self._look = threading.Event()  # never set
        self._file: int | None = None

    @contextmanager
    def held(self, busy: Exception | None = None) -> Iterator[None]:
        """Have the turn while the block runs.

        Args:
            busy: what is raised where others have it for too long; `StoreUnavailable` where nothing is given.

        Raises:
            StoreUnavailable: the file cannot be made.
        """
        busy = busy or StoreUnavailable("busy")
        until = time.monotonic() + self._patience
        if not self._threads.acquire(timeout=self._patience):
            raise busy
        try:
            self._lock(until, busy)
            try:
                yield
            finally:
                self._unlock()
        finally:
            self._threads.release()

    def close(self) -> None:
        """Close the file; another turn opens it again."""
        with self._threads:
            if self._file is not None:
                os.close(self._file)
                self._file = None

    def _lock(self, until: float, busy: Exception) -> None:
        if fcntl is None:
            return
        if self._file is None:
            try:
                self._file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
            except OSError as error:
                raise StoreUnavailable(errno.errorcode.get(error.errno or 0, "OSError")) from None
        while True:
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > until:
                    raise busy from None
                self._look.wait(LOOK)
            else:
                return

    def _unlock(self) -> None:
        if fcntl is not None and self._file is not None:
            fcntl.flock(self._file, fcntl.LOCK_UN)
