"""Who is at the desk: each session ends in its time, and those of whoever may come in no more at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from forms_server.store import Store
from forms_server.store.desk.accounts import Account, Link
from forms_server.store.desk.sessions import IDLE, LONGEST, NOTED, REMEMBERED, Session
from tests.forms_server.store.samples import MOMENT
from tests.forms_server.stored import an_entry, invited

# what PostgreSQL does otherwise is looked at where each thing is used
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

NOW = MOMENT.replace(microsecond=0)
SECOND = timedelta(seconds=1)


def account(store: Store, name: str) -> Account:
    made = Account(name, f"{name}@example.org", "reader", "it", NOW)
    return invited(store, made, Link(name, f"hash of {name}", name, "invitation", NOW, NOW))


def test_a_session_is_its_owners_until_nothing_is_asked_for_8_hours(store: Store) -> None:
    ada = account(store, "ada")
    store.sessions.start("one", "ada", NOW)
    assert store.sessions.find("one", NOW + IDLE - SECOND) == Session("one", ada, NOW, NOW)
    assert store.sessions.find("one", NOW + IDLE) is None
    assert store.sessions.find("two", NOW) is None
    assert store.sessions.counts(NOW + IDLE - SECOND) == {"ada": 1}
    assert store.sessions.counts(NOW + IDLE) == {}


def test_a_session_that_goes_on_ends_after_a_day(store: Store) -> None:
    ada = account(store, "ada")
    store.sessions.start("one", "ada", NOW)
    last = NOW + LONGEST - SECOND
    store.sessions.saw(Session("one", ada, NOW, NOW), last)
    store.sessions.start("two", "ada", last)
    assert store.sessions.find("one", last) == Session("one", ada, NOW, last)
    assert store.sessions.find("one", last + SECOND) is None
    assert store.sessions.counts(last) == {"ada": 2}
    assert store.sessions.counts(last + SECOND) == {"ada": 1}


def test_a_session_is_noted_as_seen_once_a_minute_and_no_other_with_it(store: Store) -> None:
    ada = account(store, "ada")
    store.sessions.start("one", "ada", NOW)
    store.sessions.start("two", "ada", NOW)
    one = Session("one", ada, NOW, NOW)
    store.sessions.saw(one, NOW + NOTED - SECOND)
    assert store.sessions.find("one", NOW) == one
    store.sessions.saw(one, NOW + NOTED)
    assert store.sessions.find("one", NOW) == replace(one, seen_at=NOW + NOTED)
    assert store.sessions.find("two", NOW) == Session("two", ada, NOW, NOW)


def test_a_session_begins_in_the_place_of_the_one_before_and_those_that_are_long_over_go(store: Store) -> None:
    ada = account(store, "ada")
    end, begun = NOW + LONGEST, {"longest": NOW, "idle": NOW + LONGEST - IDLE}
    begun |= {name: NOW + LONGEST - IDLE for name in ("before", "stays")}
    for name, moment in begun.items():
        store.sessions.start(name, "ada", moment)
        if name != "idle":
            store.sessions.saw(Session(name, ada, moment, moment), end - SECOND)
    store.sessions.start("new", "ada", end + REMEMBERED, after="before")
    gone = [name for name in (*begun, "new") if not store.sessions.find(name, end - SECOND)]
    assert gone == ["longest", "idle", "before"]


def test_sessions_end_one_by_one_or_all_of_somebody_or_everybodys(store: Store) -> None:
    account(store, "ada")
    account(store, "eva")
    for owner in ("ada", "eva"):
        for number in range(3):
            store.sessions.start(f"{owner} {number}", owner, NOW)
    store.sessions.end("ada 0")
    assert store.sessions.counts(NOW) == {"ada": 2, "eva": 3}
    assert store.sessions.end_all("eva", but="eva 1") == 2
    assert store.sessions.find("eva 1", NOW)
    assert store.sessions.counts(NOW) == {"ada": 2, "eva": 1}
    assert store.sessions.end_all("eva") == 1
    assert store.sessions.end_all() == 2
    assert store.sessions.counts(NOW) == {}
    assert store.sessions.end_all() == 0
    store.sessions.saw(Session("eva 0", account(store, "bea"), NOW, NOW), NOW + NOTED)  # whose request was under way
    assert store.sessions.find("eva 0", NOW + NOTED) is None
    known = [store.sessions.owner_of_past(name, NOW + REMEMBERED - SECOND) for name in ("eva 0", "ada 1", "ada 0")]
    assert known == ["eva", "ada", ""]
    assert store.sessions.owner_of_past("eva 0", NOW + REMEMBERED) == ""


def test_whoever_may_come_in_no_more_has_no_session(store: Store) -> None:
    account(store, "ada")
    store.accounts.end("ada", NOW, an_entry())
    store.sessions.start("one", "ada", NOW)
    assert store.sessions.find("one", NOW) is None
