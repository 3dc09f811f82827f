"""Digests: one short name for whatever something was made of."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache, partial
from pathlib import PurePath
from types import FunctionType, ModuleType
from typing import Any

SIMPLE = frozenset((bool, int, float))


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
    said: list[bytes] = []
    _tell(parts, said.append)
    return hashlib.sha256(b"".join(said)).hexdigest()


def _tell(value: Any, say: Callable[[bytes], None]) -> None:
    kind = type(value)
    if kind is str:
        encoded = value.encode("utf-8", "surrogatepass")
        say(b"s%d:%b" % (len(encoded), encoded))
    elif value is None or kind in SIMPLE:
        say(_short(kind.__name__, repr(value)))
    elif kind in {list, tuple}:
        _tell_all(value, say)
    elif kind in {bytes, bytearray}:
        say(b"b%d:" % len(value))
        say(bytes(value))
    elif isinstance(value, Mapping):
        say(b"m%d:" % len(value))
        for key, inner in value.items():
            _tell(key, say)
            _tell(inner, say)
    elif isinstance(value, (list, tuple)):
        _tell_all(value, say)
    elif isinstance(value, AbstractSet):
        say(b"t%d:" % len(value))
        say("".join(sorted(map(digest_of, value))).encode())
    else:
        _tell_named(value, say)


def _tell_all(values: Sequence[Any], say: Callable[[bytes], None]) -> None:
    say(b"l%d:" % len(values))
    for inner in values:
        if type(inner) is str:  # nearly all of them are: that saves a call of `_tell` for each
            encoded = inner.encode("utf-8", "surrogatepass")
            say(b"s%d:%b" % (len(encoded), encoded))
        else:
            _tell(inner, say)


def _tell_named(value: Any, say: Callable[[bytes], None]) -> None:
    """Tell what is known by its type: a date, a path, a function, a value of ours."""
    kind: Any = type(value)
    if isinstance(value, Enum):
        say(_short("enum", f"{kind.__module__}.{kind.__qualname__}.{value.name}"))
    elif isinstance(value, (dt.date, dt.time)):  # a moment is a date
        say(_short(kind.__name__, value.isoformat()))
    elif isinstance(value, dt.timedelta):
        say(_short("timedelta", repr(value)))
    elif isinstance(value, PurePath):
        say(_short("path", str(value)))
    elif isinstance(value, str | int | float):  # a subclass, such as `Markup`
        say(_short("as", f"{kind.__module__}.{kind.__qualname__}"))
        _tell(next(base for base in (str, int, float) if isinstance(value, base))(value), say)
    elif isinstance(value, ModuleType):
        say(_short("module", value.__name__))
    elif isinstance(value, FunctionType | type) and value.__qualname__.replace(".", "").isidentifier():
        say(_short("function", f"{value.__module__}.{value.__qualname__}"))
    elif isinstance(value, partial):
        say(_short("partial", ""))
        _tell((value.func, value.args, value.keywords), say)
    elif is_dataclass(value) and not isinstance(value, type):
        say(_short("value", f"{kind.__module__}.{kind.__qualname__}"))
        for name in _compared(kind):
            _tell(getattr(value, name), say)
    else:
        raise TypeError(f"{kind.__module__}.{kind.__qualname__} says nothing that a digest could be of")


@cache
def _compared(kind: type) -> tuple[str, ...]:
    """Name the fields of a dataclass that tell one of its values from another."""
    return tuple(field.name for field in fields(kind) if field.compare)


def _short(kind: str, text: str) -> bytes:
    encoded = text.encode("utf-8", "surrogatepass")
    return b"%s%d:%s" % (kind.encode(), len(encoded), encoded)
