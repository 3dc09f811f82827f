"""Who signed up and wants no letters to all: noted with the sign-up, which stays as it is, and gone with it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from forms_server.database.engine import Work
from forms_server.database.tables import letters_declined
from forms_server.database.transactions import Database
from forms_server.store.lifecycle import locked
from forms_server.store.snapshot import opens_receipt


class DeclinedLetters:
    """Who wants no letters to all who signed up; `Store.declined`.

    Every method raises `StoreUnavailable` when the database does not confirm what was asked.
    """

    def __init__(self, database: Database):
        self._database = database

    def decline(self, form: str, token_hash: str, moment: datetime) -> bool:
        """Note that the owner of a sign-up wants none; once noted it stays as it was first.

        Args:
            form: the form's name.
            token_hash: the hash of the token of the receipt that has to open it.
            moment: now, in UTC.

        Returns:
            Whether that receipt opens a sign-up.
        """
        with self._database.transaction(Work.WRITE) as connection:
            found = locked(connection, opens_receipt(form, token_hash))
            if found is None:
                return False
            row = {"response_id": found.response_id, "declined_at": moment}
            connection.execute(self._database.insert(letters_declined).values(row).on_conflict_do_nothing())
            return True

    def accept(self, form: str, token_hash: str) -> bool:
        """Forget it: they want them again; tell whether the receipt opens a sign-up."""
        with self._database.transaction(Work.WRITE) as connection:
            found = locked(connection, opens_receipt(form, token_hash))
            if found is None:
                return False
            theirs = letters_declined.c.response_id == found.response_id
            connection.execute(letters_declined.delete().where(theirs))
            return True

    def among(self, ids: Collection[str]) -> frozenset[str]:
        """Give those of some responses, a page of them, whose owners want none."""
        asked = select(letters_declined.c.response_id).where(letters_declined.c.response_id.in_(ids))
        with self._database.transaction(Work.READ) as connection:
            return frozenset(connection.scalars(asked))
