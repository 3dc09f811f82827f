"""The places of a form in the store: what is taken, who waits in which order, and whom a freed place is offered to.

Everything is counted of what stands there and of the time: a hold or an offer whose time is over takes no place any
more, whether or not anybody has come to erase it. Whoever gives out places first keeps others from doing so
(`hold_places`), then asks the time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from enum import Enum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, func, or_, select

from bacheca.forms.definition.allotment import Held, Ledger, Places, Room, Waiting, holds_of
from bacheca.forms.definition.places import Quota
from forms_server.database.cells import cell
from forms_server.database.engine import Work
from forms_server.database.tables import responses, waiting_list
from forms_server.database.transactions import Database
from forms_server.store.inserts import write_mail
from forms_server.store.lifecycle import Arrow, State, erase, hold_places, move
from forms_server.store.records import Kept, LettersOf, Outcome, StoredResponse
from forms_server.store.snapshot import stored_responses


def ledger_of(connection: Connection, form: str, places: Places, but: str = "") -> Ledger:
    """Read the places of a form as they are now.

    Args:
        connection: in a transaction; where places are given out afterwards, nobody else does so meanwhile.
        form: the form's name.
        places: what it says of them.
        but: the id of a response whose own place is left out.
    """
    moment = places.now()
    taken: Counter[Quota] = Counter()
    others = (responses.c.form == form, responses.c.response_id != but)
    kept = responses.c.state == State.KEPT
    for held in (kept, _holds(moment, places.oldest)):
        cells = [cell(connection, name) for name in places.fields]
        asked = select(*cells, func.count()).where(*others, held)
        for *answers, count in connection.execute(asked.group_by(*cells) if cells else asked):
            for quota in places.wanted(dict(zip(places.fields, answers, strict=True))):
                taken[quota] += count
    return Ledger(places, moment, taken, list(_queue(connection, form, places, moment)))


def held_by(connection: Connection, form: str, network: str, places: Places, moment: datetime) -> Held:
    """Count what a network holds of a form with what waits to be confirmed."""
    held = Held()
    theirs = (responses.c.form == form, responses.c.network == network)
    for (answers,) in connection.execute(select(responses.c.answers).where(*theirs, _holds(moment, places.oldest))):
        held.places.update(places.wanted(answers))
    slots = select(func.count()).where(*theirs, _waits(moment, places.oldest), responses.c.state == State.PENDING)
    held.queue = connection.execute(slots).scalar_one()
    return held


def join_queue(database: Database, connection: Connection, form: str, response_id: str) -> None:
    """Put a response at the end of the queue, wherever it was."""
    leave_queue(connection, [response_id])
    last = select(func.coalesce(func.max(waiting_list.c.number), 0) + 1).where(waiting_list.c.form == form)
    row = {"response_id": response_id, "form": form, "number": last.scalar_subquery()}
    connection.execute(database.insert(waiting_list).values(row))


def leave_queue(connection: Connection, response_ids: Collection[str]) -> None:
    """Take responses out of the queue, and forget where they stood."""
    connection.execute(waiting_list.delete().where(waiting_list.c.response_id.in_(response_ids)))


def number_of(connection: Connection, response_id: str) -> int | None:
    """Give where in the order a response waits; None where it does not."""
    return connection.scalar(select(waiting_list.c.number).where(waiting_list.c.response_id == response_id))


class Offered(Enum):
    """What became of an offer to somebody who waits."""

    OFFERED = "offered"
    ABSENT = "absent"
    """They do not wait, or have not confirmed their address yet."""
    FULL = "full"
    """No place is free that they could have."""


class Admissions:
    """Places that are given out to those who came together, the first first.

    Args:
        connection: to the database.
        many: those who came, each to a form with places.
    """

    def __init__(self, connection: Connection, many: Sequence[Kept]):
        self._ledgers: dict[str, Ledger] = {}
        self._given: dict[str, Outcome | datetime] = {}
        self._waiting: set[str] = set()
        asked = select(responses.c.key_hash).where(responses.c.key_hash.in_({kept.key_hash for kept in many}))
        known = set(connection.scalars(asked)) if many else set()
        rooms: dict[str, Room] = {}
        held: dict[tuple[str, str], Held] = {}
        for kept in many:
            if kept.key_hash in known or kept.places is None:
                continue  # it has its place, or none to have
            if kept.form not in rooms:
                ledger = self._ledgers[kept.form] = ledger_of(connection, kept.form, kept.places)
                rooms[kept.form] = ledger.room_for_newcomers()
            ledger, network = self._ledgers[kept.form], (kept.form, kept.network or "")
            if kept.network and network not in held:
                held[network] = held_by(connection, kept.form, kept.network, kept.places, ledger.moment)
            given = self._give(kept, kept.places, ledger, rooms[kept.form], held.setdefault(network, Held()))
            self._given[kept.response_id] = given
            if not isinstance(given, Outcome):
                known.add(kept.key_hash)

    def _give(self, kept: Kept, places: Places, ledger: Ledger, room: Room, held: Held) -> Outcome | datetime:
        wanted = places.wanted(kept.answers)
        waits = not room.has(wanted)
        if waits and not (ledger.may_wait and kept.sign_up):
            return Outcome.FULL
        if kept.doubted:
            return ledger.held_until
        if kept.network and not (held.queue < holds_of(places.waiting) if waits else held.may_take(wanted)):
            return Outcome.HELD
        if waits:
            held.queue += 1
            self._waiting.add(kept.response_id)
            last = ledger.queue[-1].number if ledger.queue else 0
            ledger.queue = [*ledger.queue, Waiting(kept.response_id, last + 1, wanted, confirmed=False)]
        else:
            held.places.update(wanted)
            room.take(wanted)
        return ledger.held_until

    def refusal(self, kept: Kept) -> Outcome | None:
        """Say why a response gets no place and cannot wait; None where it is kept, or was before."""
        given = self._given.get(kept.response_id)
        return given if isinstance(given, Outcome) else None

    def held_until(self, kept: Kept) -> datetime | None:
        """Give until when its place is held, in the form or in the queue."""
        given = self._given.get(kept.response_id)
        return None if isinstance(given, Outcome) or kept.doubted or not kept.sign_up else given

    def waits(self, kept: Kept) -> bool:
        """Tell whether it waits for a place."""
        return kept.response_id in self._waiting


class WaitingList:
    """Those who wait for a place; `Store.waiting_list`.

    Every method raises `StoreUnavailable` when the database does not confirm what was asked.
    """

    def __init__(self, database: Database):
        self._database = database

    def ledger(self, form: str, places: Places, but: str = "") -> Ledger:
        """Read the places of a form as they are now, but for those of a response."""
        with self._database.transaction(Work.READ) as connection:
            return ledger_of(connection, form, places, but)

    def tally(self, form: str, field: str) -> Mapping[str, Mapping[str, int]]:
        """Count the sign-ups to a form that are there: by what was chosen in a field, how many are in each state."""
        found: dict[str, dict[str, int]] = {}
        with self._database.transaction(Work.READ) as connection:
            chosen = cell(connection, field)
            asked = select(chosen, responses.c.state, func.count()).where(responses.c.form == form)
            for code, state, count in connection.execute(asked.group_by(chosen, responses.c.state)):
                found.setdefault(code or "", {})[state] = count
        return found

    def attending(self, form: str, field: str, code: str, most: int) -> list[StoredResponse]:
        """Give some of the confirmed sign-ups to a form; those who chose something alone where a field is named.

        Args:
            form: the form's name.
            field: the name of the question; empty for any choice.
            code: the code of the choice.
            most: how many at most.
        """
        with self._database.transaction(Work.READ) as connection:
            which = [responses.c.form == form, responses.c.state == State.KEPT]
            if field:
                which.append(cell(connection, field) == code)
            return _stored(connection, and_(*which), most)

    def is_in(self, response_id: str) -> bool:
        """Tell whether a response stands in the queue."""
        with self._database.transaction(Work.READ) as connection:
            return number_of(connection, response_id) is not None

    def forms(self, moment: datetime) -> frozenset[str]:
        """Name the forms for which there may be something to do: somebody waits, or an offer's time is over."""
        over = and_(responses.c.state == State.OFFERED, responses.c.held_until <= moment)
        asked = select(waiting_list.c.form).union(select(responses.c.form).where(over))
        with self._database.transaction(Work.READ) as connection:
            return frozenset(connection.scalars(asked))

    def offer(self, form: str, places: Places, letter: LettersOf) -> int:
        """Offer the places that are free to those who wait, in their order; give how many were offered.

        Each offer is written together with its letter. What is not offered because a power failure came in between is
        offered the next time, since it is counted anew of what stands there.
        """
        if not self.ledger(form, places).offers():  # nobody who writes waits for a look
            return 0
        with self._database.transaction(Work.WRITE) as connection:
            hold_places(self._database, connection, [form])
            ledger = ledger_of(connection, form, places)
            offered = ledger.offers()
            for waiting in offered:
                _offer(self._database, connection, waiting.response_id, ledger.held_until, letter)
            return len(offered)

    def offer_to(self, form: str, response_id: str, places: Places, letter: LettersOf, *, beyond: int) -> Offered:
        """Offer a place to somebody who waits, whoever waits before them.

        Args:
            form: the form's name.
            response_id: their response.
            places: what the form says of its places.
            letter: writes to them.
            beyond: how many places more than there are may be given out with theirs.
        """
        with self._database.transaction(Work.WRITE) as connection:
            hold_places(self._database, connection, [form])
            ledger = ledger_of(connection, form, places)
            waiting = next((one for one in ledger.queue if one.response_id == response_id and one.confirmed), None)
            if waiting is None:
                return Offered.ABSENT
            if ledger.room().beyond(waiting.wanted) > beyond:
                return Offered.FULL
            _offer(self._database, connection, response_id, ledger.held_until, letter)
        return Offered.OFFERED

    def expire(self, form: str, moment: datetime, letter: LettersOf) -> int:
        """Erase those whose offer's time is over, and tell them; give how many."""
        return self._erase(and_(responses.c.state == State.OFFERED, responses.c.held_until <= moment), form, letter)

    def close(self, form: str, letter: LettersOf) -> int:
        """Erase those who wait for a place of a form that gives out no more, and tell them; give how many."""
        return self._erase(responses.c.state == State.WAITING, form, letter)

    def _erase(self, which: ColumnElement[bool], form: str, letter: LettersOf) -> int:
        these = and_(responses.c.form == form, which)
        with self._database.transaction(Work.READ) as connection:
            if connection.scalar(select(responses.c.form).where(these).limit(1)) is None:
                return 0
        with self._database.transaction(Work.WRITE) as connection:
            told = {stored.response_id: letter(stored) for stored in _stored(connection, these)}
            for response_id, mail in told.items():
                if erase(self._database, connection, Arrow.EXPIRE, and_(these, responses.c.response_id == response_id)):
                    write_mail(self._database, connection, None, mail)
            return len(told)


def _offer(
    database: Database, connection: Connection, response_id: str, held_until: datetime, letter: LettersOf
) -> None:
    this = responses.c.response_id == response_id
    move(connection, Arrow.OFFER, this, held_until=held_until)
    leave_queue(connection, [response_id])
    for stored in _stored(connection, this):
        write_mail(database, connection, response_id, letter(stored))


def _stored(connection: Connection, which: ColumnElement[bool], most: int | None = None) -> list[StoredResponse]:
    asked = stored_responses().where(which).order_by(responses.c.received_on, responses.c.response_id).limit(most)
    return [StoredResponse(**row) for row in connection.execute(asked).mappings()]


def _queue(connection: Connection, form: str, places: Places, moment: datetime) -> Iterator[Waiting]:
    asked = (
        select(responses.c.response_id, waiting_list.c.number, responses.c.answers, responses.c.state)
        .join_from(waiting_list, responses)
        .where(waiting_list.c.form == form, _waits(moment, places.oldest))
        .order_by(waiting_list.c.number)
    )
    for row in connection.execute(asked):
        yield Waiting(row.response_id, row.number, places.wanted(row.answers), row.state == State.WAITING)


def _is_fresh(moment: datetime, oldest: date) -> ColumnElement[bool]:
    """Match what can still be confirmed, and whose hold is not over; one without an end lasts as long as that."""
    until = responses.c.held_until
    return and_(or_(until.is_(None), until > moment), responses.c.pending_since >= oldest)


def _queued() -> ColumnElement[bool]:
    asked = select(waiting_list.c.number).where(waiting_list.c.response_id == responses.c.response_id)
    return asked.correlate(responses).exists()


def _holds(moment: datetime, oldest: date) -> ColumnElement[bool]:
    """Match what holds a place until a button is pressed."""
    unconfirmed = and_(responses.c.state == State.PENDING, _is_fresh(moment, oldest), ~_queued())
    return or_(unconfirmed, and_(responses.c.state == State.OFFERED, responses.c.held_until > moment))


def _waits(moment: datetime, oldest: date) -> ColumnElement[bool]:
    """Match what stands in the queue and counts there."""
    unconfirmed = and_(responses.c.state == State.PENDING, _is_fresh(moment, oldest))
    return and_(_queued(), or_(responses.c.state == State.WAITING, unconfirmed))


def holds_place(found: Row[Any], moment: datetime, *, queued: bool) -> bool:
    """Tell whether a response that is there, and can still be confirmed, holds a place now."""
    if found.state == State.KEPT:
        return True
    live = found.held_until is None or found.held_until > moment
    return live and not queued and found.state in (State.PENDING, State.OFFERED)
