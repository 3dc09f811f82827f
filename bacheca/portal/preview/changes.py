"""What changes among the files of a portal, told as soon as a file is whole."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from queue import Empty, Queue

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

WHOLE = frozenset(("closed", "moved"))
"""The events after which a file is whole: it was written and closed, or another took its place."""

CHANGES = WHOLE | {"created", "modified", "deleted"}
"""The events that change something: opening a file, and closing one that was read, are events too."""

UNFINISHED = 0.05
"""How many seconds to wait for the rest of what has only begun: a file that is open, or one that another replaces."""

SEVERAL = 0.02
"""How many seconds nothing may change once several files did, as where a branch is taken from git."""

LOOK = 0.5
"""How many seconds pass between two looks at whether there is still anything to wait for."""

EVERYTHING = "*"
IGNORED = ("__pycache__", ".git", "~", ".swp", ".swx", ".pyc", ".tmp", ".part", ".crdownload")
NAMES = frozenset(("4913", ".DS_Store"))
"""Files that programs make beside what they save, to see whether they may, or to remember where a window was."""


class Changes:
    """The files that changed, from when it is opened until it is closed.

    Args:
        folders: the folders to watch, each with the pattern of its files; `EVERYTHING` goes for its folders too.
    """

    def __init__(self, folders: Iterable[tuple[Path, str]]):
        self._queue: Queue[tuple[Path, bool]] = Queue()
        self._observer = Observer()
        for folder, names in folders:
            handler = _Handler(self._queue, names)
            self._observer.schedule(handler, str(folder), recursive=names == EVERYTHING)
        self._observer.start()

    def wait(self, look: Callable[[], None], most: float | None = None) -> set[Path]:
        """Wait until something has changed, and give what.

        Args:
            look: is called now and then; whatever it raises ends the waiting.
            most: how many seconds to wait for something to change; None for as long as it takes.
        """
        found: dict[Path, bool] = {}
        end = None if most is None else time.monotonic() + most
        begun = 0.0
        while True:
            if not found:
                left = LOOK if end is None else min(LOOK, end - time.monotonic())
            elif not all(found.values()):
                left = begun + UNFINISHED - time.monotonic()
            else:
                left = SEVERAL if len(found) > 1 else 0.0
            try:
                path, is_whole = self._queue.get(timeout=left) if left > 0 else self._queue.get_nowait()
            except Empty:
                look()
                if found or (end is not None and time.monotonic() >= end):
                    return set(found)
                continue
            begun = begun if found else time.monotonic()
            found[path] = is_whole or found.get(path, False)

    def close(self) -> None:
        """Watch no more."""
        self._observer.stop()
        self._observer.join()


class _Handler(FileSystemEventHandler):
    def __init__(self, queue: Queue[tuple[Path, bool]], names: str):
        self._queue = queue
        self._names = names

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Take note of an event of the file system."""
        if event.event_type not in CHANGES or event.is_directory:
            return
        is_whole = event.event_type in WHOLE
        self._note(event.src_path, is_whole=is_whole and not event.dest_path)
        if event.dest_path:
            self._note(event.dest_path, is_whole=is_whole)

    def _note(self, written: str | bytes, *, is_whole: bool) -> None:
        path = os.fsdecode(written)
        if not is_ignored(path) and Path(path).match(self._names):
            self._queue.put((Path(path), is_whole))


def is_ignored(path: str) -> bool:
    """Tell whether a file is one that an editor's program leaves beside what it saves."""
    parts = Path(path).parts
    return any(part.startswith(".#") or part.endswith(IGNORED) for part in parts) or parts[-1] in NAMES
