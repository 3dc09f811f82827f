"""By what a letter that was read is known again, once its response is corrected or erased too."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from forms_server.database.engine import Work
from forms_server.database.tables import letter_marks
from forms_server.database.transactions import Database


class Letters:
    """The marks of the letters whose responses were kept; `Store.letters`.

    A mark is a hash under the service's key: nobody can try guesses against it, and it leads to no response. Every
    method raises `StoreUnavailable` when the database does not confirm what was asked.
    """

    def __init__(self, database: Database):
        self._database = database

    def known(self, form: str, marks: Collection[str]) -> frozenset[str]:
        """Give those of the marks that a letter left."""
        asked = select(letter_marks.c.mark).where(letter_marks.c.form == form, letter_marks.c.mark.in_(sorted(marks)))
        with self._database.transaction(Work.READ) as connection:
            return frozenset(connection.scalars(asked))

    def add(self, form: str, marks: Collection[str]) -> None:
        """Keep the marks of a letter; those that are there already stay."""
        if not marks:
            return
        insert = self._database.insert(letter_marks).on_conflict_do_nothing()
        with self._database.transaction(Work.WRITE) as connection:
            connection.execute(insert, [{"form": form, "mark": mark} for mark in sorted(marks)])
