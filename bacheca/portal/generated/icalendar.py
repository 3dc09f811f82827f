"""Events as calendar files, one for each and one for all.

Specification: RFC 5545.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import icalendar

from bacheca.portal.content.events import Event, folder_of
from bacheca.portal.settings import Language


def calendars(language: Language, events: Iterable[Event], now: dt.datetime) -> dict[str, bytes]:
    """Give the calendar of every event and, in their folder, the one of all of them, by their paths.

    Args:
        language: their language.
        events: the events.
        now: when the files are made.
    """
    events = list(events)
    made = {event.calendar: calendar(language, [event], now) for event in events}
    return made | {calendar_of_all(events): calendar(language, events, now)} if events else made


def calendar_of_all(events: Iterable[Event]) -> str:
    """Give the address of the calendar of all events, under the language's root."""
    name = folder_of(events)
    return f"{name}/{name}.ics"


def calendar(language: Language, events: Iterable[Event], now: dt.datetime) -> bytes:
    """Give events as a calendar file; moments are in UTC, which every calendar shows in its own time."""
    made = icalendar.Calendar()
    made.add("prodid", f"-//{language.community['name']}//Bacheca//{language.code.upper()}")
    made.add("version", "2.0")
    made.add("name", str(language.config["site_name"]))
    for event in events:
        entry = icalendar.Event()
        url = language.url + event.page.url
        entry.add("uid", url)
        entry.add("dtstamp", now.astimezone(dt.UTC))
        for name, moment in (("dtstart", event.starts), ("dtend", event.ends)):
            entry.add(name, moment.date() if event.all_day else moment.astimezone(dt.UTC))
        entry.add("summary", event.title)
        entry.add("description", "\n".join(part for part in (event.description, event.online, url) if part))
        entry.add("location", ", ".join(part for part in (event.place, event.address) if part) or event.online)
        entry.add("url", url)
        entry.add("status", "CANCELLED" if event.cancelled else "CONFIRMED")
        made.add_component(entry)
    return bytes(made.to_ical())
