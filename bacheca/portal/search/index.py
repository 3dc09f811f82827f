"""The index of the portal's search: what can be found, what each is, and the words that lead to it.

It is made of the index that the engine leaves, of what the portal knows of its pages, and of the community's own words.
It is a script: a page that is opened as a file may not fetch anything, but may run what stands beside it.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from bacheca.portal.rendering.plain_entries import PlainEntry

ENGINE_INDEXES = ("search/search_index.json", "search.json")
"""The engine's own, of which ours is made: MkDocs', and Zensical's."""

INDEX = "search/search_index.js"

QUESTION_MARKS = ("?", "？", "؟", ";")
"""How a heading ends that asks something; the last is the Greek one."""

BEFORE, AFTER = "searchIndex(JSON.parse('", "'));\n"
ENTRIES = re.compile(r'[{,]"entries":\[')


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


def search_index(entries: Iterable[PlainEntry], known: Known) -> bytes:
    """Give the index.

    Args:
        entries: what the engine found. One at a time is held, and the index itself.
        known: what the portal knows besides.
    """
    index = io.BytesIO()
    index.write(BEFORE.encode())
    index.write(_script_text(f'{{"language":{_json(known.language)},"drawing":{_json(known.drawing)},"entries":['))
    for number, entry in enumerate(_entries(entries, known)):
        index.write(b"," * (number > 0) + _script_text(_json(entry)))
    index.write(b"]}" + AFTER.encode())
    return index.getvalue()


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _script_text(data: str) -> bytes:
    """Write JSON into the quotes of a script: browsers read it twice as fast as the same as script."""
    escaped = data.replace("\\", "\\\\").replace("'", "\\'").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return escaped.encode()


def entries_of(index: str) -> Iterator[dict[str, Any]]:
    """Read the entries of an index, one after the other.

    Raises:
        ValueError: it is none.
    """
    if not (index.startswith(BEFORE) and index.endswith(AFTER)):
        raise ValueError("no index of the search")
    data = index.removeprefix(BEFORE).removesuffix(AFTER).replace("\\'", "'").replace("\\\\", "\\")
    begin = ENTRIES.search(data)
    place = begin.end() if begin else len(data)
    decode = json.JSONDecoder().raw_decode
    while not data.startswith("]}", place):
        entry, place = decode(data, place)
        yield entry
        place += data.startswith(",", place)


def _entries(found: Iterable[PlainEntry], known: Known) -> Iterator[dict[str, Any]]:
    terms = frozenset(known.terms)
    titles: dict[str, str] = {}
    for location, title, text, labels in found:
        page, is_section, _ = location.partition("#")
        if not is_section:
            titles[page] = title
        elif not text and titles.get(page) == title:  # the page's own title again, as in a figure
            continue
        entry = {
            "location": location,
            "title": title,
            "kind": _kind(location, title, known, terms),
            "also": list(known.also.get(location, ())),
            "description": known.descriptions.get(location, ""),
            "labels": [] if is_section else labels,
            "text": text,
        }
        yield {key: value for key, value in entry.items() if value or key == "location"}


def _kind(location: str, title: str, known: Known, terms: frozenset[str]) -> str:
    """Tell what a place is: its page's kind, or of a section whether it is a term or a question."""
    page, is_section, _ = location.partition("#")
    if not is_section:
        return known.kinds.get(page, "page")
    if location in terms:
        return "term"
    return "question" if page in known.questions or title.endswith(QUESTION_MARKS) else "section"
