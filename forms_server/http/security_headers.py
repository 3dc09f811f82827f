"""What every page is sent with, so that a browser runs and sends only what is the portal's own."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

from werkzeug import Response
from werkzeug.datastructures import EnvironHeaders

from forms_server.http.body import Headers
from forms_server.http.proxies import Proxies
from forms_server.settings import Settings

if TYPE_CHECKING:
    from _typeshed import OptExcInfo
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

SECURITY = {
    "X-Content-Type-Options": "nosniff",
    # Addresses hold secrets, and what people typed: whoever is asked next learns of no more than the origin.
    # `no-referrer` would make the Origin of every post `null`, `same-origin` that of a post to a service elsewhere.
    "Referrer-Policy": "strict-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
"""The headers of pages and files alike."""

PRIVATE = {
    **SECURITY,
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex",
}
"""The headers of whatever the service answers, where the answer does not say otherwise."""

STRICT_TRANSPORT = ("Strict-Transport-Security", "max-age=31536000")
"""What keeps a browser that has come by TLS from ever coming without, for a year."""

SCRIPT_TYPES = {"", "module", "text/javascript", "application/javascript"}
"""The types of `<script>` that run; the others hold data, which no policy is about."""


def harden(response: Response, inline: Inline, origins: Sequence[str]) -> None:
    """Add to an answer of the service the headers that keep it private and its page to itself.

    What the answer says already stays: a page without secrets may be more open.

    Args:
        response: the answer.
        inline: the scripts and styles of the portal's own that its page may hold.
        origins: where its forms may post and what its scripts may ask, besides its own origin.
    """
    said = {name.lower() for name in response.headers.keys()}  # noqa: SIM118  the names, not the pairs
    for name, value in PRIVATE.items():
        if name.lower() not in said:
            response.headers.add(name, value)
    if response.mimetype == "text/html" and "content-security-policy" not in said:
        response.headers.add("Content-Security-Policy", content_policy(inline, origins))


def is_encrypted(settings: Settings, headers: Headers, scheme: str) -> bool:
    """Tell whether people reach the service by TLS, as far as the settings and our own proxies say."""
    public = (settings.public_url or "").startswith("https:")
    return public or Proxies(settings.proxies).scheme(headers, scheme) == "https"


class StrictTransport:
    """WSGI middleware that tells browsers to come by TLS only, where they can.

    Args:
        application: what answers.
        is_encrypted: says of a request's headers and scheme whether it came by TLS.
    """

    def __init__(self, application: WSGIApplication, is_encrypted: Callable[[EnvironHeaders, str], bool]):
        self._application = application
        self._is_encrypted = is_encrypted

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        if not self._is_encrypted(EnvironHeaders(environ), environ["wsgi.url_scheme"]):
            return self._application(environ, start_response)

        def start(code: str, headers: list[tuple[str, str]], info: OptExcInfo | None = None) -> Any:
            return start_response(code, [*headers, STRICT_TRANSPORT], info)

        return self._application(environ, start)


@dataclass(frozen=True)
class Inline:
    """The CSP sources (`'sha256-…'`) of what stands in a page itself: its scripts and its styles."""

    scripts: frozenset[str] = frozenset()
    styles: frozenset[str] = frozenset()

    def __or__(self, other: Inline) -> Inline:
        return Inline(self.scripts | other.scripts, self.styles | other.styles)


def inline_of(page: str) -> Inline:
    """Find the inline scripts and styles of a page.

    Args:
        page: HTML of the portal's own, never with anything that was posted in it.
    """
    parser = _InlineParser()
    parser.feed(page)
    parser.close()
    return Inline(frozenset(parser.found["script"]), frozenset(parser.found["style"]))


def content_policy(inline: Inline, origins: Sequence[str]) -> str:
    """Write the Content-Security-Policy of a page.

    Args:
        inline: what stands in it.
        origins: where its forms may post, and its scripts ask, besides its own origin.
    """
    sources = {
        "default-src": ["'none'"],
        "script-src": ["'self'", *sorted(inline.scripts)],
        "style-src": ["'self'", *sorted(inline.styles)],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'", *origins],
        "media-src": ["'self'"],
        "worker-src": ["'self'"],
        "manifest-src": ["'self'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'", *origins],
        "frame-ancestors": ["'none'"],
    }
    return "; ".join(f"{directive} {' '.join(allowed)}" for directive, allowed in sources.items())


class _InlineParser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.found: dict[str, set[str]] = {"script": set(), "style": set()}
        self._inside = ""
        self._text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        runs = "src" not in attributes and (attributes.get("type") or "").strip().lower() in SCRIPT_TYPES
        if tag == "style" or (tag == "script" and runs):
            self._inside = tag

    def handle_data(self, data: str) -> None:
        if self._inside:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == self._inside:
            digest = hashlib.sha256("".join(self._text).encode()).digest()
            self.found[tag].add(f"'sha256-{b64encode(digest).decode()}'")
            self._inside = ""
            self._text = []
