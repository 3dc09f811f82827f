"""The index of the portal's search: what can be found, what each is, and the words that lead to it.

It is made of the index that the engine leaves, of what the portal knows of its pages, and of the community's own words.
It is a script: a page that is opened as a file may not fetch anything, but may run what stands beside it.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from bacheca.portal.rendering.plain_texts import PLAIN, plain_text

ENGINE_INDEXES = ("search/search_index.json", "search.json")
"""The engine's own, of which ours is made: MkDocs', and Zensical's."""

INDEX = "search/search_index.js"

QUESTION_MARKS = ("?", "？", "؟", ";")
"""How a heading ends that asks something; the last is the Greek one."""

BEFORE, AFTER = "searchIndex(JSON.parse('", "'));\n"


@dataclass(frozen=True)
class Known:
    """What the portal knows of what can be found, by the address of each under its language's root.

    Args:
        language: the code of the language.
        kinds: what a page is, where it is more than a page: `article`, `event`, `form`.
        descriptions: what pages say of themselves, and the definitions of terms.
        also: other words for a place: aliases and forms of terms, and the community's own.
        terms: the addresses of the glossary's entries.
        questions: the addresses of pages of which every section is a question.
        drawing: what is shown where nothing is found, as SVG.
    """

    language: str
    kinds: Mapping[str, str] = field(default_factory=dict)
    descriptions: Mapping[str, str] = field(default_factory=dict)
    also: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    terms: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    drawing: str = ""


def search_index(engine: bytes, known: Known, plain: bytes = b"") -> bytes:
    """Give the index.

    Args:
        engine: the one that the engine left.
        known: what the portal knows besides.
        plain: the texts of its entries without their HTML, where a build has kept them: of each a list as `PLAIN` says.
    """
    read = json.loads(engine)
    docs = deque(read["docs"] if "docs" in read else read["items"])
    read.clear()
    texts = deque(json.loads(plain) if plain else ())
    # One entry at a time, let go of as soon as it is written: the texts of ten thousand pages are held once.
    written = b",".join(_script_text(_json(entry)) for entry in _entries(_emptied(docs, texts), known))
    drawing = _json(known.drawing)
    head = _script_text(f'{{"language":{_json(known.language)},"drawing":{drawing},"entries":[')
    return b"".join((BEFORE.encode(), head, written, b"]}", AFTER.encode()))


def _emptied(docs: deque[dict[str, Any]], texts: deque[list[str]]) -> Iterator[tuple[dict[str, Any], list[str]]]:
    while docs:
        doc = docs.popleft()
        yield doc, texts.popleft() if texts else [plain_text(doc[part]) for part in PLAIN]


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _script_text(data: str) -> bytes:
    """Write JSON into the quotes of a script: browsers read it twice as fast as the same as script."""
    escaped = data.replace("\\", "\\\\").replace("'", "\\'").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return escaped.encode()


def entries_of(index: str) -> list[dict[str, Any]]:
    """Read the entries of an index.

    Raises:
        ValueError: it is none.
    """
    if not (index.startswith(BEFORE) and index.endswith(AFTER)):
        raise ValueError("no index of the search")
    data = index.removeprefix(BEFORE).removesuffix(AFTER).replace("\\'", "'").replace("\\\\", "\\")
    entries: list[dict[str, Any]] = json.loads(data)["entries"]
    return entries


def _entries(docs: Iterable[tuple[Mapping[str, Any], list[str]]], known: Known) -> Iterator[dict[str, Any]]:
    terms = frozenset(known.terms)
    titles: dict[str, str] = {}
    for doc, (plain_title, plain_body) in docs:
        location: str = doc["location"]
        page, is_section, _ = location.partition("#")
        if not is_section:
            titles[page] = doc["title"]
        elif not doc["text"] and titles.get(page) == doc["title"]:  # the page's own title again, as in a figure
            continue
        kind = _kind(location, str(doc["title"]), known, terms)
        entry = {
            "location": location,
            "title": plain_title,
            "kind": kind,
            "also": list(known.also.get(location, ())),
            "description": known.descriptions.get(location, ""),
            "labels": [] if "#" in location else [plain_text(tag) for tag in doc.get("tags") or ()],
            "text": plain_body,
        }
        yield {key: value for key, value in entry.items() if value or key == "location"}


def _kind(location: str, title: str, known: Known, terms: frozenset[str]) -> str:
    """Tell what a place is: its page's kind, or of a section whether it is a term or a question."""
    page, is_section, _ = location.partition("#")
    if not is_section:
        return known.kinds.get(page, "page")
    if location in terms:
        return "term"
    return "question" if page in known.questions or title.rstrip().endswith(QUESTION_MARKS) else "section"
