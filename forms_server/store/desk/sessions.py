"""Who is at the desk now: sessions, of which the store knows a hash of the token and nothing that opens them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from forms_server.database.engine import Work
from forms_server.database.tables import accounts, sessions
from forms_server.database.transactions import Database
from forms_server.store.desk.accounts import FIELDS, Account

IDLE = timedelta(hours=8)
"""After how long without a request a session is over."""

LONGEST = timedelta(hours=24)
"""After how long a session is over, whatever was done in it."""

REMEMBERED = timedelta(hours=24)
"""How long it is remembered whose a session was that is over, so that what they typed in it comes back to them."""

NOT_ENDED = sessions.c.seen_at >= sessions.c.started_at
"""What holds of a session until somebody ends it, whatever the clocks say."""

NOTED = timedelta(minutes=1)
"""How long after it was last seen a session is noted as seen again, so that not every look is a write."""


@dataclass(frozen=True)
class Session:
    """A session.

    Args:
        token_hash: what the store knows it by.
        account: whose it is.
        started_at: when they proved who they are.
        seen_at: when they last asked for something.
    """

    token_hash: str
    account: Account
    started_at: datetime
    seen_at: datetime


class Sessions:
    """The sessions; `Store.sessions`.

    Every method raises `StoreUnavailable` when the database does not confirm what was asked.
    """

    def __init__(self, database: Database):
        self._database = database

    def start(self, token_hash: str, account_id: str, now: datetime, *, after: str = "") -> None:
        """Begin one in the place of another, of which `after` is the hash; those that are long over go."""
        before = now - REMEMBERED
        over = (sessions.c.seen_at <= before - IDLE) | (sessions.c.started_at <= before - LONGEST)
        over |= sessions.c.token_hash == after
        row = {"token_hash": token_hash, "account_id": account_id, "started_at": now, "seen_at": now}
        with self._database.transaction(Work.WRITE) as connection:
            connection.execute(sessions.delete().where(over))
            connection.execute(sessions.insert().values(row))

    def find(self, token_hash: str, now: datetime) -> Session | None:
        """Find one that is not over, of somebody who may come in."""
        live = (NOT_ENDED, sessions.c.seen_at > now - IDLE, sessions.c.started_at > now - LONGEST)
        asked = (
            select(sessions.c.started_at, sessions.c.seen_at, *FIELDS)
            .join_from(sessions, accounts)
            .where(sessions.c.token_hash == token_hash, *live, accounts.c.ended_at.is_(None))
        )
        with self._database.transaction(Work.READ) as connection:
            row = connection.execute(asked).mappings().one_or_none()
        if row is None:
            return None
        account = Account(**{name: row[name] for name in Account.__dataclass_fields__})
        return Session(token_hash, account, row["started_at"], row["seen_at"])

    def owner_of_past(self, token_hash: str, now: datetime) -> str:
        """Give whose a session was that is over, unless they signed out; empty where nobody knows any more."""
        recent = (sessions.c.seen_at > now - REMEMBERED - IDLE, sessions.c.started_at > now - REMEMBERED - LONGEST)
        asked = select(sessions.c.account_id).where(sessions.c.token_hash == token_hash, *recent)
        with self._database.transaction(Work.READ) as connection:
            return connection.scalar(asked) or ""

    def saw(self, session: Session, now: datetime) -> None:
        """Note that a session goes on."""
        if now - session.seen_at < NOTED:
            return
        with self._database.transaction(Work.COUNT) as connection:
            change = sessions.update().where(sessions.c.token_hash == session.token_hash, NOT_ENDED)
            connection.execute(change.values(seen_at=now))

    def counts(self, now: datetime) -> dict[str, int]:
        """Count the sessions of each account that has any."""
        live = (NOT_ENDED, sessions.c.seen_at > now - IDLE, sessions.c.started_at > now - LONGEST)
        found: dict[str, int] = {}
        with self._database.transaction(Work.READ) as connection:
            for account_id in connection.scalars(select(sessions.c.account_id).where(*live)):
                found[account_id] = found.get(account_id, 0) + 1
        return found

    def end(self, token_hash: str) -> None:
        """End one."""
        with self._database.transaction(Work.WRITE) as connection:
            connection.execute(sessions.delete().where(sessions.c.token_hash == token_hash))

    def end_all(self, account_id: str | None = None, *, but: str = "") -> int:
        """End those of an account, or everybody's; give how many.

        Whose they were is remembered, as of those that end by themselves: somebody may be typing in one of them.

        Args:
            account_id: whose; everybody's where none is given.
            but: the hash of the one that goes on.
        """
        which = select(sessions.c.token_hash, sessions.c.started_at).where(sessions.c.token_hash != but, NOT_ENDED)
        if account_id is not None:
            which = which.where(sessions.c.account_id == account_id)
        with self._database.transaction(Work.WRITE) as connection:
            found = connection.execute(which.with_for_update()).all()
            for token_hash, started_at in found:
                this = sessions.update().where(sessions.c.token_hash == token_hash)
                connection.execute(this.values(seen_at=started_at - IDLE))
            return len(found)
