"""What a form file promises about people's data: how long they are kept, who can read them, who is told of them."""

from __future__ import annotations

import calendar
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from bacheca.forms.catalogues import translations
from bacheca.forms.kinds.base import PERSONAL

Notify = Literal["each", "daily", ""]
NOTIFIED = ("each", "daily")
"""When the secretariat is told: of each response, or once a day of how many."""

DAYS_TO_CONFIRM = 14
"""How many days after a sign-up it can still be confirmed."""

PERIOD = re.compile(r"([1-9][0-9]{0,3}) (days?|months?|years?)")
LONGEST = {"day": 9999, "month": 1200, "year": 100}
"""The most days, months or years for which a form may promise to keep answers."""

SEALED = PERSONAL
"""The privacies of what is sealed of a sealed form: what is personal, and what is sensitive."""


def sealed_of(asked: Iterable[tuple[str, str, Collection[str]]]) -> Mapping[str, str]:
    """Name the questions that are sealed where a form is: what is personal or sensitive, and whatever follows from it.

    Whether somebody was asked tells what they answered before, through as many questions as there are between.

    Args:
        asked: of each question in order its name, its privacy, and the earlier ones that decide whether it is asked.

    Returns:
        Them, each with the sealed question that it is asked after; empty for what is sealed on its own account.
    """
    found: dict[str, str] = {}
    for name, privacy, after in asked:
        told = next((each for each in after if each in found), "")
        if privacy in SEALED or told:
            found[name] = "" if privacy in SEALED else told
    return found


@dataclass(frozen=True)
class Period:
    """A stretch of time as a form file writes it: `90 days`, `24 months`, `2 years`.

    Args:
        count: how many, from 1.
        unit: `day`, `month` or `year`.
    """

    count: int
    unit: str

    @property
    def too_long(self) -> bool:
        """Whether it is longer than anybody could promise."""
        return self.count > LONGEST[self.unit]

    def after(self, day: date) -> date:
        """Give the last day of the period that begins on `day`."""
        if self.too_long:  # a form of an earlier day may have promised it
            return date.max
        if self.unit == "day":
            return day + timedelta(days=self.count)
        months = day.year * 12 + day.month - 1 + self.count * (12 if self.unit == "year" else 1)
        year, month = divmod(months, 12)
        return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))

    def words(self, language: str) -> str:
        """Say it in a language: `24 mesi`."""
        say = translations(language).ngettext
        said = {
            "day": lambda: say("{count} day", "{count} days", self.count),
            "month": lambda: say("{count} month", "{count} months", self.count),
            "year": lambda: say("{count} year", "{count} years", self.count),
        }
        return said[self.unit]().format(count=self.count)


def period_of(text: object) -> Period | None:
    """Read a period; None for what is none."""
    found = PERIOD.fullmatch(text) if isinstance(text, str) else None
    return Period(int(found[1]), found[2].removesuffix("s")) if found else None


def oldest_to_confirm(today: date) -> date:
    """Give the first day of which a sign-up can still be confirmed today."""
    return today - timedelta(days=DAYS_TO_CONFIRM)


def last_day_to_confirm(pending_since: date) -> date:
    """Give the last day on which a sign-up can be confirmed."""
    return pending_since + timedelta(days=DAYS_TO_CONFIRM)
