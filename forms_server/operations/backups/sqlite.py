"""Copies of a SQLite store, by SQLite's own online backup."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL

from bacheca.forms.catalogues import marked as _
from forms_server.database.engine import sqlite_driver
from forms_server.errors import BackupProblem
from forms_server.messages import Saying
from forms_server.operations.backups.copier import (
    IN_USE,
    NONE_THERE,
    NOT_EMPTY,
    Bury,
    Examined,
    as_we_make_it,
    of_this_code,
)
from forms_server.operations.backups.sqlite_schema import differences
from forms_server.store.lifecycle import State

PATIENCE = 2
"""How long to wait for somebody who is using the store, in seconds."""

BUSY = ("SQLITE_BUSY", "SQLITE_LOCKED")
BROKEN = ("SQLITE_CORRUPT", "SQLITE_NOTADB")
BROKEN_FILE = _("{path} cannot be used ({code}): bring back the last backup that `verify` finds whole.")
COPY = "mode=ro&immutable=1"
"""A copy is read as it lies there: nothing is written beside it."""

NO_OBJECT = "(CASE WHEN json_valid({0}) THEN json_type({0}) END) IS NOT 'object'"
NO_DAY = "{0} IS NOT NULL AND date({0}) IS NOT {0}"
UNREADABLE = {
    ("responses", "answers"): NO_OBJECT,
    ("responses", "state"): f"{{0}} NOT IN ({', '.join(repr(state.value) for state in State)})",
    **{("responses", column): NO_DAY for column in ("received_on", "keep_until", "pending_since")},
}
"""What no value of a column is that we wrote, in SQL."""


class SqliteCopier:
    """Copies the store in a file."""

    def __init__(self, url: URL):
        self._path = Path(url.database or "")

    def owns(self, path: Path) -> bool:
        """Tell whether a path is the store's own, or that of its log."""
        own = self._path.resolve()
        return path.resolve() in {own, *(own.with_name(own.name + part) for part in ("-wal", "-shm", "-journal"))}

    def save(self, draft: Path) -> None:
        """Write a copy, all in one step: it is of one moment, and whoever writes meanwhile is not held up."""
        if not self._path.exists():
            raise BackupProblem(Saying(_("There is no store at {path} yet: nothing to copy."), path=self._path))
        with _plainly(self._path), _open(self._path, "mode=rw") as store, _open(draft, "mode=rw") as copy:
            store.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")  # one file, whole without a log beside it

    def examine(self, path: Path) -> Examined:
        """Read a copy whole: pages, indexes, and that nothing stands alone which belongs to something."""
        if not path.is_file():
            raise BackupProblem(Saying(NONE_THERE, path=path))
        if any(path.with_name(path.name + part).exists() for part in ("-wal", "-journal")):
            sentence = _("{path} is a database in use, not a backup: the command `backup` makes one of it.")
            raise BackupProblem(Saying(sentence, path=path))
        with _plainly(path), _open(path, COPY) as copy:
            version = _version(copy)
            of_this_code(path, version)
            as_we_make_it(path, differences(copy, version))  # first: what it has of its own must never run
            return _examined(copy, path)

    def examine_store(self) -> Examined | None:
        """Read the store whole."""
        if not self._path.exists():
            return None
        with _plainly(self._path), _open(self._path, "mode=rw") as store:
            if version := _version(store):
                as_we_make_it(self._path, differences(store, version))
            return _examined(store, self._path)

    def load(self, path: Path, bury: Bury, *, replace: bool) -> None:
        """Put a copy into the store's file, in one transaction of it: a crash leaves one or the other."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600))
        with _plainly(self._path), _open(self._path, "mode=rw") as store:
            # From here on nobody else has it: a service that starts now waits, and finds what was restored.
            store.execute("PRAGMA locking_mode=EXCLUSIVE")
            store.execute("PRAGMA journal_mode=DELETE")
            store.execute("BEGIN EXCLUSIVE")
            store.execute("COMMIT")
            held = _count(store, "responses")
            if held and not replace:
                raise BackupProblem(Saying(NOT_EMPTY, count=held))
            if _has(store, "tombstones"):
                asked = "SELECT tombstone FROM tombstones WHERE state = 'withdrawn'"
                bury(frozenset(mark for (mark,) in store.execute(asked)))
            store.execute("PRAGMA synchronous=FULL")
            with _open(path, COPY) as copy:
                copy.backup(store)


@contextmanager
def _open(path: Path, how: str) -> Iterator[Any]:
    address = f"file:{quote(str(path.absolute()))}?{how}"
    with closing(sqlite_driver().connect(address, uri=True, timeout=PATIENCE, isolation_level=None)) as connection:
        connection.execute("PRAGMA trusted_schema=OFF")
        yield connection


@contextmanager
def _plainly(path: Path) -> Iterator[None]:
    """Say in a sentence what SQLite says by its codes."""
    try:
        yield
    except sqlite_driver().Error as error:
        code = getattr(error, "sqlite_errorname", None) or type(error).__name__
        if code.startswith(BUSY):
            raise BackupProblem(Saying(IN_USE)) from None
        if code.startswith("SQLITE_FULL"):
            sentence = _("There is no room for it on the disk: make some, or name a file elsewhere.")
            raise BackupProblem(Saying(sentence)) from None
        sentence = BROKEN_FILE if code.startswith(BROKEN) else _("{path} cannot be used ({code}).")
        raise BackupProblem(Saying(sentence, path=path, code=code)) from None


def _examined(connection: Any, path: Path) -> Examined:
    ((said, *_rest), *_more) = connection.execute("PRAGMA integrity_check(1)").fetchall()
    if said != "ok" or connection.execute("PRAGMA foreign_key_check").fetchone():
        sentence = _("{path} is damaged: bring back the last backup that `verify` finds whole.")
        raise BackupProblem(Saying(sentence, path=path))
    return Examined(_version(connection), _count(connection, "responses"), tuple(_unreadable(connection)))


def _unreadable(connection: Any) -> Iterator[str]:
    """Name what is whole for SQLite and cannot be read by us, as where a disk or a hand has changed a value."""
    for (table, column), wrong in UNREADABLE.items():
        if column in {found[1] for found in connection.execute(f"PRAGMA table_info({table})")}:
            asked = f"SELECT count(*) FROM {table} WHERE {wrong.format(column)}"  # noqa: S608  names of ours
            (count,) = connection.execute(asked).fetchone()
            if count:
                yield Saying(_("{count} of {table} ({column})"), count=count, table=table, column=column)


def _version(connection: Any) -> int:
    if not _has(connection, "schema_version"):
        return 0
    (version,) = connection.execute("SELECT coalesce(max(version), 0) FROM schema_version").fetchone()
    return version if isinstance(version, int) else 0


def _has(connection: Any, table: str) -> bool:
    asked = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"
    return connection.execute(asked, (table,)).fetchone() is not None


def _count(connection: Any, table: str) -> int:
    if not _has(connection, table):
        return 0
    (count,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608  a name of ours
    return int(count)
