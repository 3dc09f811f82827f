"""The places of a sign-up: how many there are, of the whole form and of single choices, and how long they are held."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from bacheca.forms.kinds import Field

HOLD = re.compile(r"([1-9][0-9]{0,2}) (hours?|days?)")
HOLD_UNLESS_SAID = timedelta(hours=48)
LONGEST_HOLD = timedelta(days=14)
"""As long as a sign-up can be confirmed at all."""

FEW = 4
MANY = 10


@dataclass(frozen=True)
class Quota:
    """So many places, of which each sign-up that it is about takes one.

    Args:
        field: the name of the question whose choice it is about; empty for the form as a whole.
        code: the code of that choice.
        places: how many there are.
    """

    field: str
    code: str
    places: int


class Band(StrEnum):
    """About how many places are left, so that whoever looks twice does not see a single one come or go."""

    MANY = "many"
    FEWER_THAN_TEN = "fewer-than-ten"
    FEW = "few"
    NONE = "none"


def band_of(left: int) -> Band:
    """Give about how many are left, of so many."""
    if left <= 0:
        return Band.NONE
    return Band.MANY if left >= MANY else Band.FEWER_THAN_TEN if left >= FEW else Band.FEW


@dataclass(frozen=True)
class Vacancy:
    """What whoever opens a form sees of its places.

    Args:
        bands: about how many are left for them of each quota, by its field and code.
        waits: whether they may join a waiting list where none is.
    """

    bands: Mapping[tuple[str, str], Band]
    waits: bool

    def band(self, field: str = "", code: str = "") -> Band | None:
        """Tell about how many are left of a choice, or of the whole form; None where any number is."""
        return self.bands.get((field, code))

    def shuts(self, field: str, code: str) -> bool:
        """Tell whether a choice cannot be made any more."""
        return self.band(field, code) is Band.NONE and not self.waits

    def fills(self, fields: Iterable[Field]) -> bool:
        """Tell whether nobody can sign up any more: no place is left of the form, or of any answer that it requires."""
        if self.waits:
            return False
        return self.band() is Band.NONE or any(
            all(self.shuts(field.name, code) for code in (*field.categories, *filter(None, field.missing)))
            for field in fields
            if field.places and field.required and field.condition is None
        )

    def as_json(self) -> dict[str, object]:
        """Give it as JSON values; `field=code` names a choice."""
        named = {f"{field}={code}" if field else "": band.value for (field, code), band in self.bands.items()}
        return {"places": named, "waiting": self.waits}


def hold_of(text: object) -> timedelta | None:
    """Read how long a place is held; None for what is no such time."""
    found = HOLD.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        return None
    hours = int(found[1]) * (24 if found[2].startswith("day") else 1)
    return timedelta(hours=hours) if timedelta(hours=hours) <= LONGEST_HOLD else None


def quotas_of(places: int | None, fields: Iterable[Field]) -> tuple[Quota, ...]:
    """Give the quotas of a form: its own, then those of its choices."""
    whole = (Quota("", "", places),) if places is not None else ()
    return (*whole, *(Quota(field.name, code, count) for field in fields for code, count in field.places.items()))
