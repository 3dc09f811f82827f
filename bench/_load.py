"""A closed loop of clients: each sends its next post when the answer to its last one has come whole.

One thread and a selector hold all the connections, so that measuring takes as little as it can from the server
that is measured: both share the machine's cores.
"""

from __future__ import annotations

import re
import selectors
import socket
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


@dataclass
class Load:
    """What came of a load: seconds it took, the statuses that were answered, the latency of each in seconds."""

    seconds: float = 0.0
    statuses: Counter[int] = field(default_factory=Counter)
    latencies: list[float] = field(default_factory=list)
    broken: int = 0
    """Connections that the server closed and that were opened again."""

    @property
    def accepted(self) -> int:
        """How many posts were answered with a redirection to their receipt."""
        return self.statuses[303]

    @property
    def rate(self) -> float:
        """Accepted posts a second."""
        return self.accepted / self.seconds

    def milliseconds(self, share: float) -> float:
        """Give the latency that this share of the posts stayed below."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000


def run_load(port: int, clients: int, seconds: float, next_request: Callable[[], bytes]) -> Load:
    """Send posts for some time.

    Args:
        port: where the server listens, on 127.0.0.1.
        clients: how many connections send at once.
        seconds: for how long new posts are begun.
        next_request: gives a whole request, headers and body, another one each time.
    """
    load = Load()
    with selectors.DefaultSelector() as selector:
        for _ in range(clients):
            _Client(port, selector, next_request).send()
        start = time.perf_counter()
        until = start + seconds
        while selector.get_map():
            for key, _ in selector.select(1):
                client: _Client = key.data
                if client.answered(load):
                    if time.perf_counter() < until:
                        client.send()
                    else:
                        client.close()
            if time.perf_counter() > until + 30:
                raise TimeoutError("the server stopped answering")
        load.seconds = time.perf_counter() - start
    return load


class _Client:
    def __init__(self, port: int, selector: selectors.BaseSelector, next_request: Callable[[], bytes]):
        self._port = port
        self._selector = selector
        self._next_request = next_request
        self._request = b""
        self._connect()

    def _connect(self) -> None:
        self._socket = socket.create_connection(("127.0.0.1", self._port), timeout=30)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._selector.register(self._socket, selectors.EVENT_READ, self)

    def send(self) -> None:
        self._request = self._next_request()
        self._sent = time.perf_counter()
        self._again()

    def _again(self) -> None:
        self._got = b""
        self._socket.sendall(self._request)

    def answered(self, load: Load) -> bool:
        """Read what has come; tell whether the answer is whole."""
        try:
            chunk = self._socket.recv(65536)
        except ConnectionResetError:
            chunk = b""
        if not chunk:  # it was closed between two requests: what was sent is safe to send again
            load.broken += 1
            self.close()
            self._connect()
            self._again()
            return False
        self._got += chunk
        end = self._got.find(b"\r\n\r\n")
        if end < 0:
            return False
        length = LENGTH.search(self._got, 0, end)
        if length is None or len(self._got) < end + 4 + int(length[1]):
            return False
        load.latencies.append(time.perf_counter() - self._sent)
        load.statuses[int(self._got[9:12])] += 1
        if b"\r\nconnection: close" in self._got[:end].lower():
            self.close()
            self._connect()
        return True

    def close(self) -> None:
        self._selector.unregister(self._socket)
        self._socket.close()
