"""Commits that several writers share, since it is the disk that takes the time and not what is written.

SQLite takes one writer, and each commit waits for the disk. Here one thread writes for all: while the disk takes
one transaction the next pieces gather, and go to it together. Nobody is told anything before the commit has
returned. Pieces that cannot be written together are written one by one, each in a savepoint of its own, so that one
that fails takes no other with it.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from forms_server.errors import StoreUnavailable
from forms_server.store.engine import PATIENCE

MOST_TOGETHER = 64
"""The most pieces in one transaction, so that nobody waits for too many others."""

MOST_WAITING = 1000
"""The most pieces that may wait; whoever comes then is told at once that the store is busy."""

Piece = TypeVar("Piece")
Done = TypeVar("Done")


@dataclass(frozen=True)
class _Member(Generic[Piece, Done]):
    """A piece, and where whoever brought it waits for what came of it."""

    piece: Piece
    future: Future[Done] = field(default_factory=Future)


class Grouping(Generic[Piece, Done]):
    """Writes pieces in transactions that they share.

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
        self._waiting: queue.SimpleQueue[_Member[Piece, Done] | None] = queue.SimpleQueue()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None

    def do(self, piece: Piece) -> Done:
        """Write a piece, with those of others that come at the same time.

        Returns:
            What came of it, once that is on disk.

        Raises:
            StoreUnavailable: it could not be written or confirmed, or not in time.
            Exception: what `write` raised for this piece alone; then nothing of it is kept.
        """
        if self._waiting.qsize() >= MOST_WAITING:
            raise StoreUnavailable("busy")
        member = _Member[Piece, Done](piece)
        self._start()
        self._waiting.put(member)
        try:
            return member.future.result(PATIENCE)
        except TimeoutError:
            if member.future.cancel():
                raise StoreUnavailable("busy") from None
        return member.future.result()  # it is being written: only its commit can say what became of it

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
        while member := self._waiting.get():
            self._commit([member, *self._others()])

    def _others(self) -> Iterator[_Member[Piece, Done]]:
        for _ in range(min(self._waiting.qsize(), MOST_TOGETHER - 1)):
            member = self._waiting.get()
            if member is None:
                self._waiting.put(None)  # to be closed, once these are done
                return
            yield member

    def _commit(self, gathered: Sequence[_Member[Piece, Done]]) -> None:
        members = [member for member in gathered if member.future.set_running_or_notify_cancel()]
        try:
            with self._transaction() as connection:
                outcomes = self._outcomes(connection, [member.piece for member in members])
        except Exception as error:
            code, lasting = (error.code, error.lasting) if isinstance(error, StoreUnavailable) else ("undone", False)
            for member in members:  # an error each: it gathers the traceback of whoever raises it
                member.future.set_exception(StoreUnavailable(code, lasting=lasting))
            return
        for member, outcome in zip(members, outcomes, strict=True):
            if isinstance(outcome, Exception):
                member.future.set_exception(outcome)
            else:
                member.future.set_result(outcome)

    def _outcomes(self, connection: Connection, pieces: Sequence[Piece]) -> Sequence[Done | Exception]:
        together = self._attempt(connection, pieces)
        if not isinstance(together, Exception):
            return together
        if len(pieces) == 1:
            return [together]
        alone = [self._attempt(connection, [piece]) for piece in pieces]
        return [outcome if isinstance(outcome, Exception) else outcome[0] for outcome in alone]

    def _attempt(self, connection: Connection, pieces: Sequence[Piece]) -> Sequence[Done] | Exception:
        """Write pieces in a savepoint; give what came of each, or why nothing of them is written."""
        connection.exec_driver_sql("SAVEPOINT pieces")
        try:
            done: Sequence[Done] | Exception = self._write(connection, pieces)
        except Exception as error:
            done = self._translate(error) if isinstance(error, SQLAlchemyError) else error
            if getattr(done, "lasting", False):
                raise done from None
            try:
                connection.exec_driver_sql("ROLLBACK TO pieces")
            except SQLAlchemyError:  # of some faults SQLite undoes the whole transaction
                raise done from None
        connection.exec_driver_sql("RELEASE pieces")
        return done
