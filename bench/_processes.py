"""A command run and watched: its time, its processor, and the memory of it and all that it starts."""

from __future__ import annotations

import os
import resource
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

from bench._servers import resident, tree_of

EVERY = 0.05
"""Seconds between two looks at the memory."""


@dataclass(frozen=True)
class Spent:
    """What a command took: seconds of the clock, of the processor, and megabytes of all its processes at most (PSS)."""

    wall: float
    processor: float
    megabytes: float


def run(command: Sequence[str], folder: Path, environ: Mapping[str, str] | None = None) -> Spent:
    """Run a command to its end.

    Args:
        command: what to run.
        folder: where.
        environ: variables to set besides those of this process.

    Raises:
        RuntimeError: it failed; with what it said.
    """
    used, start = _processor(), time.perf_counter()
    with subprocess.Popen(
        command, cwd=folder, env={**os.environ, **(environ or {})}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        ended, peaks = Event(), [0.0]
        watcher = Thread(target=_watch, args=(process.pid, ended, peaks))
        watcher.start()
        said, _ = process.communicate()
        wall = time.perf_counter() - start
        ended.set()
        watcher.join()
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)}: {said.decode(errors='replace')[-2000:]}")
    return Spent(wall, _processor() - used, peaks[0])


def _watch(process: int, ended: Event, peaks: list[float]) -> None:
    while not ended.wait(EVERY):
        peaks[0] = max(peaks[0], megabytes(process))


def megabytes(process: int) -> float:
    """Give the memory of a process and of all that it started, what they share counted once."""
    total = 0
    try:
        for one in tree_of(process):
            total += resident(one)
    except (OSError, ValueError):  # one of them has ended meanwhile
        return 0.0
    return total / 1024


def _processor() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return children.ru_utime + children.ru_stime
