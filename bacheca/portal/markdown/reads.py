"""What the Markdown of a page reads besides its text, told while it is read: once that changes, it is read anew."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_READS: ContextVar[list[tuple[str, ...]] | None] = ContextVar("_READS", default=None)


@contextmanager
def reads_told() -> Iterator[list[tuple[str, ...]]]:
    """Give the list that grows with what is told."""
    told: list[tuple[str, ...]] = []
    token = _READS.set(told)
    try:
        yield told
    finally:
        _READS.reset(token)


def tell_read(kind: str, *names: str) -> None:
    """Tell of something that is read.

    Args:
        kind: what it is: `form` or `results`.
        names: what tells it from others of its kind.
    """
    told = _READS.get()
    if told is not None and (kind, *names) not in told:
        told.append((kind, *names))
