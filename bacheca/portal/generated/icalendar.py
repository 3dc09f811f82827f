"""Events as calendar files, one for each and one for all; and one for each form that opens on a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from bacheca.forms import Form
from bacheca.forms.calendars.entries import entry_of, opening_of
from bacheca.forms.calendars.files import calendar_file
from bacheca.portal.content.events import Event, folder_of, told
from bacheca.portal.content.pages import Page, beside_forms
from bacheca.portal.markdown.form_block import OPENS
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


def opening_calendars(
    language: Language, pages: Iterable[Page], forms: Mapping[str, Form], now: dt.datetime
) -> dict[str, bytes]:
    """Give a calendar file for each form that opens on a day, beside the page that shows it, by their paths.

    Args:
        language: their language.
        pages: the pages that are published in it.
        forms: the forms, by name.
        now: when the files are made.
    """
    made = {}
    for name, (page, place) in beside_forms(pages).items():
        if name in forms and forms[name].opens:
            entry = opening_of(forms[name], language.code, language.url + page.url)
            maker = language.community["name"]
            made[place + OPENS] = calendar_file(
                [entry], maker=maker, language=language.code, name=entry.title, made_at=now
            )
    return made


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
