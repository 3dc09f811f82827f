"""How often one network may send something, of which only a daily pseudonym is kept."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from datetime import UTC, datetime

from forms_server.crypto.tokens import Secret
from forms_server.http.body import Headers
from forms_server.http.proxies import Proxies
from forms_server.http.raised_rates import RaisedRates
from forms_server.settings import Settings
from forms_server.store import Store

IPV4_PREFIX = 24
"""How many bits of an IPv4 address count as one visitor's."""

IPV6_PREFIX = 56
"""How many bits of an IPv6 address count as one visitor's: what a home or an office is given."""


class RateLimiter:
    """Counts posts, and says when there are too many.

    Args:
        settings: how often is too often, and behind how many proxies.
        secret: makes the pseudonyms under which posts are counted.
        store: counts them.
        now: the time, with its zone.
    """

    def __init__(self, settings: Settings, secret: Secret, store: Store, now: Callable[[], datetime]):
        self._limit = settings.rate_limit
        self._proxies = Proxies(settings.proxies)
        self._secret = secret
        self._store = store
        self._now = now
        self._raised = RaisedRates(settings.data)

    def too_often(self, headers: Headers, address: str, form: str, part: str = "") -> int:
        """Count a post to a form from an address, of which only a daily pseudonym of its prefix is kept.

        Args:
            headers: the request's.
            address: the address at the other end of the connection.
            form: the form posted to.
            part: what of it is posted to, where that is counted by itself.

        Returns:
            0 when it may go on, otherwise after how many seconds it may be tried again.

        Raises:
            StoreUnavailable: it could not be counted.
        """
        limit = self._limit
        if limit is None:
            return 0
        moment = int(self._now().timestamp())
        window = moment - moment % limit.seconds
        prefix = address_prefix(self._proxies.address(headers, address))
        bucket = self._secret.daily_pseudonym(
            datetime.fromtimestamp(window, UTC).date(), f"{form}/{part}" if part else form, prefix
        )
        hits = self._store.hit(bucket, window)
        if hits <= limit.count or hits <= self._raised.count(form, moment):
            return 0
        return window + limit.seconds - moment

    def network(self, headers: Headers, address: str, form: str) -> str:
        """Give a pseudonym of the network that a post to a form comes from; empty where none is counted."""
        prefix = address_prefix(self._proxies.address(headers, address))
        return self._secret.network_pseudonym(form, prefix) if self._limit and prefix else ""


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
