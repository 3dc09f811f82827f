"""What pages show of events: the page of all of them, the facts of each, the next one on the home page."""

from __future__ import annotations

import datetime as dt
import posixpath
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from mkdocs.utils import get_relative_url

from bacheca.portal.content.closings import closing
from bacheca.portal.content.events import Event, events_of, folder_of, next_event
from bacheca.portal.content.pages import Page, page_url
from bacheca.portal.generated.icalendar import calendar_of_all
from bacheca.portal.generated.page_templates import environment
from bacheca.portal.messages import SAYINGS, say
from bacheca.portal.settings import Language

EMPTY: Mapping[str, dt.datetime] = MappingProxyType({})


def events_page(language: Language, pages: Iterable[Page]) -> list[Page]:
    """Give the page of all events, without its text: that depends on the day.

    Args:
        language: the language.
        pages: every page that editors wrote in it, sound.

    Returns:
        One page, beside the first event; none without events, or where an editor wrote it.
    """
    pages = list(pages)
    events = events_of(pages)
    if not events:
        return []
    path = f"{folder_of(events)}/index.md"
    if any(page.url == page_url(path, {}, language) for page in pages):
        return []
    title = say(SAYINGS["events"], language.code)
    meta = {
        "title": title,
        "description": say(SAYINGS["events_description"], language.code),
        "translation": "events",
        "events": True,
        "hide": ["toc"],
        "search": {"exclude": True},
    }
    return [Page(language.code, path, meta, "", page_url(path, meta, language))]


def events_text(page: Page, events: list[Event], now: dt.datetime) -> str:
    """Write the page of all events as it is at a moment, in Markdown."""
    coming = [event for event in events if event.ends >= now]
    first = next_event(coming, now)
    later = [event for event in coming if event is not first]
    folder = posixpath.dirname(page.path)
    return (
        environment(page.language)
        .get_template("events.md")
        .render(
            title=page.meta["title"],
            first=first,
            later=later,
            past=[event for event in reversed(events) if event.ends < now],
            calendar=get_relative_url(calendar_of_all(events), page.url),
            to=lambda target: posixpath.relpath(target, folder),
        )
    )


def facts(
    event: Event, language: Language, now: dt.datetime, folder: str, closings: Mapping[str, dt.datetime] = EMPTY
) -> dict[str, Any]:
    """Give what an event's page shows of it.

    Args:
        event: the event.
        language: its language.
        folder: the folder of the page of all events.
        now: the moment that tells whether it is over.
        closings: when the forms of which page close, as `closings_of` gives it.
    """
    state = "event_off" if event.cancelled else "event_over" if event.ends < now else ""
    return {
        "leaf": event.leaf(language.code),
        "when": event.when(language.code),
        "start": event.starts.isoformat(),
        "end": event.ends.isoformat(),
        "over": say(SAYINGS["event_over"], language.code),
        "where": event.where(language.code),
        "address": event.address,
        "online": event.online,
        "signup": event.signup,
        "signup_closing": closing(event.signup, closings, now),
        "signup_closed": say(SAYINGS["event_signup_closed"], language.code),
        "calendar": event.calendar,
        "all": f"{folder}/",
        "state": say(SAYINGS[state], language.code) if state else "",
    }


def signup_facts(event: Event, language: Language, now: dt.datetime) -> dict[str, Any]:
    """Give what the page of a form shows of the event that people sign up for there; the arguments are `facts`'s."""
    state = "event_off" if event.cancelled else "event_over" if event.ends < now else ""
    return {
        "title": event.title,
        "url": event.page.url,
        "leaf": event.leaf(language.code),
        "when": event.when(language.code),
        "start": event.starts.isoformat(),
        "end": event.ends.isoformat(),
        "where": event.where(language.code),
        "calendar": event.calendar,
        "over": say(SAYINGS["event_over"], language.code),
        "state": say(SAYINGS[state], language.code) if state else "",
    }


def aside(
    event: Event, language: Language, now: dt.datetime, closings: Mapping[str, dt.datetime] = EMPTY
) -> dict[str, Any]:
    """Give what the home page says of the next event, until it is over; the arguments are those of `facts`."""
    links = [{"label": say(SAYINGS["event_details"], language.code), "href": event.page.url}]
    ends = closing(event.signup, closings, now)
    if event.signup and not (ends and ends["over"]):
        link = {"label": say(SAYINGS["event_signup"], language.code), "href": event.signup}
        links.append(link | ({"until": ends["at"]} if ends else {}))
    return {
        "until": event.ends.isoformat(),
        "start": event.starts.isoformat(),
        "eyebrow": say(SAYINGS["events_next"], language.code),
        "title": event.title,
        "text": f"{event.when(language.code)} · {event.where(language.code)}",
        "links": links,
    }
