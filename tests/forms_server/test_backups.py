"""A copy of the store is made while it is used, is whole or is none, and comes back without what was erased.

One promise: making, checking, replacing and bringing back are tried on the same stores.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import URL

from forms_server.__main__ import main
from forms_server.context import Service
from forms_server.database.engine import Work, make_engine
from forms_server.database.migrate import FOLDER, migrate, newest_migration
from forms_server.errors import BackupProblem
from forms_server.operations.backups import copies as backups
from forms_server.operations.backups import postgresql
from forms_server.operations.backups.copier import Examined
from forms_server.privacy.erasure_log import Tombstones
from forms_server.publishing.export import export_forms
from forms_server.store import Outcome, open_store
from tests.forms_server.samples import Respondent, running
from tests.forms_server.store.samples import MAIL, register, response
from tests.forms_server.test_posting import GOOD, KEY

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
Command = Callable[..., Result]


@pytest.fixture
def service(tmp_path: Path, database_url: URL) -> Iterator[Service]:
    with running(tmp_path, database_url, lambda: NOW) as made:
        yield made


@pytest.fixture
def command(tmp_path: Path, database_url: URL) -> Command:
    """Run a command on the database of the test."""
    environ = {
        "FORMS_DATABASE_URL": database_url.render_as_string(hide_password=False),
        "FORMS_DATA": str(tmp_path / "data"),
        "FORMS_SECRET_KEY": "k" * 32,
    }
    return lambda *words: CliRunner().invoke(main, [str(word) for word in words], env=environ)


def held(url: URL, form: str = "sondaggio") -> int:
    store = open_store(url)
    try:
        return sum(store.counts(form).get(state, 0) for state in ("kept", "pending"))
    finally:
        store.close()


def make_connection(url: URL) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(host=str(url.query["host"]), user=url.username, dbname=url.database, autocommit=True)


def fill(url: URL, count: int = 3) -> None:
    store = open_store(url)
    register(store)
    for number in range(count):
        store.keep(response(number))
    store.close()


def test_a_copy_brings_back_what_was_there_and_not_what_was_withdrawn_since(
    service: Service, command: Command, tmp_path: Path, database_url: URL
) -> None:
    ada = Respondent(service)
    receipts = [ada.answer_survey(_key=f"{KEY}{number}") for number in range(3)]
    ada.sign_up()
    made = command("backup", tmp_path / "copy")  # while the service has its connections open
    assert made.exit_code == 0, made.output
    assert f"4 responses, version {newest_migration()}, whole" in made.stdout
    assert (tmp_path / "copy").stat().st_mode & 0o777 == 0o600
    assert service.store.copies.days_without(datetime.now(UTC).date()) == 0
    ada.post(f"{receipts[0]}/withdraw")
    ada.answer_survey(_key=f"{KEY}after")
    refused = command("restore", tmp_path / "copy", "--replace")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "The store is in use" in refused.stderr
    service.store.close()

    refused = command("restore", tmp_path / "copy")
    assert refused.exit_code == 1
    assert "--replace" in refused.stderr
    assert held(database_url) == 3
    done = command("restore", tmp_path / "copy", "--replace")
    assert done.exit_code == 0, done.output
    assert "1 withdrawn since are erased again" in done.stdout
    assert held(database_url) == 2
    assert held(database_url, "gruppo") == 1
    assert "1 letters waited then" in done.stdout  # it may have gone out since
    assert "restored" in command("send-mail", "--dead").stdout
    assert command("verify", tmp_path / "copy").stdout.startswith(f"{tmp_path / 'copy'}: 4 responses")
    assert "store: 3 responses" in command("verify").stdout


def test_the_start_of_the_service_erases_again_what_a_copy_put_in_by_hand_brought_back(
    service: Service, command: Command, tmp_path: Path, database_url: URL
) -> None:
    ada = Respondent(service)
    receipt = ada.answer_survey()
    assert command("backup", tmp_path / "copy").exit_code == 0
    ada.post(f"{receipt}/withdraw")
    service.store.close()
    backups.copier_of(database_url).load(tmp_path / "copy", lambda known: None, replace=True)
    assert held(database_url) == 1
    with running(tmp_path, database_url, lambda: NOW) as again:
        assert again.store.counts("sondaggio") == {"withdrawn": 1}


def test_what_the_store_knows_to_be_withdrawn_is_written_down_before_it_is_replaced(
    service: Service, command: Command, tmp_path: Path, database_url: URL
) -> None:
    ada = Respondent(service)
    receipt = ada.answer_survey()
    assert command("backup", tmp_path / "copy").exit_code == 0
    ada.post(f"{receipt}/withdraw")
    service.store.close()
    (tmp_path / "data/tombstones.log").unlink()  # as on a machine that takes over from another one
    done = command("restore", tmp_path / "copy", "--replace")
    assert "1 withdrawn since" in done.stdout, done.output
    assert held(database_url) == 0


def test_a_copy_made_while_responses_come_in_is_of_one_moment(database_url: URL, tmp_path: Path) -> None:
    store = open_store(database_url)
    register(store)
    ended = threading.Event()

    def write() -> None:
        number = 0
        while not ended.is_set():
            number += 1
            store.keep(response(number, mail=(MAIL,) if number == 1 else ()))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        copies = [backups.backup(database_url, tmp_path / f"copy-{number}") for number in range(3)]
    finally:
        ended.set()
        writer.join()
        store.close()
    counts = [copy.responses for copy in copies]
    assert counts == sorted(counts)
    backups.copier_of(database_url).load(tmp_path / "copy-2", lambda known: None, replace=True)
    again = open_store(database_url)
    with again.snapshot() as snapshot:  # the responses and the count of them are written together
        assert snapshot.received("gruppo") == sum(again.counts("gruppo").values()) == counts[2]
    again.close()


def test_a_copy_that_is_not_whole_is_told_of_and_changes_nothing(
    database_url: URL, command: Command, tmp_path: Path
) -> None:
    fill(database_url, 200)
    copy = tmp_path / "copy"
    assert command("backup", copy).exit_code == 0
    whole = copy.read_bytes()
    for harm in (whole[: len(whole) // 2], whole[:4096] + b"\xff" * 4096 + whole[8192:], b"", b"a text\n"):
        copy.write_bytes(harm)
        for words in (("verify", copy), ("restore", copy, "--replace")):
            done = command(*words)
            assert done.exit_code == 1, (harm[:20], words)
            assert done.stderr.count("\n") == 1
            assert "Traceback" not in done.output
    assert held(database_url, "gruppo") == 200


def test_a_copy_of_a_newer_bacheca_is_refused(
    database_url: URL, command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(database_url)
    assert command("backup", tmp_path / "copy").exit_code == 0
    monkeypatch.setattr("forms_server.operations.backups.copier.newest_migration", lambda: 1)
    done = command("restore", tmp_path / "copy", "--replace")
    assert done.exit_code == 1
    assert f"is of version {newest_migration()} and this code knows 1" in done.stderr


@pytest.fixture
def other_url(database_url: URL, tmp_path: Path) -> URL:
    """The address of another new database of the same kind."""
    if database_url.get_backend_name() == "sqlite":
        return database_url.set(database=str(tmp_path / "other" / "forms.db"))
    name = f"{database_url.database}_other"
    with psycopg.connect(
        host=str(database_url.query["host"]), user=database_url.username, dbname="postgres", autocommit=True
    ) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    return database_url.set(database=name)


def test_a_copy_goes_into_a_new_database_of_another_machine(database_url: URL, other_url: URL, tmp_path: Path) -> None:
    fill(database_url, 5)
    backups.backup(database_url, tmp_path / "copy")
    backups.restore(other_url, tmp_path / "copy", Tombstones(tmp_path / "tombstones.log").bury)
    store = open_store(other_url)
    assert store.counts("gruppo") == {"kept": 5}
    store.changes.withdraw("gruppo", response(1).response_id)
    register(store)
    assert store.keep(response(9)) is Outcome.KEPT
    store.close()


def test_an_older_copy_is_brought_up_to_date(new_url: URL, tmp_path: Path) -> None:
    old = tmp_path / "migrations"
    old.mkdir()
    for path in sorted(FOLDER.glob("000[1-5]_*.sql")):
        (old / path.name).write_bytes(path.read_bytes())
    engine = make_engine(new_url)
    with engine.connect().execution_options(work=Work.MIGRATE) as connection, connection.begin():
        migrate(connection, old)
    engine.dispose()
    assert backups.backup(new_url, tmp_path / "copy").version == 5
    open_store(new_url, lambda _version: None).close()  # by the code of today
    fill(new_url, 2)
    backups.restore(new_url, tmp_path / "copy", Tombstones(tmp_path / "tombstones.log").bury, replace=True)
    open_store(new_url, lambda _version: None).close()
    assert held(new_url, "gruppo") == 0
    assert (backups.copier_of(new_url).examine_store() or Examined(0, 0)).version == newest_migration()


def test_an_export_after_a_restore_holds_what_the_store_does(
    service: Service, command: Command, tmp_path: Path, database_url: URL
) -> None:
    export = [*export_forms(service.store, ("sondaggio",), tmp_path / "data", NOW)]
    ada = Respondent(service)
    receipt = ada.answer_survey(_key=f"{KEY}1", commento="prima")
    assert command("invite", "eva@example.org", "--role", "reader").exit_code == 0
    assert command("backup", tmp_path / "copy").exit_code == 0
    ada.post(f"{receipt}/correct", GOOD | {"commento": "dopo"})
    ada.answer_survey(_key=f"{KEY}2", commento="seconda")
    export = [*export_forms(service.store, ("sondaggio",), tmp_path / "data", NOW)]
    text = (export[0].folder / "responses.csv").read_text()
    assert ("dopo" in text, "seconda" in text) == (True, True)
    service.store.close()
    restored = command("restore", tmp_path / "copy", "--replace")
    assert (restored.exit_code, "eva@example.org (reader)" in restored.output) == (0, True)
    store = open_store(database_url)
    export = [*export_forms(store, ("sondaggio",), tmp_path / "data", NOW)]
    store.close()
    text = (export[0].folder / "responses.csv").read_text()
    assert ("prima" in text, "dopo" in text, "seconda" in text) == (True, False, False)


def test_a_store_that_only_met_its_forms_takes_a_copy_without_more_words(
    service: Service, command: Command, tmp_path: Path, database_url: URL
) -> None:
    assert command("backup", tmp_path / "copy").exit_code == 0
    service.store.close()
    assert command("restore", tmp_path / "copy").exit_code == 0


def test_a_backup_replaces_an_earlier_one_and_nothing_else(database_url: URL, command: Command, tmp_path: Path) -> None:
    fill(database_url)
    for _ in range(2):
        assert command("backup", tmp_path / "copy").exit_code == 0
    text = tmp_path / "form.yaml"
    text.write_text("name: gruppo")
    targets = [text, tmp_path]
    if database_url.database and database_url.get_backend_name() == "sqlite":
        targets.append(Path(database_url.database))
    for target in targets:
        assert command("backup", target).exit_code in (1, 2)
    assert text.read_text() == "name: gruppo"
    missing = command("backup", tmp_path / "nowhere" / "copy")
    assert (missing.exit_code, missing.stderr.count("\n")) == (1, 1)
    assert [path.name for path in tmp_path.glob(".copy*")] == []


def test_a_backup_that_fails_leaves_the_earlier_one(
    database_url: URL, command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(database_url)
    assert command("backup", tmp_path / "copy").exit_code == 0
    before = (tmp_path / "copy").read_bytes()

    def fail(*_: object) -> None:
        raise BackupProblem("Not whole.")

    copier = type(backups.copier_of(database_url))
    monkeypatch.setattr(copier, "examine", fail)
    assert command("backup", tmp_path / "copy").exit_code == 1
    assert (tmp_path / "copy").read_bytes() == before
    assert sorted(path.name for path in tmp_path.glob("*copy*")) == ["copy"]


def test_a_file_of_sqlite_is_no_backup_of_postgresql_nor_the_reverse(
    sqlite_url: URL, postgresql_url: URL, tmp_path: Path
) -> None:
    for one, other in ((sqlite_url, postgresql_url), (postgresql_url, sqlite_url)):
        fill(one)
        backups.backup(one, tmp_path / "copy")
        with pytest.raises(BackupProblem):
            backups.copier_of(other).examine(tmp_path / "copy")


def test_without_a_store_there_is_nothing_to_copy(sqlite_url: URL, tmp_path: Path) -> None:
    with pytest.raises(BackupProblem, match="nothing to copy"):
        backups.backup(sqlite_url, tmp_path / "copy")


def test_a_database_in_use_is_no_backup(sqlite_url: URL, tmp_path: Path) -> None:
    store = open_store(sqlite_url)
    register(store)
    with pytest.raises(BackupProblem, match="in use"):
        backups.copier_of(sqlite_url.set(database=str(tmp_path / "other.db"))).examine(Path(sqlite_url.database or ""))
    store.close()


def test_rows_that_belong_to_nothing_are_found(sqlite_url: URL, tmp_path: Path) -> None:
    fill(sqlite_url)
    backups.backup(sqlite_url, tmp_path / "copy")
    with closing(sqlite3.connect(tmp_path / "copy")) as copy:
        copy.execute("INSERT INTO links (token_hash, response_id, purpose) VALUES ('token', 'nobody', 'receipt')")
        copy.commit()
    with pytest.raises(BackupProblem, match="damaged"):
        backups.copier_of(sqlite_url).examine(tmp_path / "copy")


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ("UPDATE responses SET answers = '{'", "3 of responses (answers)"),
        ("UPDATE responses SET answers = '[1]'", "3 of responses (answers)"),
        ("UPDATE responses SET state = 'boh'", "3 of responses (state)"),
        ("UPDATE responses SET received_on = '2026-02-31'", "3 of responses (received_on)"),
        ("UPDATE responses SET keep_until = 'soon'", "3 of responses (keep_until)"),
    ],
)
def test_rows_that_are_whole_and_cannot_be_read_are_named_and_stop_nothing(
    sqlite_url: URL, tmp_path: Path, changed: str, named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(sqlite_url)
    monkeypatch.setenv("FORMS_DATABASE_URL", str(sqlite_url))
    monkeypatch.setenv("FORMS_DATA", str(tmp_path / "data"))
    whole, copy = tmp_path / "whole", tmp_path / "copy"
    assert CliRunner().invoke(main, ["backup", str(whole)]).exit_code == 0
    done = CliRunner().invoke(main, ["verify", str(whole)])
    assert done.exit_code == 0, done.output
    with closing(sqlite3.connect(sqlite_url.database or "")) as store:
        store.execute(changed)
        store.commit()
    made = CliRunner().invoke(main, ["backup", str(copy)])
    assert (made.exit_code, named in made.stdout) == (0, True), made.output
    for words in (["verify"], ["verify", str(copy)]):
        done = CliRunner().invoke(main, words)
        assert (done.exit_code, named in done.stdout, "earlier backup" in done.stderr) == (1, True, True), done.output
    assert CliRunner().invoke(main, ["restore", str(whole), "--replace"]).exit_code == 0
    assert CliRunner().invoke(main, ["verify", str(whole)]).exit_code == 0


def test_without_the_programs_of_postgresql_the_remedy_is_named(
    postgresql_url: URL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.which", lambda *_, **__: None)
    with pytest.raises(BackupProblem, match="apt-get install postgresql-client"):
        backups.backup(postgresql_url, tmp_path / "copy")


def test_no_password_stands_in_the_arguments_of_a_program(postgresql_url: URL) -> None:
    copier = postgresql.PostgresqlCopier(postgresql_url.set(password="canary-4711"))
    assert "canary" not in copier._conninfo
    assert copier._environ["PGPASSWORD"] == "canary-4711"


WRITABLE = "PRAGMA writable_schema=ON; UPDATE sqlite_master SET sql = {sql} WHERE name = {name!r}"


@pytest.mark.parametrize(
    ("doctored", "named"),
    [
        ("CREATE TRIGGER spy AFTER INSERT ON responses BEGIN DELETE FROM notices; END", "the trigger spy"),
        ("CREATE VIEW seen AS SELECT answers FROM responses", "the view seen"),
        ("CREATE TABLE more (a)", "the table more"),
        ("CREATE VIRTUAL TABLE words USING fts5(a)", "the table words"),
        ("CREATE INDEX quick ON responses (lower(answers))", "the index quick"),
        ("CREATE INDEX plain ON responses (version)", "the index plain"),
        ("DROP INDEX responses_in_order", "the index responses_in_order"),
        ("DROP TRIGGER note_change", "the trigger note_change"),
        ("DROP INDEX members_of_form; CREATE INDEX members_of_form ON responses (form)", "the index members_of_form"),
        ("ALTER TABLE responses ADD COLUMN twice GENERATED ALWAYS AS (answers || answers)", "the table responses"),
        ("ALTER TABLE notices ADD COLUMN more text DEFAULT 'x'", "the table notices"),
        ("ALTER TABLE backups RENAME COLUMN made_at TO made", "the table backups"),
        (WRITABLE.format(sql="replace(sql, 'count bigint', 'count text')", name="received"), "the table received"),
        (WRITABLE.format(sql="replace(sql, 'NOT NULL UNIQUE', 'NOT NULL')", name="responses"), ""),
        ("PRAGMA application_id=4711", "its application_id"),
        ("PRAGMA user_version=1", "its user_version"),
        ("DELETE FROM schema_version WHERE version = 3", "the table schema_version"),
        ("PRAGMA legacy_alter_table=ON; ANALYZE", None),
    ],
    ids=lambda value: None if value is None else str(value)[:60],
)
def test_a_copy_with_something_of_its_own_is_refused_and_changes_nothing(
    sqlite_url: URL, tmp_path: Path, doctored: str, named: str | None
) -> None:
    fill(sqlite_url)
    copy = tmp_path / "copy"
    backups.backup(sqlite_url, copy)
    with closing(sqlite3.connect(copy)) as connection:
        connection.executescript(doctored)
    if named is None:
        assert backups.copier_of(sqlite_url).examine(copy).responses == 3
        return
    before = Path(sqlite_url.database or "").read_bytes()
    with pytest.raises(BackupProblem, match=f"{named}.*nobody could write" if named else "copy") as refused:
        backups.restore(sqlite_url, copy, Tombstones(tmp_path / "tombstones.log").bury, replace=True)
    assert str(copy) in str(refused.value)
    assert Path(sqlite_url.database or "").read_bytes() == before
    assert held(sqlite_url, "gruppo") == 3


def test_a_store_with_something_of_its_own_is_told_of(sqlite_url: URL, tmp_path: Path) -> None:
    fill(sqlite_url)
    with closing(sqlite3.connect(sqlite_url.database or "")) as connection:
        connection.executescript("CREATE VIEW seen AS SELECT answers FROM responses")
    with pytest.raises(BackupProblem, match="the view seen"):
        backups.copier_of(sqlite_url).examine_store()
    with pytest.raises(BackupProblem, match="the view seen"):
        backups.backup(sqlite_url, tmp_path / "copy")


@pytest.mark.parametrize(
    ("doctored", "named"),
    [
        ("ALTER TABLE responses ADD COLUMN more text", "the columns of responses"),
        ("CREATE INDEX quick ON responses (lower(answers))", "the index quick"),
        (
            "CREATE FUNCTION spy() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';"
            " CREATE TRIGGER spy AFTER INSERT ON responses FOR EACH ROW EXECUTE FUNCTION spy()",
            "the trigger responses spy",
        ),
        ("CREATE RULE spy AS ON DELETE TO notices DO INSTEAD NOTHING", "the rule notices spy"),
        ("ALTER TABLE responses ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON responses", "the policy responses p"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_copy_of_postgresql_with_something_of_its_own_is_refused(
    postgresql_url: URL, tmp_path: Path, doctored: str, named: str
) -> None:
    fill(postgresql_url)
    with closing(make_connection(postgresql_url)) as connection:
        connection.execute(doctored.encode())
    copier = backups.copier_of(postgresql_url)
    copier.save(tmp_path / "copy")
    with pytest.raises(BackupProblem, match=f"{named}.*nobody could write"):
        backups.restore(postgresql_url, tmp_path / "copy", Tombstones(tmp_path / "tombstones.log").bury, replace=True)


def test_of_a_copy_of_postgresql_only_rows_are_brought_back(postgresql_url: URL, tmp_path: Path) -> None:
    """What makes tables is never read from it: this one's check of a column was taken out."""
    fill(postgresql_url)
    with closing(make_connection(postgresql_url)) as connection:
        connection.execute(b"ALTER TABLE responses DROP CONSTRAINT responses_channel_check")
    backups.backup(postgresql_url, tmp_path / "copy")
    backups.restore(postgresql_url, tmp_path / "copy", Tombstones(tmp_path / "tombstones.log").bury, replace=True)
    with closing(make_connection(postgresql_url)) as connection, pytest.raises(psycopg.errors.CheckViolation):
        connection.execute(b"UPDATE responses SET channel = 'other'")
    assert held(postgresql_url, "gruppo") == 3
