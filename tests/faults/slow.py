"""People on bad lines, and people who are well meanwhile."""

from __future__ import annotations

import http.client
import secrets
import socket
import struct
import threading
import time
from dataclasses import dataclass
from itertools import count
from math import inf
from urllib.parse import urlencode

HEAD = b"POST /forms/prova HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
PEOPLE = 8
"""How many are well meanwhile."""

RESET = struct.pack("ii", 1, 0)


class SlowPeople(threading.Thread):
    """Connections that send a byte a second: half of them their headers, half their bodies; some hang up half-way.

    Args:
        port: where to.
        count: how many.
    """

    def __init__(self, port: int, count: int = 200):
        super().__init__(name="slow", daemon=True)
        self._port, self._count = port, count
        self._ended = threading.Event()
        self._open: list[socket.socket] = []
        self.ready = threading.Event()
        self.sent = 0

    def run(self) -> None:
        for number in range(self._count):
            # From many addresses, as they would come.
            line = socket.create_connection(("127.0.0.1", self._port), 30, (f"127.0.1.{number % 200 + 1}", 0))
            line.setblocking(False)
            begun = b"POST /for" if number % 2 else HEAD + b"Content-Length: 4000\r\n\r\nsegno=a"
            line.send(begun)
            if number % 10 == 0:
                line.shutdown(socket.SHUT_WR)  # half closed: it still listens
            self._open.append(line)
        self.ready.set()
        while not self._ended.wait(1):
            for line in self._open:
                try:
                    line.send(b"x")
                    self.sent += 1
                except OSError:
                    continue  # cut off, which is the server's right
        for number, line in enumerate(self._open):
            if number % 3 == 0:
                line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            line.close()

    def end(self) -> None:
        """Hang up."""
        self._ended.set()
        self.join()


@dataclass(frozen=True)
class Speed:
    """How people fared: how many were answered, and the times in seconds."""

    answered: int
    failed: int
    p50: float
    p99: float
    longest: float


def measure(port: int, seconds: float = inf, times: int | None = None) -> Speed:
    """Let some people answer, one after the other each, and measure how long each answer takes.

    Args:
        port: where to.
        seconds: how long they begin another answer.
        times: how many answers each of them sends at most.
    """
    took: list[float] = []
    failed: list[str] = []
    until = time.monotonic() + seconds

    def answer() -> None:
        for _ in count() if times is None else range(times):
            if time.monotonic() > until:
                return
            body = urlencode({"segno": "a", "consenso": "true", "_lang": "it", "_key": secrets.token_urlsafe(24)})
            headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://127.0.0.1:{port}"}
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            began = time.monotonic()
            try:
                connection.request("POST", "/forms/prova", body, headers)
                answered = connection.getresponse()
                answered.read()
                if answered.status != 303:
                    failed.append(str(answered.status))
            except (OSError, http.client.HTTPException) as error:
                failed.append(repr(error))
            finally:
                connection.close()
            took.append(time.monotonic() - began)

    threads = [threading.Thread(target=answer) for _ in range(PEOPLE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ordered = sorted(took)
    return Speed(len(ordered), len(failed), ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.99)], ordered[-1])


def reset_after_the_body(port: int) -> None:
    """Send an answer whole and hang up hard, without waiting for what becomes of it."""
    body = urlencode({"segno": "a", "consenso": "true", "_lang": "it", "_key": secrets.token_urlsafe(24)}).encode()
    line = socket.create_connection(("127.0.0.1", port), 30)
    origin = f"Origin: http://127.0.0.1:{port}\r\n".encode()
    line.sendall(HEAD.replace(b"127.0.0.1", b"127.0.0.1:%d" % port) + origin)
    line.sendall(b"Content-Length: %d\r\n\r\n" % len(body) + body)
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    line.close()
