"""From a request that has come whole to a WSGI application, and back.

What is quick runs on the thread of the event loop and hands it back while it waits (`greenlet_wait`): threads
that take turns at the interpreter cost more than the work itself. Everything else has a thread of its own.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

from werkzeug.wsgi import FileWrapper

from bacheca.forms import limits
from forms_server.greenlet_wait import LoopCall
from forms_server.serving.pulse import Turns, Unwatched

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment
    from uvicorn._types import ASGIReceiveCallable, ASGISendCallable, HTTPScope

REFUSED_UNREAD = 8 * limits.BODY
"""Bytes of a body beyond which the connection is closed; up to there a page says that it is too long."""

QUICK = 64 * 1024
"""Bytes of a body up to which a request can be quick, and is kept in memory."""

PIECE = 256 * 1024
"""Bytes of an answer that are sent at once."""

Body = tuple[IO[bytes], int]
"""A body to read from, and how many bytes it has."""


class Answer:
    """What an application answers, piece by piece.

    Args:
        application: the application.
        environ: the request.
    """

    def __init__(self, application: WSGIApplication, environ: WSGIEnvironment):
        self.status = 500
        self.headers: list[tuple[bytes, bytes]] = []
        self._answered: Iterable[bytes] = application(environ, self._start)
        self._pieces: Iterator[bytes] = iter(self._answered)

    def _start(self, status: str, headers: list[tuple[str, str]], info: Any = None) -> Any:
        self.status = int(status[:3])
        self.headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]

    def piece(self) -> tuple[bytes, bool]:
        """Give the next piece, and whether more may come; after the last one the answer is closed."""
        found: list[bytes] = []
        size = 0
        for part in self._pieces:
            found.append(part)
            size += len(part)
            if size >= PIECE:
                return b"".join(found), True
        self.close()
        return b"".join(found), False

    def close(self) -> None:
        """Let go of whatever it holds."""
        close: Callable[[], None] | None = getattr(self._answered, "close", None)
        if close:
            close()


class Bridge:
    """An ASGI application around one of WSGI.

    Args:
        application: the WSGI application.
        is_quick: says of a request with a short body whether it takes a millisecond or so, and waits for nothing but
            by `forms_server.greenlet_wait`.
        threads: how many other requests are worked on at once.
        turns: is told when one of them is begun and ended.
    """

    def __init__(
        self,
        application: WSGIApplication,
        is_quick: Callable[[WSGIEnvironment], bool],
        threads: int,
        turns: Turns | None = None,
    ):
        self._application = application
        self._turns = turns or Unwatched()
        self._is_quick = is_quick
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="request")

    async def __call__(self, scope: HTTPScope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        """Answer a request."""
        read = await _read(receive)
        if read is None:  # hung up
            return
        file, size = read
        with file:
            if size > REFUSED_UNREAD:
                await _refuse(send)
                return
            environ = environ_of(scope, file, size)
            on_loop = size <= QUICK and self._is_quick(environ)
            await self._answer(environ, send, _on_loop if on_loop else self._in_thread)

    async def _answer(self, environ: WSGIEnvironment, send: ASGISendCallable, do: Callable[..., Any]) -> None:
        def begin() -> tuple[Answer, bytes, bool]:
            answer = Answer(self._application, environ)
            return answer, *answer.piece()

        answer, piece, more = await do(begin)
        try:
            await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
            await send({"type": "http.response.body", "body": piece, "more_body": more})
            while more:
                piece, more = await do(answer.piece)
                await send({"type": "http.response.body", "body": piece, "more_body": more})
        finally:
            if more:
                await do(answer.close)

    async def _in_thread(self, work: Callable[[], Any]) -> Any:
        def watched() -> Any:
            with self._turns.at_work():
                return work()

        return await asyncio.get_running_loop().run_in_executor(self._threads, watched)


async def _on_loop(work: Callable[[], Any]) -> Any:
    """Call a function on this thread; whenever it waits for a future, others have their turn."""
    call = LoopCall(work)
    found = call.switch()
    while not call.dead:
        await _done(*found)
        found = call.switch()
    return found


async def _done(future: Future[Any], seconds: float | None) -> None:
    """Wait until a future is done, or for some seconds."""
    loop = asyncio.get_running_loop()
    done = loop.create_future()

    def settle() -> None:
        if not done.done():
            done.set_result(None)

    future.add_done_callback(lambda _: loop.call_soon_threadsafe(settle))
    timer = None if seconds is None else loop.call_later(seconds, settle)
    await done
    if timer:
        timer.cancel()


async def _read(receive: ASGIReceiveCallable) -> Body | None:
    """Read a body to its end, and not much beyond what is refused; `None` when its sender hangs up."""
    message: Any = await receive()
    if message["type"] == "http.request" and not message["more_body"]:
        return BytesIO(message["body"]), len(message["body"])
    file: IO[bytes] = SpooledTemporaryFile(QUICK)  # noqa: SIM115  whoever asked closes it
    size = 0
    while message["type"] == "http.request":
        size += file.write(message["body"])
        if not message["more_body"] or size > REFUSED_UNREAD:
            file.seek(0)
            return file, size
        message = await receive()
    file.close()
    return None


async def _refuse(send: ASGISendCallable) -> None:
    said = b"The request is too long.\n"
    headers = [(b"content-type", b"text/plain"), (b"content-length", b"%d" % len(said)), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": said, "more_body": False})


def environ_of(scope: HTTPScope, body: IO[bytes], size: int) -> WSGIEnvironment:
    """Write a request as PEP 3333 has it.

    Args:
        scope: the request as ASGI has it.
        body: its body, which has come whole.
        size: how many bytes that has.
    """
    host, port = scope["server"] or ("", None)
    environ: WSGIEnvironment = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": host,
        "SERVER_PORT": str(port or 80),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": scope["client"][0] if scope["client"] else "",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": body,
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        "wsgi.file_wrapper": _file_wrapper,
    }
    for name, value in scope["headers"]:
        if b"_" in name:  # `Content_Length` is not `Content-Length`
            continue
        key = name.decode("latin-1").upper().replace("-", "_")
        key = key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"
        text = value.decode("latin-1")
        environ[key] = f"{environ[key]}, {text}" if key in environ else text
    if environ.pop("HTTP_TRANSFER_ENCODING", None) is not None:
        environ["CONTENT_LENGTH"] = str(size)
    return environ


def _file_wrapper(file: IO[bytes], _size: int = 0) -> FileWrapper:
    return FileWrapper(file, PIECE)
