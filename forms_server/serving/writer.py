"""The one process that writes what the others take: responses, and how often somebody sent some.

SQLite takes one writer, and threads that take turns at the interpreter with the writer's cost more than the writing.
So the processes that serve hand what is to be written to this one over a Unix socket, and it writes together whatever
has come while the disk was busy. It answers each only once that is on disk. If it is killed, those who wait hear that
nobody knows, and sending again is safe.

A message is its length (4 bytes) and a pickle: `(number, kind, piece)` there, a list of `(number, outcome)` back. Only
processes of the service can open the socket: it lies in a folder of their own.
"""

from __future__ import annotations

import logging
import os
import pickle
import selectors
import socket
import struct
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from forms_server.errors import StoreUnavailable
from forms_server.serving.pulse import Turns, Unwatched
from forms_server.store.group_commit import MOST_TOGETHER, Together

log = logging.getLogger(__name__)

LENGTH = struct.Struct("!I")
MOMENT = 0.002
"""Seconds for which others are waited for, while several come at once."""

GRACE = 15.0
"""Seconds for which those who still serve are waited for, once the service ends."""


@dataclass
class Inbox:
    """What has come of a line that is not a whole message yet."""

    came: bytearray = field(default_factory=bytearray)

    def messages(self, data: bytes) -> Iterator[Any]:
        """Take what has come; give the messages that are whole now."""
        self.came += data
        while len(self.came) >= LENGTH.size:
            end = LENGTH.size + LENGTH.unpack_from(self.came)[0]
            if len(self.came) < end:
                return
            message = bytes(self.came[LENGTH.size : end])
            del self.came[:end]
            yield pickle.loads(message)  # noqa: S301  from a process of our own


def as_message(said: object) -> bytes:
    """Write a message as it goes over a line."""
    data = pickle.dumps(said, pickle.HIGHEST_PROTOCOL)
    return LENGTH.pack(len(data)) + data


@dataclass(frozen=True)
class _Asked:
    line: socket.socket
    number: int
    piece: Any


class Writer:
    """Writes for others until nobody is left.

    Args:
        kinds: who writes each kind of piece, in the order in which they are written.
        path: where the socket goes; what is there is replaced.
        orphaned: a pipe that ends when the service does.
        turns: is told that the writer gets on.
    """

    def __init__(self, kinds: Mapping[str, Together[Any, Any]], path: Path, orphaned: int, turns: Turns | None = None):
        self._kinds = kinds
        self._turns = turns or Unwatched()
        self._orphaned = orphaned
        path.unlink(missing_ok=True)
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(os.fspath(path))
        self._listening.listen()
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._listening, selectors.EVENT_READ)
        self._selector.register(orphaned, selectors.EVENT_READ)
        self._inboxes: dict[socket.socket, Inbox] = {}
        self._until: float | None = None

    def run(self) -> bool:
        """Write until the service ends and nobody is left, or the disk fails; tell whether it failed."""
        asked: dict[str, list[_Asked]] = {kind: [] for kind in self._kinds}
        several = False
        while not self._over():
            self._turns.turn()
            self._hear_all(0 if any(asked.values()) else 1, asked)
            if several:  # where some come together more are on their way
                self._gather(asked)
            several = sum(map(len, asked.values())) > 1
            for kind, together in self._kinds.items():
                batch = asked[kind][:MOST_TOGETHER]
                del asked[kind][:MOST_TOGETHER]
                if batch and self._write(together, batch):
                    return True
        return False

    def _gather(self, asked: Mapping[str, list[_Asked]]) -> None:
        """Wait a moment for more: what is written together costs less, and one wait for the disk."""
        until = time.monotonic() + MOMENT
        while 0 < sum(map(len, asked.values())) < MOST_TOGETHER and (left := until - time.monotonic()) > 0:
            self._hear_all(left, asked)

    def _hear_all(self, seconds: float, asked: Mapping[str, list[_Asked]]) -> None:
        for key, _ in self._selector.select(seconds):
            self._hear(key.fileobj, asked)

    def _over(self) -> bool:
        return self._until is not None and (not self._inboxes or time.monotonic() > self._until)

    def _hear(self, source: Any, asked: Mapping[str, list[_Asked]]) -> None:
        if source is self._listening:
            line, _ = self._listening.accept()
            self._inboxes[line] = Inbox()
            self._selector.register(line, selectors.EVENT_READ)
        elif source == self._orphaned:
            self._selector.unregister(source)
            self._until = time.monotonic() + GRACE
        else:
            self._read(source, asked)

    def _read(self, line: socket.socket, asked: Mapping[str, list[_Asked]]) -> None:
        try:
            data = line.recv(256 * 1024)
        except OSError:
            data = b""
        if not data:
            self._drop(line)
            return
        for number, kind, piece in self._inboxes[line].messages(data):
            asked[kind].append(_Asked(line, number, piece))

    def _write(self, together: Together[Any, Any], batch: Sequence[_Asked]) -> bool:
        """Write pieces and tell those who sent them; give whether the disk failed."""
        answers: dict[socket.socket, list[tuple[int, object]]] = defaultdict(list)
        failed = False
        for asked, outcome in zip(batch, together.write([asked.piece for asked in batch]), strict=True):
            failed |= getattr(outcome, "lasting", False)
            answers[asked.line].append((asked.number, _sendable(outcome)))
        for line, said in answers.items():
            try:
                line.sendall(as_message(said))
            except OSError:
                self._drop(line)
        return failed

    def _drop(self, line: socket.socket) -> None:
        if self._inboxes.pop(line, None) is not None:
            self._selector.unregister(line)
            line.close()


def _sendable(outcome: object) -> object:
    """Give what another process may be told: of an unexpected error its type alone."""
    if isinstance(outcome, Exception) and not isinstance(outcome, StoreUnavailable):
        log.error("a piece could not be written", exc_info=outcome)
        return RuntimeError(type(outcome).__name__)
    return outcome
