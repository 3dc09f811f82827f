"""What changes of a response after it was received: confirmed, corrected, erased."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, func, select

from bacheca.forms.definition.allotment import Places
from forms_server.database.engine import Work
from forms_server.database.tables import (
    attestations,
    consents,
    corrections,
    letters_declined,
    links,
    outbox,
    responses,
    tombstones,
)
from forms_server.database.transactions import Database
from forms_server.store.inserts import write_consents, write_mail, write_sign_up
from forms_server.store.lifecycle import (
    MEMBERS,
    Arrow,
    State,
    erase,
    hold_places,
    locked,
    move,
    rename_address,
    tombstone_of,
)
from forms_server.store.records import Confirmation, Corrected, Correction, LettersOf, StoredResponse, own_hash
from forms_server.store.snapshot import linked, opens_receipt, stored_responses
from forms_server.store.waiting_list import holds_place, join_queue, leave_queue, ledger_of, number_of

LinksOf = Callable[[str], Iterable[Mapping[str, str]]]

AT_ONCE = 500
"""How many responses one transaction erases, so that those who are answering do not wait long."""


class Changes:
    """The responses as people's own; `Store.changes`.

    Every method raises `StoreUnavailable` when the database does not confirm what was asked.
    """

    def __init__(self, database: Database):
        self._database = database

    def confirm(
        self,
        form: str,
        token_hash: str,
        oldest: date,
        moment: datetime,
        seen: str | None = None,
        *,
        places: Places | None = None,
        letter: LettersOf | None = None,
    ) -> Confirmation:
        """Confirm the response that a link belongs to, or take the place that it was offered.

        Args:
            form: the form's name.
            token_hash: the hash of the link's token.
            oldest: the first day of which a pending response can still be confirmed.
            moment: now, in UTC.
            seen: the hash of the answers that were shown; `None`: those that the mail was written about.
            places: what the form says of its places; `None` for any number.
            letter: writes to whoever is to wait for one.
        """
        with self._database.transaction(Work.WRITE) as connection:
            meant = and_(responses.c.form == form, linked(token_hash, "confirm"))
            if places:
                hold_places(self._database, connection, [form])

            def what_was_seen() -> str | None:
                asked = select(links.c.content_hash).where(links.c.token_hash == token_hash)
                return seen or connection.scalar(asked)

            return self._confirm(
                connection, meant, what_was_seen, oldest=oldest, moment=moment, places=places, letter=letter
            )

    def attest(
        self,
        form: str,
        response_id: str,
        oldest: date,
        moment: datetime,
        note: str,
        *,
        places: Places | None = None,
        letter: LettersOf | None = None,
        noted: LettersOf | None = None,
    ) -> Confirmation:
        """Confirm a response on the word of somebody who has its owner's, as on paper; what they say of that is kept.

        Args:
            form: the form's name.
            response_id: the response.
            oldest: the first day of which a pending response can still be confirmed.
            moment: now, in UTC.
            note: how the owner agreed.
            places: what the form says of its places; `None` for any number.
            letter: writes to whoever is to wait for one.
            noted: writes to whoever has a place now.
        """
        with self._database.transaction(Work.WRITE) as connection:
            meant = and_(responses.c.form == form, responses.c.response_id == response_id)
            if places:
                hold_places(self._database, connection, [form])
            done = self._confirm(
                connection, meant, lambda: None, oldest=oldest, moment=moment, places=places, letter=letter
            )
            if done in (Confirmation.CONFIRMED, Confirmation.WAITING):
                row = {"response_id": response_id, "done_at": moment, "note": note}
                connection.execute(self._database.insert(attestations).values(row).on_conflict_do_nothing())
            if done is Confirmation.CONFIRMED and noted:
                stored = StoredResponse(**connection.execute(stored_responses().where(meant)).mappings().one())
                write_mail(self._database, connection, response_id, noted(stored))
            return done

    def is_member(self, form: str, address_hash: str) -> bool:
        """Tell whether somebody with an address is in the list of a form, or waits for a place in it."""
        theirs = (responses.c.form == form, responses.c.address_hash == address_hash, responses.c.state.in_(MEMBERS))
        with self._database.transaction(Work.READ) as connection:
            return connection.scalar(select(responses.c.form).where(*theirs).limit(1)) is not None

    def _confirm(
        self,
        connection: Connection,
        meant: ColumnElement[bool],
        what_was_seen: Callable[[], str | None],
        *,
        oldest: date,
        moment: datetime,
        places: Places | None,
        letter: LettersOf | None,
    ) -> Confirmation:
        address = connection.execute(select(responses.c.form, responses.c.address_hash).where(meant)).one_or_none()
        if address is None or address.address_hash is None:
            return Confirmation.UNKNOWN
        same = and_(responses.c.form == address.form, responses.c.address_hash == address.address_hash)
        # All of one address in one order, so that two of its links that are used at once do not meet.
        connection.execute(
            select(responses.c.state).where(same).order_by(responses.c.response_id).with_for_update()
        ).all()
        found = locked(connection, meant)
        if found is None:
            return Confirmation.UNKNOWN
        others = (same, responses.c.response_id != found.response_id, responses.c.state.in_(MEMBERS))
        is_member = bool(connection.scalar(select(func.count()).where(*others)))
        now = places.now() if places else moment
        refusal = _refusal(found, oldest, what_was_seen(), is_member=is_member, moment=now)
        if refusal:
            return refusal
        arrow = self._way_in(connection, found, places)
        if arrow is None:
            return Confirmation.FULL
        this = responses.c.response_id == found.response_id
        row = {"pending_since": None, "held_until": None, "confirmed_at": moment, "mailed_only": 1, "network": None}
        move(connection, arrow, this, **row)
        standing = and_(consents.c.response_id == found.response_id, _stands())
        connection.execute(consents.update().where(standing).values(confirmed_at=moment))
        if arrow is not Arrow.JOIN:
            leave_queue(connection, [found.response_id])
            return Confirmation.CONFIRMED
        if letter:
            stored = StoredResponse(**connection.execute(stored_responses().where(this)).mappings().one())
            write_mail(self._database, connection, found.response_id, letter(stored))
        return Confirmation.WAITING

    def _way_in(self, connection: Connection, found: Row[Any], places: Places | None) -> Arrow | None:
        """Say where a confirmation leads: to a place, into the queue; None where both are full."""
        if found.state == State.OFFERED:
            return Arrow.ACCEPT
        if places is None:
            return Arrow.CONFIRM
        ledger = ledger_of(connection, found.form, places, but=found.response_id)
        number = number_of(connection, found.response_id)
        if holds_place(found, ledger.moment, queued=number is not None):
            return Arrow.CONFIRM
        live = found.held_until is None or found.held_until > ledger.moment
        number = number if live else None
        if ledger.room_of(number).has(places.wanted(found.answers)):
            return Arrow.CONFIRM
        if number is None:
            if not ledger.may_wait:
                return None
            join_queue(self._database, connection, found.form, found.response_id)
        return Arrow.JOIN

    def correct(
        self, form: str, token_hash: str, correction: Correction, *, response_id: str = "", seen: str | None = None
    ) -> Corrected:
        """Replace the answers of the response that a receipt belongs to; of the old ones only the hash is kept.

        Where its id is given instead, its owner has asked an editor to: who can take consents back, and give none.
        Where the hash of answers is given that the editor saw, only those are replaced.

        A response whose address becomes another one waits until that one is confirmed, and the links that were
        sent to the old one open nothing any more. How long one that waits already can be confirmed stays as it was. One
        that holds a place keeps it where what it asks for now has none; one that stands in the queue for something else
        than before goes to its end.
        """
        with self._database.transaction(Work.WRITE) as connection:
            if correction.places:
                hold_places(self._database, connection, [form])
            named = and_(responses.c.form == form, responses.c.response_id == response_id)
            old = locked(connection, named if response_id else opens_receipt(form, token_hash))
            if old is None or (old.state == State.PENDING and old.pending_since < correction.oldest):
                return Corrected.ABSENT
            if (old.content_hash, old.version) == (correction.content_hash, correction.version):
                return Corrected.DONE
            if seen not in (None, old.content_hash):
                return Corrected.CHANGED
            row: dict[str, object] = {
                "version": correction.version,
                "language": correction.language,
                "content_hash": correction.content_hash,
                "answers": correction.answers,
                "sealed": correction.sealed,
                "sealed_to": correction.sealed_to,
            }
            sign_up = correction.sign_up
            new_address = sign_up and sign_up.address_hash != old.address_hash
            if correction.places and not self._has_places_still(connection, old, correction, correction.places):
                return Corrected.FULL
            history = select(func.count()).where(corrections.c.response_id == old.response_id)
            connection.execute(
                corrections.insert().values(
                    response_id=old.response_id,
                    number=connection.execute(history).scalar_one() + 1,
                    version=old.version,
                    content_hash=own_hash(old.content_hash) if correction.sealed else old.content_hash,
                    corrected_on=correction.day,
                )
            )
            anew = bool(new_address) and old.state in MEMBERS
            if sign_up and new_address:
                row |= {"address_hash": sign_up.address_hash, "confirmed_at": None}
                row |= {"pending_since": correction.day} if anew else {}
                if anew and correction.places and old.state != State.OFFERED:
                    row |= {"held_until": correction.places.now() + correction.places.hold}
            arrow = Arrow.READDRESS if new_address else Arrow.CORRECT
            move(connection, arrow, responses.c.response_id == old.response_id, **row)
            by_owner = old.mailed_only and arrow is Arrow.CORRECT and not response_id  # only the mailed link opens it
            given = replace(correction, consents=()) if response_id and not anew else correction
            stays = [consent.field for consent in correction.consents] if response_id else []
            self._renew_consents(connection, old.response_id, given, anew=anew, confirmed=bool(by_owner), staying=stays)
            if sign_up and new_address:
                for table in (links, outbox):
                    connection.execute(table.delete().where(table.c.response_id == old.response_id))
                write_sign_up(
                    self._database,
                    connection,
                    sign_up,
                    form=form,
                    response_id=old.response_id,
                    content_hash=correction.content_hash,
                    day=correction.day,
                    held=old.state == State.QUARANTINED,
                )
        return Corrected.DONE

    def _has_places_still(self, connection: Connection, old: Row[Any], correction: Correction, places: Places) -> bool:
        """Tell whether a response can have what it asks for now; in the queue it goes to the end for something else."""
        before, now = (set(places.wanted(answers)) for answers in (old.answers, correction.answers))
        if before == now:
            return True
        number = number_of(connection, old.response_id)
        if number is not None:
            join_queue(self._database, connection, old.form, old.response_id)
            return True
        ledger = ledger_of(connection, old.form, places, but=old.response_id)
        if not holds_place(old, ledger.moment, queued=False):
            return True
        return ledger.room_for_newcomers().has(now - before)

    def _renew_consents(
        self,
        connection: Connection,
        response_id: str,
        correction: Correction,
        *,
        anew: bool,
        confirmed: bool,
        staying: Collection[str] = (),
    ) -> None:
        """Close what is taken back and add what is given; no record of a consent takes the place of another.

        Args:
            connection: the transaction.
            response_id: the response.
            correction: what it becomes.
            anew: whether the owner of another address is to confirm: what the one before gave ends.
            confirmed: whether the owner of the address gives them.
            staying: the fields whose consents stay as they stand.
        """
        records = connection.execute(
            select(consents).where(consents.c.response_id == response_id).order_by(consents.c.number)
        ).all()
        standing = {row.field: row.notice_hash for row in records if not (row.withdrawn_at or row.withdrawn_on)}
        given = {consent.field: consent for consent in correction.consents}
        ended = sorted(standing if anew else standing.keys() - given.keys() - set(staying))
        back = and_(consents.c.response_id == response_id, consents.c.field.in_(ended), _stands())
        # Of those whose moment of giving was not kept, that of taking back is not either: it would tell who it was.
        for kept, change in ((consents.c.given_at, "withdrawn_at"), (consents.c.given_on, "withdrawn_on")):
            moment = correction.moment if change == "withdrawn_at" else correction.day
            connection.execute(consents.update().where(back, kept.is_not(None)).values({change: moment}))
        new = [consent for consent in given.values() if anew or standing.get(consent.field) != consent.notice_hash]
        had = {row.field: row.number for row in records}
        write_consents(
            self._database,
            connection,
            response_id,
            new,
            day=correction.day,
            had=had,
            confirmed=correction.moment if confirmed else None,
        )

    def decline_letters(self, form: str, token_hash: str, moment: datetime, *, response_id: str = "") -> bool:
        """Note that the owner of a sign-up wants no letters to all; once noted it stays as it was first.

        Args:
            form: the form's name.
            token_hash: the hash of the token of the receipt that has to open it.
            moment: now, in UTC.
            response_id: the sign-up instead, where its owner has asked an editor.

        Returns:
            Whether there is such a sign-up.
        """
        with self._database.transaction(Work.WRITE) as connection:
            found = locked(connection, _theirs(form, token_hash, response_id))
            if found is None:
                return False
            row = {"response_id": found.response_id, "declined_at": moment}
            connection.execute(self._database.insert(letters_declined).values(row).on_conflict_do_nothing())
            return True

    def accept_letters(self, form: str, token_hash: str, *, response_id: str = "") -> bool:
        """Forget that, since they want them again; asked for as in `decline_letters`."""
        with self._database.transaction(Work.WRITE) as connection:
            found = locked(connection, _theirs(form, token_hash, response_id))
            if found is None:
                return False
            theirs = letters_declined.c.response_id == found.response_id
            connection.execute(letters_declined.delete().where(theirs))
            return True

    def know_address_by(self, form: str, former: Sequence[str], address_hash: str, links_of: LinksOf) -> None:
        """Know an address by the hash that today's key makes of it; links that were mailed before stay good.

        Args:
            form: the form's name.
            former: its hashes by older keys, the newest first.
            address_hash: its hash by today's.
            links_of: makes, for the id of a response, the rows of its links by today's key.
        """
        older = (responses.c.form == form, responses.c.address_hash.in_(former))
        with self._database.transaction(Work.READ) as connection:
            if connection.scalar(select(responses.c.form).where(*older).limit(1)) is None:
                return
        with self._database.transaction(Work.WRITE) as connection:
            for response_id in rename_address(connection, form, former, address_hash):
                asked = select(links.c.content_hash).where(links.c.response_id == response_id).limit(1)
                mailed = connection.scalar(asked)
                for row in links_of(response_id):
                    made = self._database.insert(links).values(response_id=response_id, content_hash=mailed, **row)
                    connection.execute(made.on_conflict_do_nothing())

    def withdraw(
        self,
        form: str,
        response_id: str,
        arrow: Arrow = Arrow.WITHDRAW,
        *,
        token_hash: str | None = None,
        note: Callable[[], None] = lambda: None,
    ) -> bool:
        """Erase a response with all that is kept of it but the count.

        Args:
            form: the form's name.
            response_id: the response.
            arrow: why: its owner took it back, or somebody threw it away.
            token_hash: the hash of the token of the receipt that still has to open it; `None` where no receipt is used.
            note: writes it down elsewhere, once it is sure that there is such a response and before it is erased.

        Returns:
            Whether it was there.
        """
        with self._database.transaction(Work.WRITE) as connection:
            which = and_(responses.c.form == form, responses.c.response_id == response_id)
            # It may have been confirmed since it was looked at, and then is its owner's alone.
            if token_hash is not None and locked(connection, and_(which, opens_receipt(form, token_hash))) is None:
                return False
            erased = erase(self._database, connection, arrow, which)
            if erased:
                note()
            return bool(erased)

    def expire_pending(self, oldest: date) -> Mapping[str, int]:
        """Erase what was not confirmed in time.

        Args:
            oldest: the first day of which a pending response can still be confirmed.

        Returns:
            How many of each form.
        """
        return self._expire(and_(responses.c.state == State.PENDING, responses.c.pending_since < oldest))

    def expire_kept(self, today: date) -> Mapping[str, int]:
        """Erase what was kept until a day before today; give how many of each form."""
        return self._expire(responses.c.keep_until < today)

    def expire_received(self, form: str, days: Collection[date]) -> Mapping[str, int]:
        """Erase a form's responses that came on one of these days; give how many."""
        return self._expire(and_(responses.c.form == form, responses.c.received_on.in_(sorted(days))))

    def days(self, form: str) -> list[date]:
        """Give the days on which the responses of a form came."""
        with self._database.transaction(Work.READ) as connection:
            return list(connection.scalars(select(responses.c.received_on).where(responses.c.form == form).distinct()))

    def bury(self, marks: Collection[str]) -> int:
        """Erase again, as withdrawn, what a restored copy of the database brought back.

        Args:
            marks: the tombstones of all that was ever withdrawn.

        Returns:
            How many responses had come back.
        """
        with self._database.transaction(Work.READ) as connection:
            missing = set(marks) - set(connection.scalars(select(tombstones.c.tombstone)))
            back = [row for row in _ids(connection) if tombstone_of(*row) in missing] if missing else []
        return sum(self.withdraw(form, response_id) for form, response_id in back)

    def _expire(self, which: ColumnElement[bool]) -> Mapping[str, int]:
        erased: Counter[str] = Counter()
        while True:
            # Looked for before anybody who writes has to wait: among many responses that takes a second.
            with self._database.transaction(Work.READ) as connection:
                due = list(connection.scalars(select(responses.c.response_id).where(which).limit(AT_ONCE)))
            if due:
                with self._database.transaction(Work.WRITE) as connection:
                    these = and_(which, responses.c.response_id.in_(due))
                    erased.update(erase(self._database, connection, Arrow.EXPIRE, these))
            if len(due) < AT_ONCE:
                return erased


def _refusal(
    found: Row[Any], oldest: date, seen: str | None, *, is_member: bool, moment: datetime
) -> Confirmation | None:
    """Say why a response cannot be confirmed; None where it can."""
    if found.state in (State.KEPT, State.WAITING):
        return Confirmation.KNOWN
    if found.state == State.OFFERED and found.held_until <= moment:
        return Confirmation.UNKNOWN
    if found.state not in (State.PENDING, State.OFFERED) or (found.pending_since or date.max) < oldest:
        return Confirmation.UNKNOWN
    if is_member:
        return Confirmation.KNOWN
    return None if seen in (found.content_hash, None) else Confirmation.CHANGED


def _theirs(form: str, token_hash: str, response_id: str) -> ColumnElement[bool]:
    named = and_(responses.c.form == form, responses.c.response_id == response_id)
    return named if response_id else opens_receipt(form, token_hash)


def _stands() -> ColumnElement[bool]:
    return and_(consents.c.withdrawn_at.is_(None), consents.c.withdrawn_on.is_(None))


def _ids(connection: Connection) -> Iterator[tuple[str, str]]:
    for row in connection.execute(select(responses.c.form, responses.c.response_id)):
        yield row.form, row.response_id
