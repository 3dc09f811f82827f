"""What the proxies in front of the service say of a request, believed as far as `FORMS_PROXIES` says."""

from __future__ import annotations

from dataclasses import dataclass

from forms_server.http.body import Headers


@dataclass(frozen=True)
class Proxies:
    """The proxies of ours that a request comes through.

    Args:
        count: how many.
    """

    count: int

    def address(self, headers: Headers, address: str) -> str:
        """Give the address that a request comes from; `address` is the one at the other end of the connection."""
        return self._forwarded(headers, "X-Forwarded-For") or address

    def scheme(self, headers: Headers, scheme: str) -> str:
        """Give `http` or `https`, as whoever sent a request reached us; `scheme` is how it reached this process."""
        return self._forwarded(headers, "X-Forwarded-Proto") or scheme

    def _forwarded(self, headers: Headers, name: str) -> str:
        """Give what the outermost proxy of ours says; what came before it anybody can write."""
        said = [value.strip() for value in (headers.get(name) or "").split(",")]
        return said[-self.count] if 0 < self.count <= len(said) else ""
