"""What every page is sent with, so that a browser runs and sends only what is the portal's own."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

from werkzeug.datastructures import EnvironHeaders

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

STRICT_TRANSPORT = ("Strict-Transport-Security", "max-age=31536000")
"""What keeps a browser that has come by TLS from ever coming without, for a year."""

SCRIPT_TYPES = {"", "module", "text/javascript", "application/javascript"}
"""The types of `<script>` that run; the others hold data, which no policy is about."""


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


def content_policy(inline: Inline, origins: Iterable[str]) -> str:
    """Write the Content-Security-Policy of a page.

    Args:
        inline: what stands in it.
        origins: where its forms may post, besides its own origin.
    """
    sources = {
        "default-src": ["'none'"],
        "script-src": ["'self'", *sorted(inline.scripts)],
        "style-src": ["'self'", *sorted(inline.styles)],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
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
