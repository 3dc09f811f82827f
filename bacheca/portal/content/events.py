"""Events: pages whose front matter says when they start."""

from __future__ import annotations

import datetime as dt
import posixpath
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from babel.dates import format_date

from bacheca.forms import USUAL, published
from bacheca.forms.catalogues import marked as _
from bacheca.forms.errors import Problem
from bacheca.forms.local_time import HourTwice, NoSuchHour, end_of, is_before, read_day, read_moment, start_of
from bacheca.forms.locales import locale_of
from bacheca.portal.content.pages import Page
from bacheca.portal.messages import SAYINGS, as_written, say
from bacheca.portal.settings import Language


@dataclass(frozen=True)
class Event:
    """An event.

    Args:
        page: its page.
        title: its title.
        description: its description.
        starts: when it starts, as the clocks of here show it.
        ends: when it ends; of whole days, when the last one is over.
        place: the name of the place; empty for an event that is only online.
        address: the place's address.
        online: where it is followed online; empty where it is not.
        signup: the address of the page with its form, under the language's root; empty where there is none.
        cancelled: whether it will not take place.
        all_day: whether it lasts whole days.
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
    all_day: bool = False

    @property
    def calendar(self) -> str:
        """The address of its calendar file, under the language's root."""
        url = self.page.url
        if url.endswith(".html"):
            return f"{url.removesuffix('.html')}.ics"
        return f"{url}{posixpath.basename(url.rstrip('/')) or 'index'}.ics"

    @property
    def last_day(self) -> dt.date:
        """The day on which it ends."""
        return self.ends.date() - dt.timedelta(days=1) if self.all_day else self.ends.date()

    def when(self, language: str) -> str:
        """Write its day and its hours out."""
        locale = locale_of(language)
        first, last = (format_date(day, "full", locale=locale) for day in (self.starts.date(), self.last_day))
        if self.all_day:
            return first if first == last else say(SAYINGS["event_whole_days"], language, day=first, last=last)
        if first == last:
            return say(
                SAYINGS["event_day"], language, day=first, start=f"{self.starts:%H:%M}", end=f"{self.ends:%H:%M}"
            )
        values = {"start": f"{self.starts:%H:%M}", "last": last, "end": f"{self.ends:%H:%M}"}
        return say(SAYINGS["event_days"], language, day=first, **values)

    def leaf(self, language: str) -> tuple[str, str]:
        """Give the day and the month on which it begins, as a leaf of a calendar has them."""
        locale, day = locale_of(language), self.starts.date()
        return format_date(day, "d", locale=locale), format_date(day, "LLL", locale=locale).rstrip(".")

    def where(self, language: str) -> str:
        """Write its place out."""
        online = say(SAYINGS["event_online"], language) if self.online else ""
        return " · ".join(part for part in (self.place, online) if part)


def told(event: Event, language: Language) -> published.Event:
    """Give an event as the service and calendars are told of it."""
    return published.Event(
        title=event.title,
        description=event.description,
        starts=event.starts,
        ends=event.ends,
        zone=event.page.zone.key,
        all_day=event.all_day,
        when=event.when(language.code),
        where=event.where(language.code),
        place=event.place,
        address=event.address,
        online=event.online,
        page=language.path + event.page.url,
        url=language.url + event.page.url,
        cancelled=event.cancelled,
    )


def is_event(page: Page) -> bool:
    """Whether a page is an event."""
    return "starts" in page.meta


def events_of(pages: Iterable[Page]) -> list[Event]:
    """Give the events among pages whose front matter is sound, the first to come first."""
    events = [_event(page) for page in pages if is_event(page)]
    return sorted(events, key=lambda event: (event.starts.astimezone(dt.UTC), event.page.path))


def folder_of(events: Iterable[Event]) -> str:
    """Give the folder of the page of all events: that of the first event that stands in one."""
    events = list(events)
    folders = (event.page.path.partition("/")[0] for event in events if "/" in event.page.path)
    return next(folders, "") or say(SAYINGS["events_folder"], events[0].page.language)


def next_event(events: Iterable[Event], now: dt.datetime) -> Event | None:
    """Give the first event that is not over and not cancelled."""
    return next((event for event in events if event.ends >= now and not event.cancelled), None)


def _event(page: Page) -> Event:
    meta = page.meta
    return Event(
        page,
        meta["title"],
        meta["description"],
        *_times(page),
        meta.get("place") or "",
        meta.get("address") or "",
        meta.get("online") or "",
        meta.get("signup") or "",
        bool(meta.get("cancelled")),
        read_day(meta["starts"]) is not None,
    )


def _times(page: Page) -> tuple[dt.datetime, dt.datetime]:
    """Read when an event starts and ends.

    Raises:
        ValueError: one of the two is no moment, or is one where the other is a whole day.
    """
    starts, ends = page.meta["starts"], page.meta["ends"]
    first, last = read_day(starts), read_day(ends)
    if first and last:
        return start_of(first, page.zone), end_of(last, page.zone)
    return read_moment(starts, page.zone), read_moment(ends, page.zone)


def _is_moment(value: Any) -> bool:
    if read_day(value):
        return True
    try:
        return bool(read_moment(value, USUAL.zone))
    except NoSuchHour:  # said in its own words
        return True
    except ValueError:
        return False


def _is_web(value: Any) -> bool:
    return isinstance(value, str) and urlsplit(value).scheme in ("http", "https") and bool(urlsplit(value).netloc)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


KEYS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "starts": (_is_moment, 'starts: "2027-03-12 18:00"'),
    "ends": (_is_moment, 'ends: "2027-03-12 20:00"'),
    "place": (_is_text, _("place: Public library")),
    "address": (_is_text, _("address: 1 High Street, Oxford")),
    "online": (_is_web, _("online: https://video.example.org/room")),
    "signup": (_is_text, _("signup: take-part/meeting/")),
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
            yield page.problem("KEY_MISSING", key, key=key, example=as_written(example, page.language))
        elif not missing and not is_good(value):
            wrong.add(key)
            yield page.problem("KEY_INVALID", key, key=key, value=value, example=as_written(example, page.language))
    moved = list(_check_hours(page, [key for key in ("starts", "ends") if key not in wrong]))
    yield from moved
    if not moved and not wrong & {"starts", "ends"}:
        yield from _check_order(page)
    if not page.meta.get("place") and not page.meta.get("online"):
        yield page.problem("KEY_MISSING", "starts", key="place", example=as_written(KEYS["place"][1], page.language))


def _check_hours(page: Page, keys: Iterable[str]) -> Iterator[Problem]:
    """Give the moments of an event at an hour that the clocks show never, or twice."""
    for key in keys:
        try:
            if not read_day(page.meta[key]):
                read_moment(page.meta[key], page.zone)
        except NoSuchHour as error:
            code = "EVENT_HOUR_TWICE" if isinstance(error, HourTwice) else "EVENT_NO_HOUR"
            examples = [f'{key}: "{text}"' for text in error.proposed]
            values = {"example": examples[0], "other": examples[-1]}
            yield page.problem(code, key, key=key, value=page.meta[key], **values)


def _check_order(page: Page) -> Iterator[Problem]:
    """Give an end that does not come after its beginning, or is not written like it."""
    whole = [read_day(page.meta[key]) is not None for key in ("starts", "ends")]
    if whole[0] != whole[1]:
        example = f"ends: {page.meta['starts']}" if whole[0] else KEYS["ends"][1]
        yield page.problem("KEY_INVALID", "ends", key="ends", value=page.meta["ends"], example=example)
        return
    starts, ends = _times(page)
    if is_before(ends, starts) or (whole[0] and ends <= starts):
        two_hours_later = f'ends: "{starts + dt.timedelta(hours=2):%Y-%m-%d %H:%M}"'
        later = f"ends: {starts:%Y-%m-%d}" if whole[0] else two_hours_later
        yield page.problem("KEY_INVALID", "ends", key="ends", value=page.meta["ends"], example=later)
