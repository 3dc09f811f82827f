"""Whether programs can read what a site says to them: feeds, calendars, the list of its pages.

Each kind of file is looked at for what its specification asks for, and for days that are days.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from icalendar import Calendar

from bacheca.portal.verification.fault import Fault, lacks, unfit, unreadable

ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
MOST_PAGES = 50_000
"""How many pages one list of them may name."""


def faults_of_xml(text: str) -> Iterator[Fault]:
    """Give what is wrong with a file of XML: a feed or a list of pages; of any other nothing more is asked."""
    try:
        root = fromstring(text)
    except (ParseError, DefusedXmlException, ValueError) as error:
        yield unreadable(error)
        return
    known = {"rss": _rss, f"{ATOM}feed": _atom, f"{SITEMAP}urlset": _sitemap}
    yield from known.get(root.tag, lambda _: iter(()))(root)


def _rss(root: Element) -> Iterator[Fault]:
    """Look at a feed in RSS 2.0: https://www.rssboard.org/rss-specification"""
    channel = root.find("channel")
    if channel is None:
        yield lacks("rss", "channel")
        return
    yield from _texts(channel, "channel", ("title", "link", "description"))
    items = channel.findall("item")
    for item in items:
        if not item.findtext("title") and not item.findtext("description"):
            yield lacks("item", "title")
        yield from _moments(item, "item", ("pubDate",), parsedate_to_datetime)
    yield from _once("guid", [item.findtext("guid") for item in items])


def _atom(root: Element) -> Iterator[Fault]:
    """Look at a feed in Atom: RFC 4287."""
    entries = root.findall(f"{ATOM}entry")
    for element, name in ((root, "feed"), *((entry, "entry") for entry in entries)):
        yield from _texts(element, name, ("id", "title", "updated"), ATOM)
        yield from _moments(element, name, ("updated", "published"), _moment, ATOM)
        if name == "entry" and element.find(f"{ATOM}author") is None and root.find(f"{ATOM}author") is None:
            yield lacks("entry", "author")
    yield from _once("id", [entry.findtext(f"{ATOM}id") for entry in entries])


def _sitemap(root: Element) -> Iterator[Fault]:
    """Look at a list of pages: https://www.sitemaps.org/protocol.html"""
    pages = [url.findtext(f"{SITEMAP}loc") or "" for url in root]
    if len(pages) > MOST_PAGES:
        yield unfit("urlset", "url", len(pages))
    for page in pages:
        if not page.strip().startswith(("http://", "https://")):
            yield unfit("url", "loc", page)
    yield from _once("loc", pages)


def faults_of_json(text: str) -> Iterator[Fault]:
    """Give what is wrong with a JSON Feed (https://jsonfeed.org/version/1.1); of other JSON that it is none."""
    try:
        feed = json.loads(text)
    except ValueError as error:
        yield unreadable(error)
        return
    version = feed.get("version") if isinstance(feed, dict) else None
    if not isinstance(version, str) or not version.startswith("https://jsonfeed.org/version/"):
        return
    if not feed.get("title"):
        yield lacks("feed", "title")
    items: list[Any] = feed["items"] if isinstance(feed.get("items"), list) else []
    if "items" not in feed:
        yield lacks("feed", "items")
    for item in items:
        if not item.get("id"):
            yield lacks("item", "id")
        if "content_text" not in item and "content_html" not in item:
            yield lacks("item", "content_text")
        for name in ("date_published", "date_modified"):
            if name in item:
                yield from _is_moment("item", name, str(item[name]), _moment)
    yield from _once("id", [item.get("id") for item in items])


def faults_of_calendar(text: str) -> Iterator[Fault]:
    """Give what is wrong with a calendar: RFC 5545."""
    try:
        calendar = Calendar.from_ical(text)
    except (ValueError, KeyError, IndexError) as error:
        yield unreadable(error)
        return
    yield from (lacks("VCALENDAR", name) for name in ("PRODID", "VERSION") if name not in calendar)
    events = calendar.walk("VEVENT")
    for event in events:
        yield from (lacks("VEVENT", name) for name in ("UID", "DTSTAMP", "DTSTART") if name not in event)
        yield from (unfit("VEVENT", name or "VEVENT", reason) for name, reason in event.errors)
    yield from _once("UID", [str(event.get("UID", "")) for event in events])


def _texts(element: Element, name: str, children: tuple[str, ...], space: str = "") -> Iterator[Fault]:
    yield from (lacks(name, child) for child in children if not (element.findtext(f"{space}{child}") or "").strip())


def _moments(
    element: Element, name: str, children: tuple[str, ...], read: Callable[[str], datetime], space: str = ""
) -> Iterator[Fault]:
    for child in children:
        for written in element.findall(f"{space}{child}"):
            yield from _is_moment(name, child, written.text or "", read)


def _is_moment(element: str, name: str, written: str, read: Callable[[str], datetime]) -> Iterator[Fault]:
    try:
        zone = read(written).tzinfo
    except (ValueError, TypeError):
        zone = None
    if zone is None:
        yield unfit(element, name, written)


def _moment(written: str) -> datetime:
    return datetime.fromisoformat(written)


def _once(name: str, given: Sequence[str | None]) -> Iterator[Fault]:
    """Say which of the names that tell things apart stand there more than once."""
    yield from (unfit(name, "2 ×", value) for value, count in Counter(filter(None, given)).items() if count > 1)


KINDS: Mapping[str, Callable[[str], Iterator[Fault]]] = {
    ".xml": faults_of_xml,
    ".json": faults_of_json,
    ".ics": faults_of_calendar,
}
"""What looks at the files of each ending."""
