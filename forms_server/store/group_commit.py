"""Commits that several writers share, since it is the disk that takes the time and not what is written.

SQLite takes one writer, and each commit waits for the disk; PostgreSQL takes many, and each costs it a round of its
own. Here one thread or one process writes for all: while the disk takes one transaction the next pieces gather, and go
to it together. Nobody is told anything before the commit has returned. Pieces that cannot be written together are
written once more, each in a savepoint of its own, so that one that fails takes no other with it.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from forms_server.database.engine import PATIENCE
from forms_server.errors import StoreUnavailable
from forms_server.greenlet_wait import result_of

MOST_TOGETHER = 64
"""The most pieces in one transaction, so that nobody waits for too many others."""

MOST_WAITING = 1000
"""The most pieces that may wait; whoever comes then is told at once that the store is busy."""

Piece = TypeVar("Piece")
Done = TypeVar("Done")
Sent_contra = TypeVar("Sent_contra", contravariant=True)
Came_co = TypeVar("Came_co", covariant=True)


class Group(Protocol[Sent_contra, Came_co]):
    """Whoever writes pieces together with those of others."""

    def do(self, piece: Sent_contra) -> Came_co:
        """Write a piece.

        Returns:
            Its outcome, once that is on disk.

        Raises:
            StoreUnavailable: it could not be written or confirmed, or not in time.
            Exception: what came of this piece alone; then nothing of it is kept.
        """

    def close(self) -> None:
        """Take no more."""


class Together(Generic[Piece, Done]):
    """Writes pieces in one transaction.

    Args:
        transaction: opens a transaction that is on disk once its block has ended.
        write: writes pieces by a connection, neither committing nor rolling back; gives what came of each.
        translate: makes an error of the database one that says nothing of what was written.
    """

    def __init__(
        self,
        transaction: Callable[[], AbstractContextManager[Connection]],
        write: Callable[[Connection, Sequence[Piece]], Sequence[Done]],
        translate: Callable[[SQLAlchemyError], StoreUnavailable],
    ):
        self._transaction = transaction
        self._write = write
        self._translate = translate

    def write(self, pieces: Sequence[Piece]) -> Sequence[Done | Exception]:
        """Write pieces; give what came of each, or why nothing of it is kept, once that is on disk."""
        try:
            try:
                with self._transaction() as connection:
                    return self._attempt(connection, pieces)
            except _Undone as undone:
                if len(pieces) == 1:
                    return [undone.error]
            with self._transaction() as connection:
                return [self._alone(connection, piece) for piece in pieces]
        except Exception as error:
            code, lasting = (error.code, error.lasting) if isinstance(error, StoreUnavailable) else ("undone", False)
            # An error each: it gathers the traceback of whoever raises it.
            return [StoreUnavailable(code, lasting=lasting) for _ in pieces]

    def _attempt(self, connection: Connection, pieces: Sequence[Piece]) -> Sequence[Done]:
        """Write pieces; raise `_Undone` where they cannot be written, but the disk can."""
        try:
            return self._write(connection, pieces)
        except Exception as error:
            why = self._translate(error) if isinstance(error, SQLAlchemyError) else error
            if getattr(why, "lasting", False):
                raise why from None
            raise _Undone(why) from None

    def _alone(self, connection: Connection, piece: Piece) -> Done | Exception:
        """Write a piece in a savepoint; give its outcome, or why nothing of it is written."""
        connection.exec_driver_sql("SAVEPOINT piece")
        try:
            (done,) = self._attempt(connection, [piece])
        except _Undone as undone:
            try:
                connection.exec_driver_sql("ROLLBACK TO piece")
            except SQLAlchemyError:  # of some faults SQLite undoes the whole transaction
                raise undone.error from None
            return undone.error
        connection.exec_driver_sql("RELEASE piece")
        return done


class _Undone(Exception):
    """Pieces could not be written, and nothing of them is kept.

    Args:
        error: why.
    """

    def __init__(self, error: Exception):
        self.error = error
        super().__init__()


@dataclass(frozen=True)
class _Member(Generic[Piece, Done]):
    """A piece, and where whoever brought it waits for its outcome."""

    piece: Piece
    future: Future[Done] = field(default_factory=Future)


class Grouping(Generic[Piece, Done]):
    """Writes pieces in transactions that they share, in a thread of its own.

    Args:
        together: writes them.
    """

    def __init__(self, together: Together[Piece, Done]):
        self._together = together
        self._waiting: queue.SimpleQueue[_Member[Piece, Done] | None] = queue.SimpleQueue()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None

    def do(self, piece: Piece) -> Done:
        """Write a piece, with those of others that come at the same time (`Group`)."""
        if self._waiting.qsize() >= MOST_WAITING:
            raise StoreUnavailable("busy")
        member = _Member[Piece, Done](piece)
        self._start()
        self._waiting.put(member)
        try:
            return result_of(member.future, PATIENCE)
        except TimeoutError:
            if member.future.cancel():
                raise StoreUnavailable("busy") from None
        return result_of(member.future)  # it is being written: only its commit knows the outcome

    def close(self) -> None:
        """End the thread once all that waits is done."""
        with self._starting:
            if self._thread:
                self._waiting.put(None)
                self._thread.join()
                self._thread = None

    def _start(self) -> None:
        if self._thread is None:
            with self._starting:
                if self._thread is None:
                    self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
                    self._thread.start()

    def _run(self) -> None:
        while first := self._waiting.get():
            gathered = (first, *self._others())
            members = [member for member in gathered if member.future.set_running_or_notify_cancel()]
            outcomes = self._together.write([member.piece for member in members]) if members else ()
            for member, outcome in zip(members, outcomes, strict=True):
                if isinstance(outcome, Exception):
                    member.future.set_exception(outcome)
                else:
                    member.future.set_result(outcome)

    def _others(self) -> Iterator[_Member[Piece, Done]]:
        for _ in range(min(self._waiting.qsize(), MOST_TOGETHER - 1)):
            member = self._waiting.get()
            if member is None:
                self._waiting.put(None)  # to be closed, once these are done
                return
            yield member
