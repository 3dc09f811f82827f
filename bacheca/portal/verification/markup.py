"""Whether a page is well-formed: read as the standard says, with nothing that a browser has to put right.

`turbohtml` reads a page as browsers do and says where each tag stands, in a hundredth of the time of those written
in Python. Specification: https://html.spec.whatwg.org/multipage/parsing.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import turbohtml
from turbohtml import Doctype, Document, Element, Namespace, TokenType

from bacheca.portal.verification.fault import Fault, lacks, unfit, unreadable

UNCLOSED = frozenset(
    (
        *("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"),
        *("html", "head", "body", "li", "dt", "dd", "p", "rt", "rp", "optgroup", "option"),
        *("colgroup", "caption", "thead", "tbody", "tfoot", "tr", "td", "th"),
    )
)
"""Elements that have no end tag, or whose end tag may be left out."""

LINKED_DATA = "application/ld+json"
SCHEMA = ("https://schema.org", "https://schema.org/")


def faults_of_page(text: str) -> Iterator[Fault]:
    """Give what is wrong with a page.

    Args:
        text: its HTML.
    """
    page = turbohtml.parse(text, source_locations=True)
    if not any(isinstance(child, Doctype) for child in page.children):
        yield Fault("HTML_ERROR", values={"error": "missing-doctype"})
    for error in page.errors:
        yield Fault("HTML_ERROR", error.line, {"error": error.code})
    yield from _faults_of_tags(page, text)
    for script in page.find_all("script"):
        if script.attrs.get("type") == LINKED_DATA:
            yield from faults_of_data(script.text)


def _faults_of_tags(page: Document, text: str) -> Iterator[Fault]:
    """Look whether every element ends where its end tag stands, and stands where it was written."""
    closing: set[tuple[int, int]] = set()
    reached = 0
    for element in page.iter_elements():
        location = element.source_location
        if location is None:  # nobody wrote it
            continue
        start, end = location.start_tag, location.end_tag
        if end:
            closing.add((end.start_line, end.start_col))
        elif element.tag not in UNCLOSED and not _closes_itself(element, text[: start.end_offset]):
            yield Fault("HTML_OPEN", start.start_line, {"tag": element.tag})
        if start.start_offset < reached:
            yield Fault("HTML_MOVED", start.start_line, {"tag": element.tag})
        reached = start.start_offset
    for token in turbohtml.tokenize(text):
        if token.type is TokenType.END_TAG and (token.line, token.col) not in closing:
            yield Fault("HTML_CLOSE", token.line, {"tag": token.tag})


def _closes_itself(element: Element, written: str) -> bool:
    return element.namespace is not Namespace.HTML and written.endswith("/>")


def faults_of_data(text: str) -> Iterator[Fault]:
    """Give what is wrong with linked data in the words of schema.org.

    Specification: https://www.w3.org/TR/json-ld11/
    """
    try:
        data = json.loads(text)
    except ValueError as error:
        yield unreadable(f"JSON-LD: {error}")
        return
    for thing in data if isinstance(data, list) else [data]:
        if not isinstance(thing, dict):
            yield unfit("JSON-LD", "object", thing)
            continue
        if thing.get("@context") not in SCHEMA:
            yield unfit("JSON-LD", "@context", thing.get("@context"))
        if not thing.get("@type") and not thing.get("@graph"):
            yield lacks("JSON-LD", "@type")
