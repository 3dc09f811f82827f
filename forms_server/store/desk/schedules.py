"""The days on which forms take answers, where somebody has set others than their files say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from bacheca.forms.set_days import SetDays
from forms_server.database.engine import Work
from forms_server.database.tables import schedules
from forms_server.database.transactions import Database


@dataclass(frozen=True)
class Schedule:
    """What holds of a form instead of what its file says.

    Args:
        form: the form's name.
        opens: the first day on which it takes answers; None where the file says.
        closes: the last such day, `date.max` for none; None where the file says.
        shut_at: the moment at which somebody closed it; None where nobody did.
    """

    form: str
    opens: date | None = None
    closes: date | None = None
    shut_at: datetime | None = None

    @property
    def days(self) -> SetDays:
        """Its days, without the form's name."""
        return SetDays(self.opens, self.closes, self.shut_at)


class Schedules:
    """Knows the days that were set; `Store.schedules`.

    Every method raises `StoreUnavailable` when the database does not confirm what was asked.
    """

    def __init__(self, database: Database):
        self._database = database

    def all(self) -> Mapping[str, Schedule]:
        """Give all of them, by the name of the form."""
        with self._database.transaction(Work.READ) as connection:
            return {row["form"]: Schedule(**row) for row in connection.execute(select(schedules)).mappings()}

    def set(self, schedule: Schedule) -> None:
        """Set the days of a form."""
        values = vars(schedule)
        asked = self._database.insert(schedules).values(values)
        with self._database.transaction(Work.WRITE) as connection:
            connection.execute(asked.on_conflict_do_update(index_elements=["form"], set_=values))

    def drop(self, form: str) -> None:
        """Let what its file says hold again."""
        with self._database.transaction(Work.WRITE) as connection:
            connection.execute(schedules.delete().where(schedules.c.form == form))
