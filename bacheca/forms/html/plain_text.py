"""Markdown as plain text: what a mail says to those who read no HTML, without its marks and with whole addresses."""

from __future__ import annotations

from functools import lru_cache
from html.parser import HTMLParser

from bacheca.forms.html.markdown import mailed_html

BLOCKS = frozenset(("p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ul", "ol", "blockquote", "pre", "hr"))
RULE = "* * *"


@lru_cache(maxsize=64)
def mailed_text(text: str) -> str:
    """Write the Markdown of a mail as people write plain text.

    Returns:
        Its paragraphs with an empty line between them, items with `-` or their number, and of each link its words and
        its address. Whatever is no markup stays as it was written.
    """
    reader = _Reader()
    reader.feed(mailed_html(text))
    reader.close()
    return reader.said()


class _Reader(HTMLParser):
    """Reads the HTML that Markdown makes; no tag in it is anybody's own."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._blocks: list[tuple[str, bool]] = []
        self._words = ""
        self._margin: list[str] = []
        self._marks: list[str] = []
        self._numbers: list[int | None] = []
        self._links: list[tuple[int, str]] = []

    def said(self) -> str:
        """Give the text, once all of it was read."""
        self._end_block(close=False)
        text, before = "", False
        for block, close in self._blocks:
            text += ("\n" if close and before else "\n\n" if text else "") + block
            before = close
        return text

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a block, a list, or a link."""
        if tag in BLOCKS:
            self._end_block(close=bool(self._numbers) and tag != "p")
        if tag in ("ul", "ol"):
            self._numbers.append(0 if tag == "ol" else None)
        elif tag == "li":
            self._begin_item()
        elif tag == "blockquote":
            self._margin.append("> ")
        elif tag == "hr":
            self._words = RULE
            self._end_block(close=False)
        elif tag == "a":
            self._links.append((len(self._words), dict(attrs).get("href") or ""))

    def handle_endtag(self, tag: str) -> None:
        """End it."""
        if tag == "a":
            self._end_link()
        if tag in BLOCKS:
            self._end_block(close=bool(self._numbers) and tag != "p")
        if tag in ("ul", "ol"):
            self._numbers.pop()
        elif tag in ("li", "blockquote"):
            self._margin.pop()

    def handle_data(self, data: str) -> None:
        """Take on what people read."""
        self._words += data

    def _begin_item(self) -> None:
        number = self._numbers[-1]
        if number is not None:
            number = self._numbers[-1] = number + 1
        mark = "- " if number is None else f"{number}. "
        self._marks.append("".join(self._margin) + mark)
        self._margin.append(" " * len(mark))

    def _end_link(self) -> None:
        begin, where = self._links.pop()
        words, where = self._words[begin:].strip(), where.removeprefix("mailto:").removeprefix("tel:")
        if where and words != where:
            self._words = f"{self._words[:begin]}{words}: {where}" if words else self._words + where

    def _end_block(self, *, close: bool) -> None:
        """Put the words until here down as a block.

        Args:
            close: whether it stands without an empty line below the one before.
        """
        lines = self._words.strip("\n").split("\n")
        self._words = ""
        if not any(line.strip() for line in lines):
            return
        margin = "".join(self._margin)
        first = self._marks.pop() if self._marks else margin
        self._marks.clear()
        self._blocks.append(("\n".join([first + lines[0], *(margin + line for line in lines[1:])]).rstrip(), close))
