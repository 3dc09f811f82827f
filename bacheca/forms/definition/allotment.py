"""Who gets a place: decided of what is taken and of who waits, in which order, without asking any database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo

from bacheca.forms.definition.form import Form
from bacheca.forms.definition.places import HOLD_UNLESS_SAID, Quota, Vacancy, band_of
from bacheca.forms.definition.privacy import oldest_to_confirm
from bacheca.forms.local_time import local_day

LEAST_HOLDS = 2
"""How many places one network may hold however few there are, unless those are all."""


@dataclass(frozen=True)
class Places:
    """What a form says of its places.

    Args:
        quotas: how many there are, of the form and of its choices.
        now: the time, which is asked once nobody else gives out places: what is held is held by the clock.
        waiting: how many may wait.
        hold: how long a place is held for whoever has yet to press a button.
        zone: where the days begin within which a sign-up can be confirmed.
    """

    quotas: tuple[Quota, ...]
    now: Callable[[], datetime]
    waiting: int = 0
    hold: timedelta = HOLD_UNLESS_SAID
    zone: tzinfo = UTC

    @property
    def oldest(self) -> date:
        """The first day of which a sign-up can still be confirmed now."""
        return oldest_to_confirm(local_day(self.now(), self.zone))

    def wanted(self, answers: Mapping[str, str]) -> tuple[Quota, ...]:
        """Give the quotas of which a sign-up with these answers takes a place each."""
        return tuple(quota for quota in self.quotas if not quota.field or answers.get(quota.field) == quota.code)

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of the questions that share out places."""
        return tuple(dict.fromkeys(quota.field for quota in self.quotas if quota.field))


def places_of(form: Form, now: Callable[[], datetime]) -> Places | None:
    """Give what a form says of its places; None where it has any number of them."""
    return Places(form.quotas, now, form.waiting, form.hold, form.zone) if form.quotas else None


@dataclass(frozen=True)
class Waiting:
    """Somebody in the queue.

    Args:
        response_id: their response.
        number: where in the order.
        wanted: what they wait for.
        confirmed: whether the address is confirmed: nobody else is offered a place.
    """

    response_id: str
    number: int
    wanted: tuple[Quota, ...]
    confirmed: bool


@dataclass
class Room:
    """How many places are left of each quota; what is taken here is not given twice."""

    left: dict[Quota, int]

    def has(self, wanted: Iterable[Quota]) -> bool:
        """Tell whether a place is left of each."""
        return all(self.left[quota] > 0 for quota in wanted)

    def beyond(self, wanted: Iterable[Quota]) -> int:
        """Tell how many more than there are would be taken with one place more of each; 0 where one is left."""
        return max((1 - self.left[quota] for quota in wanted), default=0) if not self.has(wanted) else 0

    def take(self, wanted: Iterable[Quota]) -> bool:
        """Take a place of each, where one is left of all."""
        wanted = tuple(wanted)
        if not self.has(wanted):
            return False
        for quota in wanted:
            self.left[quota] -= 1
        return True


@dataclass
class Ledger:
    """The places of a form at one moment.

    Args:
        places: what the form says of them.
        moment: the moment.
        taken: how many are taken of each quota.
        queue: those who wait, in their order.
    """

    places: Places
    moment: datetime
    taken: Counter[Quota]
    queue: Sequence[Waiting] = field(default=())

    @property
    def held_until(self) -> datetime:
        """Until when a place that is given now is held."""
        return self.moment + self.places.hold

    def room(self) -> Room:
        """Give what is left, whoever waits."""
        return Room({quota: quota.places - self.taken[quota] for quota in self.places.quotas})

    def room_behind(self, queue: Iterable[Waiting]) -> Room:
        """Give what is left once those who wait before have got what they can get: nobody comes in between."""
        room = self.room()
        for waiting in queue:
            room.take(waiting.wanted)
        return room

    def room_for_newcomers(self) -> Room:
        """Give what is left for whoever comes now."""
        return self.room_behind(self.queue)

    def room_of(self, number: int | None) -> Room:
        """Give what is left for somebody of the queue who confirms now; `None`: who is in it no more.

        Those before them who have not confirmed yet could not take a place.
        """
        if number is None:
            return self.room_for_newcomers()
        return self.room_behind(each for each in self.queue if each.number < number and each.confirmed)

    @property
    def may_wait(self) -> bool:
        """Whether somebody more may join the queue."""
        return len(self.queue) < self.places.waiting

    def vacancy(self) -> Vacancy:
        """Give what is left for whoever comes now, about; of a choice no more than of the whole form."""
        left = self.room_for_newcomers().left
        whole = min((count for quota, count in left.items() if not quota.field), default=None)
        least = {quota: count if whole is None else min(count, whole) for quota, count in left.items()}
        return Vacancy({(q.field, q.code): band_of(count) for q, count in least.items()}, self.may_wait)

    def offers(self) -> list[Waiting]:
        """Give those who can have a place now, in their order; whoever cannot, holds up nobody who can."""
        room = self.room()
        return [waiting for waiting in self.queue if waiting.confirmed and room.take(waiting.wanted)]

    def position(self, response_id: str) -> int:
        """Tell how many wait before somebody for something that they want too, and count them in; 0: they do not."""
        mine = next((each for each in self.queue if each.response_id == response_id), None)
        if mine is None:
            return 0
        return 1 + sum(
            each.number < mine.number and not set(each.wanted).isdisjoint(mine.wanted) for each in self.queue
        )


def holds_of(places: int) -> int:
    """Give how many places one network may hold with what waits to be confirmed: a quarter, and never all of many."""
    return min(max(LEAST_HOLDS, places // 4), max(1, places - 1))


@dataclass
class Held:
    """What one network holds with what waits to be confirmed.

    Args:
        places: how many of each quota.
        queue: how many places in the queue.
    """

    places: Counter[Quota] = field(default_factory=Counter)
    queue: int = 0

    def may_take(self, wanted: Collection[Quota]) -> bool:
        """Tell whether it may hold one place more of each."""
        return all(self.places[quota] < holds_of(quota.places) for quota in wanted)
