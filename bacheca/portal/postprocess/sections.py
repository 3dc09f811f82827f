"""The sections of a rendered page: each heading of the second level with what stands under it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

HEADING = re.compile(r"<h2\b([^>]*)>(.*?)</h2>", re.DOTALL)
ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
PERMALINK = re.compile(r'<a class="headerlink".*?</a>', re.DOTALL)
TAG = re.compile(r"<[^>]+>")
BLANKS = re.compile(r"\s+")
PARAGRAPH = re.compile(r"<p>(.*?)</p>", re.DOTALL)
END = re.compile(r'<p class="page-edit"|<nav\b|</article>|</main>')


@dataclass(frozen=True)
class Section:
    """A section of a page.

    Args:
        name: the heading's `id`.
        title: its text.
        attributes: what its tag says, entities resolved.
        body: the HTML under it.
        start: where its heading begins in the page.
        end: where its body ends.
    """

    name: str
    title: str
    attributes: Mapping[str, str]
    body: str
    start: int
    end: int

    @property
    def paragraphs(self) -> list[str]:
        """The text of its plain paragraphs."""
        return [plain(text) for text in PARAGRAPH.findall(self.body)]


def sections(page: str) -> Iterator[Section]:
    """Give the sections of a page's HTML, in their order; headings without an `id` are passed over."""
    headings = list(HEADING.finditer(page))
    until = END.search(page, headings[-1].end()) if headings else None
    ends = [*(heading.start() for heading in headings[1:]), until.start() if until else len(page)]
    for heading, end in zip(headings, ends, strict=False):
        attributes = {name: html.unescape(value) for name, value in ATTRIBUTE.findall(heading[1])}
        if "id" in attributes:
            title = plain(PERMALINK.sub("", heading[2]))
            yield Section(attributes["id"], title, attributes, page[heading.end() : end], heading.start(), end)


def plain(text: str) -> str:
    """Give the text of a piece of HTML on one line."""
    return BLANKS.sub(" ", html.unescape(TAG.sub("", text)).replace("\xa0", " ")).strip()
