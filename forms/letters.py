"""Letters: from the bytes of an e-mail to the text that a person wrote in it.

MIME (RFC 2045–2049) as mail programs write it, wrong charsets included, and `format=flowed` (RFC 3676).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser

from forms.canonical import canonical_text, digest

TEXT_LIMIT = 1_000_000
"""The most characters of a text in which a form is looked for; no form is that long."""

MISNAMED = {"iso-8859-1": "cp1252", "latin-1": "cp1252", "latin1": "cp1252"}
"""What mail programs mean by the name of a charset: Outlook's quotes and dashes are not in Latin-1."""

SPACES = re.compile(r"[\u00a0\u2000-\u200a\u202f\u205f\u3000]")
UNSEEN = re.compile("[\u00ad\u200b\u2060\ufeff]")
LINK = re.compile(r" ?<([^<>\s]+)>")
SCHEME = re.compile(r"mailto:|https?://")
BLOCKS = re.compile(
    "address|article|blockquote|body|center|d[dlt]|div|footer|form|h[1-6]|header|hr|li|main|[ou]l|p|pre|section|table|tr"
)
SILENT = frozenset(("script", "style", "title"))


@dataclass(frozen=True)
class Letter:
    """An e-mail.

    Args:
        key: its Message-ID; where it has none, a digest of what it says and when.
        received: when it came, or was sent where nobody says when it came; None where neither is said.
        texts: what it says, as plain text, then what its HTML says; the one or the other may be missing.
    """

    key: str
    received: datetime | None
    texts: tuple[str, ...]


def read_letter(raw: bytes) -> Letter:
    """Read an e-mail, whatever is wrong with it."""
    message = message_from_bytes(raw)
    plain = "\n".join(_plain_text(part) for part in _parts(message, "text/plain"))
    html = "\n".join(text_of_html(_decoded(part)) for part in _parts(message, "text/html"))
    texts = tuple(tidy(text) for text in (plain, html) if text.strip() and len(text) <= TEXT_LIMIT)
    said = str(message.get("Message-ID", "")).strip()
    key = said or digest({"from": str(message.get("From", "")), "date": str(message.get("Date", "")), "texts": texts})
    return Letter(key, _received(message), texts)


def tidy(text: str) -> str:
    """Take out of a text what only mail programs put there: kinds of blanks, and addresses repeated as links."""
    text = SPACES.sub(" ", UNSEEN.sub("", canonical_text(text)))
    text = LINK.sub(lambda link: "" if _repeats(link) else link[0], text)
    return "\n".join(line.rstrip() for line in text.split("\n"))


def text_of_html(html: str) -> str:
    """Give the text of HTML as a reader sees it, a line a block, with `> ` before what is quoted."""
    reader = _HtmlText()
    reader.feed(html)
    reader.close()
    return reader.text()


def unflowed(text: str, *, delete_space: bool = False) -> str:
    """Join the lines of a `format=flowed` text into those that were written.

    Args:
        text: the text.
        delete_space: whether the blank that ends a flowed line is none of the text's (`delsp=yes`).
    """
    joined: list[str] = []
    flows, depth = False, 0
    for line in text.split("\n"):
        quotes = re.match(">*", line)
        own_depth = len(quotes[0]) if quotes else 0
        said = line[own_depth:]
        said = said.removeprefix(" ") if own_depth == 0 else said
        if flows and own_depth == depth and line != "-- ":
            joined[-1] = (joined[-1][:-1] if delete_space else joined[-1]) + said.removeprefix(" " * (own_depth > 0))
        else:
            joined.append(line[:own_depth] + said)
        # A lone `>> ` is the place of an answer, not a line that goes on.
        flows, depth = said.endswith(" ") and said.strip() not in ("", "--"), own_depth
    return "\n".join(joined)


def _parts(message: Message, kind: str) -> Iterator[Message]:
    """Give the parts of a kind that are the letter itself and nothing attached to it."""
    if message.get_content_disposition() == "attachment":
        return
    if message.is_multipart():
        for part in message.get_payload():
            if isinstance(part, Message):
                yield from _parts(part, kind)
    elif message.get_content_type() == kind:
        yield message


def _plain_text(part: Message) -> str:
    text = _decoded(part).replace("\r\n", "\n")
    if str(part.get_param("format", "")).lower() != "flowed":
        return text
    return unflowed(text, delete_space=str(part.get_param("delsp", "")).lower() == "yes")


def _decoded(part: Message) -> str:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    named = (part.get_content_charset() or "").strip("'\"")
    unsure = named in ("", "us-ascii", "ascii", "unknown-8bit")
    for charset in ("utf-8" if unsure else MISNAMED.get(named, named), "utf-8", "cp1252"):
        try:
            return payload.decode(charset)
        except (LookupError, ValueError):
            continue
    return payload.decode("utf-8", "replace")


def _received(message: Message) -> datetime | None:
    stamps = message.get_all("Received", [])[:1] + message.get_all("Date", [])[:1]
    for stamp in stamps:
        try:
            moment = parsedate_to_datetime(str(stamp).rpartition(";")[2].strip())
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return None


def _repeats(link: re.Match[str]) -> bool:
    """Tell whether a link is the address before it once more, as Outlook writes it."""
    address = SCHEME.sub("", link[1].casefold()).rstrip("/")
    before = link.string[max(0, link.start() - len(link[1]) - 1) : link.start()].casefold().rstrip("/")
    return before.endswith(address)


class _HtmlText(HTMLParser):
    """Writes down what a browser would show."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[str] = []
        self._line = ""
        self._silent = self._kept = self._quoted = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if BLOCKS.fullmatch(tag):
            self._end_line()
        self._count(tag, 1)
        if tag == "br":
            self._end_line(blank=True)
        elif tag in ("td", "th"):
            self._line += " "

    def handle_endtag(self, tag: str) -> None:
        if BLOCKS.fullmatch(tag):
            self._end_line()
        self._count(tag, -1)

    def handle_data(self, data: str) -> None:
        if self._silent:
            return
        if self._kept:
            first, *others = data.split("\n")
            self._line += first
            for other in others:
                self._end_line(blank=True)
                self._line = other
            return
        said = re.sub(r"[ \t\r\n\f]+", " ", data)
        self._line += said.lstrip(" ") if self._line.endswith(" ") or not self._line else said

    def text(self) -> str:
        self._end_line()
        return "\n".join(self._lines)

    def _count(self, tag: str, step: int) -> None:
        self._silent = max(0, self._silent + step * (tag in SILENT))
        self._kept = max(0, self._kept + step * (tag == "pre"))
        self._quoted = max(0, self._quoted + step * (tag == "blockquote"))

    def _end_line(self, *, blank: bool = False) -> None:
        if self._line.strip(" ") or blank:
            self._lines.append("> " * self._quoted + self._line.rstrip(" "))
        self._line = ""
