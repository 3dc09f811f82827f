"""Calendar files, which every calendar takes.

Specification: RFC 5545.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True)
class Entry:
    """What a calendar shows on a day, or from one moment to another.

    Args:
        uid: what tells it from any other, the same in each file that has it.
        title: its title.
        starts: when it starts, with its zone.
        ends: when it ends; of whole days, when the last one is over.
        all_day: whether it lasts whole days.
        description: what there is to say of it; may be empty, as all that follows.
        location: where it is.
        url: the page that tells of it.
        cancelled: whether it will not take place.
    """

    uid: str
    title: str
    starts: datetime
    ends: datetime
    all_day: bool = False
    description: str = ""
    location: str = ""
    url: str = ""
    cancelled: bool = False


def calendar_file(entries: Iterable[Entry], *, maker: str, language: str, name: str, made_at: datetime) -> bytes:
    """Give entries as a calendar file; moments are in UTC, which every calendar shows in its own time.

    Args:
        entries: the entries.
        maker: whose portal made the file.
        language: the code of the language it is in.
        name: what the calendar is called.
        made_at: when the file is made.
    """
    import icalendar  # noqa: PLC0415  whoever makes no calendar need not wait for it

    made = icalendar.Calendar()
    made.add("prodid", f"-//{maker}//Bacheca//{language.upper()}")
    made.add("version", "2.0")
    made.add("name", name)
    for entry in entries:
        event = icalendar.Event()
        event.add("uid", entry.uid)
        event.add("dtstamp", made_at.astimezone(UTC))
        for key, moment in (("dtstart", entry.starts), ("dtend", entry.ends)):
            event.add(key, moment.date() if entry.all_day else moment.astimezone(UTC))
        event.add("summary", entry.title)
        for key, text in (("description", entry.description), ("location", entry.location), ("url", entry.url)):
            if text:
                event.add(key, text)
        event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
        made.add_component(event)
    return bytes(made.to_ical())
