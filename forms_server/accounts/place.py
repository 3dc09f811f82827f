"""Where the desk is: the one origin that its links, its passkeys and what is posted to it belong to.

A passkey belongs to a name, and never to a number, so that a machine of one's own is `localhost` here.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from bacheca.forms.atomic_file import replaced
from bacheca.forms.catalogues import marked as _
from forms_server.data_folder import PORT
from forms_server.errors import AccountProblem
from forms_server.settings import Settings

NUMBERS = ("127.0.0.1", "::1")
"""What this machine is called besides `localhost`."""

PATIENCE = 2
"""How long a service on this machine has to answer, in seconds."""

LOCAL = "http://localhost:8000"
"""Where the desk is while nobody has said where people reach the service."""


@dataclass(frozen=True)
class Place:
    """An origin of the desk.

    Args:
        origin: as browsers write it.
        host: its host with its port, as a request names it.
        name: its host alone, which passkeys are made for.
    """

    origin: str
    host: str
    name: str


def place_of(settings: Settings) -> Place | None:
    """Give where the desk is, as it is set; None where nobody has said so, and it is on this machine.

    Raises:
        AccountProblem: it is where browsers make no passkeys and keep no cookie to themselves.
    """
    said = settings.desk_origin or settings.public_url
    if not said or urlsplit(said).hostname in NUMBERS:
        return None
    parts = urlsplit(said)
    if parts.scheme != "https" and parts.hostname != "localhost":
        raise AccountProblem(
            _("The desk needs https, and {origin} is not: set FORMS_DESK_ORIGIN to an address that begins with https."),
            origin=said,
        )
    return Place(said, parts.netloc, parts.hostname or "")


def origin_of(settings: Settings, port: int) -> str:
    """Give the origin of the desk of a service that listens on a port; empty where there can be none."""
    try:
        place = place_of(settings)
    except AccountProblem:
        return ""
    return place.origin if place else f"http://localhost:{port}"


@contextmanager
def kept_port(data: Path, port: int) -> Iterator[None]:
    """Keep the port on which the service listens in the data folder meanwhile, for whoever invites from a terminal.

    Args:
        data: the data folder.
        port: the port.
    """
    path = data / PORT
    with suppress(OSError), replaced(path) as file:
        file.write(f"{port}\n")
    try:
        yield
    finally:
        with suppress(OSError, ValueError):
            if int(path.read_text("ascii")) == port:  # otherwise another service listens since
                path.unlink()


def running_here(data: Path) -> str:
    """Give the origin of the desk of the service that runs on this machine with this data folder; empty for none."""
    with suppress(OSError, ValueError):
        port = int((data / PORT).read_text("ascii"))
        with socket.create_connection(("localhost", port), PATIENCE):
            return f"http://localhost:{port}"
    return ""


def place_here(host: str) -> Place | None:
    """Give where the desk is on this machine, for the host that a request asks; None where it asks another one."""
    name, _colon, _port = host.partition(":")
    return Place(f"http://{host}", host, name) if name == "localhost" else None


def by_name(host: str) -> str:
    """Give a host that is this machine's number with its name instead; empty for any other."""
    for number in ("127.0.0.1", "[::1]"):
        if host == number or host.startswith(f"{number}:"):
            return f"localhost{host.removeprefix(number)}"
    return ""
