"""One look at the store: every question is answered of the same moment."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, tzinfo
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Table,
    Text,
    and_,
    bindparam,
    case,
    func,
    or_,
    select,
    tuple_,
    type_coerce,
    union,
)

from bacheca.forms.local_time import local_day
from bacheca.forms.text import digest
from forms_server.database.cells import cell
from forms_server.database.tables import (
    Unreadable,
    accounts,
    audit,
    changed_days,
    consents,
    erased,
    form_versions,
    links,
    notices,
    received,
    requests,
    responses,
    tombstones,
)
from forms_server.store.lifecycle import State
from forms_server.store.records import FormVersion, KeptDay, PackageRows, StandingConsent, StoredResponse

ROWS_AT_ONCE = 200
ROWS_OF_PACKAGE = 500
"""How many responses the database joins into one row, which costs less than a row of each."""

OTHERS = tuple(state for state in State if state != State.KEPT)
"""The states that are counted one by one, since "other than kept" would read all of the index."""

AT_ONCE = 500
"""How many ids one question names: a database takes only so many."""


class Snapshot:
    """A snapshot, as `Store.snapshot` gives it; it ends with that `with` block."""

    def __init__(self, connection: Connection):
        self._connection = connection

    def find_by_token(self, form: str, token_hash: str) -> StoredResponse | None:
        """Find the response that a receipt belongs to, by its own link or by its mail's; `None` when there is none.

        Its own link may open it no more: see `StoredResponse.mailed_only`.
        """
        any_link = or_(responses.c.token_hash == token_hash, linked(token_hash, "receipt"))
        found = self._connection.execute(stored_responses().where(responses.c.form == form, any_link))
        row = found.mappings().one_or_none()
        return None if row is None else StoredResponse(**row)

    def find_to_confirm(self, form: str, token_hash: str) -> StoredResponse | None:
        """Find the response that a link confirms; `None` when there is none."""
        asked = stored_responses().where(responses.c.form == form, linked(token_hash, "confirm"))
        row = self._connection.execute(asked).mappings().one_or_none()
        return None if row is None else StoredResponse(**row)

    def response(self, form: str, response_id: str) -> StoredResponse | None:
        """Find a response by its id, whatever its state; `None` when there is none."""
        asked = stored_responses().where(responses.c.form == form, responses.c.response_id == response_id)
        row = self._connection.execute(asked).mappings().one_or_none()
        return None if row is None else StoredResponse(**row)

    def place_after(self, form: str, count: int, after: tuple[date, str] | None = None) -> tuple[date, str] | None:
        """Give the day and the id of the last of so many kept responses, from the newest day on.

        Args:
            form: the form.
            count: how many.
            after: the day and the id of the response after which to begin.

        Returns:
            Where to go on; `None` where no response follows those.
        """
        day, name = responses.c.received_on, responses.c.response_id
        kept = [responses.c.form == form, responses.c.state == State.KEPT]
        if after:
            kept.append(tuple_(day, name) < tuple_(*after))
        far = select(day, name).where(*kept).order_by(day.desc(), name.desc()).offset(count - 1).limit(2)
        found = self._connection.execute(far).all()
        return (found[0].received_on, found[0].response_id) if len(found) == 2 else None

    def texts(
        self,
        form: str,
        asked: Mapping[str, str],
        after: tuple[date, str] | None = None,
        until: tuple[date, str] | None = None,
    ) -> Iterator[tuple[str, date, str, Mapping[str, str]]]:
        """Give what kept responses have in some fields, where they said yes to a consent, a few in memory at a time.

        Args:
            form: the form.
            asked: the consent that goes with each field.
            after: the day and the id of the response after which to begin.
            until: those of the last response to look at; all of them are looked at where it is not said.

        Returns:
            The id, the day and the language of each that has something, and what by the field, from the newest day on.
        """
        day, name = responses.c.received_on, responses.c.response_id
        kept = [responses.c.form == form, responses.c.state == State.KEPT]
        if after:
            kept.append(tuple_(day, name) < tuple_(*after))
        if until:
            kept.append(tuple_(day, name) >= tuple_(*until))
        if not asked:
            return
        said = [
            case(
                (cell(self._connection, consent) == "true", func.coalesce(cell(self._connection, field), "")), else_=""
            )
            for field, consent in asked.items()
        ]
        these = select(name, day, responses.c.language, *said).where(*kept, or_(*(text != "" for text in said)))
        found = these.order_by(day.desc(), name.desc())
        with self._connection.execute(found, execution_options={"yield_per": ROWS_AT_ONCE}) as rows:
            for response_id, received_on, language, *texts in rows:
                yield response_id, received_on, language, dict(zip(asked, texts, strict=True))

    def responses(self, form: str, resource: int) -> Iterator[StoredResponse]:
        """Give the kept responses of a package resource, a few in memory at a time.

        Returns:
            Them in the order of `received_on`, then `response_id`.
        """
        asked = kept_in_order(form, resource)
        found = self._connection.execute(asked, execution_options={"yield_per": ROWS_AT_ONCE})
        with found:
            for row in found:
                yield StoredResponse(*row)

    def live(self, form: str) -> Iterator[StoredResponse]:
        """Give all responses of a form that are there, in whatever state, a few in memory at a time, by their days."""
        asked = stored_responses().where(responses.c.form == form)
        found = self._connection.execute(
            asked.order_by(responses.c.received_on, responses.c.response_id),
            execution_options={"yield_per": ROWS_AT_ONCE},
        )
        with found:
            for row in found:
                yield StoredResponse(*row)

    def rows(self, form: str, versions: Collection[str], day: date) -> Iterator[PackageRows]:
        """Give what goes into a package of the kept responses of a day to some versions of a form, by `response_id`."""
        *others, sealed, answers = (responses.c[name] for name in PackageRows._fields)
        some = (
            select(*others, func.coalesce(sealed, "").label("sealed"), type_coerce(answers, Text))
            .where(responses.c.form == form, responses.c.state == State.KEPT, responses.c.received_on == day)
            .where(responses.c.version.in_(versions), responses.c.response_id > bindparam("last"))
            .order_by(responses.c.response_id)
            .limit(ROWS_OF_PACKAGE)
            .subquery()
        )
        # No comma is in any of them but the answers, which are JSON and make a list of it.
        joined = select(*(func.aggregate_strings(column, ",") for column in some.c))
        last = ""
        while (row := self._connection.execute(joined, {"last": last}).one())[0]:
            ids, of_versions, languages, channels, seals = (cells.split(",") for cells in row[:-1])
            yield PackageRows(ids, of_versions, languages, channels, seals, _objects(row[-1], len(ids)))
            if len(ids) < ROWS_OF_PACKAGE:
                return
            last = ids[-1]

    def days(self, form: str) -> dict[date, KeptDay]:
        """Give the days of a form's kept responses in their order."""
        marks = select(changed_days.c.received_on, changed_days.c.mark).where(changed_days.c.form == form)
        changed = {day: mark for day, mark in self._connection.execute(marks)}
        asked = (
            select(responses.c.received_on, func.count(), func.aggregate_strings(responses.c.response_id, ""))
            .where(responses.c.form == form, responses.c.state == State.KEPT)
            .group_by(responses.c.received_on)
            .order_by(responses.c.received_on)
        )
        with self._connection.execute(asked, execution_options={"yield_per": 1}) as found:
            return {day: KeptDay(count, digest(f"{day} {changed.get(day, '')} {ids}")) for day, count, ids in found}

    def counts(self, form: str, days: Mapping[date, KeptDay] | None = None) -> Mapping[str, int]:
        """Count a form's responses, with those that were erased.

        Args:
            form: the form.
            days: those of `days`, where they are known: the responses in them, of which there are the most, are then
                not counted again.

        Returns:
            How many there are in each state that has any, by the name of the state.
        """
        if days is None:
            return self._in_states(form, State)
        counted = self._in_states(form, OTHERS)
        if kept := sum(day.count for day in days.values()):
            counted[State.KEPT.value] = kept
        return dict(sorted(counted.items()))

    def accounted(self, form: str) -> Mapping[str, int]:
        """Count as `counts` does, without looking at those that are kept or erased, however many.

        What was received and is in no other state is kept; those that were erased were counted while they were. It is
        what `reconcile` holds against the responses and the tombstones themselves.
        """
        counted = self._in(responses, form, OTHERS) | self.erased(form)
        if (kept := self.received(form) - sum(counted.values())) > 0:
            counted[State.KEPT.value] = kept
        return dict(sorted(counted.items()))

    def _in_states(self, form: str, states: Iterable[State]) -> dict[str, int]:
        states = list(states)
        return dict(sorted((self._in(responses, form, states) | self._in(tombstones, form, states)).items()))

    def _in(self, table: Table, form: str, states: Iterable[State]) -> dict[str, int]:
        asked = select(table.c.state, func.count()).where(table.c.form == form, table.c.state.in_(list(states)))
        return {state: count for state, count in self._connection.execute(asked.group_by(table.c.state))}

    def erased(self, form: str) -> dict[str, int]:
        """Give how many responses to a form were erased, by what they count as, as it was counted while they were."""
        asked = select(erased.c.state, func.sum(erased.c.count)).where(erased.c.form == form).group_by(erased.c.state)
        return {state: int(count) for state, count in self._connection.execute(asked)}

    def is_buried(self, tombstone: str) -> bool:
        """Tell whether a response was erased."""
        return self._connection.scalar(select(tombstones.c.form).where(tombstones.c.tombstone == tombstone)) is not None

    def received(self, form: str) -> int:
        """Give how many responses to a form were received, as it was counted while they came."""
        asked = select(func.coalesce(func.sum(received.c.count), 0)).where(received.c.form == form)
        return int(self._connection.execute(asked).scalar_one())

    def received_on(self, form: str, day: date) -> int:
        """Give how many of a form's responses, those erased since left out, came on a day."""
        asked = select(func.count()).where(responses.c.form == form, responses.c.received_on == day)
        return self._connection.execute(asked).scalar_one()

    def last_day(self, form: str) -> date | None:
        """Give the day on which the last kept response of a form came; None where there is none."""
        asked = select(func.max(responses.c.received_on)).where(
            responses.c.form == form, responses.c.state == State.KEPT
        )
        last: date | None = self._connection.scalar(asked)
        return last

    def counts_by_day(self, form: str, first: date) -> Mapping[date, int]:
        """Count the kept responses that came on each day from a first one on; days without any are left out."""
        asked = (
            select(responses.c.received_on, func.count())
            .where(responses.c.form == form, responses.c.state == State.KEPT, responses.c.received_on >= first)
            .group_by(responses.c.received_on)
        )
        return {day: count for day, count in self._connection.execute(asked)}

    def confirmed_on(self, form: str, zone: tzinfo) -> Iterator[date]:
        """Give the day on which each kept response was confirmed, in a zone; the day it came where it needed none."""
        asked = select(responses.c.confirmed_at, responses.c.received_on).where(
            responses.c.form == form, responses.c.state == State.KEPT
        )
        with self._connection.execute(asked, execution_options={"yield_per": ROWS_AT_ONCE}) as found:
            for row in found:
                yield local_day(row.confirmed_at, zone) if row.confirmed_at else row.received_on

    def confirmed_by(self, form: str, moments: tuple[datetime, datetime], days: tuple[date, date]) -> tuple[int, int]:
        """Count the kept responses of a form that were confirmed, or came where they needed none, in some time.

        Args:
            form: the form.
            moments: when that time begins, and when it is over.
            days: its first day, and the first day after it.

        Returns:
            How many in that time, and how many up to its end.
        """
        confirmed, came = responses.c.confirmed_at, responses.c.received_on
        since = or_(confirmed >= moments[0], and_(confirmed.is_(None), came >= days[0]))
        until = or_(confirmed < moments[1], and_(confirmed.is_(None), came < days[1]))
        asked = select(func.count().filter(since), func.count()).where(
            responses.c.form == form, responses.c.state == State.KEPT, until
        )
        joined, there = self._connection.execute(asked).one()
        return joined, there

    def came_between(self, form: str, first: date, after: date) -> int:
        """Count the kept responses of a form that came from a day on, before another."""
        asked = select(func.count()).where(
            responses.c.form == form,
            responses.c.state == State.KEPT,
            responses.c.received_on >= first,
            responses.c.received_on < after,
        )
        return self._connection.execute(asked).scalar_one()

    def standing_consents(self, response_id: str) -> list[StandingConsent]:
        """Give the agreements of a response that were not taken back, by their fields."""
        standing = (consents.c.withdrawn_at.is_(None), consents.c.withdrawn_on.is_(None))
        asked = (
            select(consents.c.field, consents.c.language, notices.c.text, notices.c.notice_hash)
            .join_from(consents, notices)
            .where(consents.c.response_id == response_id, *standing)
            .order_by(consents.c.field)
        )
        return [StandingConsent(**row) for row in self._connection.execute(asked).mappings()]

    def days_of_consents(self, ids: Sequence[str], zone: tzinfo) -> Iterator[tuple[str, str, date]]:
        """Give the id, the field and the day, in a zone, of each consent of some responses that was not taken back.

        Args:
            ids: the responses, `AT_ONCE` at most.
            zone: by whose days.
        """
        columns = (consents.c.response_id, consents.c.field, consents.c.given_at, consents.c.given_on)
        standing = (consents.c.withdrawn_at.is_(None), consents.c.withdrawn_on.is_(None))
        asked = select(*columns).where(consents.c.response_id.in_(ids), *standing).order_by(consents.c.number)
        for response_id, field, moment, day in self._connection.execute(asked):
            if moment or day:
                yield response_id, field, local_day(moment, zone) if moment else day

    def tokens(self, ids: Collection[str]) -> Mapping[str, tuple[str, str, str]]:
        """Give what the references of some responses are made of: form, name of the secret, hash of the token."""
        columns = (responses.c.response_id, responses.c.form, responses.c.secret_id, responses.c.token_hash)
        found: dict[str, tuple[str, str, str]] = {}
        for some in batched(sorted(ids), AT_ONCE):
            asked = select(*columns).where(responses.c.response_id.in_(some))
            found |= {name: (form, by or "", hashed) for name, form, by, hashed in self._connection.execute(asked)}
        return found

    def has_link(self, token_hash: str) -> bool:
        """Tell whether a mail's link with this token leads somewhere."""
        return self._connection.scalar(select(links.c.purpose).where(links.c.token_hash == token_hash)) is not None

    def hanging_on_keys(self) -> Iterator[tuple[str, str, str, int]]:
        """Count what was made with each key.

        Returns:
            `responses`, `links`, `audit records`, `authenticators` or `requests`; their form (empty but for the first
            two); the name
            that the key has there (empty: from before keys had names); how many.
        """
        key = (responses.c.form, responses.c.secret_id)
        yield from (("responses", *row) for row in self._connection.execute(select(*key, func.count()).group_by(*key)))
        key = (responses.c.form, links.c.secret_id)
        joined = select(*key, func.count()).join_from(links, responses).group_by(*key)
        yield from (("links", *row) for row in self._connection.execute(joined))
        noted = select(audit.c.secret_id, func.count()).group_by(audit.c.secret_id)
        yield from (("audit records", "", *row) for row in self._connection.execute(noted))
        theirs = accounts.c.authenticator.is_not(None)
        sealed = select(accounts.c.secret_id, func.count()).where(theirs).group_by(accounts.c.secret_id)
        yield from (("authenticators", "", *row) for row in self._connection.execute(sealed))
        asked = select(requests.c.secret_id, func.count()).group_by(requests.c.secret_id)
        yield from (("requests", "", *row) for row in self._connection.execute(asked))

    def knows_key(self, key_hash: str) -> bool:
        """Tell whether a response that came with this key is kept."""
        return self._connection.scalar(select(responses.c.form).where(responses.c.key_hash == key_hash)) is not None

    def kept_ids(self, form: str, day: date | None = None) -> frozenset[str]:
        """Name the kept responses of a form, those of a day alone where one is given."""
        asked = select(responses.c.response_id).where(responses.c.form == form, responses.c.state == "kept")
        return frozenset(
            self._connection.scalars(asked if day is None else asked.where(responses.c.received_on == day))
        )

    def forms(self) -> tuple[str, ...]:
        """Name every form that was ever served or that received a response, in the order of their names."""
        asked = union(*(select(table.c.form) for table in (form_versions, received)))
        return tuple(sorted(self._connection.scalars(asked)))

    def versions(self, form: str) -> list[FormVersion]:
        """Give the versions of a form, the first registered first."""
        asked = select(form_versions).where(form_versions.c.form == form).order_by(form_versions.c.position)
        return [FormVersion(**row) for row in self._connection.execute(asked).mappings()]


def _objects(joined: str, count: int) -> list[Mapping[str, str]]:
    """Read some objects of JSON that the database joined.

    Raises:
        Unreadable: one of them is none.
    """
    try:
        found: list[Mapping[str, str]] = json.loads(f"[{joined}]")
    except ValueError:
        raise Unreadable from None
    if len(found) != count or not all(isinstance(each, dict) for each in found):
        raise Unreadable
    return found


def batched(ids: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    """Give ids a few at a time."""
    return (ids[i : i + size] for i in range(0, len(ids), size))


def stored_responses() -> Select[Any]:
    """Ask for responses with the resource of their version."""
    names = StoredResponse.__dataclass_fields__
    wanted = [form_versions.c.resource if name == "resource" else responses.c[name] for name in names]
    return select(*wanted).join_from(
        responses,
        form_versions,
        (responses.c.form == form_versions.c.form) & (responses.c.version == form_versions.c.version),
    )


def linked(token_hash: str, purpose: str) -> ColumnElement[bool]:
    """Match the response that a mail's link belongs to."""
    asked = select(links.c.response_id).where(links.c.token_hash == token_hash, links.c.purpose == purpose)
    return responses.c.response_id.in_(asked)


def opens_receipt(form: str, token_hash: str) -> ColumnElement[bool]:
    """Match the response that a receipt shows and changes: once it is confirmed, only by the mailed link."""
    own = and_(responses.c.token_hash == token_hash, responses.c.mailed_only == 0)
    return and_(responses.c.form == form, or_(own, linked(token_hash, "receipt")))


def kept_in_order(form: str, resource: int) -> Select[Any]:
    """Ask for the kept responses of a package resource in its order."""
    return (
        stored_responses()
        .where(responses.c.form == form, responses.c.state == State.KEPT, form_versions.c.resource == resource)
        .order_by(responses.c.received_on, responses.c.response_id)
    )
