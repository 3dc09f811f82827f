"""What the service writes down: a line of JSON for each request and event, and nothing anybody sent.

A line says which form was asked for and what became of it; never a body, a query, a referrer, an address or
the token of a receipt. Of an unexpected error it has the type and the places in the code: its message could
quote an answer.
"""

from __future__ import annotations

import json
import logging
import re
import secrets
import sys
import traceback
from collections.abc import Callable, Container, Iterable
from contextvars import ContextVar
from datetime import UTC, datetime
from time import perf_counter
from typing import TYPE_CHECKING, Any, TextIO

from flask import Flask, request
from werkzeug.wsgi import ClosingIterator

from forms_server.errors import ServiceProblem

if TYPE_CHECKING:
    from _typeshed import OptExcInfo
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = logging.getLogger(__name__)

EXTRAS = ("method", "route", "form", "status", "milliseconds", "code")
"""What a line may say besides its message; anything else given as `extra` is left out."""

QUIET = ("/healthz", "/readyz", "/metrics")
"""Routes that are asked all the time: written down only when they fail."""

RECEIPT = re.compile(r"(/receipt/)[^/?#\s\"']+|(?<![\w-])[A-Za-z0-9_-]{43}(?![\w-])")
"""The address of a receipt, or the token alone."""

ROUTE = "bacheca.route"
FORM = "bacheca.form"
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"}

_JSON = json.JSONEncoder(default=str)
_request_id: ContextVar[str] = ContextVar("request_id", default="")


class JsonLines(logging.Formatter):
    """Writes a record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Give the line, with the tokens of receipts masked."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if identifier := _request_id.get():
            line["request"] = identifier
        line |= {name: vars(record)[name] for name in EXTRAS if name in vars(record)}
        if record.exc_info and record.exc_info[1]:
            line["error"] = errors_of(record.exc_info[1])
        return RECEIPT.sub(_masked, _JSON.encode(line))


def errors_of(error: BaseException) -> list[dict[str, object]]:
    """Describe an error and its causes, the last one first, without the words of any that is not ours."""
    described: list[dict[str, object]] = []
    seen: BaseException | None = error
    while seen is not None and len(described) < 10:
        frames = traceback.extract_tb(seen.__traceback__)
        entry: dict[str, object] = {
            "type": f"{type(seen).__module__}.{type(seen).__qualname__}",
            "at": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
        }
        if isinstance(seen, ServiceProblem):
            entry["says"] = str(seen)
        described.append(entry)
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
    return described


def configure_logging(stream: TextIO | None = None, level: int = logging.INFO) -> None:
    """Send every log of the process, warnings included, to a stream as lines of JSON.

    Args:
        stream: where to; the standard error by default.
        level: the least that is written.
    """
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines())
    # What no line says is not looked for (https://docs.python.org/3/howto/logging.html#optimization).
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    logging.captureWarnings(True)


Observer = Callable[[str, str, int, float], None]
"""Is told of each request: its method, its route, the status of its answer, and how many seconds it took."""


def log_requests(app: Flask, observe: Observer | None = None, forms: Container[str] = ()) -> None:
    """Make an application write a line for each request, and answer with its `X-Request-Id`.

    Args:
        app: the application.
        observe: is told of each request too.
        forms: the names that may be written; any other is whatever somebody typed.
    """

    @app.before_request
    def note_route() -> None:
        if request.url_rule:
            request.environ[ROUTE] = request.url_rule.rule
            name = (request.view_args or {}).get("name", "")
            request.environ[FORM] = name if name in forms else ""

    app.wsgi_app = RequestLog(app.wsgi_app, observe)  # type: ignore[method-assign]  # as Flask's documentation does


class RequestLog:
    """WSGI middleware that writes down what became of each request once it has been answered."""

    def __init__(
        self,
        application: WSGIApplication,
        observe: Observer | None = None,
        new_id: Callable[[], str] = lambda: secrets.token_hex(8),
    ):
        self._application = application
        self._observe = observe
        self._new_id = new_id

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        identifier = self._new_id()
        _request_id.set(identifier)
        started = perf_counter()
        status = [500]

        def start(code: str, headers: list[tuple[str, str]], info: OptExcInfo | None = None) -> Any:
            status[0] = int(code[:3])
            return start_response(code, [*headers, ("X-Request-Id", identifier)], info)

        def written() -> None:
            seconds = perf_counter() - started
            _write(environ, status[0], seconds)
            if self._observe:
                self._observe(_method(environ), environ.get(ROUTE, ""), status[0], seconds)
            _request_id.set("")

        try:
            return ClosingIterator(self._application(environ, start), written)
        except BaseException:
            written()
            raise


def _write(environ: WSGIEnvironment, status: int, seconds: float) -> None:
    route = environ.get(ROUTE, "")
    form = environ.get(FORM, "")
    said: dict[str, object] = {
        "method": _method(environ),
        "route": route,
        "status": status,
        "milliseconds": round(seconds * 1000, 1),
    }
    if form:
        said["form"] = form
    quiet = route in QUIET and status < 400
    log.log(logging.DEBUG if quiet else logging.INFO, "request", extra=said)


def _method(environ: WSGIEnvironment) -> str:
    method: str = environ["REQUEST_METHOD"]
    return method if method in METHODS else "other"


def _masked(found: re.Match[str]) -> str:
    return f"{found[1] or ''}[token]"
