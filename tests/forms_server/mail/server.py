"""A real mail server that behaves as badly as a test asks."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.journeys.service import free_port


class Behaviour:
    """What the server answers; a test changes it while the server runs.

    Attributes:
        recipient: what it answers to the recipients named in it, instead of taking them.
        data: what it answers to the letters, in turn; then it takes them.
        taken: the letters it has taken.
        hang_up: on how many letters it closes the connection without an answer, `before` or `after` taking them.
        slow: for how many seconds it keeps silent before it answers to a letter.
    """

    def __init__(self) -> None:
        self.recipient: dict[str, str] = {}
        self.data: list[str] = []
        self.taken: list[EmailMessage] = []
        self.hang_up: list[str] = []
        self.slow = 0.0
        self.encrypted: list[bool] = []

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.recipient:
            return self.recipient[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.encrypted.append(session.ssl is not None)
        await asyncio.sleep(self.slow)
        end = self.hang_up.pop(0) if self.hang_up else ""
        if self.data and not end:
            return self.data.pop(0)
        if end != "before":
            assert isinstance(envelope.content, bytes)
            self.taken.append(message_from_bytes(envelope.content, policy=policy.default))
        if end:
            assert server.transport is not None
            server.transport.close()
        return "250 OK"

    @property
    def ids(self) -> list[str]:
        """The Message-ID of each letter taken."""
        return [message["Message-ID"] for message in self.taken]


def authenticate(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
    """Let in the one user there is."""
    good = isinstance(data, LoginPassword) and (data.login, data.password) == (b"ada", b"p@ss word")
    return AuthResult(success=good)


@contextmanager
def listening(behaviour: Behaviour, port: int = 0, **options: Any) -> Iterator[int]:
    """Run a server; give its port."""
    port = port or free_port()
    controller = Controller(behaviour, hostname="127.0.0.1", port=port, **options)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()
