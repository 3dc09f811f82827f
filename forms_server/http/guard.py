"""The guard at the door: who may post, how often, and what every answer is sent with."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from enum import Enum, auto
from urllib.parse import urlsplit

from werkzeug import Response

from bacheca.forms.html.form_page import STAMP, TRAP
from forms_server.crypto.tokens import Secret
from forms_server.http.body import Headers
from forms_server.http.page_shell import Shell
from forms_server.http.raised_rates import RaisedRates
from forms_server.http.security_headers import SECURITY, content_policy
from forms_server.settings import DEFAULT_PORTS, Settings
from forms_server.store import Store

IPV4_PREFIX = 24
"""How many bits of an IPv4 address count as one visitor's."""

IPV6_PREFIX = 56
"""How many bits of an IPv6 address count as one visitor's: what a home or an office is given."""


PRIVATE = {
    **SECURITY,
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex",
}
"""The headers of whatever the service answers, where the answer does not say otherwise."""

FOR_EVER = 10**9
"""Seconds in which no doubt ends."""

SOON = 2
"""Seconds that nobody takes less than to read a page and press its button."""


class Origin(Enum):
    """What to do with a post, by the page it comes from."""

    ALLOW = auto()
    CHECK = auto()
    """Nobody says which page it comes from: a person has to look at it once more."""
    REFUSE = auto()
    """It comes from a page of somebody else's."""


class Guard:
    """Decides about posts before they are read, and hardens what is answered.

    Args:
        settings: which origins may post, how often, and behind how many proxies.
        secret: makes the pseudonyms under which posts are counted.
        store: counts them.
        shell: the page whose own scripts and styles may run.
        now: the time, with its zone.
    """

    def __init__(
        self,
        settings: Settings,
        secret: Secret,
        store: Store,
        shell: Shell,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ):
        self._settings = settings
        self._secret = secret
        self._store = store
        self._shell = shell
        self._now = now
        self._raised = RaisedRates(settings.data)

    def origin(self, headers: Headers, host: str, scheme: str) -> Origin:
        """Judge a post by its `Origin`, and by `Sec-Fetch-Site` as Go's CrossOriginProtection does.

        Args:
            headers: the request's.
            host: the host it was sent to, with its port unless that is the scheme's own.
            scheme: `http` or `https`, as the server sees it.
        """
        origin = headers.get("Origin") or "null"
        if origin in self._settings.origins:
            return Origin.ALLOW
        if origin == "null":
            return Origin.CHECK
        site = headers.get("Sec-Fetch-Site")
        if site:
            return Origin.ALLOW if site in {"same-origin", "none"} else Origin.REFUSE
        scheme = self._forwarded(headers, "X-Forwarded-Proto") or scheme
        return Origin.ALLOW if _is_own(origin, host, scheme) else Origin.REFUSE

    def is_encrypted(self, headers: Headers, scheme: str) -> bool:
        """Tell whether people reach the service by TLS, as far as the settings and our own proxies say."""
        public = (self._settings.public_url or "").startswith("https:")
        return public or (self._forwarded(headers, "X-Forwarded-Proto") or scheme) == "https"

    def stamp(self, form: str) -> str:
        """Sign the time for a page of a form that is made now."""
        return self._secret.stamp(form, self._seconds())

    def is_doubtful(self, form: str, posted: Mapping[str, Sequence[str]]) -> bool:
        """Tell whether a post looks like a program's: what people do not see is filled in, or the time is forged."""
        stamps = [stamp for stamp in posted.get(STAMP, ()) if stamp]
        return any(posted.get(TRAP, ())) or any(self._secret.stamped(form, stamp) is None for stamp in stamps)

    def key_of_check(self, form: str, posted: Mapping[str, Sequence[str]]) -> str:
        """Make the key of the page on which a post is looked at once more; it remembers any doubt."""
        if not self.is_doubtful(form, posted):
            return self._secret.new_signed_key(form)
        made = [self._secret.stamped(form, stamp) for stamp in posted.get(STAMP, ()) if stamp]
        now = self._seconds()
        at_once = any(moment is None or now - moment < SOON for moment in made)
        return self._secret.new_signed_key(form, now + FOR_EVER if at_once else now)

    def quarantines(self, form: str, key: str, posted: Mapping[str, Sequence[str]]) -> bool:
        """Tell whether answers are kept apart until somebody has looked at them.

        They are when a post was doubted and then sent again from the check page sooner than a person could, or with
        the trap filled in, which that page does not have.
        """
        doubted_at = self._secret.doubted_at(form, key)
        return self.is_doubtful(form, posted) or (doubted_at is not None and self._seconds() - doubted_at < SOON)

    def may_measure(self, headers: Headers, address: str) -> bool:
        """Tell whether whoever asks may see what the service counts.

        A header of a proxy that no setting speaks of tells that the address is the proxy's, and so nobody's.
        """
        if headers.get("X-Forwarded-For") and not self._settings.proxies:
            return False
        try:
            asking = ipaddress.ip_address((self._forwarded(headers, "X-Forwarded-For") or address).partition("%")[0])
        except ValueError:
            return False
        mapped = asking.ipv4_mapped if isinstance(asking, ipaddress.IPv6Address) else None
        return any((mapped or asking) in network for network in self._settings.metrics)

    def too_often(self, headers: Headers, address: str, form: str) -> int:
        """Count a post to a form from an address, of which only a daily pseudonym of its prefix is kept.

        Args:
            headers: the request's; `X-Forwarded-For` is believed as far as the settings say.
            address: the address at the other end of the connection.
            form: the form posted to.

        Returns:
            0 when it may go on, otherwise after how many seconds it may be tried again.

        Raises:
            StoreUnavailable: it could not be counted.
        """
        limit = self._settings.rate_limit
        if limit is None:
            return 0
        moment = self._seconds()
        window = moment - moment % limit.seconds
        prefix = address_prefix(self._forwarded(headers, "X-Forwarded-For") or address)
        bucket = self._secret.daily_pseudonym(datetime.fromtimestamp(window, UTC).date(), form, prefix)
        hits = self._store.hit(bucket, window)
        if hits <= limit.count or hits <= self._raised.count(form, moment):
            return 0
        return window + limit.seconds - moment

    def network(self, headers: Headers, address: str, form: str) -> str:
        """Give a pseudonym of the network that a post to a form comes from; empty where none is counted."""
        prefix = address_prefix(self._forwarded(headers, "X-Forwarded-For") or address)
        return self._secret.network_pseudonym(form, prefix) if self._settings.rate_limit and prefix else ""

    def harden(self, response: Response) -> Response:
        """Add to an answer of the service the headers that keep it private and its page to itself.

        What the answer says already stays: a page without secrets may be more open.
        """
        said = {name.lower() for name in response.headers.keys()}  # noqa: SIM118  the names, not the pairs
        for name, value in PRIVATE.items():
            if name.lower() not in said:
                response.headers.add(name, value)
        if response.mimetype == "text/html" and "content-security-policy" not in said:
            policy = content_policy(self._shell.inline, self._settings.origins)
            response.headers.add("Content-Security-Policy", policy)
        return response

    def _seconds(self) -> int:
        return int(self._now().timestamp())

    def _forwarded(self, headers: Headers, name: str) -> str:
        """Give what the outermost proxy of ours says; what came before it anybody can write."""
        said = [value.strip() for value in (headers.get(name) or "").split(",")]
        proxies = self._settings.proxies
        return said[-proxies] if 0 < proxies <= len(said) else ""


def address_prefix(address: str) -> str:
    """Give the network an address stands for: `/24`, or `/56` of IPv6; empty for what is no address."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv6Address):
        found = found.ipv4_mapped or found
    bits = IPV4_PREFIX if found.version == 4 else IPV6_PREFIX
    return str(ipaddress.ip_network((found, bits), strict=False))


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
