"""A connection, held to what HTTP allows and to limits of size and time.

httptools (Node's parser) refuses a request that says twice how long it is, and whatever else a proxy may read in
another way; what it leaves without a limit is limited here.
"""

from __future__ import annotations

import re
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from bacheca.forms.limits import BODY

HEAD_LIMIT = 256 * 1024
"""Bytes of a first line and its headers beyond which a request is refused."""

MESSAGE_LIMIT = 16 * BODY
"""Bytes of a whole request, as they came, beyond which its connection is closed."""

SILENCE = 60
"""The idle timeout: seconds after which a connection is closed that neither sends nor reads anything."""


HOST = re.compile(rb"(?:[a-z0-9._-]{1,253}|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?", re.IGNORECASE)
"""What a request may say of the host it asks: a name or an address, and a port."""


class StrictProtocol(HttpToolsProtocol):
    """A connection."""

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        self._came = 0
        self._in_head = True
        self._heard = self.loop.time()

    def data_received(self, data: bytes) -> None:
        """Read what has come, unless it is too much."""
        self._heard = self.loop.time()
        self._came += len(data)
        super().data_received(data)
        if self._came > (HEAD_LIMIT if self._in_head else MESSAGE_LIMIT) and not self.transport.is_closing():
            self.send_400_response("The request is too long.")

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header; one that comes behind a body is none of ours."""
        if self._in_head:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Begin to answer.

        Raises:
            ValueError: it does not say once which host it asks; it is answered with 400.
        """
        self._in_head = False
        self._check_host()
        super().on_headers_complete()

    def _check_host(self) -> None:
        """Refuse a request that a proxy and this service could each take for another host's (RFC 9112, 3.2)."""
        said = [value.strip() for name, value in self.headers if name == b"host"]
        if not said and self.parser.get_http_version() == "1.0" and self.url.startswith(b"/"):
            return  # a supervisor's simple question
        if len(said) != 1 or not HOST.fullmatch(said[0]):
            raise ValueError("Host")
        asked = b"" if self.url.startswith((b"/", b"*")) else self.url.partition(b"://")[2].partition(b"/")[0] or b"?"
        if asked and asked.lower() != said[0].lower():
            raise ValueError("Host")

    def on_message_complete(self) -> None:
        """Know that the request has come whole."""
        super().on_message_complete()
        self._in_head, self._came = True, 0

    def eof_received(self) -> bool:  # type: ignore[override]  # as asyncio.Protocol has it
        """Keep a connection open whose other end has said all, until it has its answer."""
        if self.cycle is None or self.cycle.response_complete or self.cycle.more_body:
            return False
        self.cycle.keep_alive = False
        return True

    def resume_writing(self) -> None:
        """Know that what was said is taken."""
        self._heard = self.loop.time()
        super().resume_writing()

    def close_if_silent(self) -> None:
        """Close the connection if it has waited for its other end too long."""
        answering = self.cycle is not None and not self.cycle.response_complete and not self.cycle.more_body
        if answering and not self.flow.write_paused:
            self._heard = self.loop.time()  # it is our turn
        elif self.loop.time() - self._heard > SILENCE:
            self.transport.abort()


def close_silent(connections: set[Any]) -> None:
    """Close those connections that have said nothing for too long."""
    for connection in list(connections):
        connection.close_if_silent()
