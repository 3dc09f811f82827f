"""Digests: one short name for whatever something was made of."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import partial
from pathlib import PurePath
from types import FunctionType, ModuleType
from typing import Any


def digest_of_bytes(content: bytes) -> str:
    """Give the digest of what a file holds."""
    return hashlib.sha256(content).hexdigest()


def digest_of(*parts: Any) -> str:
    """Give the digest of values: the same for the same ones, in any process, and for no others.

    Each is told with its type and its length, so that `1` is not `"1"`, and `["ab"]` not `["a", "b"]`. The order of a
    mapping counts, since what is made of it may show it.

    Args:
        parts: texts, bytes, numbers, dates, paths, functions of modules, frozen dataclasses, and what holds them.

    Raises:
        TypeError: a value cannot be told by what it says. Whatever is made of it must be made anew.
    """
    said = hashlib.sha256()
    for piece in _told(parts):
        said.update(piece)
    return said.hexdigest()


def _told(value: Any) -> Iterator[bytes]:
    kind = type(value)
    if kind is str:
        encoded = value.encode("utf-8", "surrogatepass")
        yield b"s%d:" % len(encoded)
        yield encoded
    elif value is None or kind in {bool, int, float}:
        yield _short(kind.__name__, repr(value))
    elif kind in {bytes, bytearray}:
        yield b"b%d:" % len(value)
        yield bytes(value)
    elif isinstance(value, Mapping):
        yield b"m%d:" % len(value)
        for key, inner in value.items():
            yield from _told(key)
            yield from _told(inner)
    elif isinstance(value, (list, tuple)):
        yield b"l%d:" % len(value)
        for inner in value:
            yield from _told(inner)
    elif isinstance(value, AbstractSet):
        yield b"t%d:" % len(value)
        yield from (digest.encode() for digest in sorted(map(digest_of, value)))
    else:
        yield from _named(value)


def _named(value: Any) -> Iterator[bytes]:
    """Tell what is known by its type: a date, a path, a function, a value of ours."""
    kind = type(value)
    if isinstance(value, Enum):
        yield _short("enum", f"{kind.__module__}.{kind.__qualname__}.{value.name}")
    elif isinstance(value, (dt.date, dt.time)):  # a moment is a date
        yield _short(kind.__name__, value.isoformat())
    elif isinstance(value, dt.timedelta):
        yield _short("timedelta", repr(value))
    elif isinstance(value, PurePath):
        yield _short("path", str(value))
    elif isinstance(value, str | int | float):  # a subclass, such as `Markup`
        yield _short("as", f"{kind.__module__}.{kind.__qualname__}")
        yield from _told(next(base for base in (str, int, float) if isinstance(value, base))(value))
    elif isinstance(value, ModuleType):
        yield _short("module", value.__name__)
    elif isinstance(value, FunctionType | type) and value.__qualname__.replace(".", "").isidentifier():
        yield _short("function", f"{value.__module__}.{value.__qualname__}")
    elif isinstance(value, partial):
        yield _short("partial", "")
        yield from _told((value.func, value.args, value.keywords))
    elif is_dataclass(value) and not isinstance(value, type):
        yield _short("value", f"{kind.__module__}.{kind.__qualname__}")
        for field in fields(value):
            if field.compare:
                yield from _told(getattr(value, field.name))
    else:
        raise TypeError(f"{kind.__module__}.{kind.__qualname__} says nothing that a digest could be of")


def _short(kind: str, text: str) -> bytes:
    encoded = text.encode("utf-8", "surrogatepass")
    return b"%s%d:%s" % (kind.encode(), len(encoded), encoded)
