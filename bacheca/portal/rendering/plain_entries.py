"""The entries of an engine's index without their HTML: they are made once, when the page is, and kept with it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from selectolax.lexbor import LexborHTMLParser

PLAIN_ENTRIES = "plain_entries.jsonl"
"""The file that may stand beside an engine's index: a line for each page, with a list of its entries."""


class PlainEntry(NamedTuple):
    """Something that can be found.

    Args:
        location: its address under the language's root.
        title: its title.
        text: its text.
        labels: the labels of its page.
    """

    location: str
    title: str
    text: str
    labels: list[str]


def plain_entry(entry: Mapping[str, Any]) -> PlainEntry:
    """Make one of an entry of an engine's index."""
    labels = [plain_text(label) for label in entry.get("tags") or ()]
    return PlainEntry(entry["location"], plain_text(entry["title"]), plain_text(entry["text"]), labels)


def kept_entries(file: Path) -> Iterator[PlainEntry]:
    """Read the entries that stand beside an engine's index, those of one page after the other."""
    with file.open("rb") as lines:
        for line in lines:
            yield from (PlainEntry(*entry) for entry in json.loads(line))


def engine_entries(index: bytes) -> Iterator[PlainEntry]:
    """Read those of an engine's index: MkDocs', or Zensical's."""
    read = json.loads(index)
    yield from map(plain_entry, read["docs"] if "docs" in read else read["items"])


def plain_text(html: str) -> str:
    """Give the text of what the engine left in HTML."""
    if "<" not in html and "&" not in html:
        return " ".join(html.split())
    body = LexborHTMLParser(html).body
    return " ".join(body.text(separator=" ").split()) if body else ""
