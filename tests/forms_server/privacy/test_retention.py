"""What is withdrawn stays erased, and nothing is kept longer than was promised."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import URL

from forms_server.context import Service
from forms_server.database.tables import rate_counters
from forms_server.privacy.erasure_log import Tombstones
from forms_server.privacy.retention import open_retention
from forms_server.store import StoredResponse, open_store
from forms_server.store.lifecycle import tombstone_of
from tests.forms_server.samples import Respondent, link, running, with_property
from tests.forms_server.store.samples import response
from tests.forms_server.store.test_store import rows
from tests.forms_server.stored import found_by_token, responses_in
from tests.forms_server.test_posting import KEY

START = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def now() -> list[datetime]:
    return [START]


@pytest.fixture
def service(tmp_path: Path, database_url: URL, now: list[datetime]) -> Iterator[Service]:
    with running(tmp_path, database_url, lambda: now[0], with_property("form:keep: 6 months")) as made:
        yield made


def purged(service: Service) -> dict[str, int]:
    return dict(service.retention.purge([served.form for served in service.forms.values()]))


def test_what_was_not_confirmed_is_erased_after_14_days(service: Service, now: list[datetime]) -> None:
    ada = Respondent(service)
    ada.sign_up()
    ada.sign_up(_key=KEY + "2", email="bea@example.org")
    ada.post(link(ada.mails()[0], "confirm"))
    now[0] = START + timedelta(days=14)
    assert purged(service) == {}
    now[0] += timedelta(days=1)
    assert purged(service) == {"gruppo": 1}
    assert service.store.counts("gruppo") == {"expired": 1, "kept": 1}


def test_a_sign_up_is_over_after_its_fourteen_days_and_an_offer_at_its_moment(
    service: Service, now: list[datetime]
) -> None:
    stored = StoredResponse("1", "gruppo", "v1", 1, "it", "web", START.date(), "pending", {}, "", "")
    waits = replace(stored, pending_since=START.date() - timedelta(days=14))
    offered = replace(stored, state="offered", held_until=START + timedelta(seconds=1))
    assert [service.retention.is_over(one) for one in (stored, waits, offered)] == [False] * 3
    now[0] += timedelta(seconds=1)
    assert service.retention.is_over(offered)
    assert not service.retention.is_over(replace(offered, held_until=None, pending_since=waits.pending_since))
    now[0] += timedelta(days=1)
    assert [service.retention.is_over(one) for one in (stored, waits)] == [False, True]


def test_a_receipt_that_opens_a_response_no_more_withdraws_nothing(service: Service) -> None:
    Respondent(service).answer_survey()
    (held,) = service.store.subject_access.find(lambda _: True)
    assert not service.retention.withdraw(held.stored, "the hash of another token")
    assert service.store.counts("sondaggio") == {"kept": 1}
    assert service.retention.withdraw(held.stored, held.stored.token_hash)
    assert service.store.counts("sondaggio") == {"withdrawn": 1}


def test_the_counters_of_the_rate_go_within_a_day_even_if_nobody_posts(
    service: Service, now: list[datetime], database_url: URL
) -> None:
    second = int(START.timestamp())
    service.store.hit("a", second)
    purged(service)
    assert [row["bucket"] for row in rows(database_url, rate_counters)] == ["a"]
    now[0] += timedelta(days=1, seconds=1)
    purged(service)
    assert rows(database_url, rate_counters) == []


def test_answers_are_kept_as_long_as_the_form_says_and_no_day_more(service: Service, now: list[datetime]) -> None:
    Respondent(service).answer_survey()
    now[0] = datetime(2027, 5, 23, 12, tzinfo=UTC)
    assert purged(service) == {}
    now[0] = datetime(2027, 5, 23, 22, 30, tzinfo=UTC)  # the 24th in Italy
    assert purged(service) == {"sondaggio": 1}
    assert service.store.counts("sondaggio") == {"expired": 1}


def test_a_form_that_says_more_keeps_what_it_promised_before(
    tmp_path: Path, sqlite_url: URL, now: list[datetime]
) -> None:
    for promise, left in (("6 months", {"kept": 1}), ("24 months", {"expired": 1})):
        with running(tmp_path, sqlite_url, lambda: now[0], with_property(f"form:keep: {promise}")) as service:
            if promise == "6 months":
                Respondent(service).answer_survey()
            else:
                now[0] = datetime(2027, 6, 1, tzinfo=UTC)
            purged(service)
            assert service.store.counts("sondaggio") == left


def test_a_form_that_says_less_is_obeyed_at_once(tmp_path: Path, sqlite_url: URL, now: list[datetime]) -> None:
    for promise, left in (("24 months", {"kept": 1}), ("6 months", {"expired": 1})):
        with running(tmp_path, sqlite_url, lambda: now[0], with_property(f"form:keep: {promise}")) as service:
            if promise == "24 months":
                Respondent(service).answer_survey()
            else:
                now[0] = datetime(2027, 6, 1, tzinfo=UTC)
            purged(service)
            assert service.store.counts("sondaggio") == left


def test_a_form_that_says_nothing_erases_nothing(tmp_path: Path, sqlite_url: URL, now: list[datetime]) -> None:
    with running(tmp_path, sqlite_url, lambda: now[0]) as service:
        Respondent(service).answer_survey()
        now[0] += timedelta(days=9999)
        assert purged(service) == {}


def test_an_old_copy_of_the_database_brings_nothing_back(tmp_path: Path, sqlite_url: URL) -> None:
    with running(tmp_path, sqlite_url, lambda: START) as service:
        ada = Respondent(service)
        first = ada.answer_survey(commento="canary-4711")
        ada.answer_survey(_key=KEY + "2", commento="resta")
        settings = service.settings
    database = Path(str(sqlite_url.database))
    copy = shutil.copy(database, tmp_path / "copy.db")
    with running(tmp_path, sqlite_url, lambda: START) as service:
        Respondent(service).post(f"{first}/withdraw")
    shutil.copy(copy, database)
    with closing(open_store(sqlite_url)) as store:
        assert store.counts("sondaggio") == {"kept": 2}
    with closing(open_retention(settings).store) as store:  # as every command and the service open it
        assert store.counts("sondaggio") == {"kept": 1, "withdrawn": 1}
        assert [row.answers["commento"] for row in responses_in(store, "sondaggio", 1)] == ["resta"]
    with closing(open_retention(settings).store) as store:
        assert store.counts("sondaggio") == {"kept": 1, "withdrawn": 1}


def test_a_restored_database_of_postgresql_is_mended_too(tmp_path: Path, postgresql_url: URL, postgresql: URL) -> None:
    with running(tmp_path, postgresql_url, lambda: START) as service:
        receipt = Respondent(service).answer_survey()
        settings = service.settings
    connect = {"host": str(postgresql.query["host"]), "user": postgresql.username, "dbname": "postgres"}
    name = str(postgresql_url.database)
    with psycopg.connect(**connect, autocommit=True) as connection:  # type: ignore[arg-type]
        connection.execute(f"CREATE DATABASE {name}_copy TEMPLATE {name}".encode())
    with running(tmp_path, postgresql_url, lambda: START) as service:
        Respondent(service).post(f"{receipt}/withdraw")
    with psycopg.connect(**connect, autocommit=True) as connection:  # type: ignore[arg-type]
        connection.execute(f"DROP DATABASE {name}".encode())
        connection.execute(f"ALTER DATABASE {name}_copy RENAME TO {name}".encode())
    with closing(open_retention(settings).store) as store:
        assert store.counts("sondaggio") == {"withdrawn": 1}


def test_a_withdrawal_the_database_did_not_confirm_is_finished_at_the_next_start(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    receipt = Respondent(service).answer_survey()
    (stored,) = responses_in(service.store, "sondaggio", 1)

    def dies(*_: str, note: Callable[[], None], **_which: object) -> bool:
        note()
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(service.store.changes, "withdraw", dies)
        with pytest.raises(RuntimeError):
            service.retention.withdraw(stored)
    assert receipt
    assert service.retention.replay() == 1
    assert service.store.counts("sondaggio") == {"withdrawn": 1}


def test_the_list_of_what_was_withdrawn_outlives_a_line_cut_short(tmp_path: Path) -> None:
    path = tmp_path / "data" / "tombstones.log"
    tombstones = Tombstones(path)
    assert tombstones.all() == frozenset()
    first, second, third = (tombstone_of("gruppo", str(number)) for number in range(3))
    tombstones.add(first)
    with path.open("a") as file:
        file.write(second[:20])  # the power failed
    tombstones.add(third)
    assert tombstones.all() == {first, third}
    assert path.stat().st_mode & 0o777 == 0o600


def test_the_list_says_nothing_of_anybody(service: Service) -> None:
    ada = Respondent(service)
    receipt = ada.sign_up()
    (stored,) = [
        found_by_token(service.store, "gruppo", service.secret.token_hash("gruppo", receipt.rsplit("/", 1)[1]))
    ]
    assert stored is not None
    ada.post(f"{receipt}/withdraw")
    text = (service.settings.data / "tombstones.log").read_text()
    for secret in (stored.response_id, stored.token_hash, stored.address_hash, "gruppo", "2026"):
        assert str(secret) not in text


def test_what_is_discarded_from_quarantine_is_written_down_first_and_what_was_let_in_stays(
    service: Service, tmp_path: Path
) -> None:
    Respondent(service).answer_survey()
    (kept,) = responses_in(service.store, "sondaggio", 1)
    doubted = replace(response(7, form="sondaggio", version=kept.version), doubted=True)
    service.store.keep(doubted)
    (held,) = service.store.quarantine.waiting("sondaggio")
    assert service.retention.discard(held)
    assert not service.retention.discard(held)
    assert not service.retention.discard(kept)
    assert service.store.counts("sondaggio") == {"kept": 1, "withdrawn": 1}
    assert tombstone_of("sondaggio", held.response_id) in Tombstones(tmp_path / "data" / "tombstones.log").all()
