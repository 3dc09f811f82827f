"""Bytes that are no HTTP, or two things at once, sent to the real server: refused, and never a row or a fault."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import make_url

from forms_server.app import is_quick, make_wsgi
from forms_server.context import Service
from forms_server.serving.server import listen, make_server
from tests.forms_server.bad_input.conftest import NOW
from tests.forms_server.samples import running
from tests.forms_server.test_posting import KEY

HOST = b"Host: 127.0.0.1\r\n"
TYPE = b"Content-Type: application/x-www-form-urlencoded\r\n"
POST = b"POST /forms/sondaggio HTTP/1.1\r\n" + HOST + b"Origin: http://127.0.0.1\r\n" + TYPE
ANSWERS = b"_lang=it&_key=" + KEY.encode() + b"&luogo=casa"
GOOD = POST + b"Content-Length: %d\r\n\r\n" % len(ANSWERS) + ANSWERS
"""A whole post, which would be kept: hidden in the others, it must not be."""

GET = b"GET /healthz HTTP/1.1\r\n" + HOST
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"

LINES = [
    b"\r\n\r\n\r\n",
    b"\0\0\0\0\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x55" * 200,  # a TLS greeting
    b"SSH-2.0-OpenSSH_9.2\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"GET\r\n\r\n",
    b"GET /healthz\r\n\r\n",
    b"GET  /healthz  HTTP/1.1\r\n" + HOST + b"\r\n",
    b"GET /healthz HTTP/9.9\r\n" + HOST + b"\r\n",
    b"GET /healthz HTTP/1.1 HTTP/1.1\r\n" + HOST + b"\r\n",
    b"GET /healthz HTPP/1.1\r\n" + HOST + b"\r\n",
    b"GET healthz HTTP/1.1\r\n" + HOST + b"\r\n",
    b"GET http://elsewhere.example/healthz HTTP/1.1\r\n" + HOST + b"\r\n",
    b"GET //elsewhere.example/%2e%2e HTTP/1.1\r\n" + HOST + b"\r\n",
    b"GET /forms/../../../../etc/passwd HTTP/1.1\r\n" + HOST + b"\r\n",
    b"GET /forms/%2e%2e%2f%2e%2e%2fetc%2fpasswd HTTP/1.1\r\n" + HOST + b"\r\n",
    b"GET /forms/%00 HTTP/1.1\r\n" + HOST + b"\r\n",
    b"GET /forms/%ff%fe HTTP/1.1\r\n" + HOST + b"\r\n",
    b"GET /forms/%zz HTTP/1.1\r\n" + HOST + b"\r\n",
    b"GET /forms/sondaggio\0 HTTP/1.1\r\n" + HOST + b"\r\n",
    b"GET /forms/sondaggio\xe9 HTTP/1.1\r\n" + HOST + b"\r\n",
    b"GET /" + b"a" * 300_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n",
    b"get /healthz HTTP/1.1\r\n" + HOST + b"\r\n",
    b"BREW /forms/sondaggio HTTP/1.1\r\n" + HOST + b"\r\n",
    b"TRACE /forms/sondaggio HTTP/1.1\r\n" + HOST + b"X-Secret: segretissimo\r\n\r\n",
    b"CONNECT elsewhere.example:443 HTTP/1.1\r\n" + HOST + b"\r\n",
    b"OPTIONS * HTTP/1.1\r\n" + HOST + b"\r\n",
    b"\xef\xbb\xbfGET /healthz HTTP/1.1\r\n" + HOST + b"\r\n",
    b"GET\t/healthz\tHTTP/1.1\r\n" + HOST + b"\r\n",
]
HEADERS = [
    GET + b"X-Long: " + b"a" * 300_000 + b"\r\n\r\n",
    GET + b"X-Many: 1\r\n" * 20_000 + b"\r\n",
    GET + b"no colon\r\n\r\n",
    GET + b": no name\r\n\r\n",
    GET + b"X Blank: 1\r\n\r\n",
    GET + b"X-Blank : 1\r\n\r\n",
    GET + b"X-Folded: 1\r\n 2\r\n\r\n",
    GET + b"X-Nul: a\0b\r\n\r\n",
    GET + b"X-Latin: \xe9\xff\r\n\r\n",
    GET + b"X-Cr: a\rb\r\n\r\n",
    GET + b"X-Lf: a\nX-Other: b\r\n\r\n",
    b"GET /healthz HTTP/1.1\n" + HOST.replace(b"\r", b"") + b"\n",
    b"GET /healthz HTTP/1.1\r\n\r\n",
    b"GET /forms/sondaggio HTTP/1.1\r\nHost: a b\r\n\r\n",
    b"GET /forms/sondaggio HTTP/1.1\r\nHost: [::1\r\n\r\n",
    b"GET /forms/sondaggio HTTP/1.1\r\nHost: x:99999999\r\n\r\n",
    b"GET /forms/sondaggio HTTP/1.1\r\n" + HOST + b"Host: elsewhere.example\r\n\r\n",
    GET + b"Range: bytes=9-1,-,0-99999999999999999999\r\n\r\n",
    GET + b'If-Modified-Since: never\r\nIf-None-Match: "\r\nAccept-Language: ;;q=x,\xff\r\n\r\n',
    GET + b"Expect: 200-maybe\r\n\r\n",
    GET + b"Upgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
    GET + b"Cookie: " + b"a=b; " * 2_000 + b"\r\n\r\n",
]
BODIES = [
    POST + b"\r\n",
    POST + b"Content-Length: -1\r\n\r\n" + ANSWERS,
    POST + b"Content-Length: +44\r\n\r\n" + ANSWERS,
    POST + b"Content-Length: 4_4\r\n\r\n" + ANSWERS,
    POST + b"Content-Length: 0x2c\r\n\r\n" + ANSWERS,
    POST + b"Content-Length: \r\n\r\n" + ANSWERS,
    POST + b"Content-Length: 44, 44\r\n\r\n" + ANSWERS,
    POST + b"Content-Length: 99999999999999999999999\r\n\r\n" + ANSWERS,
    POST + b"Content-Length: 400\r\n\r\n" + ANSWERS,
    POST + b"Content-Length: 3\r\n\r\n_la",
    POST + b"Content-Length: 3\r\n\r\n" + ANSWERS,
    CHUNKED,
    CHUNKED + b"2c\r\n" + ANSWERS,
    CHUNKED + b"ffffffffffffffff\r\n" + ANSWERS,
    CHUNKED + b"-1\r\n" + ANSWERS + b"\r\n0\r\n\r\n",
    CHUNKED + b"zz\r\n" + ANSWERS + b"\r\n0\r\n\r\n",
    CHUNKED + b"0x2c\r\n" + ANSWERS + b"\r\n0\r\n\r\n",
    CHUNKED + b"5\r\n" + ANSWERS + b"\r\n0\r\n\r\n",
    CHUNKED + b"\r\n\r\n",
    CHUNKED + b"0\r\n",
    CHUNKED + b"0;" + b"a" * 300_000 + b"\r\n\r\n",
    GOOD[: len(GOOD) - 10],
    GOOD[: len(POST) - 5],
    GOOD[:9],
]
SMUGGLED = {
    "length and chunks": POST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + GOOD,
    "chunks and length": POST + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" + GOOD,
    "two lengths": POST + b"Content-Length: 0\r\nContent-Length: 5\r\n\r\n_la=i" + GOOD,
    "a list of lengths": POST + b"Content-Length: 0, 5\r\n\r\n_la=i" + GOOD,
    "chunks by another name": POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + GOOD,
    "chunks with a tab": POST + b"Transfer-Encoding:\tchunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" + GOOD,
    "chunks behind a blank": POST + b"Transfer-Encoding : chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" + GOOD,
    "chunks twice": POST + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n" + GOOD,
    "an underscore": POST + b"Content_Length: 9\r\nContent-Length: 0\r\n\r\n" + b"GET /x HTTP/1.1\r\nX: " + GOOD,
    "a body of a GET": GET + b"Content-Length: %d\r\n\r\n" % len(GOOD) + GOOD,
    "chunks of version 1.0": POST.replace(b"HTTP/1.1", b"HTTP/1.0")
    + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    + GOOD,
    "a folded coding": POST + b"Transfer-Encoding:\r\n chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" + GOOD,
}
DOCUMENTED = {200, 400, 403, 404, 405, 411, 413, 414, 415, 417, 422, 431, 501, 505}
"""What may be answered: never a fault of ours. 501 is the server's own word for a coding it does not know."""


@dataclass(frozen=True)
class Wire:
    """The server, as whoever opens a connection to it sees it."""

    service: Service
    port: int

    def send(self, sent: bytes) -> bytes:
        """Send bytes, end there, and give all that comes back."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=60) as connection:
            came = b""
            try:
                connection.sendall(sent)
                connection.shutdown(socket.SHUT_WR)
                while chunk := connection.recv(65_536):
                    came += chunk
            except ConnectionError:  # hung up on: an answer too
                pass
            return came

    def statuses(self, sent: bytes) -> list[int]:
        """Send bytes; give the status of each answer."""
        return [int(status) for status in re.findall(rb"HTTP/1\.[01] (\d{3}) ", self.send(sent))]

    def kept(self) -> int:
        """Give how many responses there are."""
        return sum(self.service.store.counts("sondaggio").values())


@pytest.fixture(scope="module")
def wire(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wire]:
    folder: Path = tmp_path_factory.mktemp("wire")
    with running(folder, make_url(f"sqlite:///{folder}/forms.db"), lambda: NOW) as service:
        server = make_server(make_wsgi(service), partial(is_quick, service))
        listening = listen("127.0.0.1", 0)
        port = listening.getsockname()[1]
        thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
        thread.start()
        yield Wire(service, port)
        server.should_exit = True
        thread.join(30)


def test_the_server_answers_what_is_right(wire: Wire) -> None:
    assert wire.statuses(GET + b"Connection: close\r\n\r\n") == [200]


@pytest.mark.parametrize("sent", [*LINES, *HEADERS, *BODIES], ids=lambda sent: ascii(sent[:40]))
def test_bytes_that_are_no_request_are_refused_and_keep_nothing(wire: Wire, sent: bytes) -> None:
    before = wire.kept()
    statuses = wire.statuses(sent)
    assert set(statuses) <= DOCUMENTED
    assert wire.kept() == before
    assert wire.statuses(GET + b"\r\n") == [200]


@pytest.mark.parametrize("sent", SMUGGLED.values(), ids=SMUGGLED.keys())
def test_no_post_can_be_hidden_in_another(wire: Wire, sent: bytes) -> None:
    before = wire.kept()
    statuses = wire.statuses(sent)
    assert set(statuses) <= DOCUMENTED
    assert wire.kept() == before
    assert wire.statuses(GET + b"\r\n") == [200]


@pytest.mark.parametrize(
    "sent",
    [
        b"GET /healthz HTTP/1.1\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nHost:\r\n\r\n",
        GET + HOST + b"\r\n",
        GET + b"hOST: elsewhere.example\r\n\r\n",
        GET.replace(b"1.1", b"1.0", 1) + HOST + b"\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: a b\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: a, b\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: a@b\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: a/b\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: http://a\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: a:80:80\r\n\r\n",
        b"GET http://elsewhere.example/healthz HTTP/1.1\r\n" + HOST + b"\r\n",
        b"GET http://127.0.0.1@elsewhere.example/healthz HTTP/1.1\r\n" + HOST + b"\r\n",
        b"GET http://127.0.0.1/healthz HTTP/1.0\r\n\r\n",
    ],
    ids=lambda sent: ascii(sent[:60]),
)
def test_a_request_that_does_not_say_once_which_host_it_asks_is_refused(wire: Wire, sent: bytes) -> None:
    assert wire.statuses(sent) == [400]


@pytest.mark.parametrize(
    "sent",
    [
        b"GET /healthz HTTP/1.0\r\n\r\n",  # as a supervisor's probe may ask
        GET.replace(b"1.1", b"1.0", 1) + b"\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: [::1]:8000\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nhost: PORTAL.example:443\r\n\r\n",
        b"GET http://Portal.example/healthz HTTP/1.1\r\nHost: portal.example\r\n\r\n",
    ],
    ids=lambda sent: ascii(sent[:60]),
)
def test_a_request_that_says_which_host_it_asks_is_answered(wire: Wire, sent: bytes) -> None:
    assert wire.statuses(sent) == [200]


def test_a_trace_sends_nothing_back(wire: Wire) -> None:
    answer = wire.send(b"TRACE /forms/sondaggio HTTP/1.1\r\n" + HOST + b"X-Secret: segretissimo\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 405 ")
    assert b"segretissimo" not in answer


def test_the_post_that_was_hidden_would_have_been_kept(wire: Wire) -> None:
    before = wire.kept()
    assert wire.statuses(GOOD.replace(KEY.encode(), KEY[::-1].encode())) == [303]
    assert wire.kept() == before + 1
