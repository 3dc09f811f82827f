"""What a response goes through: one table of states and arrows, and the only statements that move along them.

Nothing else writes or deletes a row of `responses`, except that `sealed` changes to whom a row is sealed. Where no
arrow of some name leaves a state, asking for it changes nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Table, case, select, text

from bacheca.forms.text import digest
from forms_server.database.tables import erased, responses, tombstones
from forms_server.database.transactions import Database


class State(StrEnum):
    """Where a response stands; of one that is withdrawn or expired only a tombstone is left."""

    PENDING = "pending"
    """It waits until its address is confirmed."""
    WAITING = "waiting"
    """Its address is confirmed, and it waits for a place to become free."""
    OFFERED = "offered"
    """It waited, and a place is kept for it until a moment."""
    KEPT = "kept"
    """It counts, and is exported."""
    QUARANTINED = "quarantined"
    """It looks like a program's and waits until somebody has looked at it."""
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class Arrow(StrEnum):
    """What causes a change."""

    RECEIVE = "receive"
    """Answers came that need no confirmation."""
    SIGN_UP = "sign up"
    """Answers came with an address that is to be confirmed."""
    DOUBT = "doubt"
    """Answers came that look like a program's."""
    CONFIRM = "confirm"
    """The owner of the address pressed the button that the mail leads to."""
    JOIN = "join the waiting list"
    """The owner of the address pressed the button, and there was no place."""
    OFFER = "offer"
    """A place became free, and it was the first that could have it."""
    ACCEPT = "accept"
    """The owner of the address pressed the button that the offer leads to, in time."""
    CORRECT = "correct"
    """Other answers took the place of the first, the address stayed."""
    READDRESS = "readdress"
    """They were corrected, and the address with them: its new owner has to confirm."""
    RELEASE = "release"
    """Somebody looked at a doubted response, which needs no confirmation, and let it in."""
    RELEASE_SIGN_UP = "release a sign-up"
    """The same of a sign-up, whose mail goes out now."""
    DISCARD = "discard"
    """Somebody looked at a doubted response and threw it away."""
    WITHDRAW = "withdraw"
    """Its owner took it back."""
    EXPIRE = "expire"
    """Its time was over."""


LIVE = (State.PENDING, State.WAITING, State.OFFERED, State.KEPT, State.QUARANTINED)
"""The states of what is there."""

ARROWS: Mapping[Arrow, Mapping[State | None, State]] = {
    Arrow.RECEIVE: {None: State.KEPT},
    Arrow.SIGN_UP: {None: State.PENDING},
    Arrow.DOUBT: {None: State.QUARANTINED},
    Arrow.CONFIRM: {State.PENDING: State.KEPT},
    Arrow.JOIN: {State.PENDING: State.WAITING},
    Arrow.OFFER: {State.WAITING: State.OFFERED},
    Arrow.ACCEPT: {State.OFFERED: State.KEPT},
    Arrow.CORRECT: {state: state for state in LIVE},
    Arrow.READDRESS: {
        **dict.fromkeys((State.PENDING, State.WAITING, State.OFFERED, State.KEPT), State.PENDING),
        State.QUARANTINED: State.QUARANTINED,
    },
    Arrow.RELEASE: {State.QUARANTINED: State.KEPT},
    Arrow.RELEASE_SIGN_UP: {State.QUARANTINED: State.PENDING},
    Arrow.DISCARD: {State.QUARANTINED: State.WITHDRAWN},
    Arrow.WITHDRAW: dict.fromkeys(LIVE, State.WITHDRAWN),
    Arrow.EXPIRE: dict.fromkeys(LIVE, State.EXPIRED),
}
"""Where each arrow leads from each state; None is the state of what has not come yet.

What holds a place is not told by the state alone, but by the time as well: see `waiting_list.py`. Each response holds
one, whatever its address: otherwise whoever signs up somebody else's address for the last place could tell, by whether
the form is full afterwards, if that address was in the list.
"""

MEMBERS = (State.KEPT, State.WAITING, State.OFFERED)
"""The states in which an address is confirmed: it is in one of them once in a form."""

COUNTED_AS: Mapping[State, str] = {state: state for state in State} | {
    State.KEPT: "exported",
    State.WAITING: State.PENDING,
    State.OFFERED: State.PENDING,
}
"""What each state is in the account of what was received."""


def insert_responses(insert: Callable[[Table], Any]) -> Any:
    """Make the statement that keeps new responses; it gives the ids of those whose key is new."""
    return insert(responses).on_conflict_do_nothing(index_elements=["key_hash"]).returning(responses.c.response_id)


def state_of_new(*, signs_up: bool, doubted: bool) -> State:
    """Give the state in which a response begins."""
    return ARROWS[Arrow.DOUBT if doubted else Arrow.SIGN_UP if signs_up else Arrow.RECEIVE][None]


def move(connection: Connection, arrow: Arrow, which: ColumnElement[bool], **values: object) -> Sequence[str]:
    """Move responses along an arrow.

    Args:
        connection: in a transaction that writes.
        arrow: the cause.
        which: the responses; those in a state that the arrow does not leave stay as they are.
        values: what else of them changes.

    Returns:
        The ids of those that moved.
    """
    leads = {str(state): str(to) for state, to in ARROWS[arrow].items() if state is not None}
    change = (
        responses.update()
        .where(which, responses.c.state.in_(leads))
        .values(state=case(leads, value=responses.c.state), **values)
        .returning(responses.c.response_id)
    )
    return connection.scalars(change).all()


def erase(database: Database, connection: Connection, arrow: Arrow, which: ColumnElement[bool]) -> list[str]:
    """Erase responses with their consents, links, history and mail; a tombstone of each stays.

    Args:
        database: where they are.
        connection: in a transaction that writes.
        arrow: the cause.
        which: the responses.

    Returns:
        The form of each that was erased.
    """
    leads = ARROWS[arrow]
    these = responses.delete().where(which, responses.c.state.in_(leads))
    gone = connection.execute(these.returning(responses.c.form, responses.c.response_id, responses.c.state)).all()
    counts: Counter[tuple[str, str, str]] = Counter()
    for form, response_id, state in gone:
        mark = {"tombstone": tombstone_of(form, response_id), "form": form, "state": str(leads[State(state)])}
        new = database.insert(tombstones).values(mark).on_conflict_do_nothing().returning(tombstones.c.tombstone)
        counts[form, mark["state"], mark["tombstone"][:1]] += len(connection.execute(new).all())
    _count_erased(database, connection, counts)
    return [form for form, *_ in gone]


def _count_erased(database: Database, connection: Connection, counts: Mapping[tuple[str, str, str], int]) -> None:
    counter = database.insert(erased)
    added = counter.on_conflict_do_update(
        index_elements=["form", "state", "shard"], set_={"count": erased.c.count + counter.excluded.count}
    )
    # In one order everywhere, so that two transactions never wait on each other.
    rows = [
        {"form": form, "state": state, "shard": shard, "count": count}
        for (form, state, shard), count in sorted(counts.items())
        if count
    ]
    if rows:
        connection.execute(added, rows)


def tombstone_of(form: str, response_id: str) -> str:
    """Give what stays of an erased response: a hash of its random id, which leads back to nothing."""
    return digest(f"{form}:{response_id}")


def locked(connection: Connection, which: ColumnElement[bool]) -> Row[Any] | None:
    """Give the one response that is meant, which nobody else changes until the transaction has ended."""
    found = connection.execute(select(responses.c.response_id).where(which)).scalar_one_or_none()
    if found is None:
        return None
    connection.execute(select(responses.c.state).where(responses.c.response_id == found).with_for_update())
    # Asked once more: whoever had it until now may have changed whether it is the one that is meant.
    return connection.execute(select(responses).where(responses.c.response_id == found, which)).one_or_none()


def hold_places(database: Database, connection: Connection, forms: Iterable[str]) -> None:
    """Let nobody else give out places of some forms until the transaction has ended, as SQLite does anyway."""
    for form in sorted(set(forms)) if database.postgresql else ():
        connection.execute(text("SELECT pg_advisory_xact_lock(7264126, hashtext(:form))"), {"form": form})


def rename_address(connection: Connection, form: str, former: Sequence[str], address_hash: str) -> Sequence[str]:
    """Know an address by another hash, made with today's key.

    Where it is more than one member, as after a time in which an older key was not set, one of them is known by it: an
    address is a member of a form once.

    Args:
        connection: in a transaction that writes.
        form: the form's name.
        former: the hashes it is known by, of the newest key first.
        address_hash: the one by which it is to be known.

    Returns:
        The ids of the responses that were renamed.
    """
    by = (address_hash, *former)
    theirs = (responses.c.form == form, responses.c.address_hash.in_(by))
    asked = select(responses.c.response_id, responses.c.address_hash).where(*theirs, responses.c.state.in_(MEMBERS))
    others = sorted(connection.execute(asked), key=lambda member: by.index(member.address_hash))[1:]
    change = (
        responses.update()
        .where(*theirs, responses.c.address_hash != address_hash)
        .where(responses.c.response_id.not_in([member.response_id for member in others]))
        .values(address_hash=address_hash)
    )
    return connection.scalars(change.returning(responses.c.response_id)).all()
