"""Transactions on the database, and one error for whatever it does not do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from importlib import import_module
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from forms_server.database.damage import damaged_row
from forms_server.database.engine import PATIENCE, Work
from forms_server.database.file_turn import FileTurn
from forms_server.database.job_lock import Job, alone_at, refuse_shared_sessions
from forms_server.database.tables import Unreadable
from forms_server.errors import StoreDamaged, StoreUnavailable

LASTING = ("SQLITE_IOERR", "SQLITE_CORRUPT", "SQLITE_NOTADB")
"""After one of these SQLite's own advice is to end the process: what it holds in memory may be wrong."""

BRIEFLY = 250
"""How long to wait for readers before the log is cut another time, in milliseconds."""


class Database:
    """An engine and the discipline of its transactions; threads may share it."""

    def __init__(self, engine: Engine):
        self._engine = engine
        self._lost: str | None = None
        self.postgresql = engine.dialect.name == "postgresql"
        self._write_turn = FileTurn(Path(f"{engine.url.database}-lock"), PATIENCE)
        # Its INSERT with `on_conflict_…`; SQLAlchemy has no common type for them, and takes a while to load each.
        self.insert: Callable[[Table], Any] = import_module(f"sqlalchemy.dialects.{engine.dialect.name}").insert

    @property
    def lost(self) -> bool:
        """Whether a fault of the disk has made this process unfit to go on."""
        return self._lost is not None

    @contextmanager
    def transaction(self, work: Work) -> Iterator[Connection]:
        """Open a transaction; it is committed when the block ends, and undone when the block fails.

        Raises:
            StoreUnavailable: whatever the database refused, then or when committing. After a fault of
                the disk every later transaction is refused too: the process should end.
            StoreDamaged: a row cannot be read.
        """
        if self._lost:
            raise StoreUnavailable(self._lost, lasting=True)
        try:
            with self._turn(work), self._engine.connect() as connection:
                connection.execution_options(work=work)
                with connection.begin():
                    yield connection
        except Unreadable:
            raise self._damaged() from None
        except SQLAlchemyError as error:
            # `from None`: the driver's message can quote what was sent, and would stand in the traceback.
            raise self.unavailable(error) from None

    @contextmanager
    def alone_at(self, job: Job) -> Iterator[None]:
        """Do a job while no other process does.

        Raises:
            JobTaken: another process does it, and goes on.
            StoreUnavailable: the database does not answer.
        """
        try:
            with alone_at(self._engine, job):
                yield
        except SQLAlchemyError as error:
            raise self.unavailable(error) from None

    def refuse_shared_sessions(self) -> None:
        """Refuse what stands before PostgreSQL and would break the locks of jobs.

        Raises:
            StoreRefused: there is such a pooler.
            StoreUnavailable: the database does not answer.
        """
        try:
            refuse_shared_sessions(self._engine)
        except SQLAlchemyError as error:
            raise self.unavailable(error) from None

    def wipe(self) -> bool:
        """Move SQLite's log into the database and cut it to nothing, so that no erased page lingers there.

        Returns:
            Whether it was cut; it cannot be while somebody is reading an older moment.
        """
        if self.postgresql:
            return True
        with self._write_turn.held(), self._engine.connect() as connection:
            cursor = connection.connection.cursor()
            try:
                cursor.execute(f"PRAGMA busy_timeout={BRIEFLY}")
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                (busy, *_counts) = cursor.fetchone() or (1,)
            except Exception as error:
                raise StoreUnavailable(getattr(error, "sqlite_errorname", type(error).__name__)) from None
            finally:
                cursor.execute(f"PRAGMA busy_timeout={PATIENCE * 1000}")
                cursor.close()
        return not busy

    def unavailable(self, error: SQLAlchemyError) -> StoreUnavailable:
        """Make an error of the database one that says nothing of what was asked, and remember a fault of the disk."""
        origin = error.orig if isinstance(error, DBAPIError) else error
        code = getattr(origin, "sqlstate", None) or getattr(origin, "sqlite_errorname", None)
        name = str(code or type(origin).__name__)
        if name.startswith(LASTING):
            self._lost = name
        return StoreUnavailable(name, lasting=name.startswith(LASTING))

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()
        self._write_turn.close()

    def _damaged(self) -> StoreDamaged:
        with self.transaction(Work.READ) as connection:
            return StoreDamaged(damaged_row(connection))

    def _turn(self, work: Work) -> AbstractContextManager[None]:
        return nullcontext() if self.postgresql or work is Work.READ else self._write_turn.held()
