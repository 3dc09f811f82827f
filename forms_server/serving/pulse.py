"""Whether the processes of the service get on: each beats while it does, and the first of them looks.

Beats are counted in memory that all of them share. A thread of its own beats for each process: not at all where the
process is stopped or its interpreter is held, and no more once the process works at one thing beyond reason. Work is
measured in time of the processor, which a slow disk or a machine under load takes none of, and waiting in turns of that
thread rather than by a clock: a machine that was suspended, or a clock that jumped, ends nobody.
"""

from __future__ import annotations

import mmap
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Protocol

LOOK = 1.0
"""Seconds from one beat to the next, and from one look to the next."""

SILENT = 10
"""How many looks in a row may find no beat of a process: then it is stuck."""

HELD = 10.0
"""Looks' worth of the processor's time that one piece of work may take, or one turn of the loop that answers."""

ANSWERING = 20
"""How many beats the loop that answers may take for one turn: it waits for nothing itself."""

JOBS = 3600
"""How many beats, and looks' worth of the processor's time, one job may take: a million responses take a minute."""

STARTING = 120
"""How many beats a process may take until its first turn."""


class Beats:
    """What the processes of a service beat into, and the first looks at.

    Args:
        count: how many processes.
    """

    def __init__(self, count: int):
        self._memory = mmap.mmap(-1, count)
        self._seen = [(0, 0)] * count

    def beat(self, number: int) -> None:
        """Say that a process gets on."""
        self._memory[number] = (self._memory[number] + 1) % 256

    def begin(self, number: int) -> None:
        """Look at a process anew: another one has taken its place."""
        self._seen[number] = (self._memory[number], 0)

    def silent(self, number: int) -> int:
        """Look at a process; give how many looks in a row have found no beat of it."""
        count, silent = self._seen[number]
        now = self._memory[number]
        self._seen[number] = (now, 0 if now != count else silent + 1)
        return self._seen[number][1]


class Turns(Protocol):
    """Whoever is told what a process works at."""

    def turn(self) -> None:
        """Know that the loop of the process gets on, whose thread calls this."""

    def at_work(self) -> AbstractContextManager[None]:
        """Know that this thread is at one piece of work while the block runs."""


class Pulse:
    """Beats for a process while it gets on.

    Args:
        beat: says so.
        patience: how many beats one turn of its loop may take.
        held: how many looks' worth of the processor's time one piece of its work may take.
    """

    def __init__(self, beat: Callable[[], None], patience: int, held: float = HELD):
        self._beat = beat
        self._patience = patience
        self._held = held
        self._began: dict[int, float] = {}
        self._loop: int | None = None
        self._waited = 0
        threading.Thread(target=self._run, name="pulse", daemon=True).start()

    def turn(self) -> None:
        """Know that the loop of the process gets on (`Turns`)."""
        self._loop = threading.get_ident()
        self._waited = 0
        self._begin()

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Know that this thread is at one piece of work while the block runs (`Turns`)."""
        self._begin()
        try:
            yield
        finally:
            del self._began[threading.get_ident()]

    def gets_on(self) -> bool:
        """Tell whether no thread works, and the loop does not wait, beyond reason."""
        if self._waited > (STARTING if self._loop is None else self._patience):
            return False
        return all(_worked(thread) - began < self._held * LOOK for thread, began in list(self._began.items()))

    def _begin(self) -> None:
        self._began[threading.get_ident()] = time.thread_time()

    def _run(self) -> None:
        while True:
            time.sleep(LOOK)
            self._waited += 1
            if self.gets_on():
                self._beat()


class Unwatched:
    """A process that nobody looks at (`Turns`)."""

    def turn(self) -> None:
        """Take no note."""

    def at_work(self) -> AbstractContextManager[None]:
        """Take no note."""
        return nullcontext()


def _worked(thread: int) -> float:
    """Give the processor's time that a thread of this process has had, in seconds; 0 where no system tells."""
    clock = getattr(time, "pthread_getcpuclockid", None)
    return time.clock_gettime(clock(thread)) if clock else 0.0
