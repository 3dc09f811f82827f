"""Files of results, asked of the service at the address that whoever builds has given, and of nobody else.

No redirect is followed, nothing is unpacked, and what comes is counted by size and by time.
"""

from __future__ import annotations

import socket
import ssl
from contextlib import closing, suppress
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from threading import Timer
from urllib.parse import SplitResult, urlsplit

from bacheca.forms import limits

PATIENCE = 10
"""How long to wait for the service to go on, in seconds."""

NOT_THERE, AWAY = 404, 500
"""The status of what is not published, and the first one that means: not now."""

PORTS = {"http": 80, "https": 443}
KINDS = {"json": "application/json", "csv": "text/csv"}
"""What files of results say that they are, by the end of their names."""


class Away(Exception):
    """The service does not answer, or has no results."""


class Unfit(Exception):
    """The service answers with something that no file of results is; says what."""


def service_file(url: str, name: str, seconds: float = limits.RESULTS_SECONDS) -> bytes:
    """Ask the service for a file.

    Args:
        url: the address of the service.
        name: the file's address under it.
        seconds: how long it may take, from the first byte to the last.

    Raises:
        Away: the service does not answer in time, or has no such file.
        Unfit: `url` is no address of a service, or what it answers is no such file.
    """
    place = _place(url)
    try:
        with closing(_connected(place)) as connected:
            late = Timer(seconds, _hang_up, (connected,))
            late.start()
            try:
                body = _body(_answer(place, connected, name), name)
                if not late.is_alive():
                    raise Away("late")
                return body
            finally:
                late.cancel()
    except (OSError, HTTPException, ValueError) as error:
        raise Away(type(error).__name__) from error


def _place(url: str) -> SplitResult:
    place = urlsplit(url)
    try:
        is_one = place.port is None or place.port > 0
    except ValueError:
        is_one = False
    if not is_one or place.scheme not in PORTS or not place.hostname or place.query or place.fragment:
        raise Unfit("https://forms.example.org")
    if "@" in place.netloc or not url.isascii() or not url.isprintable() or " " in url:
        raise Unfit("https://forms.example.org")
    return place


def _connected(place: SplitResult) -> socket.socket:
    host, port = place.hostname or "", place.port or PORTS[place.scheme]
    connected = socket.create_connection((host, port), PATIENCE)
    if place.scheme == "http":
        return connected
    context = ssl.create_default_context()
    return context.wrap_socket(connected, server_hostname=host, do_handshake_on_connect=False)


def _answer(place: SplitResult, connected: socket.socket, name: str) -> HTTPResponse:
    if isinstance(connected, ssl.SSLSocket):
        connected.do_handshake()
    kind = HTTPSConnection if place.scheme == "https" else HTTPConnection
    asking = kind(place.hostname or "", place.port)
    asking.sock = connected
    asking.request("GET", f"{place.path.rstrip('/')}/{name}", headers={"Accept-Encoding": "identity"})
    return asking.getresponse()


def _hang_up(connected: socket.socket) -> None:
    with suppress(OSError):  # it has ended
        connected.shutdown(socket.SHUT_RDWR)


def _body(answer: HTTPResponse, name: str) -> bytes:
    if answer.status == NOT_THERE or answer.status >= AWAY:
        raise Away(f"HTTP {answer.status}")
    if answer.status != 200:
        raise Unfit(f"HTTP {answer.status}")
    kind = answer.headers.get_content_type()
    if kind != KINDS[name.rpartition(".")[2]]:
        raise Unfit(f"Content-Type: {kind}"[: limits.LINE])
    if answer.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
        raise Unfit("Content-Encoding")
    body = answer.read(limits.RESULTS + 1)
    if len(body) > limits.RESULTS:
        raise Unfit(f"> {limits.RESULTS // 1024**2} MB")
    if answer.length:  # it broke off
        raise Away("length")
    return body
