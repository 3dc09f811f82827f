"""What one process runs: uvicorn around a WSGI application, until it is told to stop."""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import uvicorn

from forms_server.serving.asgi_bridge import Bridge
from forms_server.serving.http_limits import SILENCE, StrictProtocol, close_silent
from forms_server.serving.pulse import Turns, Unwatched

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

CONNECTIONS = 1000
"""The most connections of a process; whoever comes then gets 503. Slow ones wait in memory and take no thread."""

THREADS = 16
"""How many requests of a process that are not quick are worked on at once."""

GRACE = 10
"""Seconds that requests under way have to end once the process is told to stop."""

SIGNALS = (signal.SIGTERM, signal.SIGINT)
"""What tells a process to end."""

TICKS = 50
"""Tenths of a second between two looks for connections that say nothing."""


class Server(uvicorn.Server):
    """uvicorn, which also closes connections that say nothing.

    Args:
        config: of uvicorn.
        orphaned: a pipe that ends when this process is to end.
        turns: is told that the loop gets on.
    """

    def __init__(
        self,
        config: uvicorn.Config,
        orphaned: int | None = None,
        turns: Turns | None = None,
    ):
        super().__init__(config)
        self._turns = turns or Unwatched()
        self._orphaned = orphaned

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to answer."""
        if self._orphaned is not None:
            asyncio.get_running_loop().add_reader(self._orphaned, self._end)
        await super().startup(sockets)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Be told to stop by a signal, or by a second one to stop at once; once stopped, be told nothing more.

        A process and the one that started it are often told together: what the second says must not interrupt what is
        closed after the first.
        """
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        for number in SIGNALS:
            signal.signal(number, self.handle_exit)
        try:
            yield
        finally:
            ignore_signals()

    def _end(self) -> None:
        if self._orphaned is not None:
            asyncio.get_running_loop().remove_reader(self._orphaned)
        self.should_exit = True

    async def on_tick(self, counter: int) -> bool:
        """Do what is done every tenth of a second; tell whether to stop."""
        self._turns.turn()
        if counter % TICKS == 0:
            close_silent(self.server_state.connections)
        return await super().on_tick(counter)


def ignore_signals() -> None:
    """Let no signal interrupt what is left to be done: the process ends by itself."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)


def listen(host: str, port: int) -> socket.socket:
    """Open the socket to serve on.

    Raises:
        OSError: the address cannot be listened on.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=2048)


def make_server(
    application: WSGIApplication,
    is_quick: Callable[[WSGIEnvironment], bool] = lambda _: False,
    orphaned: int | None = None,
    turns: Turns | None = None,
) -> Server:
    """Make the server of an application; `run(sockets=[…])` serves until `should_exit` is set or a signal comes.

    Args:
        application: what answers.
        is_quick: says which requests need no thread, as `Bridge` does.
        orphaned: a pipe that ends when this process is to end.
        turns: is told what the process works at.
    """
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)  # what it does is no news
    bridge: Any = Bridge(application, is_quick, THREADS, turns)
    return Server(
        uvicorn.Config(
            bridge,
            http=StrictProtocol,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            proxy_headers=False,  # `http/proxies.py` believes as many of them as FORMS_PROXIES says
            server_header=False,
            limit_concurrency=CONNECTIONS,
            timeout_keep_alive=SILENCE,
            timeout_graceful_shutdown=GRACE,
        ),
        orphaned,
        turns,
    )
