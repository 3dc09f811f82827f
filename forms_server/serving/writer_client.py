"""The line from a process that serves to the one that writes."""

from __future__ import annotations

import asyncio
import logging
import threading
from concurrent.futures import Future
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, Generic, TypeVar, cast

from forms_server.database.engine import PATIENCE
from forms_server.errors import StoreUnavailable
from forms_server.greenlet_wait import result_of
from forms_server.serving.writer import Inbox, as_message
from forms_server.store.group_commit import MOST_WAITING

log = logging.getLogger(__name__)

Piece = TypeVar("Piece")
Done = TypeVar("Done")

AGAIN = 0.05
"""Seconds after which a line that was cut is opened again."""


class Line(asyncio.Protocol):
    """Sends pieces to the writer and gives what came of them; threads may share it.

    Args:
        path: the writer's socket.
    """

    def __init__(self, path: Path):
        self._path = path
        self._numbers = count()
        self._waiting: dict[int, Future[Any]] = {}
        self._held: list[bytes] = []
        self._transport: asyncio.WriteTransport | None = None
        self._inbox = Inbox()
        self._loop: asyncio.AbstractEventLoop
        self._thread = 0
        self._closed = False

    async def open(self) -> None:
        """Open the line, however long the writer takes to be there."""
        self._loop, self._thread = asyncio.get_running_loop(), threading.get_ident()
        while not self._closed:
            try:
                await self._loop.create_unix_connection(lambda: self, str(self._path))
            except OSError:
                await asyncio.sleep(AGAIN)
            else:
                return

    def close(self) -> None:
        """Hang up."""
        self._closed = True
        if self._transport:
            self._transport.close()

    def do(self, kind: str, piece: object) -> Any:
        """Have a piece written.

        Raises:
            StoreUnavailable: nobody knows whether it is.
            Exception: it was refused, and nothing of it is kept.
        """
        future: Future[Any] = Future()
        if threading.get_ident() == self._thread:
            self._send(kind, piece, future)
        else:
            self._loop.call_soon_threadsafe(self._send, kind, piece, future)
        try:
            return result_of(future, PATIENCE)
        except TimeoutError:
            raise StoreUnavailable("busy") from None

    def _send(self, kind: str, piece: object, future: Future[Any]) -> None:
        if len(self._waiting) >= MOST_WAITING:
            future.set_exception(StoreUnavailable("busy"))
            return
        number = next(self._numbers)
        self._waiting[number] = future
        message = as_message((number, kind, piece))
        if self._transport:
            self._transport.write(message)
        else:
            self._held.append(message)  # until the writer's successor is there

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send what has been held."""
        self._transport = cast(asyncio.WriteTransport, transport)
        self._transport.writelines(self._held)
        self._held.clear()

    def data_received(self, data: bytes) -> None:
        """Tell those who wait what came of their pieces."""
        for outcomes in self._inbox.messages(data):
            for number, outcome in outcomes:
                future = self._waiting.pop(number)
                if isinstance(outcome, Exception):
                    future.set_exception(outcome)
                else:
                    future.set_result(outcome)

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell those who wait that nobody knows, and open the line again."""
        self._transport, self._inbox = None, Inbox()
        waiting, self._waiting = self._waiting, {}
        for future in waiting.values():
            future.set_exception(StoreUnavailable("writer-ended"))
        if not self._closed:
            self._opening = self._loop.create_task(self.open())


@dataclass(frozen=True)
class ByLine(Generic[Piece, Done]):
    """Whoever writes one kind of piece at the other end of a line (`store.group_commit.Group`)."""

    line: Line
    kind: str

    def do(self, piece: Piece) -> Done:
        """Write a piece, with those of others that come at the same time."""
        done: Done = self.line.do(self.kind, piece)
        return done

    def close(self) -> None:
        """Take no more."""
        self.line.close()
