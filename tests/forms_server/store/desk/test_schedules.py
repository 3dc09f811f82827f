"""The days that somebody set for a form, instead of its file's."""

from __future__ import annotations

from datetime import date

from forms_server.store import Store
from forms_server.store.desk.schedules import Schedule
from tests.forms_server.store.samples import DAY, MOMENT

NOW = MOMENT.replace(microsecond=0)


def test_the_days_of_a_form_are_set_anew_and_dropped(store: Store) -> None:
    store.schedules.set(Schedule("gruppo", shut_at=NOW))
    store.schedules.set(Schedule("altro", opens=DAY, closes=date.max))
    assert store.schedules.all()["gruppo"] == Schedule("gruppo", shut_at=NOW)
    store.schedules.set(Schedule("gruppo", closes=DAY))
    store.schedules.drop("nobody")
    altro = Schedule("altro", opens=DAY, closes=date.max)
    assert store.schedules.all() == {"gruppo": Schedule("gruppo", closes=DAY), "altro": altro}
    store.schedules.drop("gruppo")
    assert store.schedules.all() == {"altro": altro}
