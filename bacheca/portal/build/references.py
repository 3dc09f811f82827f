"""What a file of the built site refers to, and the names in it that others can refer to."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin
from xml.etree.ElementTree import ParseError

import tinycss2
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from selectolax.lexbor import LexborHTMLParser

HREFS = frozenset(("href", "src", "xlink:href", "poster", "formaction", "cite", "background"))
"""Attributes that hold an address in whatever element."""

ONLY_OF = {"action": "form", "data": "object"}
"""Attributes that hold one in a single element."""

SETS = frozenset(("srcset", "imagesrcset"))
LINKED_DATA = frozenset(("@id", "url", "image", "logo", "contentUrl", "thumbnailUrl", "item", "mainEntityOfPage"))
MANIFEST = frozenset(("id", "start_url", "scope", "src", "url", "action"))
CALENDAR = frozenset(("URL", "ATTACH", "IMAGE", "CONFERENCE", "SOURCE"))
WEB = ("http://", "https://")


@dataclass(frozen=True)
class References:
    """What a file refers to.

    Args:
        addresses: each address once, as it is written.
        names: the names that an address of this file can end with, after `#`.
    """

    addresses: tuple[str, ...]
    names: frozenset[str] = frozenset()


def references_of(path: str, text: str) -> References:
    """Read what a file refers to.

    Args:
        path: its path, whose ending says what it is; of a file that refers to nothing by itself, nothing is read.
        text: what it holds.

    Raises:
        ValueError: it is not what its ending says.
    """
    ending = path.rpartition(".")[2]
    if ending in ("html", "svg"):
        return _of_page(text)
    read = READERS.get(path.rpartition("/")[2]) or READERS.get(ending)
    return References(_once(read(text)) if read else ())


def _of_page(text: str) -> References:
    found: list[str] = []
    names: set[str] = set()
    base = ""
    root = LexborHTMLParser(text).root
    for node in root.traverse() if root else ():
        tag, attributes = node.tag, node.attributes
        if tag == "base":
            base = base or attributes.get("href") or ""
            continue
        for key, given in attributes.items():
            value = (given or "").strip()
            if key == "id" or (key == "name" and tag == "a"):
                names.add(given or "")
            elif given is None:
                continue
            elif key in HREFS or ONLY_OF.get(key) == tag:
                found.append(value)
            elif key in SETS:
                found += _candidates(value)
            elif key == "style" and "(" in value:
                found += _of_style(value)
            elif key == "content" and tag == "meta":
                found += _of_meta(attributes, value)
        if tag == "style":
            found += _of_style(node.text())
        elif tag == "script" and attributes.get("type") == "application/ld+json":
            found += _of_data(node.text())
        elif tag == "script" and attributes.get("id") == "__config":
            found += _of_search(json.loads(node.text()).get("search") or "")
    return References(_once(urljoin(base, address) if base else address for address in found), frozenset(names))


def _candidates(written: str) -> Iterator[str]:
    """Take the addresses out of a `srcset`, as HTML tells them from their widths."""
    rest = written.lstrip(", \t\r\n")
    while rest:
        address, *after = rest.split(None, 1)
        rest = after[0] if after else ""
        if not address.endswith(","):
            rest = rest.partition(",")[2]
        yield address.rstrip(",")
        rest = rest.lstrip(", \t\r\n")


def _of_meta(attributes: Mapping[str, str | None], content: str) -> Iterator[str]:
    if (attributes.get("http-equiv") or "").lower() == "refresh":
        seconds, _, address = content.partition("url=" if "url=" in content else "URL=")
        if seconds != content:
            yield address.strip("'\" ")
    elif content.startswith(WEB):
        yield content


def _of_search(written: str) -> Iterator[str]:
    """Give the search's worker, and the worker that it is to load, which stands behind a question mark."""
    worker, _, loaded = written.partition("?")
    yield worker
    if loaded:
        yield posixpath.join(posixpath.dirname(worker), loaded)


def _of_style(text: str) -> Iterator[str]:
    return _in_tokens(tinycss2.parse_component_value_list(text, skip_comments=True))


def _in_tokens(tokens: Iterable[Any]) -> Iterator[str]:
    imported = False
    for token in tokens:
        if token.type == "url" or (token.type == "string" and imported):
            yield token.value
        elif token.type == "function":
            strings = token.lower_name in ("url", "src", "image-set", "-webkit-image-set")
            yield from (inner.value for inner in token.arguments if strings and inner.type == "string")
            yield from _in_tokens(token.arguments)
        elif token.type in ("{} block", "() block", "[] block"):
            yield from _in_tokens(token.content)
        if token.type != "whitespace":
            imported = token.type == "at-keyword" and token.lower_value == "import"


def _of_data(text: str) -> Iterator[str]:
    return (value for value in _strings(json.loads(text), LINKED_DATA) if not value.startswith("_:"))


def _of_metadata(text: str) -> Iterator[str]:
    """Give what the service is told of the portal: its shells, its homes, the pages of its forms."""
    told = json.loads(text)
    for places in (*told["languages"].values(), *told["forms"].values()):
        yield from places.values()


def _of_index(text: str) -> Iterator[str]:
    """Give where the search leads; the index stands in a folder of its own."""
    return (f"../{entry['location']}" for entry in json.loads(text)["docs"])


def _strings(data: Any, keys: frozenset[str], key: str = "") -> Iterator[str]:
    """Give the texts under some keys, and every other text that is an address of the web."""
    if isinstance(data, dict):
        for inner, value in data.items():
            yield from _strings(value, keys, inner)
    elif isinstance(data, list):
        for value in data:
            yield from _strings(value, keys, key)
    elif isinstance(data, str) and (key in keys or data.startswith(WEB)):
        yield data


def _of_xml(text: str) -> Iterator[str]:
    try:
        root = fromstring(text.encode())
    except (ParseError, DefusedXmlException) as error:
        raise ValueError(str(error)) from None
    for element in root.iter():
        written = (element.text or "").strip()
        if written.startswith(WEB) and not any(map(str.isspace, written)):
            yield written
        yield from (element.attrib[key] for key in ("href", "url", "src") if key in element.attrib)


def _of_calendar(text: str) -> Iterator[str]:
    for line in text.replace("\r\n", "\n").replace("\n ", "").replace("\n\t", "").split("\n"):
        head, _, value = line.partition(":")
        if head.partition(";")[0] in CALENDAR and value.startswith(WEB):
            yield value


def _of_robots(text: str) -> Iterator[str]:
    for line in text.splitlines():
        name, _, value = line.partition(":")
        if name.lower() == "sitemap":
            yield value.strip()


READERS: Mapping[str, Callable[[str], Iterable[str]]] = {
    "css": _of_style,
    "json": lambda text: _strings(json.loads(text), frozenset()),
    "webmanifest": lambda text: _strings(json.loads(text), MANIFEST),
    "xml": _of_xml,
    "ics": _of_calendar,
    "bacheca.json": _of_metadata,
    "search_index.json": _of_index,
    "robots.txt": _of_robots,
}
"""What reads each kind of file, by its name or its ending; pages and drawings have names too, and their own reader."""


def _once(addresses: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(addresses))
