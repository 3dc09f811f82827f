"""A request that has come whole reaches a WSGI application as PEP 3333 has it, and its answer goes back unchanged."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from io import BytesIO
from typing import Any

import pytest

from forms_server.greenlet_wait import result_of
from forms_server.serving.asgi_bridge import PIECE, QUICK, REFUSED_UNREAD, Bridge, environ_of

Environ = dict[str, Any]
Start = Callable[..., Any]


def scope(path: str = "/", method: str = "POST", *headers: tuple[bytes, bytes]) -> Any:
    return {
        "type": "http",
        "method": method,
        "raw_path": path.encode("latin-1"),
        "query_string": b"a=%C3%A8",
        "http_version": "1.1",
        "scheme": "http",
        "server": ("127.0.0.1", 8000),
        "client": ("127.0.0.2", 4000),
        "headers": list(headers),
    }


class Exchange:
    """One request to a bridge, in the pieces in which it comes."""

    def __init__(self, *pieces: bytes, whole: bool = True):
        last = len(pieces) - 1
        self.coming: list[dict[str, Any]] = [
            {"type": "http.request", "body": piece, "more_body": number < last or not whole}
            for number, piece in enumerate(pieces)
        ]
        self.sent: list[dict[str, Any]] = []

    async def receive(self) -> Any:
        return self.coming.pop(0) if self.coming else {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        self.sent.append(message)

    @property
    def status(self) -> int:
        status: int = self.sent[0]["status"]
        return status

    @property
    def body(self) -> bytes:
        return b"".join(message["body"] for message in self.sent[1:])

    def through(self, application: Any, *, quick: bool = True, path: str = "/") -> Exchange:
        bridge = Bridge(application, lambda _: quick, 2)
        on_a_loop(lambda: bridge(scope(path), self.receive, self.send))
        return self


def on_a_loop(begin: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    """Run something on an event loop in a thread of its own: the browser's tests leave one running in this."""
    with ThreadPoolExecutor(1, thread_name_prefix="loop") as thread:
        return thread.submit(lambda: asyncio.run(begin())).result()


def echo(environ: Environ, start: Start) -> Iterable[bytes]:
    start("200 OK", [("X-Thread", threading.current_thread().name)])
    return [environ["wsgi.input"].read()]


@pytest.mark.parametrize("quick", [True, False], ids=["on the loop", "in a thread"])
@pytest.mark.parametrize(
    "pieces",
    [(b"",), (b"segno=a",), (b"seg", b"no=", b"a"), (b"a" * QUICK, b"b")],
    ids=["none", "one", "three", "long"],
)
def test_a_body_is_read_whole_in_whatever_pieces_it_comes(pieces: tuple[bytes, ...], quick: bool) -> None:
    exchange = Exchange(*pieces).through(echo, quick=quick)
    assert exchange.body == b"".join(pieces)
    on_loop = quick and len(exchange.body) <= QUICK
    assert (exchange.sent[0]["headers"] == [(b"x-thread", b"loop_0")]) is on_loop


def test_of_a_body_that_is_not_sent_to_its_end_nobody_hears() -> None:
    asked: list[Environ] = []
    exchange = Exchange(b"segno", whole=False).through(lambda environ, start: asked.append(environ))
    assert (asked, exchange.sent) == ([], [])


def test_a_body_far_too_long_is_refused_before_it_has_come() -> None:
    asked: list[Environ] = []
    piece = b"a" * (REFUSED_UNREAD // 4)
    exchange = Exchange(*[piece] * 8).through(lambda environ, start: asked.append(environ))
    assert (asked, exchange.status) == ([], 413)
    assert len(exchange.coming) == 3  # the rest is left there
    assert (b"connection", b"close") in exchange.sent[0]["headers"]


@pytest.mark.parametrize("quick", [True, False])
def test_a_long_answer_goes_in_pieces_and_is_closed_once(quick: bool) -> None:
    closed: list[bool] = []

    class Long:
        def __iter__(self) -> Iterator[bytes]:
            yield from (bytes([number]) * PIECE for number in range(3))

        def close(self) -> None:
            closed.append(True)

    def application(environ: Environ, start: Start) -> Iterable[bytes]:
        start("206 Partial Content", [])
        return Long()

    exchange = Exchange(b"").through(application, quick=quick)
    assert exchange.status == 206
    assert exchange.body == b"".join(bytes([number]) * PIECE for number in range(3))
    assert [message["more_body"] for message in exchange.sent[1:]] == [True, True, True, False]
    assert closed == [True]


def test_an_answer_that_cannot_be_sent_to_its_end_is_closed_all_the_same() -> None:
    closed: list[bool] = []

    class Endless:
        def __iter__(self) -> Iterator[bytes]:
            while True:
                yield bytes(PIECE)

        def close(self) -> None:
            closed.append(True)

    def application(environ: Environ, start: Start) -> Iterable[bytes]:
        start("200 OK", [])
        return Endless()

    class Broken(Exchange):
        async def send(self, message: Any) -> None:
            await super().send(message)
            if len(self.sent) > 2:
                raise ConnectionError

    with pytest.raises(ConnectionError):
        Broken(b"").through(application)
    assert closed == [True]


def test_while_one_waits_the_same_thread_answers_others() -> None:
    """Ten requests meet at a barrier that none could pass if they came one after the other."""
    waiting: list[Future[int]] = []
    threads: set[str] = set()

    def application(environ: Environ, start: Start) -> Iterable[bytes]:
        threads.add(threading.current_thread().name)
        future: Future[int] = Future()
        waiting.append(future)
        if len(waiting) == 10:
            for number, other in enumerate(waiting):
                threading.Timer(0.01, other.set_result, [number]).start()
        number = result_of(future, 10)
        start("200 OK", [])
        return [b"%d" % number]

    async def all_at_once() -> list[Exchange]:
        bridge = Bridge(application, lambda _: True, 1)
        exchanges = [Exchange(b"") for _ in range(10)]
        await asyncio.gather(*(bridge(scope(), exchange.receive, exchange.send) for exchange in exchanges))
        return exchanges

    assert [exchange.body for exchange in on_a_loop(all_at_once)] == [b"%d" % number for number in range(10)]
    assert threads == {"loop_0"}


def test_whoever_waits_in_vain_is_told_in_time() -> None:
    def application(environ: Environ, start: Start) -> Iterable[bytes]:
        try:
            result_of(Future[int](), 0.01)
        except TimeoutError:
            start("503 Service Unavailable", [])
        return []

    assert Exchange(b"").through(application).status == 503


def test_an_error_reaches_the_one_who_waits() -> None:
    future: Future[int] = Future()
    future.set_exception(KeyError("why"))

    def application(environ: Environ, start: Start) -> Iterable[bytes]:
        with pytest.raises(KeyError, match="why"):
            result_of(future, 10)
        start("200 OK", [])
        return []

    assert Exchange(b"").through(application).status == 200


def test_an_environ_says_what_came() -> None:
    came = environ_of(
        scope("/forms/perch%C3%A9", "POST", (b"content-type", b"a/b"), (b"accept", b"x"), (b"accept", b"y")),
        BytesIO(b"abc"),
        3,
    )
    assert came["PATH_INFO"].encode("latin-1").decode() == "/forms/perché"
    assert came["QUERY_STRING"] == "a=%C3%A8"
    assert (came["CONTENT_TYPE"], came["HTTP_ACCEPT"]) == ("a/b", "x, y")
    assert (came["REMOTE_ADDR"], came["SERVER_PROTOCOL"]) == ("127.0.0.2", "HTTP/1.1")


def test_a_header_that_looks_like_another_is_left_out_and_chunks_become_a_length() -> None:
    came = environ_of(scope("/", "POST", (b"content_length", b"9"), (b"transfer-encoding", b"chunked")), BytesIO(), 3)
    assert came["CONTENT_LENGTH"] == "3"
    assert not [name for name in came if "ENCODING" in name]
