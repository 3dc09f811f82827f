"""What a file of the built site refers to, how that is changed, and the names in it that others can refer to."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import quote, unquote, urljoin, urlsplit
from xml.etree.ElementTree import ParseError

import tinycss2
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from tinycss2.serializer import serialize_string_value

from bacheca.forms.published import METADATA, site_of
from bacheca.portal.postprocess.html_tree import Node, Tree
from bacheca.portal.search.index import entries_of

HREFS = frozenset(("href", "src", "xlink:href", "poster", "formaction", "cite", "background"))
"""Attributes that hold an address in whatever element."""

ONLY_OF = {"action": "form", "data": "object"}
"""Attributes that hold one in a single element."""

SETS = frozenset(("srcset", "imagesrcset"))
LINKED_DATA = frozenset(("@id", "url", "image", "logo", "contentUrl", "thumbnailUrl", "item", "mainEntityOfPage"))
MANIFEST = frozenset(("id", "start_url", "scope", "src", "url", "action"))
CALENDAR = frozenset(("URL", "ATTACH", "IMAGE", "CONFERENCE", "SOURCE"))
WEB = ("http://", "https://")
SET_BLANKS = ", \t\r\n"
QUOTES = "'\" "

ANYWHERE = frozenset(("404.html", "shell.html"))
"""Pages that are sent for addresses at any depth: nothing in them may depend on where they are."""

SERVICE = ("/forms/", "/desk/", "/healthz", "/readyz", "/metrics")
"""Where the addresses of the service begin, under the root of the host."""

PLAIN = re.compile(r"((?:\.\./)*)((?:[A-Za-z0-9_-][A-Za-z0-9_.-]*(?:/|$))*)")
"""An address that goes up, then down, as the build writes most of them: folders are left, and the rest put behind."""

Change = Callable[[str], str]
"""Gives what to write in the place of an address."""


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
    if not text.strip():  # an empty file says nothing, whatever its ending
        return References(())
    ending = path.rpartition(".")[2]
    if ending in ("html", "svg"):
        return _of_page(text)
    read = READERS.get(path.rpartition("/")[2]) or READERS.get(ending)
    return References(_once(read(text)) if read else ())


class Target(NamedTuple):
    """Where a reference leads.

    Args:
        kind: `site`, `service`, or `nowhere` for what is no address at all.
        path: the path in the site, that on the host, or what is written.
        name: what stands behind `#`.
    """

    kind: str
    path: str
    name: str = ""


def target_of(path: str, address: str, url: str) -> Target | None:
    """Follow a reference as browsers do.

    Args:
        path: the file of the site that it stands in.
        address: what is written there.
        url: the address of the site.

    Returns:
        Where it leads; None out of the portal.
    """
    place, mark, name = address.partition("#")
    if not (place and mark and address.isprintable()):
        return _target_of(path, address, url)
    target = _target_of(path, place, url)  # many of a file lead to the same page
    if target and target.kind == "site":
        return target._replace(name=_name(name))
    return target and target._replace(path=address if target.kind == "nowhere" else target.path)


def _target_of(path: str, address: str, url: str) -> Target | None:
    """Follow an address. Of a plain one, as a site has by the thousand, nothing is parsed."""
    whole = address.startswith(url)
    plain = address[len(url) :] if whole else address
    if plain and (parts := PLAIN.fullmatch(plain)) and url.endswith("/"):
        beside = _whole_target_of("" if whole else path, "x", url)
        folders = beside.path.split("/")[:-1] if beside and beside.kind == "site" else []
        up = len(parts[1]) // len("../")
        place = "/".join((*folders[: len(folders) - up], parts[2]))
        if beside and beside.kind == "site" and up <= len(folders) and not f"/{place}".startswith(SERVICE):
            return Target("site", place)
    return _whole_target_of(path, address, url)


@lru_cache(4096)
def _whole_target_of(path: str, address: str, url: str) -> Target | None:
    try:
        parts = urlsplit(urljoin(_base(path, address, url), address))
    except ValueError:
        return Target("nowhere", address)
    whole = urlsplit(url)
    if parts.scheme not in ("http", "https") or parts.netloc != whole.netloc:
        return None
    if parts.path.startswith(SERVICE):
        return Target("service", unquote(parts.path))
    if f"{parts.path}/".startswith(whole.path):
        return Target("site", unquote(parts.path)[len(whole.path) :], _name(parts.fragment))
    return None


def _name(fragment: str) -> str:
    """Give the name that an address ends with; what browsers are to look for in the text is none."""
    return unquote(fragment.partition(":~:")[0])


def _base(path: str, address: str, url: str) -> str:
    return _base_of(path, url, is_anywhere=posixpath.basename(path) in ANYWHERE and not address.startswith("#"))


@lru_cache(16)
def _base_of(path: str, url: str, *, is_anywhere: bool) -> str:
    """Give what the addresses of a file start from: they come one after the other."""
    if is_anywhere:
        return address_of(url, posixpath.join(posixpath.dirname(path), "any/where/"))
    return address_of(url, path.removesuffix("index.html"))


def address_of(url: str, path: str) -> str:
    """Give the address of a file of the site, whatever its name has in it: `#`, `?`, `%`."""
    return urljoin(url, quote(path))


def base_of(page: Tree) -> str:
    """Give what a page's addresses start from, where it says so itself."""
    base = page.css_first("base[href]")
    return (base.attributes["href"] or "").strip() if base else ""


def change_page(page: Tree, change: Change, told: Callable[[str], object] | None = None) -> None:
    """Change what a page refers to, and nothing else of it.

    Args:
        page: the page.
        change: gives what to write for an address.
        told: is told of each address that stays as it is, whatever would be written for it: those of linked data, and
            of what a script loads by itself. They name no file whose name changes. None has `change` told of them.

    Raises:
        ValueError: linked data, or the settings of a script, are not what they should be.
    """
    told = told or change
    for node in page.root.traverse() if page.root else ():
        tag, attributes = node.tag, node.attributes
        if tag == "base":
            continue
        for key, given in attributes.items():
            value = (given or "").strip()
            if given is None:
                continue
            if key in HREFS or ONLY_OF.get(key) == tag:
                after = change(value)
            elif key in SETS:
                after = _change_set(value, change)
            elif key == "style" and "(" in value:
                after = change_style(value, change)
            elif key == "content" and tag == "meta":
                after = _change_meta(attributes, value, change)
            else:
                continue
            if after != value:
                node.attrs[key] = after
        if tag in ("style", "script"):
            _change_text(node, attributes, change, told)


def _change_text(
    node: Node, attributes: Mapping[str, str | None], change: Change, told: Callable[[str], object]
) -> None:
    text = after = node.text()
    if node.tag == "style":
        after = change_style(text, change)
    elif attributes.get("type") == "application/ld+json":
        for address in _of_data(text):
            told(address)
    elif attributes.get("id") == "__config":  # of the engine's own theme: the worker of its search
        told(json.loads(text).get("search") or "")
    if after != text and node.first_child:
        node.first_child.replace_with(after)


def _change_set(written: str, change: Change) -> str:
    """Change the addresses of a `srcset`, as HTML tells them from their widths."""
    after: list[str] = []
    rest = written.lstrip(SET_BLANKS)
    while rest:
        address, *behind = rest.split(None, 1)
        rest = behind[0] if behind else ""
        width = ""
        if not address.endswith(","):
            width, _, rest = rest.partition(",")
        new = change(address.rstrip(","))
        after.append(f"{new} {width}".strip())
        rest = rest.lstrip(SET_BLANKS)
    return ", ".join(after)


def _change_meta(attributes: Mapping[str, str | None], content: str, change: Change) -> str:
    if (attributes.get("http-equiv") or "").lower() == "refresh":
        seconds, mark, address = content.partition("url=" if "url=" in content else "URL=")
        return f"{seconds}{mark}{change(address.strip(QUOTES))}" if mark else content
    return change(content) if content.startswith(WEB) else content


def change_style(text: str, change: Change) -> str:
    """Change the addresses of a style sheet; what it says in words or remarks stays."""
    tokens = tinycss2.parse_component_value_list(text)
    return str(tinycss2.serialize(tokens)) if _change_tokens(tokens, change) else text


def _change_tokens(tokens: Iterable[Any], change: Change, *, strings: bool = False) -> bool:
    changed = imported = False
    for token in tokens:
        if token.type == "url" or (token.type == "string" and (imported or strings)):
            after = change(token.value)
            if after != token.value:
                changed = True
                written = f'"{serialize_string_value(after)}"'
                token.value, token.representation = after, f"url({written})" if token.type == "url" else written
        elif token.type == "function":
            named = token.lower_name in ("url", "src", "image-set", "-webkit-image-set")
            changed |= _change_tokens(token.arguments, change, strings=named)
        elif token.type in ("{} block", "() block", "[] block"):
            changed |= _change_tokens(token.content, change)
        if token.type not in ("whitespace", "comment"):
            imported = token.type == "at-keyword" and token.lower_value == "import"
    return changed


def _of_page(text: str) -> References:
    return follow_page(Tree(text), lambda address: address)


def follow_page(page: Tree, change: Change) -> References:
    """Change what a page refers to, and give what it refers to afterwards.

    Args:
        page: the page.
        change: gives what to write for an address.

    Raises:
        ValueError: linked data, or the settings of a script, are not what they should be.
    """
    found: list[str] = []

    def noted(address: str) -> str:
        after = change(address)
        found.append(after)
        return after

    change_page(page, noted, found.append)
    base = base_of(page)
    names = {node.attributes.get("id") or "" for node in page.css("[id]")}
    names |= {node.attributes.get("name") or "" for node in page.css("a[name]")}
    return References(_once(urljoin(base, address) if base else address for address in found), frozenset(names))


def _of_style(text: str) -> Iterable[str]:
    found: list[str] = []
    change_style(text, lambda address: found.append(address) or address)  # type: ignore[func-returns-value]
    return found


def _of_data(text: str) -> Iterator[str]:
    return (value for value in _strings(json.loads(text), LINKED_DATA) if not value.startswith("_:"))


def _of_metadata(text: str) -> Iterator[str]:
    """Give what the service is told of the portal: its shells, its homes, the pages of its forms."""
    return site_of(text).places()


def _of_index(text: str) -> Iterator[str]:
    """Give where the search leads; the index stands in a folder of its own."""
    return (f"../{entry['location']}" for entry in entries_of(text))


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
    METADATA: _of_metadata,
    "search_index.js": _of_index,
    "robots.txt": _of_robots,
}
"""What reads each kind of file, by its name or its ending; pages and drawings have names too, and their own reader."""


def _once(addresses: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(addresses))
