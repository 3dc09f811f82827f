"""Connections keep what they confirm, whatever they were used for before."""

import os
import stat
from pathlib import Path
from types import SimpleNamespace

import psycopg
import pytest
from sqlalchemy import URL, make_url, text
from sqlalchemy.exc import DBAPIError

from forms_server.database import engine
from forms_server.database.engine import Work, make_engine, refuse_faulty_sqlite
from forms_server.database.transactions import Database
from forms_server.errors import StoreRefused, StoreUnavailable
from forms_server.store import open_store
from tests.forms_server.store.samples import register, response
from tests.forms_server.stored import beside


@pytest.mark.parametrize("version", [(3, 51, 3), (3, 53, 4), (4, 0, 0), (3, 50, 7), (3, 50, 8), (3, 44, 6)])
def test_a_mended_sqlite_is_taken(version: tuple[int, ...]) -> None:
    refuse_faulty_sqlite(version)


@pytest.mark.parametrize(
    "version",
    [(3, 40, 1), (3, 44, 5), (3, 45, 0), (3, 46, 1), (3, 50, 0), (3, 50, 6), (3, 51, 0), (3, 51, 2)],
)
def test_a_faulty_sqlite_is_refused_with_its_version_and_remedy(version: tuple[int, ...]) -> None:
    with pytest.raises(StoreRefused, match=rf"{'.'.join(map(str, version))} .*pysqlite3"):
        refuse_faulty_sqlite(version)


def test_a_store_is_never_opened_with_a_faulty_sqlite(sqlite_url: URL, monkeypatch: pytest.MonkeyPatch) -> None:
    faulty = SimpleNamespace(sqlite_version_info=(3, 40, 1))
    monkeypatch.setattr(engine, "sqlite_driver", lambda: faulty)
    with pytest.raises(StoreRefused, match=r"3\.40\.1"):
        open_store(sqlite_url)


def pragma(database: Database, name: str, work: Work = Work.WRITE) -> object:
    with database.transaction(work) as connection:
        return connection.execute(text(f"PRAGMA {name}")).scalar_one()


def test_sqlite_waits_for_the_disk_before_it_confirms(sqlite_url: URL) -> None:
    database = Database(make_engine(sqlite_url))
    assert (pragma(database, "synchronous"), pragma(database, "journal_mode")) == (2, "wal")
    assert pragma(database, "synchronous", Work.COUNT) == 1
    assert pragma(database, "synchronous") == 2
    database.close()


def test_sqlite_overwrites_what_is_erased_and_minds_references(sqlite_url: URL) -> None:
    database = Database(make_engine(sqlite_url))
    assert [pragma(database, name) for name in ("secure_delete", "foreign_keys", "trusted_schema")] == [1, 1, 0]
    database.close()


def test_an_sqlite_writer_has_its_turn_before_it_reads(sqlite_url: URL, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "PRAGMAS", ("PRAGMA busy_timeout=0",))
    store = open_store(sqlite_url)
    other = make_engine(sqlite_url)
    with (
        beside(sqlite_url, Work.WRITE),
        other.connect().execution_options(work=Work.WRITE) as connection,
        pytest.raises(DBAPIError, match="locked"),
    ):
        connection.begin()
    with (
        beside(sqlite_url, Work.READ),
        other.connect().execution_options(work=Work.WRITE) as connection,
    ):
        connection.begin()
    other.dispose()
    store.close()


def test_only_the_owner_can_read_the_files_of_sqlite(sqlite_url: URL) -> None:
    umask = os.umask(0)
    try:
        store = open_store(sqlite_url)
        register(store)
        store.keep(response())
        files = list(Path(sqlite_url.database or "").parent.iterdir())
    finally:
        os.umask(umask)
    assert {file.name for file in files} == {"forms.db", "forms.db-lock", "forms.db-wal", "forms.db-shm"}
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    store.close()


def test_sqlite_leaves_its_database_alone_when_it_is_closed(sqlite_url: URL) -> None:
    open_store(sqlite_url).close()
    assert sorted(os.listdir(Path(sqlite_url.database or "").parent)) == ["forms.db", "forms.db-lock"]


@pytest.mark.parametrize("table", ["responses", "consents", "outbox", "rate_counters"])
def test_sqlite_does_not_number_its_rows_as_they_come(sqlite_url: URL, table: str) -> None:
    store = open_store(sqlite_url)
    with pytest.raises(StoreUnavailable), beside(sqlite_url, Work.READ) as connection:
        connection.execute(text(f"SELECT rowid FROM {table}"))
    store.close()


def test_a_place_that_cannot_be_written_is_refused_with_a_remedy(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    with pytest.raises(StoreRefused, match="FORMS_DATABASE_URL"):
        open_store(f"sqlite:///{tmp_path}/data/forms.db")


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "forms.db"
    path.write_bytes(b"not a database, but somebody's text\n" * 100)
    before = path.read_bytes()
    with pytest.raises(StoreRefused, match="SQLITE_NOTADB"):
        open_store(f"sqlite:///{path}")
    assert path.read_bytes() == before


def test_a_place_without_write_ahead_log_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(StoreRefused, match="local disk"):
        open_store("sqlite:///:memory:")


def test_postgresql_waits_for_the_disk_whatever_its_settings_say(postgresql_url: URL) -> None:
    with psycopg.connect(
        host=str(postgresql_url.query["host"]), user=postgresql_url.username, dbname="postgres", autocommit=True
    ) as connection:
        setting = f"ALTER DATABASE {postgresql_url.database} SET synchronous_commit TO off"
        connection.execute(setting.encode())
    engine = make_engine(postgresql_url)
    found = {}
    for work in Work:
        with engine.connect().execution_options(work=work) as opened:
            found[work] = opened.execute(text("SHOW synchronous_commit")).scalar_one()
    engine.dispose()
    assert (found[Work.WRITE], found[Work.COUNT]) == ("on", "off")


def test_postgresql_reads_one_snapshot_and_writes_nothing_there(postgresql_url: URL) -> None:
    store = open_store(postgresql_url)
    with beside(postgresql_url, Work.READ) as connection:
        assert connection.execute(text("SHOW transaction_isolation")).scalar_one() == "repeatable read"
        assert connection.execute(text("SHOW transaction_read_only")).scalar_one() == "on"
    with beside(postgresql_url, Work.WRITE) as connection:
        assert connection.execute(text("SHOW transaction_read_only")).scalar_one() == "off"
    store.close()


def test_errors_of_the_driver_show_no_values(database_url: URL) -> None:
    engine = make_engine(make_url(database_url))
    with engine.connect() as connection, pytest.raises(DBAPIError) as failure:
        connection.execute(text("SELECT * FROM nowhere WHERE a = :a"), {"a": "canary-4711"})
    engine.dispose()
    assert "canary-4711" not in str(failure.value)
