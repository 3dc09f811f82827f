"""The days on which forms take answers, where somebody has set others than their files say.

The service tells them, in `/forms/state.json` and beside the results that it publishes; the portal reads them. Both use
this module and nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from bacheca.forms.definition.form import Form

SET_DAYS = "schedules.json"
"""The file that tells them, in a folder of results."""

TOLD = "set"
"""Under what name `/forms/state.json` tells them."""

Told = Mapping[str, Mapping[str, str]]
"""Them as they are told, by the name of the form; each as JSON types."""


@dataclass(frozen=True)
class SetDays:
    """What holds of a form instead of what its file says.

    Args:
        opens: the first day on which it takes answers; None where the file says.
        closes: the last such day, `date.max` for none; None where the file says.
        shut_at: the moment at which somebody closed it; None where nobody did.
    """

    opens: date | None = None
    closes: date | None = None
    shut_at: datetime | None = None

    def of(self, form: Form) -> Form:
        """Give a form with these days."""
        return form.rescheduled(self.opens, self.closes, self.shut_at)

    def told(self) -> dict[str, str]:
        """Give them as JSON types; what the file says is left out."""
        return {name: day.isoformat() for name, day in vars(self).items() if day}


def days_of(told: object) -> dict[str, SetDays]:
    """Read what was told, by the name of the form.

    Raises:
        ValueError: it was not told so.
    """
    try:
        return {str(name): _days(dict(said)) for name, said in dict(told).items()}  # type: ignore[call-overload]
    except (TypeError, AttributeError) as error:
        raise ValueError(str(error)) from None


def days_in(folder: Path) -> dict[str, SetDays]:
    """Read what a folder of results tells; nothing where it tells nothing, or what nobody can read."""
    try:
        return days_of(json.loads((folder / SET_DAYS).read_bytes()))
    except (OSError, ValueError, RecursionError):
        return {}


def as_text(days: Mapping[str, SetDays]) -> str:
    """Write them as they stand in a folder of results."""
    return json.dumps({name: days[name].told() for name in sorted(days)}, indent=1) + "\n"


def with_set_days(forms: Mapping[str, Form], days: Mapping[str, SetDays]) -> dict[str, Form]:
    """Give forms with the days that hold."""
    return {name: days[name].of(form) if name in days else form for name, form in forms.items()}


YEARS = range(1900, 9000)
"""The years of days that clocks everywhere can tell."""


def _days(said: Mapping[str, str]) -> SetDays:
    opens, closes = (date.fromisoformat(said[key]) if key in said else None for key in ("opens", "closes"))
    shut_at = datetime.fromisoformat(said["shut_at"]) if "shut_at" in said else None
    if any(day.year not in YEARS for day in (opens, closes, shut_at) if day and day != date.max):
        raise ValueError("no such year")
    if shut_at and shut_at.tzinfo is None:
        raise ValueError("a moment has a zone")
    return SetDays(opens, closes, shut_at)
