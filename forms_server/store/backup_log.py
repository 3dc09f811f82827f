"""When copies of the store were made."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import func, select

from forms_server.database.engine import Work
from forms_server.database.tables import backups, responses
from forms_server.database.transactions import Database


class Copies:
    """The copies that were made of the store; `Store.copies`.

    Every method raises `StoreUnavailable` when the database does not confirm what was asked.
    """

    def __init__(self, database: Database):
        self._database = database

    def note(self, made_at: datetime) -> None:
        """Note that a copy was made; of earlier ones nothing needs to be known."""
        with self._database.transaction(Work.WRITE) as connection:
            connection.execute(backups.delete())
            connection.execute(self._database.insert(backups).values(made_at=made_at).on_conflict_do_nothing())

    def last(self) -> date | None:
        """Give the day on which the last copy was made; None where none was."""
        with self._database.transaction(Work.READ) as connection:
            made_at: datetime | None = connection.scalar(select(func.max(backups.c.made_at)))
        return made_at.date() if made_at else None

    def days_without(self, today: date) -> int:
        """Give for how many days no copy has been made while there were responses; 0 when there are none."""
        with self._database.transaction(Work.READ) as connection:
            first = connection.scalar(select(func.min(responses.c.received_on)))
            made_at = connection.scalar(select(func.max(backups.c.made_at)))
        if first is None:
            return 0
        since = max(first, made_at.date()) if made_at else first
        days: int = (today - since).days
        return max(0, days)
