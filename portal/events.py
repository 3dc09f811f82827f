"""Events: pages whose front matter says when they start."""

from __future__ import annotations

import datetime as dt
import posixpath
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from babel.dates import format_date

from forms.errors import Problem
from portal.pages import Page
from portal.sentences import SAYINGS, say

ZONE = ZoneInfo("Europe/Rome")
MOMENT = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d)?")


@dataclass(frozen=True)
class Event:
    """An event.

    Args:
        page: its page.
        title: its title.
        description: its description.
        starts: when it starts, in Italy's time.
        ends: when it ends.
        place: the name of the place; empty for an event that is only online.
        address: the place's address.
        online: where it is followed online; empty where it is not.
        signup: the address of the page with its form, under the language's root; empty where there is none.
        cancelled: whether it will not take place.
    """

    page: Page
    title: str
    description: str
    starts: dt.datetime
    ends: dt.datetime
    place: str
    address: str
    online: str
    signup: str
    cancelled: bool

    @property
    def calendar(self) -> str:
        """The address of its calendar file, under the language's root."""
        return f"{self.page.url}{posixpath.basename(self.page.url.rstrip('/'))}.ics"

    def when(self, language: str) -> str:
        """Write its day and its hours out."""
        first, last = (format_date(moment.date(), "full", locale=language) for moment in (self.starts, self.ends))
        if first == last:
            return say(
                SAYINGS["event_day"], language, day=first, start=f"{self.starts:%H:%M}", end=f"{self.ends:%H:%M}"
            )
        values = {"start": f"{self.starts:%H:%M}", "last": last, "end": f"{self.ends:%H:%M}"}
        return say(SAYINGS["event_days"], language, day=first, **values)

    def where(self, language: str) -> str:
        """Write its place out."""
        online = say(SAYINGS["event_online"], language) if self.online else ""
        return " · ".join(part for part in (self.place, online) if part)


def is_event(page: Page) -> bool:
    """Whether a page is an event."""
    return "starts" in page.meta


def events_of(pages: Iterable[Page]) -> list[Event]:
    """Give the events among pages whose front matter is sound, the first to come first; drafts are left out."""
    events = [_event(page) for page in pages if is_event(page) and not page.meta.get("draft")]
    return sorted(events, key=lambda event: (event.starts, event.page.path))


def next_event(events: Iterable[Event], now: dt.datetime) -> Event | None:
    """Give the first event that is not over and not cancelled."""
    return next((event for event in events if event.ends >= now and not event.cancelled), None)


def _event(page: Page) -> Event:
    meta = page.meta
    return Event(
        page,
        meta["title"],
        meta["description"],
        moment_of(meta["starts"]),
        moment_of(meta["ends"]),
        meta.get("place") or "",
        meta.get("address") or "",
        meta.get("online") or "",
        meta.get("signup") or "",
        bool(meta.get("cancelled")),
    )


def moment_of(value: Any) -> dt.datetime:
    """Read a moment of the front matter, in Italy's time.

    Raises:
        ValueError: it is no moment.
    """
    if isinstance(value, dt.datetime):
        return value.replace(tzinfo=ZONE)
    if isinstance(value, str) and MOMENT.fullmatch(value):
        return dt.datetime.fromisoformat(value).replace(tzinfo=ZONE)
    raise ValueError(value)


def _is_moment(value: Any) -> bool:
    try:
        return bool(moment_of(value))
    except ValueError:
        return False


def _is_web(value: Any) -> bool:
    return isinstance(value, str) and urlsplit(value).scheme in ("http", "https") and bool(urlsplit(value).netloc)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


KEYS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "starts": (_is_moment, 'starts: "2027-03-12 18:00"'),
    "ends": (_is_moment, 'ends: "2027-03-12 20:00"'),
    "place": (_is_text, "place: Biblioteca civica"),
    "address": (_is_text, "address: Via Roma 1, Biella"),
    "online": (_is_web, "online: https://video.example.org/stanza"),
    "signup": (_is_text, "signup: partecipa/incontro/"),
    "cancelled": (lambda value: isinstance(value, bool), "cancelled: true"),
}
"""The keys of an event: what makes a value good, and an example of one."""


def check_event(page: Page) -> Iterator[Problem]:
    """Give what is wrong with an event's front matter."""
    if not is_event(page):
        return
    wrong = set()
    for key, (is_good, example) in KEYS.items():
        value = page.meta.get(key)
        missing = value in (None, "")
        if missing and key in ("starts", "ends"):
            wrong.add(key)
            yield page.problem("KEY_MISSING", key, key=key, example=example)
        elif not missing and not is_good(value):
            wrong.add(key)
            yield page.problem("KEY_INVALID", key, key=key, value=value, example=example)
    if not wrong & {"starts", "ends"} and moment_of(page.meta["ends"]) < moment_of(page.meta["starts"]):
        yield page.problem("KEY_INVALID", "ends", key="ends", value=page.meta["ends"], example=KEYS["ends"][1])
    if not page.meta.get("place") and not page.meta.get("online"):
        yield page.problem("KEY_MISSING", "starts", key="place", example=KEYS["place"][1])
