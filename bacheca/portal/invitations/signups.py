"""Which event people sign up for with a form, and which page it leads them on to."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping

from bacheca.forms import Form
from bacheca.forms.published import Onward
from bacheca.portal.content.events import Event, events_of
from bacheca.portal.content.pages import Page, forms_in
from bacheca.portal.settings import Language


def events_by_form(pages: Iterable[Page], now: dt.datetime) -> dict[str, list[Event]]:
    """Give the events that people sign up for with a form, by the form's name.

    An event is a form's where it stands in the event's own page, or in the one that its `signup` leads to. What is
    over counts only where nothing is to come: the same form may serve each year.

    Args:
        pages: the pages of a language, sound.
        now: the moment that tells what is over.
    """
    pages = list(pages)
    by_url = {page.url: page for page in pages}
    by_url |= {f"{url}index.html": page for url, page in list(by_url.items())}
    found: dict[str, list[Event]] = defaultdict(list)
    for event in events_of(pages):
        there = by_url.get(event.signup.partition("#")[0]) if event.signup else None
        for name in dict.fromkeys((*forms_in(event.page), *(forms_in(there) if there else ()))):
            found[name].append(event)
    return {name: _current(events, now) for name, events in found.items()}


def _current(events: list[Event], now: dt.datetime) -> list[Event]:
    coming = [event for event in events if event.ends > now]
    return coming or events[-1:]


def event_of_form(pages: Iterable[Page], now: dt.datetime) -> dict[str, Event]:
    """Give the one event of each form; nothing of a form with several: nobody knows which of them is meant."""
    return {name: events[0] for name, events in events_by_form(pages, now).items() if len(events) == 1}


def onward_of(language: Language, pages: Iterable[Page], forms: Mapping[str, Form]) -> dict[str, Onward]:
    """Give the page that each form leads on to once it was sent, where it names one.

    Args:
        language: the language of the pages.
        pages: the pages that are published in it.
        forms: the forms, by name.
    """
    by_url = {page.url: page for page in pages}
    found = {}
    for name, form in forms.items():
        address, mark, anchor = form.wording(language.code).after_page.partition("#")
        if address and (page := by_url.get(address)):
            place = page.url + mark + anchor
            found[name] = Onward(str(page.meta["title"]), language.path + place, language.url + place)
    return found
