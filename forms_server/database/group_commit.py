"""Commits that several writers share, since it is the disk that takes the time and not what is written.

One thread of each process writes for all its requests: what comes while another process has its turn, or while the
disk takes the transaction before, goes into the next one together. Nobody is told anything before the commit has
returned. Items that cannot be written together are written once more, each in a savepoint of its own, so that one
that fails takes no other with it.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from forms_server.database.engine import PATIENCE
from forms_server.errors import StoreUnavailable
from forms_server.greenlet_wait import result_of

MOST_TOGETHER = 64
"""The most items in one transaction, so that nobody waits for too many others."""

MOST_WAITING = 1000
"""The most items that may wait; whoever comes then is told at once that the store is busy."""

BATCH_WINDOW = 0.005
"""Seconds for which others are waited for, where some came together the time before."""

Item = TypeVar("Item")
Done = TypeVar("Done")


@dataclass(frozen=True)
class _Member(Generic[Item, Done]):
    """An item, and where whoever brought it waits for its outcome."""

    item: Item
    future: Future[Done] = field(default_factory=Future)


class GroupCommit(Generic[Item, Done]):
    """Writes items in transactions that they share, in a thread of its own; any number of threads may bring some.

    Args:
        transaction: opens a transaction that is on disk once its block has ended.
        write: writes items by a connection, neither committing nor rolling back; gives what became of each.
        translate: makes an error of the database one that says nothing of what was written.
    """

    def __init__(
        self,
        transaction: Callable[[], AbstractContextManager[Connection]],
        write: Callable[[Connection, Sequence[Item]], Sequence[Done]],
        translate: Callable[[SQLAlchemyError], StoreUnavailable],
    ):
        self._transaction = transaction
        self._write = write
        self._translate = translate
        self._waiting: queue.SimpleQueue[_Member[Item, Done] | None] = queue.SimpleQueue()
        self._starting = threading.Lock()
        self._window = threading.Event()  # never set; a sleep would fail where another day is played to the process
        self._thread: threading.Thread | None = None
        self.at_work: Callable[[], AbstractContextManager[None]] = nullcontext
        """What is entered while items are written: whoever looks whether the process gets on sets it."""

    @property
    def waiting(self) -> int:
        """How many items wait to be written."""
        return self._waiting.qsize()

    def do(self, item: Item) -> Done:
        """Write an item, with those of others that come at the same time.

        Returns:
            Its outcome, once that is on disk.

        Raises:
            StoreUnavailable: it could not be written or confirmed, or not in time.
            Exception: what became of this item alone; then nothing of it is kept.
        """
        if self.waiting >= MOST_WAITING:
            raise StoreUnavailable("busy")
        member = _Member[Item, Done](item)
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
                    self._thread = threading.Thread(target=self._run, name="group commit", daemon=True)
                    self._thread.start()

    def _run(self) -> None:
        several = False
        while first := self._waiting.get():
            if several and self.waiting < MOST_TOGETHER:
                self._window.wait(BATCH_WINDOW)
            with self.at_work():
                several = self._commit(first) > 1

    def _commit(self, first: _Member[Item, Done]) -> int:
        """Write an item and those that came since, and tell whoever brought them; give how many there were."""
        members: list[_Member[Item, Done]] = []
        try:
            with self._transaction() as connection:
                members = self._gather(first)
                outcomes = self._together(connection, [member.item for member in members])
        except _Undone as undone:
            items = [member.item for member in members]
            outcomes = self._one_by_one(items) if len(items) > 1 else [undone.error]
        except Exception as error:
            members = members or self._gather(first)
            outcomes = _refused(error, len(members))
        for member, outcome in zip(members, outcomes, strict=True):
            if isinstance(outcome, Exception):
                member.future.set_exception(outcome)
            else:
                member.future.set_result(outcome)
        return len(members)

    def _gather(self, first: _Member[Item, Done]) -> list[_Member[Item, Done]]:
        """Take those whose turn it is now, without those who waited too long."""
        return [member for member in (first, *self._others()) if member.future.set_running_or_notify_cancel()]

    def _others(self) -> Iterator[_Member[Item, Done]]:
        for _ in range(min(self.waiting, MOST_TOGETHER - 1)):
            member = self._waiting.get()
            if member is None:
                self._waiting.put(None)  # to be closed, once these are done
                return
            yield member

    def _together(self, connection: Connection, items: Sequence[Item]) -> Sequence[Done | Exception]:
        """Write items; raise `_Undone` where they cannot be written, but the disk can."""
        try:
            return self._write(connection, items) if items else ()
        except Exception as error:
            why = self._translate(error) if isinstance(error, SQLAlchemyError) else error
            if getattr(why, "lasting", False):
                raise why from None
            raise _Undone(why) from None

    def _one_by_one(self, items: Sequence[Item]) -> Sequence[Done | Exception]:
        """Write items that could not be written together; give what became of each, or why nothing of it is kept."""
        try:
            with self._transaction() as connection:
                return [self._alone(connection, item) for item in items]
        except Exception as error:
            return _refused(error, len(items))

    def _alone(self, connection: Connection, item: Item) -> Done | Exception:
        """Write an item in a savepoint; give its outcome, or why nothing of it is written."""
        connection.exec_driver_sql("SAVEPOINT item")
        try:
            (done,) = self._together(connection, [item])
        except _Undone as undone:
            try:
                connection.exec_driver_sql("ROLLBACK TO item")
            except SQLAlchemyError:  # of some faults SQLite undoes the whole transaction
                raise undone.error from None
            return undone.error
        connection.exec_driver_sql("RELEASE item")
        return done


def _refused(error: Exception, count: int) -> list[Exception]:
    """Give an error for each item: it gathers the traceback of whoever raises it."""
    code, lasting = (error.code, error.lasting) if isinstance(error, StoreUnavailable) else ("undone", False)
    return [StoreUnavailable(code, lasting=lasting) for _ in range(count)]


class _Undone(Exception):
    """Items could not be written, and nothing of them is kept.

    Args:
        error: why.
    """

    def __init__(self, error: Exception):
        self.error = error
        super().__init__()
