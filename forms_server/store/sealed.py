"""What is sealed in the store, and to which keys."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date

from sqlalchemy import ColumnElement, Text, and_, false, func, or_, select, tuple_, type_coerce

from forms_server.database.engine import Work
from forms_server.database.tables import corrections, links, responses
from forms_server.database.transactions import Database
from forms_server.store.lifecycle import State
from forms_server.store.records import OWN, StoredResponse, own_hash
from forms_server.store.snapshot import stored_responses

AT_ONCE = 200
"""How many responses are looked at in one go."""


Columns = Mapping[tuple[str, str], Collection[str]]
"""Names of columns, by form and version."""


def _in_the_clear(columns: Columns) -> Iterator[ColumnElement[bool]]:
    """Give by version what holds of the responses that have one of these columns in the clear."""
    answers = type_coerce(responses.c.answers, Text)
    for (form, version), names in columns.items():
        held = (answers.contains(f'"{name}":', autoescape=True) for name in sorted(names))
        yield and_(responses.c.form == form, responses.c.version == version, or_(false(), *held))


def _as_once() -> ColumnElement[bool]:
    """Give what holds of the responses that an older version sealed: their lengths and hashes tell more."""
    return ~responses.c.content_hash.startswith(OWN, autoescape=True)


class Seals:
    """The sealed parts of responses; `Store.seals`.

    Every method raises `StoreUnavailable` when the database does not confirm what was asked.
    """

    def __init__(self, database: Database):
        self._database = database

    def counts(self) -> Mapping[str, int]:
        """Count the sealed responses by the mark of the keys that open them."""
        asked = select(responses.c.sealed_to, func.count()).where(responses.c.sealed.is_not(None))
        with self._database.transaction(Work.READ) as connection:
            return {str(mark): count for mark, count in connection.execute(asked.group_by(responses.c.sealed_to))}

    def count_in_the_clear(self, columns: Columns) -> int:
        """Count the sealed responses that hold one of these columns in the clear."""
        asked = select(func.count()).where(responses.c.sealed.is_not(None), or_(false(), *_in_the_clear(columns)))
        with self._database.transaction(Work.READ) as connection:
            return int(connection.scalar(asked.select_from(responses)) or 0)

    def count_as_once(self) -> int:
        """Count the responses that an older version sealed."""
        asked = select(func.count()).where(responses.c.sealed.is_not(None), _as_once())
        with self._database.transaction(Work.READ) as connection:
            return int(connection.scalar(asked.select_from(responses)) or 0)

    def sealed_otherwise(self, mark: str, after: str, columns: Columns | None = None) -> list[StoredResponse]:
        """Give some responses that are sealed to other keys or as once, or may hold in the clear what is to be sealed.

        Args:
            mark: the mark of the keys that they should be sealed to.
            after: the id after which to go on, in the order of ids.
            columns: what is to be sealed of each version of a form.
        """
        asked = (
            stored_responses()
            .where(responses.c.sealed.is_not(None), responses.c.response_id > after)
            .where(or_(responses.c.sealed_to != mark, _as_once(), *_in_the_clear(columns or {})))
            .order_by(responses.c.response_id)
            .limit(AT_ONCE)
        )
        with self._database.transaction(Work.READ) as connection:
            return [StoredResponse(**row) for row in connection.execute(asked).mappings()]

    def kept(self, form: str, after: tuple[date, str] | None = None) -> list[StoredResponse]:
        """Give some kept responses of a form, sealed or not, in the order of a package.

        Args:
            form: the form.
            after: the day and the id after which to go on.
        """
        asked = stored_responses().where(responses.c.form == form, responses.c.state == State.KEPT)
        if after:
            asked = asked.where(tuple_(responses.c.received_on, responses.c.response_id) > after)
        asked = asked.order_by(responses.c.received_on, responses.c.response_id).limit(AT_ONCE)
        with self._database.transaction(Work.READ) as connection:
            return [StoredResponse(**row) for row in connection.execute(asked).mappings()]

    def renew(self, stored: StoredResponse, sealed: str, mark: str, readable: Mapping[str, str]) -> bool:
        """Seal a response anew, unless it was corrected or erased in the meantime; tell whether it was done.

        Args:
            stored: the response as it was read.
            sealed: what is sealed of it now.
            mark: the mark of the keys that it is sealed to.
            readable: the cells that stay beside it.
        """
        unchanged = (
            responses.c.response_id == stored.response_id,
            responses.c.sealed == stored.sealed,
            responses.c.content_hash == stored.content_hash,
        )
        own = own_hash(stored.content_hash)
        now = {"sealed": sealed, "sealed_to": mark, "answers": readable, "content_hash": own}
        change = responses.update().where(*unchanged).values(now)
        with self._database.transaction(Work.WRITE) as connection:
            if connection.scalar(change.returning(responses.c.response_id)) is None:
                return False
            for table in (links, corrections):
                theirs = table.c.response_id == stored.response_id
                for before in connection.scalars(select(table.c.content_hash).where(theirs).distinct()).all():
                    new = own if before == stored.content_hash else own_hash(before or OWN)
                    same = and_(theirs, table.c.content_hash == before)
                    connection.execute(table.update().where(same).values(content_hash=new))
        return True
