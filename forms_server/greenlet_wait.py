"""Waiting for what another thread does.

A thread that waits stands still. A call on the thread of the event loop hands the loop back meanwhile, so that one
thread takes the posts of many people while the disk has theirs: the code that waits need not know where it runs.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from greenlet import getcurrent, greenlet

Done = TypeVar("Done")


class LoopCall(greenlet):  # type: ignore[misc]  # greenlet has no types
    """A call of a function on the thread of an event loop.

    `switch` begins it or goes on with it, and gives what it waits for next: a future, and how many seconds at the most
    (or None); once the call is `dead`, what the function returned.
    """

    def __init__(self, function: Callable[[], Any]):
        super().__init__(function)


def result_of(future: Future[Done], seconds: float | None = None) -> Done:
    """Wait for what becomes of a future.

    Args:
        future: what another thread does.
        seconds: how long to wait at the most.

    Raises:
        TimeoutError: it was not done by then.
        Exception: whatever it failed with.
    """
    call = getcurrent()
    if not isinstance(call, LoopCall):
        return future.result(seconds)
    call.parent.switch((future, seconds))
    return future.result(0)
