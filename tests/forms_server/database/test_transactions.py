"""What a database does not do becomes one error that says whether to go on."""

import subprocess
import sys
import threading
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import URL, text

from forms_server.database import engine
from forms_server.database import transactions as database
from forms_server.database.engine import Work
from forms_server.database.transactions import Database
from forms_server.errors import StoreUnavailable
from forms_server.store import Outcome, Store, open_store
from tests.forms_server.store.samples import register, response
from tests.forms_server.stored import beside, responses_in


def test_a_block_that_fails_is_undone_and_its_own_error_goes_on(database_url: URL) -> None:
    def fail() -> None:
        with beside(database_url, Work.WRITE) as connection:
            connection.execute(text("INSERT INTO notices VALUES ('a', 'it', 'b')"))
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    with beside(database_url, Work.READ) as connection:
        assert connection.execute(text("SELECT count(*) FROM notices")).scalar_one() == 0


def test_a_database_that_another_program_holds_is_unavailable_for_now(
    sqlite_url: URL, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "PRAGMAS", (*engine.PRAGMAS, "PRAGMA busy_timeout=50"))
    store = open_store(sqlite_url)
    register(store)
    other = engine.make_engine(sqlite_url)
    held = other.connect().execution_options(work=Work.WRITE)
    with held, held.begin(), pytest.raises(StoreUnavailable) as failure:
        store.keep(response())
    other.dispose()
    assert (failure.value.code, failure.value.lasting) == ("SQLITE_BUSY", False)
    assert store.keep(response()) is Outcome.KEPT
    store.close()


def test_a_writer_does_not_queue_for_ever(sqlite_url: URL, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "PATIENCE", 0.05)
    store = open_store(sqlite_url)
    codes: list[str] = []

    def wait() -> None:
        try:
            store.ping()
        except StoreUnavailable as failure:
            codes.append(failure.code)

    with beside(sqlite_url, Work.WRITE):
        thread = threading.Thread(target=wait)
        thread.start()
        thread.join(60)
    assert codes == ["busy"]
    store.ping()
    store.close()


def test_a_full_disk_refuses_the_response_and_loses_nothing_else(sqlite_url: URL) -> None:
    open_store(sqlite_url).close()
    own = Database(engine.make_engine(sqlite_url))
    store = Store(own)
    register(store)
    store.keep(response(1))

    def allow(pages: int) -> None:
        with own.transaction(Work.READ) as connection:
            connection.execute(text(f"PRAGMA max_page_count={pages}"))

    allow(1)
    with pytest.raises(StoreUnavailable) as failure:
        store.keep(response(2, answers={"motivo": "x" * 100_000}))
    assert (failure.value.code, failure.value.lasting) == ("SQLITE_FULL", False)
    assert store.counts("gruppo") == {"kept": 1}
    allow(1_000_000)
    assert store.keep(response(2)) is Outcome.KEPT
    store.close()


def test_after_a_fault_of_the_disk_nothing_more_is_promised(sqlite_url: URL) -> None:
    store = open_store(sqlite_url)
    register(store)
    for number in range(100):
        store.keep(response(number, answers={"motivo": "x" * 2000}))
    store.close()
    with Path(sqlite_url.database or "").open("r+b") as file:
        size = file.seek(0, 2)
        file.seek(size // 2)
        file.write(b"\xff" * (size // 2))
    store = open_store(sqlite_url)
    with pytest.raises(StoreUnavailable) as failure:
        list(responses_in(store, "gruppo", 1))
    assert failure.value.code == "SQLITE_CORRUPT"
    assert failure.value.lasting
    with pytest.raises(StoreUnavailable) as later:
        store.ping()
    assert later.value.lasting
    store.close()


def test_a_postgresql_that_went_away_and_came_back_is_used_again(postgresql_url: URL) -> None:
    store = open_store(postgresql_url)
    register(store)
    host = str(postgresql_url.query["host"])

    def hang_up() -> None:
        with psycopg.connect(host=host, user=postgresql_url.username, dbname="postgres", autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
                [postgresql_url.database],
            )

    hang_up()
    assert store.keep(response(1)) is Outcome.KEPT

    def lose_the_connection() -> None:
        with beside(postgresql_url, Work.WRITE) as connection:
            hang_up()
            connection.execute(text("SELECT 1"))

    with pytest.raises(StoreUnavailable) as failure:
        lose_the_connection()
    assert not failure.value.lasting
    assert store.keep(response(2)) is Outcome.KEPT
    store.close()


def test_a_postgresql_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    url = URL.create("postgresql+psycopg", username="a", password="hunter2", query={"host": str(tmp_path)})
    with pytest.raises(StoreUnavailable) as failure:
        open_store(url)
    assert "hunter2" not in str(failure.value)


WRITER = """
import sys
from forms_server.store import open_store
from tests.forms_server.store.samples import response
store = open_store(sys.argv[1])
for number in range(int(sys.argv[2]), 10**9):
    store.keep(response(number))
    print(number, flush=True)
"""


def test_whatever_was_confirmed_outlives_the_process(sqlite_url: URL) -> None:
    store = open_store(sqlite_url)
    register(store)
    store.close()
    confirmed: list[str] = []
    for first in (0, 10_000, 20_000):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(sqlite_url), str(first)],
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[3],
        )
        assert writer.stdout
        with writer:
            confirmed += [writer.stdout.readline().strip() for _ in range(50)]
            writer.kill()
            confirmed += writer.stdout.read().split()
    store = open_store(sqlite_url)
    found = {row.answers["nome"] for row in responses_in(store, "gruppo", 1)}
    with beside(sqlite_url, Work.READ) as connection:
        assert connection.execute(text("PRAGMA integrity_check")).scalar_one() == "ok"
    store.close()
    assert len(confirmed) >= 150
    assert {f"Ada {number}" for number in confirmed} <= found
    assert len(found) <= len(confirmed) + 3
