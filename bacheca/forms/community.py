"""What the forms of a community take for granted, where they do not say it: its language and its time zone."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from babel.core import get_global


@dataclass(frozen=True)
class Community:
    """What a community says once for all of its forms.

    Args:
        language: the language that form files are written in which name no other.
        zone: the time zone in which days begin and end, and events take place.
    """

    language: str
    zone: ZoneInfo


USUAL = Community("en", ZoneInfo("UTC"))
"""What holds where nobody says anything."""

FIRST = Community("it", ZoneInfo("Europe/Rome"))
"""What forms, packages and sites mean that were kept before they could say it: they are the first community's."""


def country_of(zone: ZoneInfo) -> str:
    """Give the code of the country that a time zone is of; empty for one of no country, such as `UTC`."""
    name = get_global("zone_aliases").get(zone.key, zone.key)
    territory = str(get_global("zone_territories").get(name, ""))
    return territory if territory.isalpha() and territory != "ZZ" else ""
