"""The built portal, served as files beside the service.

Each file is opened once and described by what was opened, at every request: a portal that is swapped for a
new one is seen at once, and no answer mixes the two.
"""

from __future__ import annotations

import mimetypes
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import quote

from werkzeug import Response
from werkzeug.exceptions import RequestedRangeNotSatisfiable
from werkzeug.http import parse_accept_header
from werkzeug.security import safe_join
from werkzeug.wsgi import get_path_info, wrap_file

from bacheca.forms.published import kept_sites, sites_in
from forms_server.http.security_headers import SECURITY, content_policy, inline_of

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

SERVICE = ("/forms", "/healthz", "/readyz", "/metrics", "/desk")
"""The addresses that are the service's, with all below them."""

HIDDEN = re.compile(r"(^|/)(\.(?!well-known/)|(shell\.html|bacheca\.json)(\.br|\.gz)?$)")
"""What stands in the folder for the service alone."""

FINGERPRINTED = re.compile(r"[^/]*\.[0-9a-f]{8,}\.(min\.)?\w+")
"""A name that changes with what the file holds."""

LOOKS = (".css", ".js", ".woff2")
"""What pages need to look right. Nothing else is shown of an earlier site: it may have been taken out on purpose."""

ENCODINGS = {"br": ".br", "gzip": ".gz"}
"""The ending of a file's compressed copy in each encoding, the smallest first; the build writes them."""

FOR_EVER = "public, max-age=31536000, immutable"
ASK_FIRST = "no-cache"

TYPES = mimetypes.MimeTypes()  # Python's own table: the machine's may say anything
TYPES.add_type("font/woff2", ".woff2")
TYPES.add_type("text/javascript", ".js")
TYPES.add_type("image/avif", ".avif")
TYPES.add_type("image/webp", ".webp")


class PortalFiles:
    """The WSGI application of the portal and its service.

    Args:
        service: the application that answers under `SERVICE`, and where there is no page for a fault.
        site: the folder of the built portal.
        origins: where the forms of its pages may post, besides their own origin.
    """

    def __init__(self, service: WSGIApplication, site: Path, origins: Sequence[str] = ()):
        self._service = service
        self._site = site
        self._origins = origins
        self._policies: dict[str, tuple[str, str]] = {}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        path = get_path_info(environ)
        if any(path == address or path.startswith(f"{address}/") for address in SERVICE):
            return self._service(environ, start_response)
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"}:
            return Response(status=405, headers={"Allow": "GET, HEAD", **SECURITY})(environ, start_response)
        answer = self._file(environ, path) or self._redirect(path) or self._missing(environ, path)
        return (answer or self._service)(environ, start_response)

    def _file(self, environ: WSGIEnvironment, path: str) -> Response | None:
        name = path.lstrip("/") + ("index.html" if path.endswith("/") else "")
        if HIDDEN.search(name):
            return None
        folder, _, file = path.rpartition("/")
        if not ("/assets/" in f"{folder}/" and FINGERPRINTED.fullmatch(file)):
            return self._answer(environ, self._site, name, ASK_FIRST)
        # A page that came before another site was published finds what it needs to look right.
        answers = (self._answer(environ, site, name, FOR_EVER) for site in (self._site, *self._earlier(file)))
        return next(filter(None, answers), None)

    def _earlier(self, file: str) -> Iterator[Path]:
        """Give the sites published before that may have a style, a script or a font, the newest first."""
        if file.endswith(LOOKS):
            yield from reversed(sites_in(kept_sites(self._site)))

    def _redirect(self, path: str) -> Response | None:
        folder = path.strip("/")
        index = safe_join(str(self._site), folder, "index.html")
        if path.endswith("/") or HIDDEN.search(folder) or not index or not os.path.isfile(index):
            return None
        # One slash in front: two would lead to another host.
        return Response(status=301, headers={"Location": f"/{quote(folder)}/", **SECURITY})

    def _missing(self, environ: WSGIEnvironment, path: str) -> Response | None:
        language = path.strip("/").partition("/")[0]
        names = [f"{language}/404.html"] if re.fullmatch(r"[a-z]{2,3}", language) else []
        for name in (*names, "404.html"):
            if response := self._answer(environ, self._site, name, ASK_FIRST, status=404):
                return response
        return None

    def _answer(
        self, environ: WSGIEnvironment, site: Path, name: str, cache: str, status: int = 200
    ) -> Response | None:
        file = _opened(site, name)
        if file is None:
            return None
        found = os.fstat(file.fileno())
        kind = TYPES.guess_type(name)[0] or "application/octet-stream"
        etag = f"{found.st_mtime_ns:x}-{found.st_size:x}"
        policy = self._policy(name, etag, file) if kind == "text/html" else ""
        encoding, body = _compressed(environ, site, name, file) or ("", file)
        size = os.fstat(body.fileno()).st_size
        response = Response(
            wrap_file(environ, body), status, mimetype=kind, direct_passthrough=True, headers=dict(SECURITY)
        )
        response.content_length = size
        response.headers["Cache-Control"] = cache
        response.vary.add("Accept-Encoding")
        if encoding:
            response.content_encoding = encoding
            etag = f"{etag}-{encoding}"
        if policy:
            response.headers["Content-Security-Policy"] = policy
        if status == 200:
            response.set_etag(etag)
            response.last_modified = datetime.fromtimestamp(int(found.st_mtime), UTC)
            try:
                response.make_conditional(environ, accept_ranges=True, complete_length=size)
            except RequestedRangeNotSatisfiable as error:
                response.close()
                return Response(status=416, headers={"Content-Range": f"bytes */{error.length}", **SECURITY})
        return response

    def _policy(self, name: str, etag: str, file: BinaryIO) -> str:
        known, policy = self._policies.get(name, ("", ""))
        if known != etag:
            policy = content_policy(inline_of(file.read().decode(errors="replace")), self._origins)
            file.seek(0)
            self._policies[name] = (etag, policy)
        return policy


def _compressed(environ: WSGIEnvironment, site: Path, name: str, file: BinaryIO) -> tuple[str, BinaryIO] | None:
    """Open the copy of an opened file in an encoding that the browser takes, and close the file."""
    accepted = parse_accept_header(environ.get("HTTP_ACCEPT_ENCODING", ""))
    if "HTTP_RANGE" in environ:
        return None
    for encoding, ending in ENCODINGS.items():
        copy = _opened(site, name + ending) if accepted.quality(encoding) > 0 else None
        if copy is None:
            continue
        again = _opened(site, name)  # the portal may have been swapped between the two
        if again and os.path.samestat(os.fstat(again.fileno()), os.fstat(file.fileno())):
            again.close()
            file.close()
            return encoding, copy
        copy.close()
        if again:
            again.close()
    return None


def _opened(site: Path, name: str) -> BinaryIO | None:
    path = safe_join(str(site), name)
    try:
        return open(path, "rb") if path and os.path.isfile(path) else None
    except (OSError, ValueError):
        return None
