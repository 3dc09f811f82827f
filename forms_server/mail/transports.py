"""What carries a letter: an SMTP server, or a folder where none is set."""

from __future__ import annotations

import ipaddress
import smtplib
import ssl
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from bacheca.forms.atomic_file import replaced
from forms_server.errors import MailDelayed, MailRefused
from forms_server.settings import Settings

PATIENCE = 30
"""How long a mail server may take for one answer, in seconds."""

PORTS = {"smtp": 587, "smtps": 465}
CLOSING = 421
"""What a server answers that is about to hang up (RFC 5321, 4.2.3)."""


class Carrier(Protocol):
    """Takes letters one after the other."""

    def send(self, message: EmailMessage, mail_id: str) -> None:
        """Hand a letter on.

        Args:
            message: the letter, with sender and recipient in its headers.
            mail_id: its id in the outbox.

        Raises:
            MailDelayed: not now.
            MailRefused: never.
        """

    def close(self) -> None:
        """End what was opened to send."""


class FolderCarrier:
    """Writes each letter to a file of its own, whole or not at all."""

    def __init__(self, folder: Path):
        self._folder = folder

    def send(self, message: EmailMessage, mail_id: str) -> None:
        """Write a letter to `ID.eml`."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._folder.chmod(0o700)
            with replaced(self._folder / f"{mail_id}.eml") as file:
                file.write(message.as_bytes().decode("ascii"))
        except OSError as error:
            raise MailDelayed(error.__class__.__name__, lasting=True) from None

    def close(self) -> None:
        """Nothing stays open."""


class SmtpCarrier:
    """Gives letters to a mail server, over one connection that is opened with the first of them.

    Args:
        url: `smtp://user:password@host:587`, with STARTTLS wherever the server is another machine, or `smtps://`.
        context: what certificates are trusted; the machine's by default.
        patience: how long the server may take for one answer, in seconds.
    """

    def __init__(self, url: str, context: ssl.SSLContext | None = None, patience: float = PATIENCE):
        parts = urlsplit(url)
        self._tls = parts.scheme == "smtps"
        self._host = parts.hostname or ""
        self._port = parts.port or PORTS[parts.scheme]
        self._user, self._password = unquote(parts.username or ""), unquote(parts.password or "")
        self._context = context or ssl.create_default_context()
        self._patience = patience
        self._open: smtplib.SMTP | None = None

    def send(self, message: EmailMessage, mail_id: str) -> None:
        """Give a letter to the server; it is sent when the server has taken it."""
        try:
            server = self._open or self._connect()
            server.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            ((code, _said),) = error.recipients.values()
            self._judge(code, mine=False)
        except smtplib.SMTPResponseException as error:
            # What is said of sender or password is said of every letter: they all wait.
            mine = isinstance(error, (smtplib.SMTPSenderRefused, smtplib.SMTPAuthenticationError))
            self._judge(error.smtp_code, mine=mine or self._open is None)
        except ssl.SSLCertVerificationError:
            self._hang_up("certificate")
        except smtplib.SMTPNotSupportedError:
            self._hang_up("no-starttls")
        except (OSError, smtplib.SMTPException) as error:
            self._hang_up(type(error).__name__)

    def close(self) -> None:
        """Take leave of the server."""
        if self._open:
            try:
                self._open.quit()
            except (OSError, smtplib.SMTPException):
                self._open.close()
            self._open = None

    def _connect(self) -> smtplib.SMTP:
        if self._tls:
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self._host, self._port, timeout=self._patience, context=self._context
            )
        else:
            server = smtplib.SMTP(self._host, self._port, timeout=self._patience)
        try:
            server.ehlo_or_helo_if_needed()
            if not self._tls and (server.has_extn("starttls") or self._user or not _is_here(self._host)):
                server.starttls(context=self._context)
            if self._user:
                server.login(self._user, self._password)
        except (OSError, smtplib.SMTPException):
            server.close()
            raise
        self._open = server
        return server

    def _judge(self, code: int, *, mine: bool) -> None:
        if mine or code == CLOSING:
            self._hang_up(str(code))
        if code >= 500:
            raise MailRefused(str(code))
        raise MailDelayed(str(code))

    def _hang_up(self, code: str) -> None:
        if self._open:
            self._open.close()
            self._open = None
        raise MailDelayed(code, lasting=True) from None


def carrier_of(settings: Settings) -> Carrier:
    """Make the carrier that is set."""
    return SmtpCarrier(settings.smtp_url) if settings.smtp_url else FolderCarrier(settings.data / "outbox")


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
