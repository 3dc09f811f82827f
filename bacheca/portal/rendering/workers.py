"""Work spread over the processors: processes forked from this one, which know all it knows and write what they find."""

from __future__ import annotations

import gc
import json
import os
import signal
import threading
import traceback
from collections.abc import Callable, Sequence
from tempfile import TemporaryFile
from typing import Any, TypeVar

from bacheca.portal.errors import is_full

T = TypeVar("T")

LEAST = 12
"""Items under which one process is as fast as two."""

GARBAGE = 50_000, 20, 20
"""The thresholds of a worker's garbage collector: each page leaves some, of which nothing is of use again."""


class WorkFailed(Exception):
    """Something went wrong with an item; the text says what, as Python prints it."""


class WorkerDied(WorkFailed):
    """A process ended in the midst of an item, as one does whose library crashes; `place` is that of the item."""

    def __init__(self, text: str, place: int):
        self.place = place
        super().__init__(text)


def spread(items: Sequence[T], work: Callable[[T], Any], *, least: int = 0, apart: bool = False) -> list[Any]:
    """Do something with each of many items, over all processors where there is enough to do.

    Args:
        items: the items.
        work: what to do with one; what it gives is a value of JSON, and whatever else it changes is lost.
        least: how many items are worth a process of their own; as many as usual where none are named.
        apart: whether not even one item may be done in this process, which would end with it; where none can be
            forked, it is.

    Returns:
        What was given for each, in their order.

    Raises:
        WorkFailed: something went wrong with one; `WorkerDied`, where that ended the process.
        OSError: the disk is full.
    """
    count = min(processors(), len(items) // (least or LEAST))
    if apart and items and can_fork():
        count = max(count, 1)
    elif count < 2:
        return [_done(work, item) for item in items]
    gc.collect()
    gc.freeze()  # what is there stays shared with the workers
    files = [TemporaryFile() for _ in range(count)]  # noqa: SIM115  closed below
    workers: list[int] = []
    found: list[Any] = [None] * len(items)
    failed: WorkFailed | OSError | None = None
    try:
        for number in range(count):
            process = os.fork()
            if not process:
                _work(files[number], items[number::count], work)
            workers.append(process)
        for number, file in enumerate(files):
            _, status = os.waitpid(workers[0], 0)
            del workers[0]
            file.seek(0)
            lines = [json.loads(line) for line in file if line.endswith(b"\n")]  # the last may be cut off
            if status and not failed:
                failed = _failure(status, lines, len(items), number, count)
            for place, line in zip(range(number, len(items), count), lines, strict=False):
                if isinstance(line, list):
                    found[place] = line[0]
    finally:
        for process in workers:
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)
        for file in files:
            file.close()
        gc.unfreeze()
    if failed:
        raise failed
    return found


def processors() -> int:
    """Give how many processes may work at once: one where none can be forked."""
    if not can_fork():
        return 1
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def can_fork() -> bool:
    """Tell whether a process can be forked: where threads run, one that is may wait for ever."""
    return hasattr(os, "fork") and threading.active_count() == 1


def _failure(status: int, lines: list[Any], items: int, number: int, count: int) -> WorkFailed | OSError:
    """Say what ended a worker: it has written a line of each item that it has done."""
    if lines and isinstance(lines[-1], dict):
        return OSError(lines[-1]["errno"], os.strerror(lines[-1]["errno"]), lines[-1]["file"])
    if lines and isinstance(lines[-1], str):
        return WorkFailed(lines[-1])
    return WorkerDied(f"A process ended with {status}.", min(number + count * len(lines), items - 1))


def _done(work: Callable[[T], Any], item: T) -> Any:
    try:
        return work(item)
    except WorkFailed:
        raise
    except Exception as error:
        if isinstance(error, OSError) and is_full(error):
            raise
        raise WorkFailed(traceback.format_exc()) from None


def _work(file: Any, items: Sequence[T], work: Callable[[T], Any]) -> None:
    """Be a worker, to the end of the process."""
    status = 1
    gc.set_threshold(*GARBAGE)
    try:
        for item in items:
            file.write(json.dumps([_done(work, item)]).encode() + b"\n")
            file.flush()  # what is done is known, whatever the next one does
        status = 0
    except WorkFailed as error:
        file.write(json.dumps(str(error)).encode() + b"\n")
    except OSError as error:
        written = error.filename2 or error.filename
        place = os.fsdecode(written) if written else None
        file.write(json.dumps({"errno": error.errno, "file": place}).encode() + b"\n")
    finally:
        file.flush()
        os._exit(status)
