"""All that is held of somebody, and the record of what was done when they asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Text,
    and_,
    bindparam,
    exists,
    false,
    or_,
    select,
    true,
    type_coerce,
)

from forms_server.database.engine import Work
from forms_server.database.tables import (
    attestations,
    audit,
    consents,
    corrections,
    form_versions,
    letters_declined,
    notices,
    outbox,
    responses,
)
from forms_server.database.transactions import Database
from forms_server.store.records import StoredResponse
from forms_server.store.snapshot import AT_ONCE, ROWS_AT_ONCE, batched, stored_responses

SHARES = 16
"""In how many parts all responses can be looked through, so that whoever waits can be told how far it is."""


@dataclass(frozen=True)
class ConsentHeld:
    """One giving of a consent: to which text, in which language, when, and when it was taken back.

    Of those who are not known by an address days are kept, and no moments. `number` counts the times the same consent
    was given, from 1; `confirmed_at` is when the owner of the address confirmed this very giving.
    """

    field: str
    number: int
    notice_hash: str
    language: str
    text: str
    given_at: datetime | None
    withdrawn_at: datetime | None
    given_on: date | None
    withdrawn_on: date | None
    confirmed_at: datetime | None = None


@dataclass(frozen=True)
class CorrectionHeld:
    """What is kept of answers that were corrected: which they were, and nothing of what they said."""

    number: int
    version: str
    content_hash: str
    corrected_on: date


@dataclass(frozen=True)
class MailHeld:
    """A mail of the outbox that belongs to a response."""

    kind: str
    state: str
    recipient: str
    created_at: datetime


@dataclass(frozen=True)
class LetterHeld:
    """A mail of the outbox to somebody, also one that belongs to no response or to a response of somebody else."""

    id: str
    response_id: str | None
    mail: MailHeld


@dataclass(frozen=True)
class Attestation:
    """How a sign-up was confirmed that its owner did not confirm by a link, in the words of whoever saw it."""

    done_at: datetime
    note: str


@dataclass(frozen=True)
class Holding:
    """A response with all that is kept beside it; `letters_declined_at` says since when they want no letters to all."""

    stored: StoredResponse
    confirmed_at: datetime | None
    consents: tuple[ConsentHeld, ...]
    corrections: tuple[CorrectionHeld, ...]
    mails: tuple[MailHeld, ...]
    attestations: tuple[Attestation, ...] = ()
    letters_declined_at: datetime | None = None


@dataclass(frozen=True)
class AuditRecord:
    """What was done for somebody.

    Args:
        id: a random name, to quote.
        done_at: when, in UTC, kept to the second.
        action: `evidence`, `export` or `erase`; `erase-begun` until an erasure has ended.
        subject: the keyed hash of the address.
        counts: how many responses of each form it touched.
        secret_id: the name of the key that the hash was made with.
    """

    id: str
    done_at: datetime
    action: str
    subject: str
    counts: Mapping[str, int]
    secret_id: str = ""


@dataclass(frozen=True)
class Sought:
    """By what the database tells responses that may be somebody's; whoever asked looks at each of them.

    Args:
        hashes: the hashes of the address, of each form.
        text: what stands in their answers, whatever the case of ASCII letters; None where only the address that was
            given is asked for, empty where any answer may hold it.
        sealed: whether what is sealed may hold it too.
        ids: responses that are known to be sought.
        share: which of `SHARES` parts of all responses is looked through for the text; None for all of them.
    """

    hashes: Mapping[str, Sequence[str]]
    text: str | None = ""
    sealed: bool = False
    ids: Sequence[str] = ()
    share: int | None = None

    def where(self) -> ColumnElement[bool]:
        """Give it as a condition."""
        known = [and_(responses.c.form == form, responses.c.address_hash.in_(by)) for form, by in self.hashes.items()]
        known += [responses.c.response_id.in_(self.ids)] if self.ids else []
        if self.text is None:
            return or_(false(), *known)
        answers = type_coerce(responses.c.answers, Text)
        holding = answers.icontains(self.text, autoescape=True) if self.text else true()
        held = or_(holding, responses.c.sealed.is_not(None)) if self.sealed else holding
        return or_(*known, and_(held, *self._part()))

    def _part(self) -> Iterator[ColumnElement[bool]]:
        # Ids are random and hexadecimal, so that their first digit parts them evenly.
        if self.share:
            yield responses.c.response_id >= f"{self.share:x}"
        if self.share is not None and self.share + 1 < SHARES:
            yield responses.c.response_id < f"{self.share + 1:x}"


class SubjectAccess:
    """What is held of people; `Store.subject_access`.

    Every method raises `StoreUnavailable` when the database does not confirm what was asked.
    """

    def __init__(self, database: Database):
        self._database = database

    def find(self, of_person: Callable[[StoredResponse], bool], sought: Sought | None = None) -> list[Holding]:
        """Look through every response that may be sought, whatever its form and state; give those of a person.

        Returns:
            Them, the oldest first.
        """
        with self._database.transaction(Work.READ) as connection:
            asked = stored_responses().where(sought.where() if sought else true())
            asked = asked.order_by(responses.c.received_on, responses.c.form, responses.c.response_id)
            with connection.execute(asked, execution_options={"yield_per": ROWS_AT_ONCE}) as found:
                theirs = [stored for row in found.mappings() if of_person(stored := StoredResponse(**row))]
            return [_holding(connection, stored) for stored in theirs]

    def sealed_forms(
        self, until: date | None = None, but: Iterable[str] = (), among: Iterable[str] | None = None
    ) -> list[str]:
        """Name the forms with answers of which something is sealed.

        Args:
            until: the last day on which they came; None for whatever day.
            but: the ids of responses that do not count.
            among: forms that may have any, where they are known: the answers to others are then not looked through.
        """
        named: BindParameter[str] = bindparam("form")
        which = [responses.c.form == named, responses.c.sealed.is_not(None), responses.c.response_id.not_in(list(but))]
        which += [responses.c.received_on <= until] if until else []
        asked = select(exists().where(*which))
        with self._database.transaction(Work.READ) as connection:
            known = connection.scalars(select(form_versions.c.form).distinct()) if among is None else among
            return [form for form in sorted(known) if connection.scalar(asked, {"form": form})]

    def letters_to(self, text: str, is_theirs: Callable[[str], bool]) -> list[LetterHeld]:
        """Give the mail of the outbox to an address, whatever it is of, the oldest first.

        Args:
            text: what stands in the address, whatever the case of ASCII letters.
            is_theirs: tells whether it is the address.
        """
        wanted = (outbox.c.id, outbox.c.response_id, *(outbox.c[name] for name in MailHeld.__dataclass_fields__))
        asked = select(*wanted).where(outbox.c.recipient != "", outbox.c.recipient.icontains(text, autoescape=True))
        with self._database.transaction(Work.READ) as connection:
            found = connection.execute(asked.order_by(outbox.c.created_at, outbox.c.id)).all()
        return [
            LetterHeld(name, response_id, MailHeld(*mail)) for name, response_id, *mail in found if is_theirs(mail[2])
        ]

    def letter_ids(self) -> list[str]:
        """Name the mail of the outbox of which is known to whom it goes or went."""
        with self._database.transaction(Work.READ) as connection:
            return list(connection.scalars(select(outbox.c.id).where(outbox.c.recipient != "")))

    def erase_letters(self, ids: Iterable[str]) -> None:
        """Erase mail of the outbox; what is not there is left out."""
        for some in batched(sorted(ids), AT_ONCE):
            with self._database.transaction(Work.WRITE) as connection:
                connection.execute(outbox.delete().where(outbox.c.id.in_(some)))

    def answers_of(self, ids: Iterable[str]) -> Mapping[str, Mapping[str, str]]:
        """Give the answers of responses that are there, whatever their form and state, by their ids."""
        found: dict[str, Mapping[str, str]] = {}
        with self._database.transaction(Work.READ) as connection:
            for some in batched(sorted(ids), AT_ONCE):
                asked = select(responses.c.response_id, responses.c.answers).where(responses.c.response_id.in_(some))
                found.update((row.response_id, row.answers) for row in connection.execute(asked))
        return found

    def note(self, record: AuditRecord, forget: datetime) -> None:
        """Write down what was done, instead of what has the same name, and forget what was done before a moment."""
        with self._database.transaction(Work.WRITE) as connection:
            connection.execute(audit.delete().where(or_(audit.c.done_at < forget, audit.c.id == record.id)))
            connection.execute(audit.insert().values(vars(record)))

    def audit(self, audit_id: str) -> AuditRecord | None:
        """Find what was done by the name that was quoted of it."""
        with self._database.transaction(Work.READ) as connection:
            row = connection.execute(select(audit).where(audit.c.id == audit_id)).mappings().one_or_none()
            return None if row is None else AuditRecord(**row)

    def newest_audits(self, count: int) -> list[AuditRecord]:
        """Give what was done last, for everybody, the newest first."""
        asked = select(audit).order_by(audit.c.done_at.desc(), audit.c.id.desc()).limit(count)
        with self._database.transaction(Work.READ) as connection:
            return [AuditRecord(**row) for row in connection.execute(asked).mappings()]

    def audits(self, *subjects: str) -> Iterator[AuditRecord]:
        """Give what was done, for everybody or for one person by the hashes of the address, the oldest first."""
        asked = select(audit).order_by(audit.c.done_at, audit.c.id)
        if subjects:
            asked = asked.where(audit.c.subject.in_(subjects))
        with self._database.transaction(Work.READ) as connection:
            for row in connection.execute(asked).mappings():
                yield AuditRecord(**row)


def _holding(connection: Connection, stored: StoredResponse) -> Holding:
    key = stored.response_id
    agreed = (
        select(*(consents.c[name] for name in ConsentHeld.__dataclass_fields__ if name != "text"), notices.c.text)
        .join_from(consents, notices)
        .where(consents.c.response_id == key)
        .order_by(consents.c.field, consents.c.number)
    )
    corrected = select(*(corrections.c[name] for name in CorrectionHeld.__dataclass_fields__))
    mailed = select(*(outbox.c[name] for name in MailHeld.__dataclass_fields__))
    return Holding(
        stored,
        connection.scalar(select(responses.c.confirmed_at).where(responses.c.response_id == key)),
        tuple(ConsentHeld(**row) for row in connection.execute(agreed).mappings()),
        tuple(
            CorrectionHeld(**row)
            for row in connection.execute(
                corrected.where(corrections.c.response_id == key).order_by(corrections.c.number)
            ).mappings()
        ),
        tuple(
            MailHeld(**row)
            for row in connection.execute(
                mailed.where(outbox.c.response_id == key).order_by(outbox.c.created_at, outbox.c.id)
            ).mappings()
        ),
        tuple(
            Attestation(row.done_at, row.note)
            for row in connection.execute(
                select(attestations).where(attestations.c.response_id == key).order_by(attestations.c.done_at)
            )
        ),
        connection.scalar(select(letters_declined.c.declined_at).where(letters_declined.c.response_id == key)),
    )
