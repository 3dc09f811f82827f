"""Connections to SQLite and PostgreSQL that keep what they confirm."""

from __future__ import annotations

import importlib
import os
import sqlite3
from collections.abc import Iterable
from enum import Enum, auto
from pathlib import Path
from types import ModuleType

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from bacheca.forms.catalogues import marked as _
from forms_server.errors import StoreRefused
from forms_server.messages import Saying

PATIENCE = 10
"""How long a writer waits for its turn, in seconds."""

BRIEFLY = 2
"""How long whoever wants a database alone waits for those who are there, in seconds."""

CONNECT_PATIENCE = 5
"""How long to wait for a PostgreSQL server to take a connection, in seconds."""


class Work(Enum):
    """What a transaction is for; the execution option `work` says it."""

    READ = auto()
    """One snapshot, however many questions are asked of it."""
    WRITE = auto()
    """On disk once it is committed."""
    COUNT = auto()
    """Worth losing when the power fails: it does not wait for the disk."""
    MIGRATE = auto()
    """Makes tables anew: SQLite minds no references meanwhile, nor later on that connection."""


OPENINGS: dict[str, dict[Work, tuple[str, ...]]] = {
    "sqlite": {
        Work.READ: ("BEGIN",),
        Work.WRITE: ("PRAGMA synchronous=FULL", "BEGIN IMMEDIATE"),
        Work.COUNT: ("PRAGMA synchronous=NORMAL", "BEGIN IMMEDIATE"),
        Work.MIGRATE: ("PRAGMA foreign_keys=OFF", "PRAGMA synchronous=FULL", "BEGIN IMMEDIATE"),
    },
    "postgresql": {
        Work.READ: ("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY",),
        Work.WRITE: (),
        Work.COUNT: ("SET LOCAL synchronous_commit TO off",),
        Work.MIGRATE: (),
    },
}

PRAGMAS = (
    f"PRAGMA busy_timeout={PATIENCE * 1000}",
    "PRAGMA foreign_keys=ON",
    "PRAGMA secure_delete=ON",
    "PRAGMA fullfsync=ON",  # macOS: its fsync alone leaves data in the disk's own cache
    "PRAGMA trusted_schema=OFF",
    "PRAGMA wal_autocheckpoint=3000",  # 12 MB: pages that change often are copied into the database less often
)


ALONE = (f"PRAGMA busy_timeout={BRIEFLY * 1000}", "PRAGMA locking_mode=EXCLUSIVE")


def make_engine(url: URL, *, alone: bool = False) -> Engine:
    """Make the engine of a database.

    Args:
        url: `sqlite:///FILE` or `postgresql+psycopg://…`, as `Settings.database_url` gives it.
        alone: whether nobody else may have SQLite's file open while a connection of this engine is.

    Returns:
        An engine whose transactions begin as their `work` asks, and whose errors show no values.

    Raises:
        StoreRefused: this SQLite can corrupt a database, or the file is where none can be kept safely.
    """
    sqlite = url.get_backend_name() == "sqlite"
    engine = _sqlite_engine(url, (*PRAGMAS, *(ALONE if alone else ()))) if sqlite else _postgresql_engine(url)
    openings = OPENINGS[engine.dialect.name]

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        for statement in openings[connection.get_execution_options().get("work", Work.READ)]:
            connection.exec_driver_sql(statement)

    return engine


def refuse_faulty_sqlite(version: tuple[int, ...]) -> None:
    """Refuse the versions of SQLite in which two connections can corrupt a WAL database.

    The fault came with 3.7.0 and was mended in 3.51.3, 3.50.7 and 3.44.6.

    Raises:
        StoreRefused: this version has it.
    """
    if version >= (3, 51, 3) or (3, 50, 7) <= version < (3, 51) or (3, 44, 6) <= version < (3, 45):
        return
    sentence = _(
        "SQLite {version} can corrupt a database that several processes use. Install pysqlite3, which brings a mended"
        " one (make setup does), or SQLite 3.51.3 or later."
    )
    raise StoreRefused(Saying(sentence, version=".".join(map(str, version))))


def sqlite_driver() -> ModuleType:
    """Give the SQLite that comes with its own, mended library; Python's where there is none."""
    try:
        return importlib.import_module("pysqlite3.dbapi2")
    except ImportError:
        return sqlite3


def _sqlite_engine(url: URL, pragmas: Iterable[str]) -> Engine:
    driver = sqlite_driver()
    # Windows has no pysqlite3, and serves previews alone: there the fault of the write-ahead log is met without one.
    journal = "wal" if hasattr(os, "fork") else "truncate"
    if journal == "wal":
        refuse_faulty_sqlite(driver.sqlite_version_info)
    path = Path(url.database or "")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        sentence = _(
            "The database {path} cannot be written ({reason}). Give this user the right to write there, or set"
            " FORMS_DATABASE_URL."
        )
        raise StoreRefused(Saying(sentence, path=path, reason=error.strerror)) from error
    engine = create_engine(url, module=driver, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def _prepare(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # transactions begin as `_begin` says, not as the driver guesses
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(pragma)
        cursor.execute(f"PRAGMA journal_mode={journal}")
        (mode,) = cursor.fetchone() or ("",)
        cursor.close()
        if mode != journal:
            sentence = _(
                "The database {path} lies where SQLite cannot keep it safely (journal mode {mode}). Put it on a local"
                " disk, or use PostgreSQL."
            )
            raise StoreRefused(Saying(sentence, path=path, mode=repr(mode)))

    return engine


def _postgresql_engine(url: URL) -> Engine:
    return create_engine(
        url,
        hide_parameters=True,
        pool_pre_ping=True,
        connect_args={"connect_timeout": CONNECT_PATIENCE, "options": "-c synchronous_commit=on"},
    )
