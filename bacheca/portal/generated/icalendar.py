"""Events as calendar files, one for each and one for all; and one for each form that opens on a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from bacheca.forms.calendar_file import calendar_file, entry_of
from bacheca.portal.content.events import Event, folder_of, told
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
    return calendar_file(
        [entry_of(told(event, language)) for event in events],
        maker=language.community["name"],
        language=language.code,
        name=str(language.config["site_name"]),
        made_at=now,
    )
