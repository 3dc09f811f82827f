"""Who saw or changed whose data: it is only added to, read the newest first, and forgotten in its time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from forms_server.store import Store
from forms_server.store.desk.accounts import Account, Link
from forms_server.store.desk.log import Entry
from tests.forms_server.store.samples import MOMENT, register, response
from tests.forms_server.stored import an_entry, invited

# what PostgreSQL does otherwise is looked at where each thing is used
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

NOW = MOMENT.replace(microsecond=0)
SECOND = timedelta(seconds=1)


def entry(name: str, seconds: int = 0, **about: str) -> Entry:
    return Entry(name, NOW + seconds * SECOND, "ada", "read", **about)


def test_the_newest_come_first_page_by_page_each_once(store: Store) -> None:
    entries = [entry("d", 2), entry("c", 1), entry("b", 1), entry("a", 1), entry("z")]
    store.desk_log.add([])
    store.desk_log.add(entries[3:])
    store.desk_log.add(entries[:3])
    assert list(store.desk_log.newest(9)) == entries
    assert list(store.desk_log.newest(2)) == entries[:2]
    assert list(store.desk_log.newest(2, (NOW + SECOND, "c"))) == entries[2:4]
    assert list(store.desk_log.newest(2, (NOW + SECOND, "a"))) == entries[4:]


def test_what_was_done_with_a_response_is_told_until_it_is_erased(store: Store) -> None:
    register(store)
    for number in (1, 2):
        store.keep(response(number))
    ada, eva = response(1).response_id, response(2).response_id
    seen = [entry("c", 1, response_id=ada), entry("d", response_id=ada), entry("a", response_id=ada, form="gruppo")]
    store.desk_log.add([*reversed(seen), entry("b", response_id=eva)])
    assert store.desk_log.of_response(ada) == seen
    store.changes.withdraw("gruppo", ada)
    assert store.desk_log.of_response(ada) == []
    assert [one.id for one in store.desk_log.newest(9)] == ["c", "d", "b", "a"]


def test_an_entry_goes_in_its_time_and_with_the_last_of_them_whoever_was_ended(store: Store) -> None:
    for name in ("ada", "eva", "ida", "ugo", "late"):
        account = Account(name, f"{name}@example.org", "reader", "it", NOW)
        invited(store, account, Link(name, f"hash of {name}", name, "invitation", NOW, NOW))
        if name != "ugo":
            store.accounts.end(name, NOW if name != "late" else NOW + 5 * SECOND, an_entry())
    store.desk_log.add([entry("old"), entry("new", 5), entry("about", 6, about_account="ida")])
    store.desk_log.forget(NOW + 5 * SECOND)
    assert {one.id for one in store.desk_log.newest(9) if one.account_id} == {"new", "about"}
    assert [one.account_id for one in store.accounts.all()] == ["ada", "ida", "late", "ugo"]
