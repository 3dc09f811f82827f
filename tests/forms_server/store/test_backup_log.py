"""For how long no copy of the store was made."""

from datetime import timedelta

from sqlalchemy import URL

from forms_server.database.tables import backups
from forms_server.store import Store
from tests.forms_server.store.samples import DAY, MOMENT, register, response
from tests.forms_server.store.test_store import rows


def after(days: int) -> timedelta:
    return timedelta(days=days)


def test_days_without_a_copy_count_from_the_first_response_or_the_last_copy(store: Store, database_url: URL) -> None:
    register(store)
    assert store.copies.days_without(DAY) == 0
    assert store.copies.last() is None
    store.keep(response(1))
    store.keep(response(2, received_on=DAY + after(2)))
    assert [store.copies.days_without(DAY + after(days)) for days in (0, 5)] == [0, 5]
    for _ in range(2):  # by two who were told to at the same second
        store.copies.note(MOMENT + after(3))
    assert [store.copies.days_without(DAY + after(days)) for days in (1, 3, 5)] == [0, 0, 2]
    store.copies.note(MOMENT + after(4))
    assert store.copies.last() == DAY + after(4)
    assert rows(database_url, backups) == [{"made_at": MOMENT.replace(microsecond=0) + after(4)}]


def test_a_copy_from_before_the_first_response_does_not_count(store: Store) -> None:
    register(store)
    store.copies.note(MOMENT - after(9))
    assert store.copies.days_without(DAY) == 0
    store.keep(response())
    assert store.copies.days_without(DAY + after(5)) == 5
