"""A connection has limits of size and time, and whoever has said all still gets an answer."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest

from forms_server.serving import http_limits as protocol
from forms_server.serving import server
from forms_server.serving.server import listen, make_server

PATIENCE = 60
"""The longest that anything is waited for, in seconds: a bound on a hang, not a measure."""

GET = b"GET / HTTP/1.1\r\nHost: a\r\n"
CHUNKED = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"


def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    time.sleep(0.1)
    body = bytes(32 * 2**20) if environ["PATH_INFO"] == "/long" else environ.get("HTTP_X", "ok").encode()
    start("200 OK", [("Content-Length", str(len(body)))])
    return [body]


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(protocol, "SILENCE", 1.0)
        patched.setattr(server, "TICKS", 1)
        serving = make_server(application)
        listening = listen("127.0.0.1", 0)
        number = listening.getsockname()[1]
        thread = threading.Thread(target=serving.run, args=([listening],), daemon=True)
        thread.start()
        yield number
        serving.should_exit = True
        thread.join(30)


def said(port: int, *pieces: bytes, end: bool = False) -> bytes:
    """Send pieces; give all that comes until the server closes."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as line:
        came = b""
        try:
            for piece in pieces:
                line.sendall(piece)
            if end:
                line.shutdown(socket.SHUT_WR)
            while chunk := line.recv(2**16):
                came += chunk
        except ConnectionError:
            pass
        return came


def test_whoever_has_said_all_and_listens_is_answered(port: int) -> None:
    assert said(port, GET + b"\r\n", end=True).endswith(b"ok")


def test_requests_sent_at_once_are_answered_in_turn(port: int) -> None:
    assert said(port, (GET + b"\r\n") * 2 + GET + b"Connection: close\r\n\r\n").count(b"HTTP/1.1 200") == 3


@pytest.mark.parametrize(
    ("begun", "more"),
    [
        (GET + b"X-Long: ", b"a" * 2**20),
        (GET, b"X-Many: 1\r\n" * 2**16),
        (CHUNKED + b"0\r\n", b"X-Trailer: 1\r\n" * 2**16),
        (CHUNKED + b"0\r\nX-Trailer: ", b"a" * 2**20),
        (CHUNKED + b"5;", b"a" * 2**20),
    ],
    ids=["a header", "headers", "trailers", "a trailer", "an extension"],
)
def test_what_has_no_end_is_cut_off(port: int, begun: bytes, more: bytes) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as line:
        sent = 0
        try:
            line.sendall(begun)
            while sent < 2**26:
                line.sendall(more)
                sent += len(more)
        except ConnectionError:
            pass
    assert sent < 2**26


def test_headers_behind_a_body_are_dropped(port: int) -> None:
    assert said(port, CHUNKED + b"0\r\nX: y\r\n\r\n", end=True).endswith(b"ok")


@pytest.mark.parametrize(
    "begun", [b"", GET, CHUNKED, CHUNKED + b"5\r\nab"], ids=["nothing", "headers", "no body", "half a body"]
)
def test_a_connection_that_says_nothing_is_closed(port: int, begun: bytes) -> None:
    began = time.monotonic()
    assert said(port, *[begun] if begun else []) == b""
    assert time.monotonic() - began > 0.9


def test_a_connection_that_takes_nothing_is_closed(port: int) -> None:
    with socket.socket() as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        line.settimeout(PATIENCE)
        line.connect(("127.0.0.1", port))
        line.sendall(b"GET /long HTTP/1.1\r\nHost: a\r\n\r\n")
        time.sleep(3)
        came = 0
        with pytest.raises(ConnectionError):  # noqa: PT012  however much of it was on its way
            while chunk := line.recv(2**20):
                came += len(chunk)
            assert came < 32 * 2**20
            raise ConnectionResetError
