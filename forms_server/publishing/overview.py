"""How each form stands, in numbers: for those who look after the answers, and for those who see published results."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from bacheca.forms import Form
from bacheca.forms.definition.allotment import places_of
from bacheca.forms.local_time import local_day
from forms_server.publishing.results import published
from forms_server.store import Store
from forms_server.store.lifecycle import State

EARLY, OPEN, CLOSED = "early", "open", "closed"

DAYS_OF_GROWTH = 28
"""How many days it is told how many came, today included."""


@dataclass(frozen=True)
class FormStanding:
    """How a form stands.

    Args:
        form: the form.
        state: `early`, `open` or `closed`.
        kept: how many answers are kept; of a sign-up, those that are confirmed.
        pending: how many wait to be confirmed by who sent them.
        waiting: how many wait for a place, or have been offered one.
        places: how many places there are; None for any number.
        doubted: how many are in quarantine.
        last: the day on which the last answer came that is kept.
        published: the last day that published results count, where only those may be seen.
        growth: how many of those kept came on each of the last days, today included, the earliest first, where that
            was asked for.
    """

    form: Form
    state: str
    kept: int | None = None
    pending: int = 0
    waiting: int = 0
    places: int | None = None
    doubted: int = 0
    last: date | None = None
    published: date | None = None
    growth: tuple[int, ...] = ()

    @property
    def has_anything(self) -> bool:
        """Whether an answer is there, or a published number."""
        return bool(self.kept or self.pending or self.waiting or self.doubted or self.published)


def standing_of(store: Store, form: Form, now: Callable[[], datetime], *, growth: int = 0) -> FormStanding:
    """Count how a form stands now: however many are kept, that takes no longer.

    Args:
        store: where the answers are.
        form: the form.
        now: the time, with its zone.
        growth: for how many days to say how many came, which takes longer the more did.

    Raises:
        StoreUnavailable: the database does not answer.
    """
    today = local_day(now(), form.zone)
    days = [today - timedelta(days=ago) for ago in reversed(range(growth))]
    with store.snapshot() as snapshot:
        counts, last = snapshot.accounted(form.name), snapshot.last_day(form.name)
        came = snapshot.counts_by_day(form.name, days[0]) if days else {}
    places = places_of(form, now)
    whole = [quota.places for quota in places.quotas if not quota.field] if places else []
    return FormStanding(
        form,
        _state(form, now()),
        counts.get(State.KEPT, 0),
        counts.get(State.PENDING, 0),
        counts.get(State.WAITING, 0) + counts.get(State.OFFERED, 0),
        whole[0] if whole else None,
        counts.get(State.QUARANTINED, 0),
        last,
        growth=tuple(came.get(day, 0) for day in days),
    )


def published_standing_of(folder: Path, form: Form, now: Callable[[], datetime]) -> FormStanding:
    """Give how a form stands for whoever may see no more than everybody: the day that published results go up to.

    Two looks at a count that grows with each answer would tell when a single one came.
    """
    shown = published(folder, form)
    return FormStanding(form, _state(form, now()), published=shown.until if shown else None)


def _state(form: Form, now: datetime) -> str:
    return EARLY if form.is_early(now) else CLOSED if form.is_closed(now) else OPEN
