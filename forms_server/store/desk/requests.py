"""What people asked for about their data: what is open until when, and what became of the rest.

Of whoever asked there is a keyed hash of the address, and the address itself, sealed, as long as the request is open.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from forms_server.database.engine import Work
from forms_server.database.tables import requests
from forms_server.database.transactions import Database


@dataclass(frozen=True)
class Request:
    """Something that somebody asked for.

    Args:
        request_id: a random name.
        kind: what was asked for, a key of `KINDS`.
        subject: the keyed hash of the address.
        secret_id: the name of the key that hash and seal were made with.
        address: the address, sealed; None once it is closed.
        received_on: the day it came.
        due_on: the last day to answer.
        extended_on: the day on which whoever asked was told that it takes longer, if any.
        opened_by: the account that noted it; empty for the terminal.
        closed_by: the account that closed it.
        closed_at: when.
        outcome: what became of it, a key of `OUTCOMES`.
    """

    request_id: str
    kind: str
    subject: str
    secret_id: str
    address: str | None
    received_on: date
    due_on: date
    opened_by: str
    extended_on: date | None = None
    closed_by: str | None = None
    closed_at: datetime | None = None
    outcome: str | None = None


FIELDS = [requests.c[name] for name in Request.__dataclass_fields__]


class Requests:
    """The requests; `Store.requests`.

    Every method raises `StoreUnavailable` when the database does not confirm what was asked.
    """

    def __init__(self, database: Database):
        self._database = database

    def add(self, request: Request) -> None:
        """Keep one that was made."""
        with self._database.transaction(Work.WRITE) as connection:
            connection.execute(requests.insert().values(vars(request)))

    def open(self) -> list[Request]:
        """Give those that wait, the one that is due first first."""
        asked = select(*FIELDS).where(requests.c.closed_at.is_(None))
        with self._database.transaction(Work.READ) as connection:
            found = connection.execute(asked.order_by(requests.c.due_on, requests.c.received_on, requests.c.request_id))
            return [Request(**row) for row in found.mappings()]

    def closed(self, count: int) -> list[Request]:
        """Give those that were closed last, the newest first."""
        asked = select(*FIELDS).where(requests.c.closed_at.is_not(None))
        asked = asked.order_by(requests.c.closed_at.desc(), requests.c.request_id).limit(count)
        with self._database.transaction(Work.READ) as connection:
            return [Request(**row) for row in connection.execute(asked).mappings()]

    def counts(self, days: tuple[date, date], moments: tuple[datetime, datetime]) -> tuple[int, int]:
        """Count those that came from a day on, before another, and those that were closed from a moment on."""
        came = (requests.c.received_on >= days[0], requests.c.received_on < days[1])
        closed = (requests.c.closed_at >= moments[0], requests.c.closed_at < moments[1])
        with self._database.transaction(Work.READ) as connection:
            return (
                connection.scalar(select(func.count()).select_from(requests).where(*came)) or 0,
                connection.scalar(select(func.count()).select_from(requests).where(*closed)) or 0,
            )

    def find(self, request_id: str) -> Request | None:
        """Find one by its name."""
        with self._database.transaction(Work.READ) as connection:
            asked = select(*FIELDS).where(requests.c.request_id == request_id)
            row = connection.execute(asked).mappings().one_or_none()
            return None if row is None else Request(**row)

    def extend(self, request_id: str, due_on: date, today: date) -> bool:
        """Let one that is open, and was not extended yet, be due later; tell whether it was so."""
        this = (requests.c.request_id == request_id, requests.c.closed_at.is_(None), requests.c.extended_on.is_(None))
        change = requests.update().where(*this).values(due_on=due_on, extended_on=today)
        with self._database.transaction(Work.WRITE) as connection:
            return connection.scalar(change.returning(requests.c.request_id)) is not None

    def close(self, ids: Sequence[str], outcome: str, by: str, moment: datetime) -> list[str]:
        """Close some, and forget the addresses; give the ids of those that were open."""
        this = (requests.c.request_id.in_(ids), requests.c.closed_at.is_(None))
        change = requests.update().where(*this)
        change = change.values(closed_at=moment, closed_by=by, outcome=outcome, address=None)
        with self._database.transaction(Work.WRITE) as connection:
            return list(connection.scalars(change.returning(requests.c.request_id)))

    def open_of(self, subjects: Sequence[str], kinds: Collection[str]) -> list[str]:
        """Give the ids of what somebody waits for, of some kinds."""
        theirs = (requests.c.subject.in_(subjects), requests.c.kind.in_(kinds), requests.c.closed_at.is_(None))
        with self._database.transaction(Work.READ) as connection:
            return list(connection.scalars(select(requests.c.request_id).where(*theirs)))

    def forget(self, before: datetime) -> None:
        """Forget what was closed before a moment."""
        with self._database.transaction(Work.WRITE) as connection:
            connection.execute(requests.delete().where(requests.c.closed_at < before))
