"""The server process: waitress, which takes a thread only once a request has arrived whole.

Of the servers tried, threads of gunicorn died of slow headers and granian of slow bodies; waitress stayed well
under both, and took seven tenths of granian's durable posts. `bench/README.md` has the figures and
`python -m bench.ingest` measures them. One process serves SQLite, which takes one writer.
"""

from __future__ import annotations

import logging
import os
import signal
from collections.abc import Iterable
from types import FrameType
from typing import TYPE_CHECKING, Any

from waitress.server import WSGIServer, create_server

from forms_server.app import make_wsgi
from forms_server.body import BODY_LIMIT
from forms_server.caretaker import Caretaker
from forms_server.errors import StoreRefused
from forms_server.framing import StrictChannel
from forms_server.log import configure_logging
from forms_server.outbox import outbox_of
from forms_server.service import Service
from forms_server.store import Store

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = logging.getLogger(__name__)

REFUSED_UNREAD = 8 * BODY_LIMIT
"""Bytes of a body beyond which the server closes the connection; up to there a page says that it is too long."""

CONNECTIONS = 1000
"""The most connections held at once; slow ones wait in memory and take no thread."""


def serve(service: Service, host: str, port: int, workers: int) -> None:
    """Serve until the process is told to stop; requests under way are answered first.

    Raises:
        OSError: the address cannot be listened on.
        StoreRefused: the disk failed under the database while it was served.
    """
    configure_logging()
    configure_logging()
    server = make_server(ending_when_lost(make_wsgi(service), service.store), host, port, workers)

    def stop(number: int, frame: FrameType | None) -> None:
        signal.signal(number, signal.SIG_IGN)  # several requests may find the disk lost: one end is enough
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, stop)
    shell = service.pages.shell
    outbox = outbox_of(service.settings, service.secret, shell, service.store, service.intake.now)
    caretaker = Caretaker(service, outbox)
    caretaker.start()
    log.info("serving on http://%s:%s", host, server.effective_port)
    try:
        server.run()
    except (SystemExit, KeyboardInterrupt):
        server.task_dispatcher.shutdown()
    finally:
        server.close()
        caretaker.stop()
        service.store.close()
    if service.store.lost:
        raise StoreRefused("The disk failed under the database. See to the disk, then start the service again.")


def make_server(app: WSGIApplication, host: str, port: int, threads: int) -> WSGIServer:
    """Make the server of an application; it listens already, and serves once it is run.

    Raises:
        OSError: the address cannot be listened on.
    """
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a line for each request that waits for a thread
    listening: dict[int, Any] = {}
    server = create_server(
        app,
        map=listening,
        host=host,
        port=port,
        threads=threads,
        max_request_body_size=REFUSED_UNREAD,
        connection_limit=CONNECTIONS,
        channel_timeout=60,
        asyncore_use_poll=True,
        ident="",
        expose_tracebacks=False,
        clear_untrusted_proxy_headers=False,  # the guard believes as many of them as FORMS_PROXIES says
    )
    for listener in listening.values():
        listener.channel_class = StrictChannel
    return server


def ending_when_lost(app: WSGIApplication, store: Store) -> WSGIApplication:
    """Make the process end, once it has answered, when its database cannot be trusted any more."""

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        answered = app(environ, start_response)
        if store.lost:
            os.kill(os.getpid(), signal.SIGTERM)
        return answered

    return answer
