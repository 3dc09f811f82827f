"""Which page a request comes from: no page of somebody else's may change anything here."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum, auto
from urllib.parse import urlsplit

from forms_server.http.body import Headers
from forms_server.http.proxies import Proxies
from forms_server.settings import DEFAULT_PORTS


class Origin(Enum):
    """What to do with a request that would change something, by the page it comes from."""

    ALLOW = auto()
    CHECK = auto()
    """Nobody says which page it comes from: a person has to look at it once more."""
    REFUSE = auto()
    """It comes from a page of somebody else's."""


@dataclass(frozen=True)
class OriginCheck:
    """Judges requests by the page they come from.

    Args:
        origins: where forms may be posted from, besides our own origin.
        proxies: those in front of the service.
    """

    origins: Collection[str]
    proxies: Proxies

    def judge(self, headers: Headers, host: str, scheme: str) -> Origin:
        """Judge a request by its `Origin`, and by `Sec-Fetch-Site` as Go's CrossOriginProtection does.

        Args:
            headers: the request's.
            host: the host it was sent to, with its port unless that is the scheme's own.
            scheme: `http` or `https`, as the server sees it.
        """
        origin = headers.get("Origin") or "null"
        if origin in self.origins:
            return Origin.ALLOW
        if origin == "null":
            return Origin.CHECK
        site = headers.get("Sec-Fetch-Site")
        if site:
            return Origin.ALLOW if site in {"same-origin", "none"} else Origin.REFUSE
        return Origin.ALLOW if _is_own(origin, host, self.proxies.scheme(headers, scheme)) else Origin.REFUSE

    @staticmethod
    def is_from(headers: Headers, origin: str) -> bool:
        """Tell whether a request says that it comes from one origin: no other page, nor one that nobody knows."""
        return headers.get("Origin") == origin and (headers.get("Sec-Fetch-Site") or "same-origin") == "same-origin"

    def readable(self, headers: Headers) -> dict[str, str]:
        """Give the headers that let a page of one of these origins read an answer, and no other page."""
        origin = headers.get("Origin") or ""
        shared = {"Access-Control-Allow-Origin": origin} if origin in self.origins else {}
        return {"Vary": "Origin", **shared}


def _is_own(origin: str, host: str, scheme: str) -> bool:
    if origin == f"{scheme}://{host}":  # as browsers write it
        return scheme in DEFAULT_PORTS
    try:
        parts = urlsplit(origin)
        asked = urlsplit(f"{parts.scheme}://{host}")
        ports = (parts.port, asked.port)
    except ValueError:
        return False
    default = DEFAULT_PORTS.get(parts.scheme)
    # Behind a proxy that speaks TLS the server sees http, so only an http page of an https server is foreign.
    if default is None or (scheme == "https" and parts.scheme != "https"):
        return False
    return parts.hostname == asked.hostname and (ports[0] or default) == (ports[1] or default)
