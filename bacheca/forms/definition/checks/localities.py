"""Which languages and time zones there are, and which one somebody meant."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from babel import Locale, localedata
from babel.core import get_global

from bacheca.forms.community import Community
from bacheca.forms.definition.checks.nearest import nearest, plain
from bacheca.forms.definition.checks.written_dates import LANGUAGES
from bacheca.forms.definition.yaml_source import Source

LANGUAGE_CODE = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?")
MIDWINTER, MIDSUMMER = datetime(2027, 1, 1), datetime(2027, 7, 1)


def is_language(code: str) -> bool:
    """Tell whether a code is that of a language, as `en` is and `eng` is not."""
    if not LANGUAGE_CODE.fullmatch(code):
        return False
    alone = code.partition("-")[0]
    return localedata.exists(alone) or alone in Locale("en").languages  # all names take a while to load


def language_meant(written: str, but: str = "") -> str:
    """Give the code of a language that was meant: `en` for `eng`, `EN` or `english`.

    Args:
        written: what somebody wrote.
        but: the code that it cannot be.
    """
    word = plain(written)
    for code, name in ((code, plain(name)) for of in LANGUAGES for code, name in Locale(of).languages.items()):
        if word in (code, name) and code != but and is_language(code):
            return str(code)
    of_three_letters = {"ger": "de", "deu": "de", "spa": "es", "fra": "fr", "fre": "fr", "ita": "it"}
    meant = of_three_letters.get(word, "en")
    return meant if meant != but else "en" if but != "en" else "fr"


def language_of(source: Source | None, community: Community) -> str:
    """Give the language that a form file is written in, whatever else is wrong with it."""
    said = source.data.get("form:language") if source and isinstance(source.data, dict) else None
    return said if isinstance(said, str) and is_language(said) else community.language


@cache
def zones() -> frozenset[str]:
    """Name the zones of which the clocks are known, each by its continent and city."""
    return frozenset(name for name in available_timezones() if "/" in name and not name.startswith("Etc/")) | {"UTC"}


def is_zone(name: str) -> bool:
    """Tell whether the clocks of a zone are known, as `zones` names them; to name all takes fifty times as long."""
    if name == "UTC":
        return True
    if "/" not in name or name.startswith(("Etc/", "posix/", "right/")):
        return False
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, OSError, ValueError):
        return False
    return True


def zone_meant(written: str, usual: ZoneInfo) -> str:
    """Find the zone of a city that was written, of one with its continent in some way, or of letters such as `CET`.

    Args:
        written: what somebody wrote.
        usual: the zone that the community lives in.
    """
    if of_letters := next(_shown_as(written.strip().upper(), usual), ""):
        return of_letters
    cities = {name.rpartition("/")[2]: name for name in sorted(zones())}
    city = nearest(written.rpartition("/")[2], cities)
    return cities.get(city, usual.key)


def _shown_as(letters: str, usual: ZoneInfo) -> Iterator[str]:
    """Give the zones whose clocks are called so, the likeliest first: one's own, then those that many live in."""
    if not letters.isalpha():
        return
    many = [name for _, name in sorted(get_global("windows_zone_mapping").items()) if name in zones()]
    found = [name for name in (usual.key, *many) if letters in _letters(name)]
    yield from sorted(found, key=lambda name: (name != usual.key, len(_letters(name)) == 1))


@cache
def _letters(zone: str) -> frozenset[str]:
    """Give what the clocks of a zone are called in winter and in summer."""
    return frozenset(str(moment.replace(tzinfo=ZoneInfo(zone)).tzname()) for moment in (MIDWINTER, MIDSUMMER))
