"""What people asked for about their data: the address is known as long as the request is open, and not longer."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from forms_server.store import Store
from forms_server.store.desk.requests import Request
from tests.forms_server.store.samples import DAY, MOMENT

# what PostgreSQL does otherwise is looked at where each thing is used
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

NOW = MOMENT.replace(microsecond=0)
ONE_DAY = timedelta(days=1)


def request(name: str, days: int = 0, kind: str = "access", subject: str = "ada") -> Request:
    received = DAY + days * ONE_DAY
    return Request(name, kind, subject, "key", f"sealed {name}", received, received + 30 * ONE_DAY, "editor")


def test_those_that_wait_come_in_the_order_in_which_they_are_due(store: Store) -> None:
    late, early = request("late", 1), request("early")
    older = replace(early, request_id="older", received_on=DAY - ONE_DAY)
    other = replace(early, request_id="another")
    for one in (late, early, older, other):
        store.requests.add(one)
    assert store.requests.open() == [older, other, early, late]
    assert (store.requests.find("early"), store.requests.find("nobody's")) == (early, None)
    assert store.requests.closed(9) == []


def test_one_is_closed_once_and_forgets_the_address(store: Store) -> None:
    for name in ("a", "c", "b"):
        store.requests.add(request(name))
    assert store.requests.close(["a", "nobody's"], "done", "eva", NOW) == ["a"]
    assert store.requests.close(["a"], "refused", "ada", NOW + ONE_DAY) == []
    closed = replace(request("a"), address=None, closed_at=NOW, closed_by="eva", outcome="done")
    assert store.requests.closed(9) == [closed]
    assert store.requests.open() == [request("b"), request("c")]
    assert set(store.requests.close(["b", "c"], "refused", "ada", NOW + ONE_DAY)) == {"b", "c"}
    assert [one.request_id for one in store.requests.closed(9)] == ["b", "c", "a"]
    assert [one.request_id for one in store.requests.closed(2)] == ["b", "c"]
    store.requests.forget(NOW + ONE_DAY)
    assert [one.request_id for one in store.requests.closed(9)] == ["b", "c"]


def test_one_is_extended_once_while_it_is_open(store: Store) -> None:
    for name in ("a", "b", "c"):
        store.requests.add(request(name))
    store.requests.close(["b"], "done", "eva", NOW)
    later, today = DAY + 90 * ONE_DAY, DAY + ONE_DAY
    assert [store.requests.extend(name, later, today) for name in ("a", "a", "b", "nobody's")] == [
        *(True, False),
        *(False, False),
    ]
    assert store.requests.find("a") == replace(request("a"), due_on=later, extended_on=today)
    assert store.requests.find("c") == request("c")


def test_what_came_and_what_was_closed_is_counted_from_one_day_to_another(store: Store) -> None:
    for number in range(4):
        store.requests.add(request(f"{number}", number))
        store.requests.close([f"{number}"], "done", "eva", NOW + number * ONE_DAY)
    days, moments = (DAY + ONE_DAY, DAY + 3 * ONE_DAY), (NOW + 3 * ONE_DAY, NOW + 9 * ONE_DAY)
    assert store.requests.counts(days, moments) == (2, 1)
    assert store.requests.counts((DAY, DAY), (NOW, NOW + 3 * ONE_DAY)) == (0, 3)


def test_what_somebody_waits_for_is_found_by_whatever_key_made_the_name(store: Store) -> None:
    store.requests.add(request("a"))
    store.requests.add(request("b", kind="copy"))
    store.requests.add(request("c", subject="ada by another key"))
    store.requests.add(request("d", subject="eva"))
    store.requests.add(request("e"))
    store.requests.close(["e"], "done", "eva", NOW)
    assert set(store.requests.open_of(["ada", "ada by another key"], ["access"])) == {"a", "c"}
    assert set(store.requests.open_of(["ada"], ["access", "copy"])) == {"a", "b"}
    store.requests.forget(NOW)
    assert store.requests.find("e")
    store.requests.forget(NOW + timedelta(seconds=1))
    assert not store.requests.find("e")
    assert len(store.requests.open()) == 4
