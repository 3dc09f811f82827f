"""The places of a form and those who wait for one, in the store."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import URL, Engine, event

from bacheca.forms.definition.allotment import Places
from bacheca.forms.definition.places import Quota
from forms_server.database import group_commit
from forms_server.database.tables import consents, links, outbox, responses, waiting_list
from forms_server.store import Confirmation, OutboxMail, Outcome, Store, StoredResponse
from forms_server.store.waiting_list import Offered
from tests.forms_server.store.samples import CONSENT, DAY, MOMENT, register
from tests.forms_server.store.test_changes import WATCHDOG, sign_up
from tests.forms_server.store.test_store import rows

MORNING = {"sessione": "mattina"}


def morning(count: int, waiting: int = 0, after: timedelta = timedelta()) -> Places:
    """Give so many places in the morning, some time after `MOMENT`."""
    return Places((Quota("sessione", "mattina", count),), lambda: MOMENT + after, waiting)


def letter(stored: StoredResponse) -> OutboxMail:
    return OutboxMail(f"{stored.state}-{stored.response_id}", "offered", "x@example.org", "it", {}, MOMENT)


def confirm(store: Store, number: int, places: Places) -> Confirmation:
    return store.changes.confirm("gruppo", f"confirm-{number}", DAY, MOMENT, places=places, letter=letter)


def test_200_at_once_get_the_places_and_the_queue_and_no_more(
    store: Store, database_url: URL, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(group_commit, "PATIENCE", WATCHDOG)  # however loaded the machine is that the test runs on
    register(store)
    written: list[int] = []

    @event.listens_for(Engine, "before_cursor_execute")
    def count(
        _connection: object, _cursor: object, statement: str, _values: object, _context: object, *_: bool
    ) -> None:
        if statement.startswith("INSERT INTO responses"):
            written.append(1)

    start = threading.Barrier(200)

    def send(number: int) -> Outcome:
        kept = sign_up(number, places=morning(20, 20), answers=MORNING, consents=(CONSENT,))
        start.wait()
        return store.keep(kept)

    with ThreadPoolExecutor(200) as people:
        sent = [people.submit(send, number) for number in range(200)]
        outcomes = Counter(one.result(WATCHDOG) for one in sent)
    event.remove(Engine, "before_cursor_execute", count)
    assert outcomes == {Outcome.KEPT: 40, Outcome.FULL: 160}
    assert len(written) <= 40  # whoever finds no place costs no write, and undoes nobody else's
    assert len(rows(database_url, waiting_list)) == 20
    assert [len(rows(database_url, table)) for table in (responses, consents, outbox, links)] == [40, 40, 40, 80]
    with store.snapshot() as snapshot:
        assert snapshot.received("gruppo") == 40


def test_other_choices_have_any_number_of_places(store: Store) -> None:
    register(store)
    assert store.keep(sign_up(1, places=morning(1), answers=MORNING)) is Outcome.KEPT
    assert store.keep(sign_up(2, places=morning(1), answers=MORNING)) is Outcome.FULL
    for number in range(3, 6):
        assert store.keep(sign_up(number, places=morning(1), answers={"sessione": "sera"})) is Outcome.KEPT


def test_an_offer_that_is_cut_short_is_made_the_next_time(store: Store, database_url: URL) -> None:
    register(store)
    places = morning(1, 2)
    for number in (1, 2, 3):
        store.keep(sign_up(number, places=places, answers=MORNING))
        confirm(store, number, places)
    store.changes.withdraw("gruppo", sign_up(1).response_id)

    def fail(stored: StoredResponse) -> OutboxMail:
        raise OSError("the power fails")

    with pytest.raises(OSError, match="power"):
        store.waiting_list.offer("gruppo", places, fail)
    assert store.counts("gruppo") == {"waiting": 2, "withdrawn": 1}
    assert len(rows(database_url, waiting_list)) == 2
    assert store.waiting_list.offer("gruppo", places, letter) == 1
    assert store.waiting_list.offer("gruppo", places, letter) == 0
    states = {row["response_id"]: row["state"] for row in rows(database_url, responses)}
    assert states == {sign_up(2).response_id: "offered", sign_up(3).response_id: "waiting"}
    assert not store.waiting_list.ledger("gruppo", places).room().has(places.quotas)  # what is offered is taken


def test_one_address_that_is_confirmed_twice_stands_in_the_list_once(store: Store) -> None:
    register(store)
    places = morning(1, 3)
    for number, address in ((1, "ada"), (2, "bea"), (3, "bea")):
        store.keep(sign_up(number, address, places=places, answers=MORNING))
    done = [confirm(store, number, places) for number in (1, 2, 3)]
    assert done == [Confirmation.CONFIRMED, Confirmation.WAITING, Confirmation.KNOWN]


def test_an_unconfirmed_sign_up_holds_its_turn_by_the_clock_too(store: Store) -> None:
    register(store)
    store.keep(sign_up(1, places=morning(1, 1), answers=MORNING))
    store.keep(sign_up(2, places=morning(1, 1), answers=MORNING))
    assert store.keep(sign_up(3, places=morning(1, 1), answers=MORNING)) is Outcome.FULL
    later = morning(1, 1, timedelta(hours=48))
    assert [store.keep(sign_up(number, places=later, answers=MORNING)) for number in (4, 5, 6)] == [
        Outcome.KEPT,
        Outcome.KEPT,
        Outcome.FULL,
    ]


def test_fewer_places_than_are_taken_take_nobody_s_place(store: Store) -> None:
    register(store)
    for number in (1, 2, 3):
        store.keep(sign_up(number, places=morning(3), answers=MORNING))
        assert confirm(store, number, morning(3)) is Confirmation.CONFIRMED
    store.changes.withdraw("gruppo", sign_up(1).response_id)
    assert store.keep(sign_up(4, places=morning(1), answers=MORNING)) is Outcome.FULL
    assert store.counts("gruppo") == {"kept": 2, "withdrawn": 1}


def test_what_waited_before_there_were_places_holds_one_as_long_as_it_can_be_confirmed(store: Store) -> None:
    register(store)
    store.keep(sign_up(1, answers=MORNING))
    assert store.keep(sign_up(2, places=morning(1), answers=MORNING)) is Outcome.FULL
    late = replace(sign_up(3, places=morning(1, after=timedelta(days=15)), answers=MORNING), received_on=DAY)
    assert store.keep(late) is Outcome.KEPT


def test_an_offer_out_of_turn_is_held_as_long_as_any_and_who_lets_it_pass_is_told(
    store: Store, database_url: URL
) -> None:
    for form in ("gruppo", "altro"):
        register(store, form=form)
    places = morning(1, 3)
    for number in (1, 2, 3, 4):
        store.keep(sign_up(number, places=places, answers=MORNING))
        if number < 4:
            confirm(store, number, places)
    store.keep(sign_up(5, form="altro", answers=MORNING))
    first, second, third, unconfirmed = (sign_up(number).response_id for number in (1, 2, 3, 4))

    def offer(response_id: str, beyond: int) -> Offered:
        return store.waiting_list.offer_to("gruppo", response_id, places, letter, beyond=beyond)

    assert [offer(third, 0), offer(unconfirmed, 1), offer(first, 1)] == [Offered.FULL, Offered.ABSENT, Offered.ABSENT]
    assert offer(third, 1) is Offered.OFFERED
    assert store.waiting_list.tally("gruppo", "sessione") == {
        "mattina": {"kept": 1, "waiting": 1, "offered": 1, "pending": 1}
    }
    assert [one.response_id for one in store.waiting_list.attending("gruppo", "sessione", "mattina", 9)] == [first]
    assert store.waiting_list.attending("gruppo", "sessione", "sera", 9) == []
    until = next(row["held_until"] for row in rows(database_url, responses) if row["response_id"] == third)
    assert until == MOMENT.replace(microsecond=0) + places.hold
    assert store.waiting_list.forms(MOMENT) == {"gruppo"}
    assert store.waiting_list.expire("gruppo", MOMENT, letter) == 0
    assert store.waiting_list.expire("altro", MOMENT + places.hold, letter) == 0
    assert store.waiting_list.expire("gruppo", MOMENT + places.hold, letter) == 1
    assert [store.waiting_list.close(form, letter) for form in ("altro", "gruppo")] == [0, 1]
    told = {(mail.id, mail.response_id) for mail in store.outbox.listed("waiting", 9) if mail.kind == "offered"}
    assert told == {(f"offered-{third}", None), (f"waiting-{second}", None)}
    assert store.counts("gruppo") == {"expired": 2, "kept": 1, "pending": 1}
