"""What is written beside a response, in its transaction: consents, mail, and whether somebody has signed up before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Table, func, select

from forms_server.database.tables import consents, links, mail_counts, notices, outbox, received, responses
from forms_server.database.transactions import Database
from forms_server.store.lifecycle import MEMBERS
from forms_server.store.records import Consent, Kept, OutboxMail, SignUp

MAILS_A_DAY = 3
"""How many mails a day an address gets because somebody types it in, however often and into however many forms."""


def write_consents(
    database: Database,
    connection: Connection,
    response_id: str,
    given: Iterable[Consent],
    *,
    day: date,
    had: Mapping[str, int] | None = None,
    confirmed: datetime | None = None,
) -> None:
    """Write the agreements of a response.

    Args:
        database: where they go.
        connection: the transaction.
        response_id: the response.
        given: the agreements, one a field.
        day: today, which is all that is kept where no finer moment may be.
        had: how many records each field has already.
        confirmed: when the owner of the address confirmed them, where that is already sure.
    """
    # In one order everywhere, so that two transactions with the same notices never wait on each other.
    for consent in sorted(given, key=lambda consent: consent.notice_hash):
        connection.execute(
            database.insert(notices)
            .values(notice_hash=consent.notice_hash, language=consent.language, text=consent.notice)
            .on_conflict_do_nothing()
        )
        connection.execute(
            database.insert(consents).values(
                response_id=response_id,
                field=consent.field,
                number=(had or {}).get(consent.field, 0) + 1,
                notice_hash=consent.notice_hash,
                language=consent.language,
                given_at=consent.given_at,
                given_on=None if consent.given_at else day,
                confirmed_at=confirmed,
            )
        )


def write_mail(
    database: Database, connection: Connection, response_id: str | None, mail: OutboxMail, state: str = "waiting"
) -> None:
    """Put a mail into the outbox; one that is `held` waits for the response it belongs to."""
    connection.execute(
        database.insert(outbox).values(
            id=mail.id,
            response_id=response_id if mail.of_response else None,
            kind=mail.kind,
            recipient=mail.recipient,
            language=mail.language,
            payload=mail.payload,
            state=state,
            next_attempt_at=mail.created_at,
            created_at=mail.created_at,
        )
    )


def write_sign_up(
    database: Database,
    connection: Connection,
    sign_up: SignUp,
    *,
    form: str,
    response_id: str,
    content_hash: str,
    day: date,
    held: bool,
) -> None:
    """Write the links of a sign-up and its mail: to confirm, or to tell a member that somebody signed up again.

    Of a sign-up that is `held` nobody is told before it is released, and nobody of one that asks nothing.
    """
    for purpose, token_hash in sign_up.links.items():
        row = {"token_hash": token_hash, "response_id": response_id, "purpose": purpose}
        row |= {"secret_id": sign_up.secret_id, "content_hash": content_hash}
        connection.execute(database.insert(links).values(row))
    if not sign_up.asks:
        return
    if held:
        write_mail(database, connection, response_id, sign_up.confirm, state="held")
        return
    if not may_mail(database, connection, sign_up.pseudonyms, day):
        return
    same = (responses.c.form == form, responses.c.address_hash == sign_up.address_hash)
    others = (*same, responses.c.response_id != response_id, responses.c.state.in_(MEMBERS))
    member = connection.scalar(select(responses.c.response_id).where(*others))
    if member is None:
        write_mail(database, connection, response_id, sign_up.confirm)
    else:
        write_mail(database, connection, member, sign_up.known)


def may_mail(database: Database, connection: Connection, pseudonyms: Sequence[str], day: date) -> bool:
    """Count a mail to an address that somebody typed in; tell whether it may go out.

    Args:
        database: where it is counted.
        connection: the transaction.
        pseudonyms: what the address is counted under today: the first; those of older keys follow.
        day: today; the days before it are forgotten.
    """
    counter = database.insert(mail_counts)
    counted = counter.values(day=day, pseudonym=pseudonyms[0], count=1).on_conflict_do_update(
        index_elements=["day", "pseudonym"], set_={"count": mail_counts.c.count + counter.excluded.count}
    )
    count: int = connection.execute(counted.returning(mail_counts.c.count)).scalar_one()
    older = (mail_counts.c.day == day, mail_counts.c.pseudonym.in_(pseudonyms[1:]))
    count += connection.execute(select(func.coalesce(func.sum(mail_counts.c.count), 0)).where(*older)).scalar_one()
    if count == 1:
        forget_mail_counts(connection, day)
    return count <= MAILS_A_DAY


def forget_mail_counts(connection: Connection, day: date) -> None:
    """Forget how many mails addresses were sent on the days before one."""
    connection.execute(mail_counts.delete().where(mail_counts.c.day < day))


def count_received(database: Database, connection: Connection, many: Iterable[Kept]) -> None:
    """Count responses that were received."""
    counts = Counter((kept.form, kept.response_id[:1]) for kept in many)
    if counts:
        # In one order everywhere, so that two transactions never wait on each other.
        rows = [{"form": form, "shard": shard, "count": count} for (form, shard), count in sorted(counts.items())]
        connection.execute(_counting(database.insert), rows)


@cache
def _counting(insert: Callable[[Table], Any]) -> Any:
    counter = insert(received)
    return counter.on_conflict_do_update(
        index_elements=["form", "shard"], set_={"count": received.c.count + counter.excluded.count}
    )
