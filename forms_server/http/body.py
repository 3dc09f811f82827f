"""What was posted, read strictly: nothing is guessed, mended or lost in silence.

Werkzeug turns raw Latin-1 into an empty form, leaves `%E9` as it stands and ignores a declared charset.
Here each of these is a `BodyProblem`, with one of these codes:

`body-too-large` (413) · `media-type` · `charset` (415) · `body-cut-short` · `too-many-parts` · `not-utf8` ·
`bad-escape` · `nul` · `not-json` · `json-object` · `json-twice` · `json-value` (422)
"""

from __future__ import annotations

import json
import re
from typing import Protocol
from urllib.parse import parse_qsl

from werkzeug.http import parse_options_header

from bacheca.forms import limits
from forms_server.errors import BodyProblem

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"

TWO_READINGS = re.compile(r"-?[1-9][0-9]{0,2}\.[0-9]{3}")
"""A decimal that people could take for thousands."""

BROKEN_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")

Posted = dict[str, list[str]]
"""The values posted under each name, names and values in the order in which they came."""


class Headers(Protocol):
    """The headers of a request, whatever the case of their names."""

    def get(self, key: str, /) -> str | None:
        """Give a header's value."""


class Stream(Protocol):
    """The body of a request."""

    def read(self, size: int, /) -> bytes:
        """Read at most `size` bytes; none at the end."""


def media_type(headers: Headers) -> str:
    """Give the type of what was posted, without its parameters."""
    return _kind(headers)[0]


def _kind(headers: Headers) -> tuple[str, str]:
    """Give the type and the charset of what was posted, in small letters."""
    said = headers.get("Content-Type")
    if said == FORM:  # as browsers say it
        return FORM, "utf-8"
    kind, parameters = parse_options_header(said)
    return kind.lower(), parameters.get("charset", "utf-8").lower()


def read_body(headers: Headers, stream: Stream) -> Posted:
    """Read what was posted.

    Args:
        headers: the request's; `Content-Type` and `Content-Length` are looked at.
        stream: its body, read only when the headers allow it and never beyond `limits.BODY` and a byte.

    Returns:
        The values of each name, as text: of JSON, `true` or `false`, and numbers as they were written,
        with a zero more where people could take a decimal for thousands.

    Raises:
        BodyProblem: it cannot be read; `posted` holds what still could be.
    """
    kind, charset = _kind(headers)
    reader = READERS.get(kind)
    if reader is None:
        raise BodyProblem(415, "media-type")
    if charset not in {"utf-8", "utf8"}:
        raise BodyProblem(415, "charset")
    announced = headers.get("Content-Length") or ""
    length = int(announced) if re.fullmatch(r"\d{1,18}", announced, re.ASCII) else None
    if length is not None and length > limits.BODY:
        raise BodyProblem(413, "body-too-large")
    raw = _read(stream)
    if length is not None and len(raw) < length:
        raise BodyProblem(422, "body-cut-short", _lenient(raw) if reader is _read_form else None)
    return reader(raw)


def _read(stream: Stream) -> bytes:
    chunks: list[bytes] = []
    left = limits.BODY + 1
    while left and (chunk := stream.read(left)):
        chunks.append(chunk)
        left -= len(chunk)
    if not left:
        raise BodyProblem(413, "body-too-large")
    return b"".join(chunks)


def _read_form(raw: bytes) -> Posted:
    try:
        text = raw.decode()
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=None)
    except UnicodeDecodeError:
        raise BodyProblem(422, "not-utf8", _lenient(raw)) from None
    if text.count("&") >= limits.PARTS:
        raise BodyProblem(422, "too-many-parts", _lenient(raw))
    if BROKEN_ESCAPE.search(text):
        raise BodyProblem(422, "bad-escape", _lenient(raw))
    if any("\0" in name or "\0" in value for name, value in pairs):
        raise BodyProblem(422, "nul", _lenient(raw))
    return _gathered(pairs)


def _lenient(raw: bytes) -> Posted:
    """Read the first parts of a form with a mark for what cannot be decoded and without NUL."""
    parts = raw.decode(errors="replace").split("&")[: limits.PARTS]
    pairs = parse_qsl("&".join(parts), keep_blank_values=True, errors="replace")
    return _gathered([(name.replace("\0", ""), value.replace("\0", "")) for name, value in pairs])


def _gathered(pairs: list[tuple[str, str]]) -> Posted:
    posted: Posted = {}
    for name, value in pairs:
        posted.setdefault(name, []).append(value)
    return posted


def _read_json(raw: bytes) -> Posted:
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        raise BodyProblem(422, "not-utf8") from None
    try:
        # Numbers stay as they are written: a float would not give back 0.10, nor a long whole number.
        pairs = json.loads(
            text, object_pairs_hook=_Pairs, parse_int=str, parse_float=_decimal, parse_constant=_refuse_constant
        )
    except (ValueError, RecursionError):
        raise BodyProblem(422, "not-json") from None
    if not isinstance(pairs, _Pairs):
        raise BodyProblem(422, "json-object")
    posted: Posted = {}
    for name, value in pairs:
        if name in posted:
            raise BodyProblem(422, "json-twice")
        posted[name] = _texts(value)
    if sum(max(1, len(values)) for values in posted.values()) > limits.PARTS:
        raise BodyProblem(422, "too-many-parts")
    for text in (text for name, values in posted.items() for text in (name, *values)):
        if "\0" in text:
            raise BodyProblem(422, "nul")
        if any("\ud800" <= character <= "\udfff" for character in text):
            raise BodyProblem(422, "not-utf8")
    return posted


def _decimal(text: str) -> str:
    # To people `1.234` has two readings, to JSON one: a fourth decimal, which says nothing, leaves only that.
    return f"{text}0" if TWO_READINGS.fullmatch(text) else text


class _Pairs(list[tuple[str, object]]):
    """An object of JSON as its pairs, so that a name given twice is seen."""


def _texts(value: object) -> list[str]:
    if isinstance(value, bool):
        return ["true" if value else "false"]
    if isinstance(value, str):
        return [value]
    if type(value) is list and all(isinstance(text, str) for text in value):
        return value
    raise BodyProblem(422, "json-value")


def _refuse_constant(name: str) -> object:
    raise ValueError(name)


READERS = {FORM: _read_form, JSON: _read_json}
