"""What was kept and looks like a program's: it waits for somebody to decide."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import and_, func, select

from forms_server.store.database import Database
from forms_server.store.engine import Work
from forms_server.store.reading import ROWS_AT_ONCE, stored_responses
from forms_server.store.records import OutboxMail, StoredResponse
from forms_server.store.tables import responses
from forms_server.store.writing import write_mail

QUARANTINED = "quarantined"


class Quarantine:
    """The responses that wait for a decision; `Store.quarantine`.

    Every method raises `StoreUnavailable` when the database does not confirm what was asked.
    """

    def __init__(self, database: Database):
        self._database = database

    def counts(self, forms: Iterable[str]) -> Mapping[str, int]:
        """Count them, for each of these forms."""
        names = tuple(forms)
        asked = select(responses.c.form, func.count()).where(
            responses.c.form.in_(names), responses.c.state == QUARANTINED
        )
        with self._database.transaction(Work.READ) as connection:
            found: dict[str, int] = {form: count for form, count in connection.execute(asked.group_by("form"))}
        return {name: found.get(name, 0) for name in names}

    def waiting(self, form: str) -> list[StoredResponse]:
        """Give those of a form, the oldest first."""
        asked = (
            stored_responses()
            .where(responses.c.form == form, responses.c.state == QUARANTINED)
            .order_by(responses.c.received_on, responses.c.response_id)
        )
        with self._database.transaction(Work.READ) as connection:
            found = connection.execute(asked, execution_options={"yield_per": ROWS_AT_ONCE})
            return [StoredResponse(**row) for row in found.mappings()]

    def release(self, form: str, response_id: str, *, confirm: OutboxMail | None, day: date) -> bool:
        """Take a response out, as if it had come today without any doubt.

        Args:
            form: the form's name.
            response_id: the response.
            confirm: the mail from which a sign-up is confirmed; None where nothing has to be.
            day: today, from which a sign-up waits to be confirmed.

        Returns:
            Whether it was there.
        """
        which = and_(
            responses.c.form == form, responses.c.response_id == response_id, responses.c.state == QUARANTINED
        )
        row: dict[str, Any] = {"state": "pending", "pending_since": day} if confirm else {"state": "kept"}
        with self._database.transaction(Work.WRITE) as connection:
            released = connection.scalar(responses.update().where(which).values(row).returning(responses.c.response_id))
            if released is not None and confirm:
                write_mail(self._database, connection, response_id, confirm)
        return released is not None
