"""The outbox: mail that waits to be sent, and what became of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any

from sqlalchemy import Connection, Select, and_, exists, func, or_, select

from bacheca.forms.text import digest
from forms_server.database.engine import Work
from forms_server.database.tables import campaigns, outbox, responses
from forms_server.database.transactions import Database
from forms_server.store.desk.accounts import Account, Link, Needed, write_binding, write_invitation, write_link
from forms_server.store.desk.log import Entry, write_entries
from forms_server.store.inserts import forget_mail_counts, may_mail, write_mail
from forms_server.store.lifecycle import State, locked
from forms_server.store.records import LettersOf, OutboxMail, StoredResponse, WaitingMail
from forms_server.store.snapshot import AT_ONCE, batched, stored_responses

REMIND = "remind"
"""The kind of mail that reminds of an event."""

LEASE = timedelta(minutes=10)
"""How long a mail stays with whoever took it; if they die, somebody else takes it then."""


class Resent(Enum):
    """What became of a letter that was asked for once more."""

    WRITTEN = "written"
    ABSENT = "absent"
    """There is nothing that they have yet to confirm."""
    TOO_MANY = "too many"
    """The address got as many mails today as one may."""


@dataclass(frozen=True)
class ListedMail:
    """A mail as it is listed: `form` and `answers` are those of its response, `came_back` is whether one to it did.

    `subject` is what a letter to many is about.
    """

    id: str
    kind: str
    recipient: str
    attempts: int
    next_attempt_at: datetime
    created_at: datetime
    fault: str | None
    bounced_at: datetime | None
    response_id: str | None
    form: str | None
    answers: Mapping[str, str] | None
    came_back: bool
    subject: str | None


@dataclass(frozen=True)
class SentMail:
    """A mail that was sent; `form` and `address_hash` are those of its response."""

    id: str
    response_id: str | None
    form: str | None
    address_hash: str | None


def _sent() -> Select[Any]:
    asked = select(outbox.c.id, outbox.c.response_id, responses.c.form, responses.c.address_hash)
    return asked.join_from(outbox, responses, isouter=True).where(outbox.c.state.in_(("sent", "bounced")))


def _listed(*states: str) -> Select[Any]:
    earlier = outbox.alias("earlier")
    came_back = exists().where(earlier.c.response_id == outbox.c.response_id, earlier.c.state == "bounced")
    wanted = [outbox.c[name] for name in ListedMail.__dataclass_fields__ if name in outbox.c]
    asked = select(
        *wanted, responses.c.form, responses.c.answers, came_back.label("came_back"), campaigns.c.subject
    ).join_from(outbox, responses, isouter=True)
    many = campaigns.c.campaign_id == outbox.c.campaign_id
    return asked.join(campaigns, many, isouter=True).where(outbox.c.state.in_(states))


class MailQueue:
    """The queue of mail; `Store.outbox`.

    A mail is `waiting`, then `sent`, or `dead` when it cannot be delivered; what was sent and came back is `bounced`,
    and `given-up` what somebody took out. Any number of processes may take mail from it.

    Every method raises `StoreUnavailable` when the database does not confirm what was asked.
    """

    def __init__(self, database: Database):
        self._database = database

    def add(self, mail: OutboxMail) -> None:
        """Put in a mail that belongs to no response; one with the same id is put in once."""
        with self._database.transaction(Work.WRITE) as connection:
            connection.execute(
                self._database.insert(outbox)
                .values(
                    id=mail.id,
                    kind=mail.kind,
                    recipient=mail.recipient,
                    language=mail.language,
                    payload=mail.payload,
                    next_attempt_at=mail.created_at,
                    created_at=mail.created_at,
                )
                .on_conflict_do_nothing()
            )

    def add_invitation(
        self, account: Account, link: Link, mail: OutboxMail, entry: Entry, needed: Needed | None = None
    ) -> Account:
        """Let somebody in who opens a link, with the mail that carries it, and write that down: all of it or nothing.

        Args:
            account: who is invited.
            link: what is mailed.
            mail: what carries it.
            entry: what the log says of it; whom it is about is filled in.
            needed: the role that somebody else must come in with, where this one had it and has it no more.

        Returns:
            The account, as it is known.

        Raises:
            NobodyLeft: nobody else comes in with that role.
        """
        with self._database.transaction(Work.WRITE) as connection:
            known = write_invitation(self._database, connection, account, link, needed)
            write_mail(self._database, connection, None, mail)
            write_entries(connection, [replace(entry, about_account=known.account_id)])
        return known

    def of_subject(
        self,
        subject_hash: str,
        address: str,
        now: datetime,
        binding: Callable[[Account], tuple[Entry, OutboxMail]],
        present: str = "",
    ) -> Account | None:
        """Find who a provider of OpenID Connect vouches for; whoever was invited is bound to it from the first time on.

        Whoever comes in with something of their own already is bound only while they are here.

        Args:
            subject_hash: a digest of the provider and of what it calls them.
            address: the address that it vouches for.
            now: the moment that is noted.
            binding: gives what is written down and mailed when an account is bound.
            present: the account that is signed in already; empty for none.

        Returns:
            The account; None where nobody with this address was invited, it is bound to somebody else, or its owner is
            to come in first with what they have.
        """
        with self._database.transaction(Work.WRITE) as connection:
            account, new = write_binding(self._database, connection, subject_hash, address, now=now, present=present)
            if account and new:
                entry, mail = binding(account)
                write_mail(self._database, connection, None, mail)
                write_entries(connection, [entry])
        return account

    def add_link(self, link: Link, mail: OutboxMail | None) -> None:
        """Keep a link to the desk together with the mail that carries it; of nobody's link there is none.

        Either way it is one transaction, so that the time it takes tells nobody which.
        """
        with self._database.transaction(Work.WRITE) as connection:
            write_link(connection, link)
            if mail:
                write_mail(self._database, connection, None, mail)

    def remind(self, form: str, field: str, said: Mapping[str, Mapping[str, object]], now: datetime) -> int:
        """Put in a reminder for each confirmed sign-up of a form that has none yet.

        Args:
            form: the form's name.
            field: the field that holds the address.
            said: what the template needs, by the language in which the person signed up.
            now: the moment from which it may be sent.

        Returns:
            How many were put in.
        """
        reminded = select(outbox.c.id).where(outbox.c.response_id == responses.c.response_id, outbox.c.kind == REMIND)
        unreminded = (
            select(responses.c.response_id, responses.c.language, responses.c.answers)
            .where(responses.c.form == form, responses.c.state == State.KEPT, responses.c.address_hash.is_not(None))
            .where(~reminded.exists())
            .order_by(responses.c.response_id)
            .limit(AT_ONCE)
        )
        count, last = 0, ""
        while True:
            asked = unreminded.where(responses.c.response_id > last)
            with self._database.transaction(Work.READ) as connection:
                if connection.execute(asked.limit(1)).first() is None:
                    return count
            with self._database.transaction(Work.WRITE) as connection:
                # Whoever withdraws meanwhile is waited for, and gets nothing.
                for row in connection.execute(asked.with_for_update(of=responses)).all():
                    last = row.response_id
                    if recipient := row.answers.get(field):
                        name = digest(f"{REMIND} {row.response_id}")[:32]
                        payload = said.get(row.language) or next(iter(said.values()))
                        mail = OutboxMail(name, REMIND, recipient, row.language, payload, now)
                        write_mail(self._database, connection, row.response_id, mail)
                        count += 1

    def resend(self, form: str, letter: LettersOf, response_id: str, pseudonyms: Sequence[str], day: date) -> Resent:
        """Put in once more the letter with the button that somebody has yet to press; one that waits or failed goes.

        Args:
            form: the form's name.
            letter: writes it.
            response_id: their response.
            pseudonyms: what mails to the address are counted under today.
            day: today.
        """
        unpressed = responses.c.state.in_((State.PENDING, State.OFFERED))
        this = and_(responses.c.form == form, responses.c.response_id == response_id, unpressed)
        with self._database.transaction(Work.WRITE) as connection:
            if locked(connection, this) is None:
                return Resent.ABSENT
            stored = StoredResponse(**connection.execute(stored_responses().where(this)).mappings().one())
            return self._write_once_more(connection, response_id, letter(stored), pseudonyms, day)

    def write_again(
        self,
        mail_id: str,
        letter: LettersOf,
        recipient: str,
        *,
        states: Collection[State],
        pseudonyms: Sequence[str],
        day: date,
    ) -> Resent:
        """Put in once more a letter that came back, which is then told of as came back no more.

        Args:
            mail_id: the letter that came back.
            letter: writes it.
            recipient: the address of whoever it is of.
            states: in which of them their response still needs it.
            pseudonyms: what mails to the address are counted under today.
            day: today.
        """
        came_back = and_(outbox.c.id == mail_id, outbox.c.state == "bounced")
        with self._database.transaction(Work.WRITE) as connection:
            response_id = connection.scalar(select(outbox.c.response_id).where(came_back))
            this = and_(responses.c.response_id == response_id, responses.c.state.in_(states))
            if response_id is None or locked(connection, this) is None:
                return Resent.ABSENT
            known = outbox.update().where(came_back).values(state="given-up", recipient="")
            if connection.scalar(known.returning(outbox.c.id)) is None:
                return Resent.ABSENT
            stored = StoredResponse(**connection.execute(stored_responses().where(this)).mappings().one())
            mail = replace(letter(stored), recipient=recipient)
            done = self._write_once_more(connection, response_id, mail, pseudonyms, day)
            if done is not Resent.WRITTEN:
                connection.rollback()
            return done

    def _write_once_more(
        self, connection: Connection, response_id: str, mail: OutboxMail, pseudonyms: Sequence[str], day: date
    ) -> Resent:
        if not may_mail(self._database, connection, pseudonyms, day):
            return Resent.TOO_MANY
        before = (
            outbox.c.response_id == response_id,
            outbox.c.kind == mail.kind,
            outbox.c.state.in_(("waiting", "dead", "held")),
        )
        connection.execute(outbox.delete().where(*before))
        write_mail(self._database, connection, response_id, mail)
        return Resent.WRITTEN

    def take(self, now: datetime) -> WaitingMail | None:
        """Take the mail that has waited longest past its time; `None` when none is due."""
        due = (outbox.c.state == "waiting", outbox.c.next_attempt_at <= now)
        with self._database.transaction(Work.READ) as connection:
            if connection.scalar(select(outbox.c.id).where(*due).limit(1)) is None:
                return None
        first = select(outbox.c.id).where(*due).order_by(outbox.c.next_attempt_at, outbox.c.id).limit(1)
        with self._database.transaction(Work.WRITE) as connection:
            taken = connection.scalar(first.with_for_update(skip_locked=True))
            if taken is None:
                return None
            connection.execute(
                outbox.update()
                .where(outbox.c.id == taken)
                .values(attempts=outbox.c.attempts + 1, next_attempt_at=now + LEASE)
            )
            wanted = [outbox.c[name] for name in WaitingMail.__dataclass_fields__ if name in outbox.c]
            asked = (
                select(
                    *wanted,
                    responses.c.form,
                    responses.c.address_hash,
                    responses.c.pending_since,
                    responses.c.held_until,
                    responses.c.token_hash,
                )
                .join_from(outbox, responses, isouter=True)
                .where(outbox.c.id == taken)
            )
            return WaitingMail(**connection.execute(asked).mappings().one())

    def sent(self, mail_id: str) -> None:
        """Note that a mail was sent, and forget to whom and what."""
        self._end(mail_id, "sent", state="sent", recipient="", payload={}, fault=None)

    def delay(self, mail_id: str, until: datetime, fault: str) -> None:
        """Note that a mail could not be sent yet, and why."""
        self._end(mail_id, "", next_attempt_at=until, fault=fault)

    def bury(self, mail_id: str, fault: str) -> None:
        """Put a mail that cannot be delivered on the list of dead letters."""
        self._end(mail_id, "failed", state="dead", fault=fault)

    def _end(self, mail_id: str, counted: str, **values: object) -> None:
        this = (outbox.c.id == mail_id, outbox.c.state == "waiting")
        with self._database.transaction(Work.WRITE) as connection:
            change = outbox.update().where(*this).values(values).returning(outbox.c.campaign_id)
            _count(connection, counted, connection.scalars(change).all())

    def leave_out(self, mail_id: str) -> None:
        """Take out a mail that nobody is to get any more."""
        with self._database.transaction(Work.WRITE) as connection:
            connection.execute(outbox.delete().where(outbox.c.id == mail_id, outbox.c.state == "waiting"))

    def known(self, ids: Iterable[str]) -> frozenset[str]:
        """Give those of some ids that a mail here has."""
        found: set[str] = set()
        with self._database.transaction(Work.READ) as connection:
            for some in batched(sorted(ids), AT_ONCE):
                found.update(connection.scalars(select(outbox.c.id).where(outbox.c.id.in_(some))))
        return frozenset(found)

    def stuck(self, before: datetime) -> dict[str, int]:
        """Count the mail that does not go out.

        Args:
            before: mail that has waited since before then counts as stuck.

        Returns:
            How many are `waiting` and `dead`, where there are any.
        """
        late = (outbox.c.state == "dead") | ((outbox.c.state == "waiting") & (outbox.c.created_at < before))
        asked = select(outbox.c.state, func.count()).where(late).group_by(outbox.c.state)
        with self._database.transaction(Work.READ) as connection:
            return {state: count for state, count in connection.execute(asked)}

    def unreached(self, form: str) -> int:
        """Count those who signed up to a form and have not confirmed, since the last letter that asks for it failed."""
        later = outbox.alias("later")
        again = exists().where(
            later.c.response_id == outbox.c.response_id,
            later.c.kind == outbox.c.kind,
            later.c.state.in_(("waiting", "sent")),
            later.c.created_at >= outbox.c.created_at,
        )
        asked = (
            select(func.count(outbox.c.response_id.distinct()))
            .join_from(outbox, responses)
            .where(outbox.c.state.in_(("dead", "bounced")), outbox.c.kind == "confirm", ~again)
            .where(responses.c.form == form, responses.c.state == State.PENDING)
        )
        with self._database.transaction(Work.READ) as connection:
            return connection.execute(asked).scalar_one()

    def dead(self) -> list[WaitingMail]:
        """Give the dead letters, the oldest first."""
        wanted = [outbox.c[name] for name in WaitingMail.__dataclass_fields__ if name in outbox.c]
        asked = select(*wanted).where(outbox.c.state == "dead").order_by(outbox.c.created_at, outbox.c.id)
        with self._database.transaction(Work.READ) as connection:
            return [WaitingMail(**row) for row in connection.execute(asked).mappings()]

    def listed(self, state: str, count: int, after: tuple[datetime, str] | None = None) -> list[ListedMail]:
        """Give some mails in a state, the newest first.

        Args:
            state: `waiting`, `dead` or `bounced`.
            count: how many at most.
            after: when the last one was written that is known, and its id.
        """
        asked = _listed(state).order_by(outbox.c.created_at.desc(), outbox.c.id.desc()).limit(count)
        if after:
            moment, last = after
            same = (outbox.c.created_at == moment) & (outbox.c.id < last)
            asked = asked.where((outbox.c.created_at < moment) | same)
        with self._database.transaction(Work.READ) as connection:
            return [ListedMail(**row) for row in connection.execute(asked).mappings()]

    def one(self, mail_id: str, *states: str) -> ListedMail | None:
        """Find a letter that is in one of some states; None where there is none of this id."""
        asked = _listed(*states).where(outbox.c.id == mail_id)
        with self._database.transaction(Work.READ) as connection:
            found = connection.execute(asked).mappings().one_or_none()
        return None if found is None else ListedMail(**found)

    def in_states(self) -> dict[str, int]:
        """Count the mails that are `waiting`, `dead` and `bounced`, where there are any."""
        asked = select(outbox.c.state, func.count()).where(outbox.c.state.in_(("waiting", "dead", "bounced")))
        with self._database.transaction(Work.READ) as connection:
            return {state: count for state, count in connection.execute(asked.group_by(outbox.c.state))}

    def tried(self) -> dict[str, int]:
        """Count the mails that wait to be tried again, by what stood in the way the last time."""
        waits = (outbox.c.state == "waiting", outbox.c.fault.is_not(None))
        asked = select(outbox.c.fault, func.count()).where(*waits).group_by(outbox.c.fault).order_by(outbox.c.fault)
        with self._database.transaction(Work.READ) as connection:
            return {fault: count for fault, count in connection.execute(asked)}

    def given_up(self) -> int:
        """Count the mails that somebody gave up and that are not forgotten yet."""
        with self._database.transaction(Work.READ) as connection:
            return connection.execute(select(func.count()).where(outbox.c.state == "given-up")).scalar_one()

    def again(self, mail_id: str, now: datetime) -> bool:
        """Let a dead letter be tried once more, as if it were new; tell whether it was one."""
        again = {"state": "waiting", "attempts": 0, "next_attempt_at": now, "created_at": now}
        return self._change(mail_id, "dead", again, failed=-1)

    def give_up(self, mail_id: str) -> bool:
        """Send a letter no more that waits or is dead, and forget to whom and what; tell whether it was one."""
        given_up = {"state": "given-up", "recipient": "", "payload": {}}
        return self._change(mail_id, "dead", given_up) or self._change(mail_id, "waiting", given_up, failed=1)

    def come_back(self, mail_id: str, recipient: str, status: str, now: datetime) -> bool:
        """Note that a letter that was sent could not be delivered; tell whether that is new.

        Args:
            mail_id: the letter.
            recipient: to whom it was sent, where that is known for sure.
            status: why, as RFC 3463 has it.
            now: when that became known.
        """
        known = {"state": "bounced", "recipient": recipient, "fault": status, "bounced_at": now}
        return self._change(mail_id, "sent", known, sent=-1, failed=1)

    def gone_out(self, ids: Iterable[str]) -> list[SentMail]:
        """Find those of some letters that were sent, whether they came back or not."""
        asked = _sent().where(outbox.c.id.in_(sorted(ids)[:AT_ONCE]))
        with self._database.transaction(Work.READ) as connection:
            return [SentMail(**row) for row in connection.execute(asked).mappings()]

    def last_gone_out_to(self, hashes: Mapping[str, Sequence[str]]) -> SentMail | None:
        """Find the last letter that was sent to an address, by its hashes in each form; None where none was."""
        theirs = [(responses.c.form == form) & responses.c.address_hash.in_(some) for form, some in hashes.items()]
        if not theirs:
            return None
        asked = _sent().where(or_(*theirs)).order_by(outbox.c.created_at.desc(), outbox.c.id).limit(1)
        with self._database.transaction(Work.READ) as connection:
            found = connection.execute(asked).mappings().one_or_none()
        return None if found is None else SentMail(**found)

    def _change(self, mail_id: str, state: str, values: Mapping[str, object], **counts: int) -> bool:
        """Change a mail that is in a state, and what is counted of the letter to many that it is of, if any."""
        this = (outbox.c.id == mail_id, outbox.c.state == state)
        with self._database.transaction(Work.WRITE) as connection:
            change = outbox.update().where(*this).values(values).returning(outbox.c.campaign_id)
            changed = connection.scalars(change).all()
            for counted, by in counts.items():
                _count(connection, counted, changed, by)
        return bool(changed)

    def revive(self, now: datetime) -> int:
        """Let the dead letters be tried once more, as if they were new; give how many."""
        again = {"state": "waiting", "attempts": 0, "next_attempt_at": now, "created_at": now}
        with self._database.transaction(Work.WRITE) as connection:
            revived = outbox.update().where(outbox.c.state == "dead").values(again).returning(outbox.c.campaign_id)
            of_campaigns = connection.scalars(revived).all()
            _count(connection, "failed", of_campaigns, -1)
            return len(of_campaigns)

    def hold_back(self, fault: str) -> int:
        """Send nothing of what waits, since it may have been sent already: all of it is dead letters; give how many."""
        with self._database.transaction(Work.WRITE) as connection:
            held = outbox.update().where(outbox.c.state == "waiting").values(state="dead", fault=fault)
            of_campaigns = connection.scalars(held.returning(outbox.c.campaign_id)).all()
            _count(connection, "failed", of_campaigns)
            return len(of_campaigns)

    def forget_counts(self, today: date) -> None:
        """Forget how many mails addresses were sent on the days before today."""
        with self._database.transaction(Work.WRITE) as connection:
            forget_mail_counts(connection, today)

    def forget(self, before: datetime) -> int:
        """Forget the mail that was sent, or given up, before a moment; give how much."""
        over = (outbox.c.state.in_(("sent", "dead", "bounced", "given-up")), outbox.c.created_at < before)
        with self._database.transaction(Work.WRITE) as connection:
            return len(connection.scalars(outbox.delete().where(*over).returning(outbox.c.id)).all())


def _count(connection: Connection, counted: str, of_campaigns: Iterable[str | None], by: int = 1) -> None:
    """Count what became of mails that are of letters to many, which say so when the mails are forgotten."""
    for name, times in sorted(Counter(filter(None, of_campaigns)).items()) if counted else ():
        more = {counted: campaigns.c[counted] + by * times}
        connection.execute(campaigns.update().where(campaigns.c.campaign_id == name).values(more))
