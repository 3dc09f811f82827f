"""Answers sent smaller: those alone that are the same for everybody.

How long a compressed page is tells of what repeats in it (BREACH): a page that holds a secret, or says again what
whoever asks for it has chosen, is never compressed.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable, Mapping

import brotli
from flask import Request, Response

LEAST = 500
"""Bytes under which an answer is sent as it is."""

LEVEL = 5
"""Of both: the highest that takes a page of results a few milliseconds."""

METHODS: Mapping[str, Callable[[bytes], bytes]] = {
    "br": lambda plain: bytes(brotli.compress(plain, quality=LEVEL)),
    "gzip": lambda plain: gzip.compress(plain, LEVEL, mtime=0),
}
"""What makes each encoding, the smallest first."""


def compress_public(answer: Response, request: Request) -> None:
    """Compress an answer that everybody may see, in an encoding that the browser takes.

    Its `ETag`, where it has one, becomes another in each encoding.

    Args:
        answer: the answer, whole.
        request: what it answers.
    """
    answer.vary.add("Accept-Encoding")
    plain = answer.get_data()
    encoding = next((name for name in METHODS if request.accept_encodings.quality(name) > 0), None)
    if encoding is None or len(plain) < LEAST:
        return
    answer.set_data(METHODS[encoding](plain))
    answer.content_encoding = encoding
    tag, _ = answer.get_etag()
    if tag:
        answer.set_etag(f"{tag}-{encoding}")
