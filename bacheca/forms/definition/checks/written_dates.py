"""The day that somebody meant by a date that is not written as files want it."""

from __future__ import annotations

import calendar
import re
from datetime import date
from functools import cache

from babel.dates import get_month_names

from bacheca.forms.definition.checks.nearest import plain

LANGUAGES = ("en", "it", "de", "fr", "es")
"""The languages whose names of months and of languages are known, where somebody writes those in place of a code."""
PARTS = re.compile(r"(\d{1,4}|[^\W\d_]{3,})(?:st|nd|rd|th|º|°)?", re.IGNORECASE)
LONGEST = 40


def date_meant(text: object) -> date | None:
    """Read a date in the order of day, month, year, or of ISO 8601; a month may be in words.

    A day that its month does not have becomes its last, a year of two digits one of this century.

    Returns:
        The date; None where none can be recognised.
    """
    parts = PARTS.findall(plain(str(text)[:LONGEST]))
    figures = [str(_months().get(part, "")) if not part.isdecimal() else part for part in parts]
    figures = [part for part in figures if part]
    if len(figures) < 3:
        return None
    year, month, day = figures[:3] if len(figures[0]) == 4 else figures[2::-1]
    years, months, days = int(year) + (2000 if len(year) <= 2 else 0), int(month), int(day)
    if months > 12 >= days:  # the American order
        months, days = days, months
    if not 1 <= years <= 9999 or not 1 <= months <= 12 or not 1 <= days <= 31:
        return None
    return date(years, months, min(days, calendar.monthrange(years, months)[1]))


@cache
def _months() -> dict[str, int]:
    return {
        plain(name).rstrip("."): number
        for language in LANGUAGES
        for width in ("abbreviated", "wide")
        for number, name in get_month_names(width, locale=language).items()
    }
