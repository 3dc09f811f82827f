"""A database is brought up to date, wholly or not at all, and a newer one is left alone."""

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import URL, Connection, Engine, func, inspect, select, text

from forms_server.database.engine import Work, make_engine
from forms_server.database.migrate import FOLDER, migrate, statements
from forms_server.database.tables import consents, metadata, schema_version
from forms_server.errors import StoreRefused
from forms_server.store import open_store
from tests.forms_server.stored import beside

NUMBERS = [int(path.name[:4]) for path in sorted(FOLDER.iterdir()) if path.suffix == ".sql"]


BEFORE = """\
INSERT INTO form_versions VALUES ('gruppo', 'v1', 1, 1, '{}', '2026-11-23');
INSERT INTO responses
    (response_id, form, version, language, channel, received_on, key_hash, token_hash, content_hash, answers)
    VALUES ('r', 'gruppo', 'v1', 'it', 'web', '2026-11-23', 'k', 't', 'c', '{}');
INSERT INTO notices VALUES ('h', 'it', 'Potete scrivermi.');
INSERT INTO consents VALUES ('r', 'novita', 'h', 'it', NULL, NULL);
INSERT INTO consents VALUES ('r', 'privacy', 'h', 'it', '2026-11-23T10:15:30Z', '2026-12-01T00:00:00Z');
"""
"""A response as the third version of the tables kept it."""

CHILDREN = """\
INSERT INTO links VALUES ('l', 'r', 'receipt');
INSERT INTO corrections VALUES ('r', 1, 'v1', 'c', '2026-11-24');
INSERT INTO outbox (id, response_id, kind, recipient, language, payload, next_attempt_at, created_at)
    VALUES ('m', 'r', 'receipt', 'ada@example.org', 'it', '{}', '2026-11-23T10:15:30Z', '2026-11-23T10:15:30Z');
"""
"""What else can belong to it."""


@pytest.fixture
def engine(new_url: URL) -> Iterator[Engine]:
    made = make_engine(new_url)
    yield made
    made.dispose()


def begin(engine: Engine) -> Connection:
    return engine.connect().execution_options(work=Work.MIGRATE)


def copied(_version: int) -> None:
    """Stand for the copy that is made of an older store: `tests/forms_server/operations/test_before_upgrade.py`."""


def applied(engine: Engine) -> list[int]:
    with engine.connect() as connection:
        return list(connection.scalars(select(schema_version.c.version).order_by("version")))


def folder_with(tmp_path: Path, **scripts: str) -> Path:
    folder = tmp_path / "migrations"
    folder.mkdir(exist_ok=True)
    for name, script in scripts.items():
        (folder / f"{name[1:]}.sql").write_text(script)
    return folder


def test_migrations_are_numbered_from_one_without_a_gap() -> None:
    assert list(range(1, len(NUMBERS) + 1)) == NUMBERS


def test_a_new_database_has_had_every_migration(engine: Engine, new_url: URL) -> None:
    open_store(new_url).close()
    assert applied(engine) == NUMBERS


def test_the_migrations_make_the_tables_that_the_code_knows(engine: Engine, new_url: URL) -> None:
    open_store(new_url).close()
    found = inspect(engine)
    assert set(found.get_table_names()) == set(metadata.tables)
    for name, table in metadata.tables.items():
        columns = {column["name"]: column for column in found.get_columns(name)}
        assert list(columns) == [column.name for column in table.c]
        for column in table.c:
            assert columns[column.name]["nullable"] is column.nullable, f"{name}.{column.name}"
            affinity = column.type.dialect_impl(engine.dialect)
            assert columns[column.name]["type"]._type_affinity is affinity._type_affinity
        key = [column.name for column in table.primary_key]
        if name == "responses" and engine.dialect.name == "sqlite":
            key.insert(0, "received_on")  # they lie by their day
        assert found.get_pk_constraint(name)["constrained_columns"] == key


def test_only_what_a_database_has_not_had_is_applied(engine: Engine, tmp_path: Path) -> None:
    first = folder_with(tmp_path, _0001_a="CREATE TABLE a (n integer);\nINSERT INTO a VALUES (1);\n")
    with begin(engine) as connection, connection.begin():
        migrate(connection, first)
    second = folder_with(tmp_path, _0002_b="INSERT INTO a VALUES (2);\n", _0003_c="INSERT INTO a VALUES (3);\n")
    for _ in range(2):
        with begin(engine) as connection, connection.begin():
            migrate(connection, second)
    with engine.connect() as connection:
        assert list(connection.scalars(text("SELECT n FROM a ORDER BY n"))) == [1, 2, 3]
    assert applied(engine) == [1, 2, 3]


def test_of_a_migration_that_fails_nothing_stays(engine: Engine, tmp_path: Path) -> None:
    folder = folder_with(
        tmp_path, _0001_a="CREATE TABLE a (n integer);\n", _0002_b="CREATE TABLE b (n integer);\nWRONG;\n"
    )
    with pytest.raises(Exception, match="WRONG"), begin(engine) as connection, connection.begin():
        migrate(connection, folder)
    assert inspect(engine).get_table_names() == []


KILLED = """
import os, signal, sys
from sqlalchemy import make_url
from forms_server.database.engine import Work, make_engine
from forms_server.database.migrate import migrate
connected = make_engine(make_url(sys.argv[1])).connect().execution_options(work=Work.MIGRATE)
with connected as connection, connection.begin():
    migrate(connection)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_store_whose_migration_is_killed_is_the_one_of_before_and_opens(engine: Engine, new_url: URL) -> None:
    with begin(engine) as connection, connection.begin():
        migrate(connection, last=3)
        for statement in statements(BEFORE):
            connection.execute(text(statement))
    engine.dispose()
    whole = new_url.render_as_string(hide_password=False)
    assert subprocess.run([sys.executable, "-c", KILLED, whole], check=False).returncode == -signal.SIGKILL
    assert applied(engine) == [1, 2, 3]
    engine.dispose()
    store = open_store(new_url, copied)
    with store.snapshot() as snapshot:
        assert snapshot.counts("gruppo") == {"kept": 1}
    store.close()
    assert applied(engine) == NUMBERS


def test_a_database_newer_than_the_code_is_refused_and_left_alone(engine: Engine, new_url: URL) -> None:
    open_store(new_url).close()
    with begin(engine) as connection, connection.begin():
        connection.execute(schema_version.insert().values(version=99))
    with pytest.raises(StoreRefused, match=rf"version 99 .* knows {NUMBERS[-1]}"):
        open_store(new_url)
    assert applied(engine) == [*NUMBERS, 99]


def test_stores_opened_at_once_migrate_once(engine: Engine, new_url: URL) -> None:
    failures: list[BaseException] = []

    def run() -> None:
        try:
            open_store(new_url).close()
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    assert applied(engine) == NUMBERS


def test_consents_kept_before_each_was_a_record_stay_the_first_of_theirs(
    engine: Engine, new_url: URL, tmp_path: Path
) -> None:
    older = {f"_{path.stem}": path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("000[1-3]_*.sql"))}
    with begin(engine) as connection, connection.begin():
        migrate(connection, folder_with(tmp_path, **older))
        for statement in statements(BEFORE):
            connection.execute(text(statement))
    open_store(new_url, copied).close()
    with engine.connect() as connection:
        found = connection.execute(select(consents).order_by(consents.c.field)).all()
    assert [(row.field, row.number, row.notice_hash, row.given_on) for row in found] == [
        ("novita", 1, "h", date(2026, 11, 23)),
        ("privacy", 1, "h", None),
    ]
    moments = [(row.given_at and row.given_at.isoformat(), row.withdrawn_at) for row in found]
    assert moments == [(None, None), ("2026-11-23T10:15:30+00:00", datetime(2026, 12, 1, tzinfo=UTC))]


def test_what_belongs_to_a_response_stays_when_their_table_is_made_anew(
    engine: Engine, new_url: URL, tmp_path: Path
) -> None:
    older = {f"_{path.stem}": path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("000[1-6]_*.sql"))}
    before = BEFORE.replace("novita', 'h', 'it', NULL, NULL", "novita', 1, 'h', 'it', NULL, NULL, '2026-11-23', NULL")
    before = before.replace("privacy', 'h'", "privacy', 1, 'h'").replace("00:00:00Z')", "00:00:00Z', NULL, NULL)")
    with begin(engine) as connection, connection.begin():
        migrate(connection, folder_with(tmp_path, **older))
        for statement in statements(before + CHILDREN):
            connection.execute(text(statement))
    engine.dispose()
    store = open_store(new_url, copied)
    tables = ("responses", "consents", "links", "corrections", "outbox")

    def found() -> list[int]:
        with beside(new_url, Work.READ) as connection:
            return [
                connection.execute(select(func.count()).select_from(metadata.tables[t])).scalar_one() for t in tables
            ]

    assert found() == [1, 2, 1, 1, 1]
    with beside(new_url, Work.WRITE) as connection:
        connection.execute(text('UPDATE responses SET answers = \'{"a":"b"}\''))
        assert connection.execute(text("SELECT count(*) FROM changed_days")).scalar_one() == 1
        connection.execute(text("DELETE FROM responses"))
    assert found() == [0, 0, 0, 0, 0]
    store.close()


@pytest.mark.parametrize("work", [Work.READ, Work.WRITE, Work.COUNT])
def test_a_transaction_that_minds_references_does_not_migrate(sqlite_url: URL, work: Work) -> None:
    engine = make_engine(sqlite_url)
    opened = engine.connect().execution_options(work=work)
    with pytest.raises(ValueError, match="take with it"), opened as connection, connection.begin():
        migrate(connection)
    assert inspect(engine).get_table_names() == []
    engine.dispose()


def test_statements_end_where_a_semicolon_ends_a_line() -> None:
    script = "-- a; comment;\nCREATE TABLE a (\n    -- another;\n    b text DEFAULT ';'\n);\n\nDROP TABLE a;\n"
    assert statements(script) == ["CREATE TABLE a (\n    b text DEFAULT ';'\n)", "DROP TABLE a"]
