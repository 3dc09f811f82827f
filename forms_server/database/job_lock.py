"""A lock on each job of a service, so that no two processes do one at once: the service's own, and what a timer starts.

A lock ends with whoever holds it, however they end: PostgreSQL takes it back with the connection, the system with the
file. SQLite is used on one machine, where a file is as good as a row and needs no clock.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path

from sqlalchemy import Engine, func, select
from sqlalchemy.exc import SQLAlchemyError

from bacheca.forms.catalogues import marked as _
from forms_server.database.engine import PATIENCE, Work
from forms_server.database.file_turn import FileTurn
from forms_server.errors import JobTaken, StoreRefused
from forms_server.messages import Saying

SPACE = 7264125
"""The first half of the numbers by which PostgreSQL knows the locks; any will do as long as it stays the same."""

LOOK = 0.1
"""Seconds between two looks at a lock of PostgreSQL."""

POOLER = _(
    "Between the service and PostgreSQL stands a pooler that gives each transaction another session, such as pgbouncer"
    " with pool_mode=transaction: locks do not hold there, and jobs would be done twice. Set pool_mode=session, or name"
    " PostgreSQL itself in FORMS_DATABASE_URL."
)


class Job(Enum):
    """What one process does at a time: its number, its name, and how to say that somebody does it."""

    MAIL = 1, "mail", _("The mail is being sent")
    RETENTION = 2, "retention", _("What was kept long enough is being erased")
    RESULTS = 3, "results", _("Results are being published")
    GROWTH = 4, "growth", _("The growth of the community is being counted")
    WARNINGS = 5, "warnings", _("The secretariat is being told")
    EXPORT = 6, "export", _("Packages are being written")
    REMINDERS = 7, "reminders", _("People are being reminded")
    OFFERS = 8, "offers", _("Places are being offered")
    DOWNLOADS = 9, "downloads", _("Files of answers are being made")
    LETTERS = 10, "letters", _("Letters to many are being put into the outbox")


@contextmanager
def alone_at(engine: Engine, job: Job) -> Iterator[None]:
    """Do a job while no other process does; one that another does is waited for as long as a writer's turn is.

    Raises:
        JobTaken: another process does it, and goes on.
        StoreUnavailable: the database does not answer.
        SQLAlchemyError: the same, in PostgreSQL's words.
    """
    number, name, doing = job.value
    if engine.dialect.name == "postgresql":
        with _advisory(engine, number, doing):
            yield
        return
    turn = FileTurn(Path(f"{engine.url.database}-{name}-lock"), PATIENCE)
    try:
        with turn.held(JobTaken(doing)):
            yield
    finally:
        turn.close()


def refuse_shared_sessions(engine: Engine) -> None:
    """Refuse a pooler that lends one session of PostgreSQL to several connections, a transaction to each.

    A lock would then stay with whoever comes next, and not with who asked for it.

    Raises:
        StoreRefused: two connections that are open at once have the same session.
        SQLAlchemyError: the database does not answer.
    """
    if engine.dialect.name != "postgresql":
        return
    asked = select(func.pg_backend_pid())
    with engine.connect() as one, engine.connect() as other:
        sessions = []
        for connection in (one, other):
            sessions.append(connection.scalar(asked))
            connection.rollback()  # after which such a pooler lends its session to the other
    if sessions[0] == sessions[1]:
        raise StoreRefused(Saying(POOLER))


@contextmanager
def _advisory(engine: Engine, number: int, doing: str) -> Iterator[None]:
    until = time.monotonic() + PATIENCE
    with engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT", work=Work.WRITE)
        while not connection.scalar(select(func.pg_try_advisory_lock(SPACE, number))):
            if time.monotonic() > until:
                raise JobTaken(doing)
            time.sleep(LOOK)
        try:
            yield
        finally:
            try:
                connection.scalar(select(func.pg_advisory_unlock(SPACE, number)))
            except SQLAlchemyError:
                connection.invalidate()  # it was cut, and the lock ended with it
