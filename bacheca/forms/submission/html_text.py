"""HTML as the text that a reader sees."""

from __future__ import annotations

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from bacheca.forms import limits

BLOCKS = re.compile(
    "address|article|blockquote|body|center|d[dlt]|div|footer|form|h[1-6]|header|hr|li|main|[ou]l|p|pre|section|table|tr"
)
SILENT = frozenset(("script", "style", "template", "title"))
QUOTED = 20
"""How many marks of quoting are written: in what is quoted more often nobody looks for an answer."""

TAG = re.compile(r"<[a-zA-Z][^\s/>]*+")
ATTRIBUTE = re.compile(
    r"""[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|(?!["'])[^\s>]*+))?+""",
)


def is_readable(html: str) -> bool:
    """Tell whether HTML is within the limits, so that reading it cannot take long.

    What looks like a tag may stand in a comment or in a value: there are no more tags than this counts.
    """
    if len(html) > limits.LETTER_TEXT:
        return False
    for number, tag in enumerate(TAG.finditer(html), 1):
        if number > limits.LETTER_TAGS:
            return False
        at, end = tag.end(), tag.start() + limits.LETTER_TAG
        for _ in range(limits.LETTER_ATTRIBUTES):
            attribute = ATTRIBUTE.match(html, at, end)
            if attribute is None:
                break
            at = attribute.end()
        else:
            return False
        if at >= end:
            return False
    return True


def text_of_html(html: str) -> str:
    """Give the text of HTML as a reader sees it, a line a block, with `> ` before what is quoted."""
    root = LexborHTMLParser(html.replace("\0", "")).root
    written = _Written()
    for node, is_end in _walk(root) if root else ():
        if node.is_text_node:
            written.add(node.text_content or "")
        elif is_end:
            written.end(node.tag or "")
        else:
            written.begin(node.tag or "")
    return written.text()


def _walk(root: LexborNode) -> Iterator[tuple[LexborNode, bool]]:
    """Give the nodes in the order of the page, each where it begins and, once more, where it ends."""
    node: LexborNode | None = root
    while node is not None:
        yield node, False
        inner = None if node.is_text_node or node.tag in SILENT else node.first_child
        while inner is None and node is not None:
            if not node.is_text_node:
                yield node, True
            inner, node = node.next, node.parent
        node = inner


class _Written:
    """Writes down what a browser would show."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._line: list[str] = []
        self._kept = self._quoted = 0

    def begin(self, tag: str) -> None:
        if BLOCKS.fullmatch(tag):
            self._end_line()
        self._count(tag, 1)
        if tag == "br":
            self._end_line(blank=True)
        elif tag in ("td", "th"):
            self._line.append(" ")

    def end(self, tag: str) -> None:
        if BLOCKS.fullmatch(tag):
            self._end_line()
        self._count(tag, -1)

    def add(self, text: str) -> None:
        if self._kept:
            first, *others = text.split("\n")
            self._line.append(first)
            for other in others:
                self._end_line(blank=True)
                self._line.append(other)
            return
        said = re.sub(r"[ \t\r\n\f]+", " ", text)
        said = said.lstrip(" ") if not self._line or self._line[-1].endswith(" ") else said
        if said:
            self._line.append(said)

    def text(self) -> str:
        self._end_line()
        return "\n".join(self._lines)

    def _count(self, tag: str, step: int) -> None:
        self._kept += step * (tag == "pre")
        self._quoted += step * (tag == "blockquote")

    def _end_line(self, *, blank: bool = False) -> None:
        line = "".join(self._line)
        if line.strip(" ") or blank:
            self._lines.append("> " * min(self._quoted, QUOTED) + line.rstrip(" "))
        self._line = []
