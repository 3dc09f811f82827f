"""The store is moved into another database whole or not at all, between both kinds, and goes on there."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import URL, BigInteger, Column, Integer, func, insert, select, text

from forms_server.__main__ import main
from forms_server.app import make_app
from forms_server.database import engine
from forms_server.database.engine import Work
from forms_server.database.tables import Day, JsonText, UtcSecond, metadata
from forms_server.errors import MoveProblem
from forms_server.operations import moving
from forms_server.operations.moving import move
from forms_server.publishing.export import export_forms
from forms_server.store import open_store
from forms_server.store.lifecycle import LIVE
from tests.forms_server.samples import Respondent, link, running
from tests.forms_server.stored import beside
from tests.forms_server.test_posting import KEY

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
TEXTS = ("", "però “così”\r\n\t\\N \\. 𝄞", "{'\"}", "x" * 5000)
BATCH = 10
MANY = 2 * BATCH + 1
CHOSEN: Mapping[tuple[str, str], Callable[[int], object]] = {
    ("form_versions", "form"): lambda row: f"gruppo-{row}" if row else "gruppo",
    ("form_versions", "version"): lambda row: "v1",
    ("responses", "form"): lambda row: "gruppo",
    ("responses", "version"): lambda row: "v1",
    ("responses", "channel"): lambda row: ("web", "mail")[row % 2],
    ("responses", "state"): lambda row: LIVE[row % len(LIVE)],
    ("responses", "received_on"): lambda row: date.fromordinal(700_000 + row % 28),
    ("responses", "address_hash"): lambda row: None if row % 3 else f"address-{row}",
    ("links", "purpose"): lambda row: ("confirm", "receipt")[row % 2],
    ("tombstones", "state"): lambda row: ("withdrawn", "expired")[row % 2],
    ("erased", "state"): lambda row: ("withdrawn", "expired")[row % 2],
    ("consents", "given_at"): lambda row: NOW if row % 2 else None,
    ("consents", "given_on"): lambda row: None if row % 2 else NOW.date(),
    ("desk_links", "purpose"): lambda row: ("invitation", "sign-in")[row % 2],
    ("audit", "action"): lambda row: ("evidence", "export", "erase")[row % 3],
}
"""What the database asks of some columns."""


MADE_UP: Mapping[type, Callable[[int], object]] = {
    JsonText: lambda row: {"b": TEXTS[row % 4], "a": [row, None, True, 1.5, "\x00"]},
    UtcSecond: lambda row: NOW + timedelta(seconds=row * 86_401),
    Day: lambda row: date.fromordinal(700_000 + row),
    BigInteger: lambda row: 2**40 + row,
    Integer: lambda row: row,
}
"""Of the other columns, by their type; those of text have one of a few, or a name where others refer to it."""


def value(column: Column[object], row: int) -> object:
    """Make up what stands in a column of a row."""
    if chosen := CHOSEN.get((column.table.name, column.name)):
        return chosen(row)
    if column.nullable and row % 2:
        return None
    if column.foreign_keys:
        return f"{row:08x}"
    if made_up := MADE_UP.get(type(column.type)):
        return made_up(row)
    return f"{row:08x}" if column.primary_key else f"{TEXTS[row % 4]}{row}"


def fill(url: URL) -> dict[str, int]:
    """Fill every table, with responses of every state; say how many rows each has."""
    open_store(url).close()
    filled = {}
    with beside(url, Work.WRITE) as connection:
        for name, table in metadata.tables.items():
            if name != "schema_version":
                rows = MANY if name == "responses" else 9
                made = [{column.name: value(column, row) for column in table.columns} for row in range(rows)]
                connection.execute(insert(table), made)
                filled[name] = rows
    return filled


def everything(url: URL) -> dict[str, list[str]]:
    """Read every table of a database as it stands there."""
    found = {}
    with beside(url, Work.READ) as connection:
        for name in metadata.tables:
            rows = connection.execute(text(f"SELECT * FROM {name}")).mappings()
            found[name] = sorted(str({key: str(said) for key, said in sorted(row.items())}) for row in rows)
    return found


def is_empty(url: URL) -> bool:
    with beside(url, Work.READ) as connection:
        tables = [table for name, table in metadata.tables.items() if name != "schema_version"]
        return not any(connection.scalar(select(func.count()).select_from(table)) for table in tables)


def silent(table: str, rows: int, total: int) -> None:
    """Say nothing."""


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Several batches of a few rows, and nobody who uses the store is waited for."""
    monkeypatch.setattr(moving, "BATCH", BATCH)
    monkeypatch.setattr(moving, "BRIEFLY", 0.2)
    monkeypatch.setattr(engine, "ALONE", ("PRAGMA busy_timeout=0", *engine.ALONE[1:]))


@pytest.fixture(params=["to-postgresql", "to-sqlite"])
def way(request: pytest.FixtureRequest, sqlite_url: URL, postgresql_url: URL) -> tuple[URL, URL]:
    """The database that is moved and the one it goes to, in both directions."""
    return (sqlite_url, postgresql_url) if request.param == "to-postgresql" else (postgresql_url, sqlite_url)


def test_every_table_arrives_as_it_was_and_the_store_stays_as_it_is(way: tuple[URL, URL]) -> None:
    source, target = way
    filled = fill(source)
    before = everything(source)
    told: list[tuple[str, int, int]] = []
    assert move(source, target, lambda *said: told.append(said)) == filled
    assert everything(source) == everything(target) == before
    assert [said for said in told if said[0] == "responses"] == [
        ("responses", min(rows, MANY), MANY) for rows in range(BATCH, MANY + BATCH, BATCH)
    ]
    with pytest.raises(MoveProblem, match="holds something already"):
        move(source, target, silent)


def test_whenever_it_is_killed_the_other_database_is_empty_or_complete(way: tuple[URL, URL]) -> None:
    source, target = way
    fill(source)
    before = everything(source)
    steps = 0
    while True:
        child = os.fork()
        if not child:
            left = [steps]

            def kill_at_a_step(*_: object, left: list[int] = left) -> None:
                if not left[0]:
                    os.kill(os.getpid(), signal.SIGKILL)
                left[0] -= 1

            try:
                move(source, target, kill_at_a_step)
            finally:
                os._exit(0)
        if not os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]):
            break
        assert is_empty(target)
        steps += 7
    assert steps > 10
    assert everything(source) == everything(target) == before


def test_what_reads_otherwise_than_it_was_written_is_not_kept(
    sqlite_url: URL, postgresql_url: URL, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(sqlite_url)
    open_store(postgresql_url).close()
    with beside(postgresql_url, Work.MIGRATE) as connection:  # something that the other database does by itself
        connection.execute(text("CREATE RULE lost AS ON INSERT TO letter_marks DO INSTEAD NOTHING"))
    with pytest.raises(MoveProblem, match="letter_marks reads otherwise"):
        move(sqlite_url, postgresql_url, silent)
    assert is_empty(postgresql_url)


def test_a_store_that_somebody_uses_is_not_moved(way: tuple[URL, URL]) -> None:
    source, target = way
    fill(source)
    store = open_store(source)
    with store.snapshot(), pytest.raises(MoveProblem, match="stop the service"):
        move(source, target, silent)
    store.close()
    assert is_empty(target)


def test_a_store_is_not_moved_while_rows_of_it_cannot_be_read(sqlite_url: URL, postgresql_url: URL) -> None:
    fill(sqlite_url)
    with beside(sqlite_url, Work.WRITE) as connection:
        connection.execute(text("UPDATE responses SET received_on = '2026-02-31' WHERE key_hash LIKE '%7'"))
    with pytest.raises(MoveProblem, match=r"of responses \(received_on\).*verify"):
        move(sqlite_url, postgresql_url, silent)


def command(url: URL, folder: Path, *words: str, **settings: str) -> Result:
    environ = {
        "FORMS_DATABASE_URL": url.render_as_string(hide_password=False),
        "FORMS_DATA": str(folder / "data"),
        "FORMS_SECRET_KEY": "k" * 32,
    }
    return CliRunner().invoke(main, words, env=environ | settings)


def test_people_find_in_the_other_database_what_they_left_in_the_one_before(
    way: tuple[URL, URL], tmp_path: Path
) -> None:
    source, target = way
    with running(tmp_path, source, lambda: NOW) as service:
        ada = Respondent(service)
        receipts = [ada.answer_survey(_key=f"{KEY}{number}") for number in range(3)]
        sign_up = ada.sign_up()
        (mail,) = ada.mails()
        ada.post(f"{receipts[0]}/withdraw")
        (exported,) = export_forms(service.store, ("sondaggio",), tmp_path / "data", NOW)
    rows = (exported.folder / "responses.csv").read_bytes()
    to = target.render_as_string()
    done = command(source, tmp_path, "move-to", to)
    assert done.exit_code == 0, done.output
    assert f"FORMS_DATABASE_URL='{to}'" in done.stdout
    assert "3 of them responses" in done.stdout
    with running(tmp_path, target, lambda: NOW) as service:
        ada = Respondent(service)
        assert [ada.browser.get(receipt).status_code for receipt in (*receipts, sign_up)] == [404, 200, 200, 200]
        ada.post(link(mail, "confirm"))
        ada.post(f"{receipts[1]}/withdraw")
        assert service.store.counts("gruppo") == {"kept": 1}
        assert service.store.counts("sondaggio") == {"kept": 1, "withdrawn": 2}
        ada.answer_survey(_key=f"{KEY}3")
        assert ada.answer_survey(_key=f"{KEY}2") == receipts[2]  # sent once more
        (exported,) = export_forms(service.store, ("sondaggio",), tmp_path / "data", NOW)
        assert make_app(service).test_client().get("/readyz").status_code == 200
    assert len(set(rows.splitlines()) & set((exported.folder / "responses.csv").read_bytes().splitlines())) == 2


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql://ada:segreto@127.0.0.1/portale", "PGPASSWORD"),
        ("mysql://127.0.0.1/portale", "not a database this service knows"),
        ("sqlite:///{data}/../data/forms.db", "name another one"),
    ],
)
def test_a_place_that_cannot_be_the_other_database_is_refused_in_a_sentence(
    sqlite_url: URL, tmp_path: Path, url: str, said: str
) -> None:
    done = command(sqlite_url, tmp_path, "move-to", url.format(data=tmp_path / "data"))
    assert done.exit_code in (1, 2)
    assert said in done.stderr
    assert "segreto" not in done.output


def test_without_a_store_there_is_nothing_to_move(sqlite_url: URL, postgresql_url: URL) -> None:
    with pytest.raises(MoveProblem, match="nothing to move"):
        move(sqlite_url, postgresql_url, silent)


def test_the_key_that_lay_beside_sqlite_is_not_forgotten(sqlite_url: URL, postgresql_url: URL, tmp_path: Path) -> None:
    fill(sqlite_url)
    done = command(sqlite_url, tmp_path, "move-to", postgresql_url.render_as_string(), FORMS_SECRET_KEY="")
    assert f"FORMS_SECRET_KEY to what {tmp_path / 'data' / 'secret.key'} holds" in done.stdout, done.output
