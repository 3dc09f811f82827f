"""What was kept and looks like a program's: it waits for somebody to decide."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from enum import Enum

from sqlalchemy import and_, func, select

from bacheca.forms.definition.allotment import Places
from forms_server.database.engine import Work
from forms_server.database.tables import outbox, responses
from forms_server.database.transactions import Database
from forms_server.store.inserts import may_mail
from forms_server.store.lifecycle import Arrow, State, hold_places, locked, move
from forms_server.store.records import StoredResponse
from forms_server.store.snapshot import stored_responses
from forms_server.store.waiting_list import join_queue, ledger_of


class Release(Enum):
    """What became of a release."""

    RELEASED = "released"
    ABSENT = "absent"
    """There is no such response in quarantine."""
    FULL = "full"
    """Nothing is left of what it asks for, nobody more may wait, and the response stays where it is."""


class Quarantine:
    """The responses that wait for a decision; `Store.quarantine`.

    Every method raises `StoreUnavailable` when the database does not confirm what was asked.
    """

    def __init__(self, database: Database):
        self._database = database

    def counts(self, forms: Iterable[str]) -> Mapping[str, int]:
        """Count them, for each of these forms."""
        names = tuple(forms)
        state = (responses.c.form.in_(names), responses.c.state == State.QUARANTINED)
        asked = select(responses.c.form, func.count()).where(*state).group_by(responses.c.form)
        with self._database.transaction(Work.READ) as connection:
            found: dict[str, int] = {form: count for form, count in connection.execute(asked)}
        return {name: found.get(name, 0) for name in names}

    def doubts(self, form: str, response_ids: Collection[str]) -> Mapping[str, str]:
        """Give why each of some responses waits; those of which that was not written down are left out."""
        asked = select(responses.c.response_id, responses.c.doubt).where(
            responses.c.form == form, responses.c.response_id.in_(response_ids), responses.c.doubt.is_not(None)
        )
        with self._database.transaction(Work.READ) as connection:
            return {response_id: doubt for response_id, doubt in connection.execute(asked)}

    def waiting(self, form: str) -> list[StoredResponse]:
        """Give those of a form, the oldest first."""
        which = (responses.c.form == form, responses.c.state == State.QUARANTINED)
        order = (responses.c.received_on, responses.c.response_id)
        with self._database.transaction(Work.READ) as connection:
            found = connection.execute(stored_responses().where(*which).order_by(*order))
            return [StoredResponse(**row) for row in found.mappings()]

    def release(
        self,
        form: str,
        response_id: str,
        day: date,
        moment: datetime,
        places: Places | None,
        *,
        pseudonyms_of: Callable[[str], Sequence[str]] | None = None,
    ) -> Release:
        """Take a response out, as if it had come today and without any doubt.

        Args:
            form: the form's name.
            response_id: the response.
            day: today, from which a sign-up waits to be confirmed.
            moment: now, in UTC; the mail that was held may be sent from then on.
            places: what the form says of its places; `None` for any number.
            pseudonyms_of: what mails to an address are counted under today; `None` where nobody counts.
        """
        this = and_(responses.c.form == form, responses.c.response_id == response_id)
        held = (outbox.c.response_id == response_id, outbox.c.state == "held")
        with self._database.transaction(Work.WRITE) as connection:
            if places is not None:
                hold_places(self._database, connection, [form])
            found = locked(connection, and_(this, responses.c.state == State.QUARANTINED))
            if found is None:
                return Release.ABSENT
            signs_up, until = found.address_hash is not None, None
            if places is not None:
                ledger = ledger_of(connection, form, places)
                if not ledger.room_for_newcomers().has(places.wanted(found.answers)):
                    if not (signs_up and ledger.may_wait):
                        return Release.FULL
                    join_queue(self._database, connection, form, response_id)
                until = ledger.held_until
            if signs_up:
                move(connection, Arrow.RELEASE_SIGN_UP, this, pending_since=day, held_until=until, doubt=None)
            else:
                move(connection, Arrow.RELEASE, this, doubt=None)
            recipient = connection.scalar(select(outbox.c.recipient).where(*held)) if pseudonyms_of else None
            if recipient and pseudonyms_of and not may_mail(self._database, connection, pseudonyms_of(recipient), day):
                connection.execute(outbox.delete().where(*held))
            sent = {"state": "waiting", "next_attempt_at": moment, "created_at": moment}
            connection.execute(outbox.update().where(*held).values(sent))
        return Release.RELEASED
