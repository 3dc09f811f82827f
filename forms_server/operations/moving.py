"""Moving the store into another database: from SQLite to PostgreSQL, back, or to another server; all or nothing.

The store is read in one transaction beside which nobody else can write, and stays as it is. The other database is
filled in one transaction, which is committed once what it holds was read back and is the same. So whatever happens
meanwhile, the other one is as empty as before or holds everything.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import URL, Connection, Text, func, insert, select, text
from sqlalchemy.sql import column, table
from sqlalchemy.sql.expression import TableClause

from bacheca.forms.catalogues import marked as _
from forms_server.database.engine import BRIEFLY, Work, make_engine
from forms_server.database.migrate import TRY_LOCK
from forms_server.database.tables import JsonText, UtcSecond, metadata, schema_version
from forms_server.database.transactions import Database
from forms_server.errors import MoveProblem, StoreUnavailable
from forms_server.messages import Saying, Told, said
from forms_server.operations.backups.copies import copier_of
from forms_server.operations.backups.postgresql import OTHERS
from forms_server.store import open_store

BATCH = 1000
"""How many rows are held in memory."""

FIRST = ("received_on",)
"""Read in the order of these first: SQLite keeps responses by their day, so that they are read straight through."""

LOOK = 0.1
"""Seconds between two looks at who is connected to PostgreSQL."""

IN_USE = _("The store is in use: stop the service, on every machine, then move it.")
TARGET_IN_USE = _("Somebody else is filling the other database: wait for them, or name another one.")
BUSY = ("SQLITE_BUSY", "SQLITE_LOCKED")

Progress = Callable[[str, int, int], None]
"""Is told of a table how many of how many rows are in the other database."""


class Held(NamedTuple):
    """What a table holds: how many rows, and a digest of them that is the same in whatever order they come."""

    rows: int
    digest: int


def move(source: URL, target: URL, progress: Progress) -> Mapping[str, int]:
    """Copy everything that a store holds into a database that holds nothing.

    Args:
        source: the store's, as in the settings; no service uses it.
        target: where it goes, another one.
        progress: is told after every batch.

    Returns:
        How many rows each table has.

    Raises:
        MoveProblem: the store is in use or cannot be read whole, or the other database holds something.
        BackupProblem: the store is damaged.
        StoreRefused: this code cannot work with one of the two.
        StoreUnavailable: a database did not do what was asked; nothing is in the other one.
    """
    _refuse_unreadable(source)
    open_store(target).close()  # makes its tables
    tables = [_verbatim(name) for name in metadata.tables if name != schema_version.name]
    reading, writing = Database(make_engine(source, alone=True)), Database(make_engine(target))
    try:
        with _read_alone(reading) as store, writing.transaction(Work.WRITE) as other:
            if not _is_alone(other):
                raise MoveProblem(Saying(TARGET_IN_USE))
            _refuse_rows(other, tables)
            held = {here.name: _copy(store, other, here, progress) for here in tables}
            for here in tables:  # once all is there, so that what the database does by itself is seen too
                if _held(other, here) != held[here.name]:
                    sentence = _("What was written to {table} reads otherwise. Nothing was moved: tell us.")
                    raise MoveProblem(Saying(sentence, table=here.name))
    finally:
        reading.close()
        writing.close()
    return {name: found.rows for name, found in held.items()}


def _refuse_unreadable(source: URL) -> None:
    examined = copier_of(source).examine_store()
    if examined is None:
        sentence = _("There is no store yet: nothing to move. Set FORMS_DATABASE_URL and start the service.")
        raise MoveProblem(Saying(sentence))
    if examined.unreadable:
        sentence = _(
            "The store has rows that cannot be read: {rows}. Bring back the last backup that `verify` finds whole, then"
            " move it."
        )
        raise MoveProblem(Saying(sentence, rows=Told(partial(_joined, examined.unreadable))))


def _joined(rows: Sequence[str], language: str) -> str:
    return "; ".join(said(row, language) for row in rows)


@contextmanager
def _read_alone(database: Database) -> Iterator[Connection]:
    """Read a store of one moment, while nobody else has it open."""
    try:
        with database.transaction(Work.READ) as connection:
            if not _is_alone(connection) or (database.postgresql and _has_others(connection)):
                raise MoveProblem(Saying(IN_USE))
            connection.execute(select(func.count()).select_from(schema_version))  # takes SQLite's file
            yield connection
    except StoreUnavailable as problem:
        if problem.code.startswith(BUSY):
            raise MoveProblem(Saying(IN_USE)) from None
        raise


def _is_alone(connection: Connection) -> bool:
    """Take, in PostgreSQL, the lock without which nobody opens a store; SQLite has one for its file."""
    return connection.dialect.name != "postgresql" or bool(connection.scalar(text(TRY_LOCK)))


def _has_others(connection: Connection) -> bool:
    """Tell whether somebody else is connected to PostgreSQL; who has just gone may be on its list for a moment."""
    until = time.monotonic() + BRIEFLY
    while connection.scalar(text(OTHERS)):
        if time.monotonic() > until:
            return True
        time.sleep(LOOK)
        connection.execute(text("SELECT pg_stat_clear_snapshot()"))
    return False


def _refuse_rows(connection: Connection, tables: Sequence[TableClause]) -> None:
    for here in tables:
        if connection.execute(select(1).select_from(here).limit(1)).first():
            sentence = _("The other database holds something already ({table}): name one that is empty, or empty it.")
            raise MoveProblem(Saying(sentence, table=here.name))


def _verbatim(name: str) -> TableClause:
    """Give a table in which what we write as text is text, and is copied as it stands."""
    made = metadata.tables[name]
    as_text = (JsonText, UtcSecond)
    return table(name, *(column(c.name, Text() if isinstance(c.type, as_text) else c.type) for c in made.columns))


def _copy(store: Connection, other: Connection, here: TableClause, progress: Progress) -> Held:
    total = store.scalar(select(func.count()).select_from(here)) or 0
    rows = digest = 0
    for batch in _batches(store, here):
        other.execute(insert(here), [row._asdict() for row in batch])
        rows += len(batch)
        digest += sum(map(_digest, batch))
        progress(here.name, rows, total)
    return Held(rows, digest % 2**256)


def _held(connection: Connection, here: TableClause) -> Held:
    rows = digest = 0
    for batch in _batches(connection, here):
        rows += len(batch)
        digest += sum(map(_digest, batch))
    return Held(rows, digest % 2**256)


def _batches(connection: Connection, here: TableClause) -> Iterator[Sequence[Any]]:
    first = [here.c[name] for name in FIRST if name in here.c]
    keys = [here.c[key.name] for key in metadata.tables[here.name].primary_key]
    asked = select(here).order_by(*first, *keys)  # by random ids: how they lie there tells nobody who came first
    yield from connection.execute(asked, execution_options={"yield_per": BATCH}).partitions()


def _digest(row: Any) -> int:
    return int.from_bytes(blake2b(repr(tuple(row)).encode(), digest_size=32).digest(), "big")


def same_database(one: URL, other: URL) -> bool:
    """Tell whether two addresses lead to the same place, whoever comes."""
    if one.get_backend_name() != other.get_backend_name():
        return False
    if one.get_backend_name() == "sqlite":
        return Path(one.database or "").resolve() == Path(other.database or "").resolve()
    return one.set(username=None, password=None) == other.set(username=None, password=None)
