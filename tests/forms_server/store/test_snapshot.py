"""What is read of the store is in order, of one moment, and never all in memory."""

import tracemalloc
from collections.abc import Generator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import URL, text

from bacheca.forms import USUAL
from forms_server.database.engine import Work
from forms_server.database.tables import accounts, responses
from forms_server.store import Correction, KeptDay, StandingConsent, Store, open_store
from forms_server.store import snapshot as module
from forms_server.store.desk.requests import Request
from forms_server.store.lifecycle import tombstone_of
from forms_server.store.snapshot import kept_in_order
from forms_server.store.subject_access import AuditRecord
from tests.forms_server.store.samples import CONSENT, DAY, MOMENT, register, response
from tests.forms_server.store.test_changes import OLDEST, correction, sign_up
from tests.forms_server.stored import beside, found_by_token, responses_in


def test_responses_are_ordered_by_day_then_by_their_random_id(store: Store) -> None:
    register(store)
    days = [date(2026, 11, 24), date(2026, 11, 23), date(2026, 11, 24), date(2026, 2, 1)] * 10
    for number, day in enumerate(days):
        store.keep(response(number, received_on=day))
    order = [(found.received_on, found.response_id) for found in responses_in(store, "gruppo", 1)]
    assert len(order) == 40
    assert order == sorted(order)


def test_all_that_is_there_is_given_by_its_days_whatever_its_state(store: Store) -> None:
    register(store)
    for number, days in enumerate((2, 0, 1, 0), 1):
        store.keep(response(number, doubted=number == 3, received_on=DAY + timedelta(days=days)))
    with store.snapshot() as snapshot:
        found = [(one.received_on, one.response_id) for one in snapshot.live("gruppo")]
        assert len(found) == 4
        assert found == sorted(found)
        assert list(snapshot.live("altro")) == []


def test_a_resource_has_the_responses_of_its_versions_only(store: Store) -> None:
    for version, resource in [("v1", 1), ("v2", 1), ("v3", 2)]:
        register(store, version, resource)
    register(store, "v1", 1, form="sondaggio")
    for number, version in enumerate(["v1", "v2", "v3"]):
        store.keep(response(number, version=version))
    store.keep(response(9, form="sondaggio"))
    assert {found.version for found in responses_in(store, "gruppo", 1)} == {"v1", "v2"}
    assert [(found.version, found.resource) for found in responses_in(store, "gruppo", 2)] == [("v3", 2)]
    assert list(responses_in(store, "gruppo", 3)) == []
    assert list(responses_in(store, "altro", 1)) == []


def test_only_what_is_kept_is_given_and_every_state_is_counted(store: Store, database_url: URL) -> None:
    register(store)
    for number in range(5):
        store.keep(response(number))
    with beside(database_url, Work.WRITE) as connection:
        withdrawn = responses.c.token_hash.in_(["token-1", "token-3"])
        connection.execute(responses.update().where(withdrawn).values(state="withdrawn"))
    assert len(list(responses_in(store, "gruppo", 1))) == 3
    assert store.counts("gruppo") == {"kept": 3, "withdrawn": 2}
    assert store.counts("altro") == {}
    for form in ("gruppo", "altro"):
        with store.snapshot() as snapshot:
            assert snapshot.counts(form, snapshot.days(form)) == snapshot.counts(form)
    found = found_by_token(store, "gruppo", "token-1")
    assert found is not None
    assert found.state == "withdrawn"


def test_those_kept_are_counted_without_a_look_at_them(store: Store, database_url: URL) -> None:
    register(store)
    for number in range(4):
        store.keep(response(number, doubted=number == 3))
    store.changes.withdraw("gruppo", response(2).response_id)
    assert store.counts("gruppo") == {"kept": 2, "quarantined": 1, "withdrawn": 1}
    with beside(database_url, Work.WRITE) as connection:
        connection.execute(responses.delete().where(responses.c.state == "kept"))
    with store.snapshot() as snapshot:  # which `reconcile` tells, and no page has to count
        assert snapshot.accounted("gruppo") == {"kept": 2, "quarantined": 1, "withdrawn": 1}
        assert snapshot.counts("gruppo") == {"quarantined": 1, "withdrawn": 1}


def test_a_reading_sees_one_moment(store: Store, database_url: URL) -> None:
    register(store)
    for number in range(300):
        store.keep(response(number))
    with store.snapshot() as snapshot:
        assert snapshot.counts("gruppo") == {"kept": 300}
        found = snapshot.responses("gruppo", 1)
        seen = [next(found).response_id]
        other = open_store(database_url)
        other.keep(response(1000, response_id="f" * 32))
        register(other, "v2", 2)
        other.close()
        seen += [row.response_id for row in found]
        assert len(seen) == 300
        assert snapshot.counts("gruppo") == {"kept": 300}
        assert len(snapshot.versions("gruppo")) == 1
    assert store.counts("gruppo") == {"kept": 301}


def test_a_reading_that_is_left_halfway_holds_nothing_back(store: Store) -> None:
    register(store)
    for number in range(300):
        store.keep(response(number))
    for _ in range(30):  # more than the connections there are
        found = responses_in(store, "gruppo", 1)
        next(found)
        assert isinstance(found, Generator)
        found.close()
    store.keep(response(1000))


def test_memory_stays_flat_however_many_there_are(store: Store) -> None:
    register(store)
    long = "x" * 10_000
    for number in range(1500):
        store.keep(response(number, answers={"motivo": long}))
    tracemalloc.start()
    try:
        count = sum(1 for _ in responses_in(store, "gruppo", 1))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert count == 1500
    assert peak < 8_000_000  # the answers together are 15 MB


@pytest.mark.parametrize("count", [0, 1, 3, 4, 7])
def test_a_day_of_a_package_is_read_whole_however_it_is_divided(
    store: Store, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    monkeypatch.setattr(module, "ROWS_OF_PACKAGE", 3)
    day = date(2026, 11, 23)
    register(store)
    register(store, "v2", 2)
    for number in range(count):
        store.keep(response(number, received_on=day, answers={"motivo": f'a, "{number}"'}, sealed="x=" * (number % 2)))
    store.keep(response(97, received_on=day, doubted=True))
    store.keep(response(98, received_on=day, version="v2"))
    store.keep(response(99, received_on=date(2026, 11, 24)))
    with store.snapshot() as snapshot:
        found = list(snapshot.rows("gruppo", ["v1"], day))
    rows = [row for some in found for row in zip(*some, strict=True)]
    assert [row[0] for row in rows] == sorted(response(number).response_id for number in range(count))
    assert sorted((row[4], row[5]["motivo"]) for row in rows) == sorted(
        ("x=" * (number % 2), f'a, "{number}"') for number in range(count)
    )
    assert {row[1:4] for row in rows} == ({("v1", "it", "web")} if count else set())
    assert all(len(some.response_id) <= 3 for some in found)


def test_memory_stays_flat_however_much_was_written_on_a_day(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ROWS_OF_PACKAGE", 50)
    register(store)
    for number in range(1000):
        store.keep(response(number, answers={"motivo": "x" * 10_000}))
    day = response(0).received_on
    tracemalloc.start()
    try:
        with store.snapshot() as snapshot:
            count = sum(len(some.answers) for some in snapshot.rows("gruppo", ["v1"], day))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert count == 1000
    assert peak < 5_000_000  # the answers together are 10 MB


def test_what_a_day_counts_is_not_counted_again(store: Store) -> None:
    register(store)
    store.keep(response(1))
    with store.snapshot() as snapshot:
        assert snapshot.counts("gruppo", {DAY: KeptDay(7, "")}) == {"kept": 7}


def test_sqlite_reads_in_order_without_sorting(sqlite_url: URL) -> None:
    store = open_store(sqlite_url)
    with beside(sqlite_url, Work.READ) as connection:
        asked = kept_in_order("gruppo", 1).compile(connection, compile_kwargs={"literal_binds": True})
        plan = [row[3] for row in connection.execute(text(f"EXPLAIN QUERY PLAN {asked}"))]
    store.close()
    assert any("responses_in_order" in step for step in plan)
    assert not any("TEMP B-TREE" in step for step in plan)


def test_the_mark_of_a_day_changes_with_its_kept_responses_and_of_no_other_day(store: Store) -> None:
    register(store)
    register(store, form="altro")
    after = DAY + timedelta(days=1)
    for number, received_on in ((1, after), (2, DAY), (3, DAY)):
        store.keep(response(number, received_on=received_on))
    store.keep(response(4, doubted=True, received_on=DAY + timedelta(days=2)))

    def marks(form: str = "gruppo") -> dict[date, KeptDay]:
        with store.snapshot() as snapshot:
            return snapshot.days(form)

    before = marks()
    assert list(before) == [DAY, after]
    assert marks("altro") == {}
    store.keep(response(5, form="altro", received_on=after))
    assert marks() == before
    changes: list[Any] = [
        lambda: store.keep(response(6, received_on=after)),
        lambda: store.changes.correct("gruppo", "token-1", correction()),
        lambda: store.changes.withdraw("gruppo", response(6).response_id),
    ]
    for change in changes:
        change()
        now = marks()
        assert now[DAY] == before[DAY]
        assert now[after].mark != before[after].mark
        assert marks() == now
        before = now
    assert [day.count for day in before.values()] == [2, 1]


def test_the_responses_of_a_day_are_named_and_counted(store: Store) -> None:
    register(store)
    register(store, form="altro")
    after = DAY + timedelta(days=1)
    for kept in (
        response(1),
        response(2),
        response(3, received_on=after),
        response(4, doubted=True),
        response(5, form="altro"),
    ):
        store.keep(kept)
    ids = [response(number).response_id for number in range(5)]
    store.changes.withdraw("gruppo", ids[2])
    with store.snapshot() as snapshot:
        assert snapshot.kept_ids("gruppo") == {ids[1], ids[3]}
        assert snapshot.kept_ids("gruppo", DAY) == {ids[1]}
        assert [snapshot.received_on("gruppo", day) for day in (DAY, after)] == [2, 1]
        assert [snapshot.is_buried(tombstone_of("gruppo", response_id)) for response_id in ids[1:3]] == [False, True]


def test_forms_are_named_in_order_whether_served_or_not(store: Store) -> None:
    for form in ("terzo", "gruppo", "altro"):
        register(store, form=form)
    store.keep(response())
    with store.snapshot() as snapshot:
        assert snapshot.forms() == ("altro", "gruppo", "terzo")


def test_a_response_counts_from_the_day_it_was_confirmed_in_italy(store: Store) -> None:
    register(store)
    for number in (1, 2):
        store.keep(sign_up(number))
    late = datetime(2026, 11, 25, 23, 30, tzinfo=UTC)  # half past midnight in Rome
    store.changes.confirm("gruppo", "confirm-1", OLDEST, late)
    store.keep(response(3, received_on=date(2026, 11, 24)))
    with store.snapshot() as snapshot:
        assert sorted(snapshot.confirmed_on("gruppo", USUAL.zone)) == [date(2026, 11, 24), date(2026, 11, 26)]
        assert list(snapshot.confirmed_on("altro", USUAL.zone)) == []


def test_a_consent_stands_until_it_is_taken_back(store: Store) -> None:
    register(store)
    news = replace(CONSENT, field="novita", notice_hash="hash-of-news", notice="Send me news", language="en")
    quiet = replace(CONSENT, field="foto", notice_hash="hash-of-pictures", notice="Foto", given_at=None)
    store.keep(response(1, consents=(CONSENT, news, quiet)))
    store.keep(response(2, consents=(CONSENT,)))

    def standing() -> list[StandingConsent]:
        with store.snapshot() as snapshot:
            return snapshot.standing_consents(response().response_id)

    privacy = StandingConsent("privacy", "it", CONSENT.notice, CONSENT.notice_hash)
    photos = StandingConsent("foto", "it", "Foto", quiet.notice_hash)
    letters = StandingConsent("novita", "en", "Send me news", news.notice_hash)
    assert standing() == [photos, letters, privacy]
    taken_back: Correction = correction(consents=(CONSENT, news))
    assert store.changes.correct("gruppo", "token-1", taken_back)
    assert standing() == [letters, privacy]
    assert store.changes.correct("gruppo", "token-1", replace(taken_back, consents=(CONSENT,), content_hash="other"))
    assert standing() == [privacy]


def test_what_hangs_on_each_key_is_counted(store: Store, database_url: URL) -> None:
    register(store)
    register(store, form="altro")
    store.keep(sign_up(1, secret_id="new"))
    store.keep(response(2))
    store.keep(response(3, form="altro", secret_id="new"))
    for number, name in enumerate(("new", "new", "")):
        store.subject_access.note(AuditRecord(str(number), MOMENT, "erase", "ada", {}, name), MOMENT)
        store.requests.add(Request(str(number), "access", "ada", name, "ada@example.org", DAY, DAY, "somebody"))
    editors = {"a": "code", "b": "code", "c": None}
    with beside(database_url, Work.WRITE) as connection:
        connection.execute(
            accounts.insert(),
            [
                {"account_id": name, "address": name, "role": "editor", "language": "it", "created_at": MOMENT}
                | {"authenticator": code, "secret_id": "new"}
                for name, code in editors.items()
            ],
        )
    with store.snapshot() as snapshot:
        assert sorted(snapshot.hanging_on_keys()) == [
            ("audit records", "", "", 1),
            ("audit records", "", "new", 2),
            ("authenticators", "", "new", 2),
            ("links", "gruppo", "", 2),
            ("requests", "", "", 1),
            ("requests", "", "new", 2),
            ("responses", "altro", "new", 1),
            ("responses", "gruppo", "", 1),
            ("responses", "gruppo", "new", 1),
        ]
        assert snapshot.has_link("confirm-1")
        assert not snapshot.has_link("token-1")


def test_a_link_finds_what_it_confirms_and_nothing_else_does(store: Store) -> None:
    register(store)
    store.keep(sign_up())
    with store.snapshot() as snapshot:
        found = snapshot.find_to_confirm("gruppo", "confirm-1")
        assert found is not None
        assert found.response_id == sign_up().response_id
        assert [
            snapshot.find_to_confirm(form, token)
            for form, token in (("altro", "confirm-1"), ("gruppo", "mailed-1"), ("gruppo", "token-1"))
        ] == [None] * 3


def test_keys_are_known_and_what_was_received_is_counted(store: Store) -> None:
    register(store)
    for number in range(4):
        store.keep(sign_up(number))
    with store.snapshot() as snapshot:
        assert snapshot.knows_key("key-0")
        assert not snapshot.knows_key("key-7")
        assert [snapshot.received(form) for form in ("gruppo", "nessuno")] == [4, 0]


def test_what_was_written_with_a_consent_is_found_from_the_newest_day_on(store: Store) -> None:
    register(store)
    said = {"motivo": "una nota", "citami": "true"}
    for number, answers in enumerate((said, said | {"citami": "false"}, said | {"motivo": ""}, said, said, {})):
        store.keep(response(number, received_on=DAY + timedelta(days=number), answers=answers))
    store.keep(response(9, received_on=DAY + timedelta(days=9), answers=said, doubted=True))
    days = [DAY + timedelta(days=number) for number in (4, 3, 0)]
    with store.snapshot() as snapshot:
        assert [snapshot.place_after("gruppo", count) is None for count in (1, 5, 6, 7)] == [False, False, True, True]
        found = list(snapshot.texts("gruppo", {"motivo": "citami"}))
        assert [(day, language, texts) for _id, day, language, texts in found] == [
            (day, "it", {"motivo": "una nota"}) for day in days
        ]
        after = (found[0][1], found[0][0])
        assert [one[1] for one in snapshot.texts("gruppo", {"motivo": "citami"}, after)] == days[1:]
        for begin in (None, after):
            until = snapshot.place_after("gruppo", 3, begin)
            assert until
            few = snapshot.texts("gruppo", {"motivo": "citami"}, begin, until)
            assert [one[1] for one in few] == (days[1:2] if begin else days[:2])
        assert list(snapshot.texts("gruppo", {})) == []
        stored = snapshot.response("gruppo", found[0][0])
        assert stored
        assert stored.received_on == found[0][1]
        assert snapshot.response("altro", found[0][0]) is None


def test_a_month_is_counted_by_when_each_was_confirmed_or_came(store: Store) -> None:
    register(store)
    for number, day in enumerate((date(2026, 10, 31), date(2026, 11, 1), date(2026, 11, 30), date(2026, 12, 1))):
        store.keep(response(number, received_on=day))
    store.keep(sign_up(9, received_on=date(2026, 10, 31)))
    store.changes.confirm("gruppo", "confirm-9", OLDEST - timedelta(days=30), MOMENT)
    first, after = date(2026, 11, 1), date(2026, 12, 1)
    moments = (datetime(2026, 10, 31, 23, tzinfo=UTC), datetime(2026, 11, 30, 23, tzinfo=UTC))
    with store.snapshot() as snapshot:
        assert snapshot.came_between("gruppo", first, after) == 2
        assert snapshot.confirmed_by("gruppo", moments, (first, after)) == (3, 4)
