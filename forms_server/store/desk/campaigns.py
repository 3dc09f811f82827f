"""Letters to many: whom each is for, how far it is put into the outbox, and what became of it.

A batch of it goes into the outbox together with how far that came, in one transaction: a process that is killed in the
middle has put either all of the batch or none, and the next one goes on from there. So each person is written to once.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Row, false, func, select

from bacheca.forms.text import digest
from forms_server.database.cells import cell
from forms_server.database.engine import Work
from forms_server.database.tables import campaigns, consents, letters_declined, outbox, responses
from forms_server.database.transactions import Database

LETTER = "letter"
"""The kind of mail that a letter to many is."""


@dataclass(frozen=True)
class Campaign:
    """A letter to many.

    Args:
        campaign_id: a random name.
        form: the form that those it is for have signed up to.
        address_field: its field that holds the address.
        session_field: the question whose choice they made; empty for any choice.
        session_code: the code of that choice.
        consent: the consent that they gave; empty for all that are confirmed.
        to_all: 0 where whoever wants no more of it takes back that consent; 1 where they decline letters to all.
        rest_of: the names of letters that were stopped, with commas between: it is for those who got none of them.
        subject: what it is about.
        body: its text, in Markdown; empty once nothing of it waits.
        origin: where people reach the service, for the links in it.
        started_at: when it was begun: it is for those who had confirmed by then.
        ended_at: when the last of it was put into the outbox, or it was stopped.
        stopped: 1 where somebody stopped it.
        chosen: how many it was for when it was begun.
        put: how many were put into the outbox.
        sent: how many were sent.
        failed: how many could not be delivered.
    """

    campaign_id: str
    form: str
    address_field: str
    subject: str
    body: str
    origin: str
    started_at: datetime
    session_field: str = ""
    session_code: str = ""
    consent: str = ""
    to_all: int = 1
    rest_of: str = ""
    ended_at: datetime | None = None
    stopped: int = 0
    chosen: int = 0
    put: int = 0
    sent: int = 0
    failed: int = 0


@dataclass(frozen=True)
class Progress:
    """How far a letter to many is.

    Args:
        campaign: the letter.
        waiting: how many are to be sent still: in the outbox, or not put into it yet.
        left_out: how many got nothing: they withdrew or declined letters meanwhile, or it was stopped.
    """

    campaign: Campaign
    waiting: int
    left_out: int


class Campaigns:
    """The letters to many; `Store.campaigns`.

    Every method raises `StoreUnavailable` when the database does not confirm what was asked.
    """

    def __init__(self, database: Database):
        self._database = database

    def count(self, campaign: Campaign) -> int:
        """Count those whom a letter is for as things stand."""
        with self._database.transaction(Work.READ) as connection:
            return _count(connection, campaign)

    def declined(self, campaign: Campaign) -> int:
        """Count those it would be for as well, had they not declined letters to all."""
        with self._database.transaction(Work.READ) as connection:
            which = (*_signed_up(connection, campaign), _declines()) if campaign.to_all else (false(),)
            return connection.execute(select(func.count(responses.c.response_id)).where(*which)).scalar_one()

    def declined_among(self, ids: Collection[str]) -> frozenset[str]:
        """Give those of some responses, a page of them, whose owners want no letters to all."""
        asked = select(letters_declined.c.response_id).where(letters_declined.c.response_id.in_(ids))
        with self._database.transaction(Work.READ) as connection:
            return frozenset(connection.scalars(asked))

    def start(self, campaign: Campaign) -> bool:
        """Begin a letter; tell whether it was not begun before."""
        with self._database.transaction(Work.WRITE) as connection:
            row = vars(campaign) | {"chosen": _count(connection, campaign)}
            made = self._database.insert(campaigns).values(row).on_conflict_do_nothing()
            return connection.scalar(made.returning(campaigns.c.campaign_id)) is not None

    def put(self, now: datetime, most: int) -> int:
        """Put some of what was begun into the outbox, unless as many as that wait there for their first try.

        Args:
            now: the moment from which they may be sent.
            most: how many of each letter at most.

        Returns:
            How many were looked at; 0 where there is nothing to do.
        """
        with self._database.transaction(Work.READ) as connection:
            begun = select(campaigns.c.campaign_id).where(campaigns.c.ended_at.is_(None))
            names = connection.scalars(begun.order_by(campaigns.c.started_at, campaigns.c.campaign_id)).all()
        return sum(self._put_some(name, now, most) for name in names)

    def _put_some(self, name: str, now: datetime, most: int) -> int:
        fresh = (outbox.c.campaign_id == name, outbox.c.state == "waiting", outbox.c.attempts == 0)
        with self._database.transaction(Work.WRITE) as connection:
            found = connection.execute(_of(name).where(campaigns.c.ended_at.is_(None)).with_for_update()).one_or_none()
            if found is None or connection.execute(select(func.count()).where(*fresh)).scalar_one() >= most:
                return 0
            asked = select(responses).where(*_chosen(connection, found), responses.c.response_id > found.last)
            # Whoever withdraws meanwhile is waited for, and gets nothing.
            rows = connection.execute(
                asked.order_by(responses.c.response_id).limit(most).with_for_update(of=responses)
            ).all()
            letters = [letter for row in rows if (letter := _letter(found, row, now))]
            if letters:
                connection.execute(self._database.insert(outbox).on_conflict_do_nothing(), letters)
            done: dict[str, object] = {"put": campaigns.c.put + len(letters)}
            done |= {"last": rows[-1].response_id} if rows else {}
            done |= {"ended_at": now} if len(rows) < most else {}
            connection.execute(campaigns.update().where(campaigns.c.campaign_id == name).values(done))
            return len(rows)

    def stop(self, name: str, now: datetime) -> bool:
        """Stop what is not sent yet of a letter; tell whether there was anything to stop."""
        # One that is being handed over at this moment is let go: whoever gets it counts as somebody who got it.
        handed_over = (outbox.c.attempts > 0) & (outbox.c.next_attempt_at > now) & outbox.c.fault.is_(None)
        waiting = (outbox.c.campaign_id == name, outbox.c.state == "waiting", ~handed_over)
        with self._database.transaction(Work.WRITE) as connection:
            found = connection.execute(_of(name).with_for_update()).one_or_none()
            if found is None:
                return False
            dropped = connection.scalars(outbox.delete().where(*waiting).returning(outbox.c.id)).all()
            if found.ended_at and not dropped:
                return False
            # What failed could be tried once more, and would be left out then.
            failed = (outbox.c.campaign_id == name, outbox.c.state == "dead")
            connection.execute(outbox.update().where(*failed).values(state="given-up", recipient="", payload={}))
            ended = {"stopped": 1, "ended_at": found.ended_at or now}
            connection.execute(campaigns.update().where(campaigns.c.campaign_id == name).values(ended))
            return True

    def is_wanted(self, mail_id: str) -> bool:
        """Tell whether a letter that is about to be sent is for somebody still; None of them where it was stopped."""
        with self._database.transaction(Work.READ) as connection:
            found = connection.execute(
                select(campaigns).join_from(outbox, campaigns).where(outbox.c.id == mail_id, campaigns.c.stopped == 0)
            ).one_or_none()
            if found is None:
                return False
            theirs = select(responses.c.response_id).join_from(outbox, responses).where(outbox.c.id == mail_id)
            return connection.scalar(theirs.where(*_chosen(connection, found))) is not None

    def find(self, name: str) -> Campaign | None:
        """Find a letter by its name."""
        with self._database.transaction(Work.READ) as connection:
            row = connection.execute(_of(name)).one_or_none()
            return _campaign(row) if row else None

    def progress(self, name: str) -> Progress | None:
        """Tell how far a letter is; None where there is no such letter."""
        with self._database.transaction(Work.READ) as connection:
            row = connection.execute(_of(name)).one_or_none()
            return _progress(connection, row) if row else None

    def newest(self, form: str, count: int) -> list[Progress]:
        """Tell how far the letters to those who signed up to a form are, the newest first."""
        asked = select(campaigns).where(campaigns.c.form == form)
        order = (campaigns.c.started_at.desc(), campaigns.c.campaign_id)
        with self._database.transaction(Work.READ) as connection:
            return [_progress(connection, row) for row in connection.execute(asked.order_by(*order).limit(count)).all()]

    def forget_texts(self) -> None:
        """Take out the texts of which nothing waits and nothing could be tried once more; the numbers stay."""
        unsent = outbox.c.state.in_(("waiting", "dead"))
        needed = select(outbox.c.id).where(outbox.c.campaign_id == campaigns.c.campaign_id, unsent)
        over = (campaigns.c.ended_at.is_not(None), campaigns.c.body != "", ~needed.exists())
        with self._database.transaction(Work.WRITE) as connection:
            connection.execute(campaigns.update().where(*over).values(body=""))


def _of(name: str):  # type: ignore[no-untyped-def]
    return select(campaigns).where(campaigns.c.campaign_id == name)


def _campaign(row: Row[tuple[object, ...]]) -> Campaign:
    return Campaign(**{name: getattr(row, name) for name in Campaign.__dataclass_fields__})


def _progress(connection: Connection, row: Row[tuple[object, ...]]) -> Progress:
    campaign = _campaign(row)
    states = (outbox.c.campaign_id == campaign.campaign_id, outbox.c.state == "waiting")
    waiting: int = connection.execute(select(func.count()).where(*states)).scalar_one()
    to_put = 0 if campaign.ended_at else max(0, campaign.chosen - campaign.put)
    left_out = campaign.chosen - campaign.sent - campaign.failed - waiting - to_put
    return Progress(campaign, waiting + to_put, max(0, left_out))


def _chosen(connection: Connection, campaign: Campaign | Row[tuple[object, ...]]) -> Sequence[ColumnElement[bool]]:
    """Match those whom a letter is for; whoever declined letters to all is left out of those."""
    which = _signed_up(connection, campaign)
    return [*which, ~_declines()] if campaign.to_all else which


def _declines() -> ColumnElement[bool]:
    theirs = letters_declined.c.response_id == responses.c.response_id
    return select(letters_declined.c.response_id).where(theirs).exists()


def _signed_up(connection: Connection, campaign: Campaign | Row[tuple[object, ...]]) -> list[ColumnElement[bool]]:
    """Match those who were confirmed before a letter was begun, and with the consent still given."""
    which = [
        responses.c.form == campaign.form,
        responses.c.state == "kept",
        responses.c.address_hash.is_not(None),
        responses.c.confirmed_at <= campaign.started_at,
    ]
    if campaign.session_field:
        which.append(cell(connection, campaign.session_field) == campaign.session_code)
    if campaign.consent:
        given = (consents.c.response_id == responses.c.response_id, consents.c.field == campaign.consent)
        stands = (consents.c.withdrawn_at.is_(None), consents.c.withdrawn_on.is_(None))
        which.append(select(consents.c.field).where(*given, *stands).exists())
    if campaign.rest_of:
        theirs = outbox.alias()  # what waited was taken out of it when they were stopped
        earlier = theirs.c.campaign_id.in_(campaign.rest_of.split(","))
        got = select(theirs.c.id).where(theirs.c.response_id == responses.c.response_id, earlier)
        which.append(~got.exists())
    return which


def _count(connection: Connection, campaign: Campaign) -> int:
    asked = select(func.count(responses.c.response_id)).where(*_chosen(connection, campaign))
    return connection.execute(asked).scalar_one()


def _letter(campaign: Row[tuple[object, ...]], row: Row[tuple[object, ...]], now: datetime) -> dict[str, object] | None:
    """Give the row of the outbox of one person, under a name that there is once for the letter and the person."""
    recipient = row.answers.get(campaign.address_field)
    if not recipient:
        return None
    return {
        "id": digest(f"{LETTER} {campaign.campaign_id} {row.address_hash}")[:32],
        "response_id": row.response_id,
        "campaign_id": campaign.campaign_id,
        "kind": LETTER,
        "recipient": recipient,
        "language": row.language,
        "payload": {"origin": campaign.origin},
        "next_attempt_at": now,
        "created_at": now,
    }
