"""`bacheca.portal.postprocess.compression`: copies that unpack to the file."""

from __future__ import annotations

import gzip
from random import Random

import brotli
import pytest

from bacheca.portal.postprocess.compression import LARGE, LEAST, copies_of

TEXT = ("Una comunità. " * LEAST).encode()


@pytest.mark.parametrize("plain", [TEXT, TEXT * (1 + LARGE // len(TEXT))])
def test_a_text_has_copies_that_unpack_to_it(plain: bytes) -> None:
    copies = dict(copies_of("en/index.html", plain))
    assert brotli.decompress(copies[".br"]) == gzip.decompress(copies[".gz"]) == plain


@pytest.mark.parametrize(
    ("path", "plain"),
    [("a.woff2", TEXT), ("short.txt", b"breve"), ("index.html", Random(1).randbytes(LEAST))],
)
def test_what_is_no_text_or_would_not_be_smaller_has_none(path: str, plain: bytes) -> None:
    assert dict(copies_of(path, plain)) == {}
