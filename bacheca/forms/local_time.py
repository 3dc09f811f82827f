"""Local times: what the clocks of a zone show, and which moment that is.

Twice a year the clocks are moved: an hour does not exist in spring, and one comes twice in autumn. `python-dateutil`
knows the rules.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from dateutil import tz

MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d(?::\d\d)?) ?(Z|[+-]\d\d:?\d\d)?")
DAY = re.compile(r"\d{4}-\d\d-\d\d")


class NoSuchHour(ValueError):
    """The clocks are moved past that hour; `proposed` is what may have been meant, as people write it."""

    def __init__(self, *proposed: str):
        self.proposed = proposed
        super().__init__(*proposed)


class HourTwice(NoSuchHour):
    """The clocks show that hour twice in that night; `proposed` is how the one and the other are written."""


def local_day(moment: datetime, zone: tzinfo) -> date:
    """Give the day that it is in a zone at a moment."""
    return moment.astimezone(zone).date()


def start_of(day: date, zone: ZoneInfo) -> datetime:
    """Give the moment at which a day begins in a zone."""
    begins: datetime = tz.resolve_imaginary(datetime.combine(day, time(), zone))
    return begins


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """Give the moment at which a day is over in a zone: the beginning of the next one."""
    return start_of(day + timedelta(days=1), zone)


def read_day(value: object) -> date | None:
    """Read a whole day, as front matter writes it; None where it is none."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str) and DAY.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return None
    return None


def read_moment(value: object, zone: ZoneInfo) -> datetime:
    """Read a moment, as front matter writes it: by the clocks of a zone, or with an offset of its own.

    Args:
        value: a text like `2027-03-12 18:00` or `2027-10-31 02:30+01:00`, or what YAML makes of one.
        zone: the zone.

    Returns:
        The moment, as the clocks of the zone show it.

    Raises:
        NoSuchHour: the clocks never show it.
        HourTwice: they show it twice.
        ValueError: it is no moment.
    """
    if isinstance(value, str) and (found := MOMENT.fullmatch(value)):
        value = datetime.fromisoformat(f"{found[1]}T{found[2]}{found[3] or ''}")
    if not isinstance(value, datetime) or not datetime.min.year < value.year < datetime.max.year:
        raise ValueError(value)
    if value.tzinfo is not None:
        return value.astimezone(zone)
    here = value.replace(tzinfo=zone)
    if not tz.datetime_exists(here):
        raise NoSuchHour(f"{tz.resolve_imaginary(here):%Y-%m-%d %H:%M}")
    if tz.datetime_ambiguous(here):
        raise HourTwice(*(written(tz.enfold(here, fold)) for fold in (0, 1)))
    return here


def written(moment: datetime) -> str:
    """Write a moment so that it is read back as that very one."""
    offset = f"{moment:%z}"
    return f"{moment:%Y-%m-%d %H:%M}{offset[:3]}:{offset[3:]}"


def is_before(one: datetime, other: datetime) -> bool:
    """Tell whether a moment comes before another, whatever the clocks show: in autumn a later one may show less."""
    return one.astimezone(UTC) < other.astimezone(UTC)
