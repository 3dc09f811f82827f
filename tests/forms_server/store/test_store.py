"""A response is kept whole and once, or not at all."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from typing import Any

import psycopg
import pytest
from sqlalchemy import URL, Table, select

from forms_server.database import job_lock
from forms_server.database.engine import Work, make_engine
from forms_server.database.tables import consents, notices, outbox, rate_counters, responses
from forms_server.errors import JobTaken, StoreUnavailable
from forms_server.store import Consent, FormVersion, Job, Outcome, Store, StoredResponse, open_store
from tests.forms_server.store.samples import CONSENT, DAY, MAIL, register, response, those_who_wait, wait_for
from tests.forms_server.stored import beside, found_by_token, responses_in


def rows(url: URL, table: Table) -> list[dict[str, object]]:
    """Read a table past the store (with its own SQLite: two in one process break each other's locks)."""
    engine = make_engine(url)
    with engine.connect() as connection:
        found = [dict(row) for row in connection.execute(select(table)).mappings()]
    engine.dispose()
    return found


def test_a_response_comes_back_as_it_was_kept(store: Store) -> None:
    register(store)
    answers = {"z": "perché\u2028\U0001f600", "a": 'x"\\\ny', "m": ""}
    kept = response(answers=answers, language="en", channel="mail", received_on=date(2026, 1, 31))
    assert store.keep(kept) is Outcome.KEPT
    (found,) = responses_in(store, "gruppo", 1)
    assert found == StoredResponse(
        kept.response_id,
        "gruppo",
        "v1",
        1,
        "en",
        "mail",
        date(2026, 1, 31),
        "kept",
        answers,
        kept.token_hash,
        kept.content_hash,
    )
    assert list(found.answers) == ["z", "a", "m"]


def test_what_was_kept_is_there_after_the_store_is_closed(store: Store, database_url: URL) -> None:
    register(store)
    store.keep(response())
    store.close()
    again = open_store(database_url)
    assert [found.response_id for found in responses_in(again, "gruppo", 1)] == [response().response_id]
    again.close()


def test_the_same_key_and_answers_are_kept_once(store: Store, database_url: URL) -> None:
    register(store)
    kept = response(consents=(CONSENT,), mail=(MAIL,))
    assert store.keep(kept) is Outcome.KEPT
    again = replace(response(2), key_hash=kept.key_hash, content_hash=kept.content_hash)
    assert store.keep(replace(again, mail=(replace(MAIL, id="mail-2"),))) is Outcome.KEPT_BEFORE
    assert [found.answers for found in responses_in(store, "gruppo", 1)] == [kept.answers]
    assert len(rows(database_url, outbox)) == 1


def test_the_same_key_with_other_answers_changes_nothing(store: Store) -> None:
    register(store)
    kept = response()
    store.keep(kept)
    other = replace(response(2), key_hash=kept.key_hash)
    assert store.keep(other) is Outcome.CONFLICT
    assert [found.answers for found in responses_in(store, "gruppo", 1)] == [kept.answers]


def test_200_threads_with_one_key_keep_one_response(store: Store, database_url: URL) -> None:
    register(store)
    start = threading.Barrier(200)
    outcomes: Counter[Outcome] = Counter()

    def send(number: int) -> None:
        mail = replace(MAIL, id=f"mail-{number}")
        kept = replace(response(number), key_hash="one", content_hash="one", consents=(CONSENT,), mail=(mail,))
        start.wait()
        outcomes[store.keep(kept)] += 1

    threads = [threading.Thread(target=send, args=(number,)) for number in range(200)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert outcomes == {Outcome.KEPT: 1, Outcome.KEPT_BEFORE: 199}
    assert [len(rows(database_url, table)) for table in (responses, consents, outbox)] == [1, 1, 1]


def test_many_threads_with_their_own_keys_keep_all(store: Store) -> None:
    register(store)

    def send(first: int) -> None:
        for number in range(first, first + 10):
            store.keep(response(number, consents=(CONSENT, replace(CONSENT, field="b", notice_hash="b"))))

    threads = [threading.Thread(target=send, args=(first,)) for first in range(0, 200, 10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert store.counts("gruppo") == {"kept": 200}


def test_two_stores_on_one_database_keep_a_key_once(store: Store, database_url: URL) -> None:
    register(store)
    other = open_store(database_url)
    store.keep(response())
    assert other.keep(response()) is Outcome.KEPT_BEFORE
    other.close()


def test_consents_and_mail_are_kept_with_the_response(store: Store, database_url: URL) -> None:
    register(store)
    rome = timezone(timedelta(hours=1))
    consent = replace(CONSENT, given_at=datetime(2026, 11, 23, 0, 30, 15, 5, tzinfo=rome))
    quiet = Consent("novita", "hash-of-other", "it", "Voglio le novità")
    alone = replace(MAIL, id="mail-2", of_response=False)
    kept = response(consents=(consent, quiet), mail=(MAIL, alone))
    store.keep(kept)
    assert sorted(rows(database_url, consents), key=lambda row: str(row["field"])) == [
        {
            "response_id": kept.response_id,
            "field": "novita",
            "number": 1,
            "notice_hash": "hash-of-other",
            "language": "it",
            "given_at": None,
            "withdrawn_at": None,
            "given_on": DAY,
            "withdrawn_on": None,
            "confirmed_at": None,
        },
        {
            "response_id": kept.response_id,
            "field": "privacy",
            "number": 1,
            "notice_hash": "hash-of-notice",
            "language": "it",
            "given_at": datetime.fromisoformat("2026-11-22T23:30:15+00:00"),
            "withdrawn_at": None,
            "given_on": None,
            "withdrawn_on": None,
            "confirmed_at": None,
        },
    ]
    assert {row["text"] for row in rows(database_url, notices)} == {consent.notice, quiet.notice}
    sent = {row["id"]: row for row in rows(database_url, outbox)}
    assert sent["mail-1"] == {
        "id": "mail-1",
        "response_id": kept.response_id,
        "kind": "confirm",
        "recipient": "ada@example.org",
        "language": "it",
        "payload": {"nome": "Ada", "riga": 2},
        "state": "waiting",
        "attempts": 0,
        "next_attempt_at": datetime.fromisoformat("2026-11-23T10:15:30+00:00"),
        "created_at": datetime.fromisoformat("2026-11-23T10:15:30+00:00"),
        "fault": None,
        "campaign_id": None,
        "bounced_at": None,
    }
    assert sent["mail-2"]["response_id"] is None


def test_a_notice_is_kept_once_however_many_agree(store: Store, database_url: URL) -> None:
    register(store)
    store.keep(response(1, consents=(CONSENT,)))
    store.keep(response(2, consents=(CONSENT,)))
    assert len(rows(database_url, consents)) == 2
    assert len(rows(database_url, notices)) == 1


@pytest.mark.parametrize(
    "fault",
    [
        {"consents": (CONSENT, CONSENT)},
        {"consents": (CONSENT,), "mail": (MAIL, MAIL)},
        {"version": "never registered"},
        {"channel": "fax"},
    ],
)
def test_of_a_response_that_fails_nothing_is_kept(store: Store, database_url: URL, fault: dict[str, Any]) -> None:
    register(store)
    with pytest.raises(StoreUnavailable):
        store.keep(response(**fault))
    assert [rows(database_url, table) for table in (responses, consents, notices, outbox)] == [[]] * 4
    assert store.keep(response()) is Outcome.KEPT


def test_a_failure_never_repeats_what_was_answered(store: Store) -> None:
    register(store)
    answers = {"nome": "canary-4711"}
    with pytest.raises(StoreUnavailable) as failure:
        store.keep(response(answers=answers, channel="canary-4711"))
    assert failure.value.__suppress_context__ or failure.value.__context__ is None
    assert "canary-4711" not in str(failure.value) + repr(failure.value)
    assert not failure.value.lasting


def test_a_response_is_found_by_its_receipt_and_form_only(store: Store) -> None:
    register(store)
    register(store, form="sondaggio")
    store.keep(response())
    found = found_by_token(store, "gruppo", "token-1")
    assert found is not None
    assert found.answers == response().answers
    assert found_by_token(store, "sondaggio", "token-1") is None
    assert found_by_token(store, "gruppo", "token-2") is None


def test_versions_are_given_in_the_order_of_their_registration(store: Store) -> None:
    for version, resource in [("c", 1), ("a", 1), ("b", 2)]:
        register(store, version, resource)
    register(store, "z", form="sondaggio")
    assert [(found.version, found.position, found.resource) for found in store.versions("gruppo")] == [
        ("c", 1, 1),
        ("a", 2, 1),
        ("b", 3, 2),
    ]


def test_of_a_known_version_only_the_wording_is_renewed(store: Store) -> None:
    register(store)
    register(store, "v2", 2)
    store.register_version("gruppo", "v1", 7, '{"title": "Nuovo"}', date(2027, 1, 1))
    assert store.versions("gruppo")[0] == FormVersion("gruppo", "v1", 1, 1, '{"title": "Nuovo"}', DAY)


def test_versions_registered_at_once_have_a_place_each(store: Store) -> None:
    names = [f"v{number}" for number in range(20)]
    threads = [threading.Thread(target=register, args=(store, name)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert [found.position for found in store.versions("gruppo")] == list(range(1, 21))


def test_hits_are_counted_apart_for_each_bucket_and_window(store: Store) -> None:
    assert [store.hit("a", 1), store.hit("a", 1), store.hit("b", 1), store.hit("a", 1)] == [1, 2, 1, 3]
    assert [store.hit("a", 2), store.hit("b", 2)] == [1, 1]


def test_windows_of_another_length_are_forgotten_by_none_but_their_own(store: Store) -> None:
    assert [store.hit("long:a", 900), store.hit("b", 960), store.hit("long:a", 900)] == [1, 1, 2]
    assert [store.hit("b", 960), store.hit("long:a", 1800), store.hit("b", 960), store.hit("long:a", 900)] == [
        2,
        1,
        3,
        1,
    ]


def test_hits_from_many_threads_are_all_counted(store: Store) -> None:
    counts: list[int] = []
    threads = [threading.Thread(target=lambda: counts.append(store.hit("a", 1))) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(counts) == list(range(1, 51))


def test_counts_from_two_machines_never_wait_on_each_other(postgresql_url: URL) -> None:
    """The first of three waits for another machine; so the two behind it are counted together, the higher one last."""

    def other_machine() -> psycopg.Connection[Any]:
        host = str(postgresql_url.query["host"])
        return psycopg.connect(host=host, user=postgresql_url.username, dbname=postgresql_url.database)

    with closing(open_store(postgresql_url)) as store, other_machine() as first, other_machine() as other:
        assert [store.hit(bucket, 1) for bucket in "abc"] == [1, 1, 1]
        first.execute("UPDATE rate_counters SET count = count WHERE bucket = 'c'")
        other.execute("UPDATE rate_counters SET count = count WHERE bucket = 'a'")

        def waits() -> bool:
            other.execute("SELECT pg_stat_clear_snapshot()")
            asked = other.execute("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
            return asked.fetchone() == (1,)

        counted: list[int] = []
        threads = [threading.Thread(target=lambda it=it: counted.append(store.hit(it, 1))) for it in "cba"]
        with those_who_wait() as waiting:
            for number, thread in enumerate(threads, 1):
                thread.start()
                wait_for(lambda: len(waiting) == number and waits())  # noqa: B023
        first.commit()
        wait_for(lambda: counted == [2] and waits())
        other.execute("SELECT count FROM rate_counters WHERE bucket = 'b' FOR UPDATE NOWAIT")
        other.commit()
        for thread in threads:
            thread.join()
    assert counted == [2, 2, 2]


def test_windows_that_are_over_are_forgotten(store: Store, database_url: URL) -> None:
    for bucket in "abc":
        store.hit(bucket, 1)
    store.hit("d", 2)
    assert rows(database_url, rate_counters) == [{"bucket": "d", "window": 2, "count": 1}]


def test_windows_that_began_before_a_moment_are_forgotten(store: Store, database_url: URL) -> None:
    store.hit("a", 1)
    store.hit("b", 1)
    store.forget_hits(1)
    assert len(rows(database_url, rate_counters)) == 2
    store.forget_hits(2)
    assert rows(database_url, rate_counters) == []


def test_somebody_knows_while_responses_and_counts_are_written(store: Store) -> None:
    seen: list[str] = []

    @contextmanager
    def at_work() -> Iterator[None]:
        seen.append("begun")
        yield
        seen.append("done")

    register(store)
    store.watch(at_work)
    store.keep(response())
    store.hit("a", 1)
    store.close()
    assert seen == ["begun", "done"] * 2


def test_a_job_is_done_by_one_store_at_a_time(store: Store, database_url: URL, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job_lock, "PATIENCE", 0.05)
    with closing(open_store(database_url)) as other:
        with store.alone_at(Job.MAIL):
            with pytest.raises(JobTaken), other.alone_at(Job.MAIL):
                pass
            with other.alone_at(Job.EXPORT):
                pass
        with other.alone_at(Job.MAIL):
            pass


def test_a_ping_writes_and_leaves_nothing(store: Store, database_url: URL) -> None:
    store.ping()
    store.ping()
    assert rows(database_url, rate_counters) == []


def test_a_ping_fails_where_nothing_can_be_written(store: Store, database_url: URL) -> None:
    with beside(database_url, Work.WRITE) as connection:
        rate_counters.drop(connection)
    with pytest.raises(StoreUnavailable):
        store.ping()


def test_erasing_a_response_takes_what_belongs_to_it(store: Store, database_url: URL) -> None:
    register(store)
    store.keep(response(consents=(CONSENT,), mail=(MAIL, replace(MAIL, id="mail-2", of_response=False))))
    with beside(database_url, Work.WRITE) as connection:
        connection.execute(responses.delete())
    assert rows(database_url, consents) == []
    assert [row["id"] for row in rows(database_url, outbox)] == ["mail-2"]
