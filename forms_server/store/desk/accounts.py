"""Who may use the desk, and by what they sign in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, or_, select

from forms_server.database.engine import Work
from forms_server.database.tables import (
    accounts,
    answered_challenges,
    desk_links,
    openid_subjects,
    passkeys,
    sessions,
)
from forms_server.database.transactions import Database
from forms_server.store.desk.log import Entry, write_entries


@dataclass(frozen=True)
class Account:
    """Somebody who was invited.

    Args:
        account_id: a random name.
        address: where mail reaches them, in small letters.
        role: the name of what they may do.
        language: the language in which they are written to.
        created_at: when they were invited first.
        ended_at: since when they may come in no more.
        authenticator: the encrypted secret of their authenticator app, where they sign in with one.
        secret_id: the name of the key it was encrypted with.
    """

    account_id: str
    address: str
    role: str
    language: str
    created_at: datetime
    ended_at: datetime | None = None
    authenticator: str | None = None
    secret_id: str = ""


@dataclass(frozen=True)
class Passkey:
    """A passkey: its id, what it is checked with, and how often it has signed, as far as it says."""

    credential_id: str
    account_id: str
    credential: str
    sign_count: int
    created_at: datetime


@dataclass(frozen=True)
class Link:
    """A link that is mailed: an `invitation`, or one to `sign-in` with; of an unknown address it is nobody's."""

    link_id: str
    token_hash: str
    account_id: str | None
    purpose: str
    made_at: datetime
    expires_at: datetime


@dataclass(frozen=True)
class Proof:
    """By what somebody who was invited will sign in: a passkey, or an authenticator app and the code it showed."""

    passkey: Passkey | None = None
    authenticator: str = ""
    secret_id: str = ""
    code: int = 0


@dataclass(frozen=True)
class Needed:
    """A role with which somebody must be able to come in.

    Args:
        role: its name.
        by_provider: whether a provider of OpenID Connect lets anybody in now.
    """

    role: str
    by_provider: bool = False


class NobodyLeft(Exception):
    """What was asked would leave nobody who can come in with one of the roles that must be there; nothing was done."""


FIELDS = [accounts.c[name] for name in Account.__dataclass_fields__]


class Accounts:
    """The accounts; `Store.accounts`.

    Every method raises `StoreUnavailable` when the database does not confirm what was asked.
    """

    def __init__(self, database: Database):
        self._database = database

    def any(self) -> bool:
        """Tell whether anybody was ever invited who may still come in."""
        with self._database.transaction(Work.READ) as connection:
            asked = select(accounts.c.account_id).where(accounts.c.ended_at.is_(None)).limit(1)
            return connection.scalar(asked) is not None

    def all(self) -> list[Account]:
        """Give all of them, ended ones too, by their addresses."""
        with self._database.transaction(Work.READ) as connection:
            found = connection.execute(select(*FIELDS).order_by(accounts.c.address))
            return [Account(**row) for row in found.mappings()]

    def of_address(self, address: str) -> Account | None:
        """Find the account of an address, in small letters."""
        return self._find(accounts.c.address == address)

    def of_id(self, account_id: str) -> Account | None:
        """Find an account by its id."""
        return self._find(accounts.c.account_id == account_id)

    def change_role(self, account_id: str, role: str, entry: Entry, needed: Needed | None = None) -> None:
        """Let somebody do what another role may, and write that down.

        Raises:
            NobodyLeft: nobody else comes in with the needed role.
        """
        with self._database.transaction(Work.WRITE) as connection:
            _see_that_one_is_left(connection, accounts.c.account_id == account_id, role, needed)
            connection.execute(accounts.update().where(accounts.c.account_id == account_id).values(role=role))
            write_entries(connection, [entry])

    def speak(self, account_id: str, language: str) -> None:
        """Speak another language with somebody."""
        with self._database.transaction(Work.WRITE) as connection:
            connection.execute(accounts.update().where(accounts.c.account_id == account_id).values(language=language))

    def end(self, account_id: str, moment: datetime, entry: Entry, needed: Needed | None = None) -> None:
        """Let somebody in no more, and write that down; the row stays as long as the log names it.

        Raises:
            NobodyLeft: nobody else comes in with the needed role.
        """
        ended = {"ended_at": moment, "authenticator": None}
        with self._database.transaction(Work.WRITE) as connection:
            _see_that_one_is_left(connection, accounts.c.account_id == account_id, "", needed)
            connection.execute(accounts.update().where(accounts.c.account_id == account_id).values(ended))
            _shut_out(connection, account_id)
            write_entries(connection, [entry])

    def drop_links(self) -> None:
        """Let no link that was mailed until now lead anywhere."""
        with self._database.transaction(Work.WRITE) as connection:
            connection.execute(desk_links.delete())

    def last_link(self, account_id: str, purpose: str) -> datetime | None:
        """Give when the last link of somebody was made that has not been used."""
        asked = select(desk_links.c.made_at).where(
            desk_links.c.account_id == account_id, desk_links.c.purpose == purpose
        )
        with self._database.transaction(Work.READ) as connection:
            return connection.scalar(asked.order_by(desk_links.c.made_at.desc()).limit(1))

    def behind(self, token_hash: str, purpose: str, now: datetime) -> Account | None:
        """Find whose a link is that was not used and is not over."""
        live = (desk_links.c.token_hash == token_hash, desk_links.c.purpose == purpose, desk_links.c.expires_at > now)
        asked = select(*FIELDS).join_from(desk_links, accounts).where(*live, accounts.c.ended_at.is_(None))
        with self._database.transaction(Work.READ) as connection:
            row = connection.execute(asked).mappings().one_or_none()
            return None if row is None else Account(**row)

    def knows_link(self, token_hash: str) -> bool:
        """Tell whether a link is here."""
        with self._database.transaction(Work.READ) as connection:
            asked = select(desk_links.c.link_id).where(desk_links.c.token_hash == token_hash)
            return connection.scalar(asked) is not None

    def accept(self, token_hash: str, proof: Proof, now: datetime) -> bool:
        """Use an invitation: keep by what its owner signs in; tell whether it was still good."""
        with self._database.transaction(Work.WRITE) as connection:
            account_id = _taken(connection, token_hash, "invitation", now)
            if account_id is None:
                return False
            if proof.passkey:
                connection.execute(passkeys.insert().values({**vars(proof.passkey), "account_id": account_id}))
            else:
                sealed = {
                    "authenticator": proof.authenticator,
                    "secret_id": proof.secret_id,
                    "last_code": proof.code,
                }
                connection.execute(accounts.update().where(accounts.c.account_id == account_id).values(sealed))
            return True

    def use_link(self, token_hash: str, code: int, now: datetime) -> bool:
        """Use a link that signs in together with a code, unless either was used before."""
        with self._database.transaction(Work.WRITE) as connection:
            account_id = _taken(connection, token_hash, "sign-in", now)
            used = account_id is not None and _use_code(connection, account_id, code)
            if not used:
                connection.rollback()
            return used

    def use_code(self, account_id: str, code: int) -> bool:
        """Use a code, known by its stretch of time, unless it or a later one was used before."""
        with self._database.transaction(Work.WRITE) as connection:
            return _use_code(connection, account_id, code)

    def awaits_own_proof(self, address: str) -> bool:
        """Tell whether somebody comes in with something of their own, and with no provider yet."""
        account = self.of_address(address)
        if account is None or account.ended_at:
            return False
        with self._database.transaction(Work.READ) as connection:
            tied = select(openid_subjects.c.account_id).where(openid_subjects.c.account_id == account.account_id)
            return connection.scalar(tied) is None and _has_own(connection, account)

    def bound(self) -> frozenset[str]:
        """Give the accounts that have come in with a provider of OpenID Connect."""
        with self._database.transaction(Work.READ) as connection:
            return frozenset(connection.scalars(select(openid_subjects.c.account_id)))

    def passkey(self, credential_id: str) -> Passkey | None:
        """Find a passkey of somebody who may come in."""
        asked = (
            select(passkeys)
            .join_from(passkeys, accounts)
            .where(passkeys.c.credential_id == credential_id, accounts.c.ended_at.is_(None))
        )
        with self._database.transaction(Work.READ) as connection:
            row = connection.execute(asked).mappings().one_or_none()
            return None if row is None else Passkey(**row)

    def passkeys_of(self, account_id: str) -> list[Passkey]:
        """Give the passkeys of somebody, the oldest first."""
        asked = select(passkeys).where(passkeys.c.account_id == account_id)
        with self._database.transaction(Work.READ) as connection:
            found = connection.execute(asked.order_by(passkeys.c.created_at, passkeys.c.credential_id))
            return [Passkey(**row) for row in found.mappings()]

    def add_passkey(self, passkey: Passkey) -> None:
        """Let somebody sign in with another passkey too."""
        with self._database.transaction(Work.WRITE) as connection:
            connection.execute(self._database.insert(passkeys).values(vars(passkey)).on_conflict_do_nothing())

    def drop_passkey(self, account_id: str, credential_id: str) -> bool:
        """Let a passkey of somebody sign in no more, unless it is their last; tell whether it went."""
        theirs = (passkeys.c.account_id == account_id, passkeys.c.credential_id)
        with self._database.transaction(Work.WRITE) as connection:
            if len(connection.scalars(select(theirs[1]).where(theirs[0]).with_for_update()).all()) < 2:
                return False
            gone = passkeys.delete().where(theirs[0], theirs[1] == credential_id).returning(theirs[1])
            return connection.scalar(gone) is not None

    def answer(self, challenge_hash: str, expires_at: datetime, now: datetime) -> bool:
        """Note that a challenge was answered; tell whether that was the first time. Those that are over go."""
        with self._database.transaction(Work.WRITE) as connection:
            connection.execute(answered_challenges.delete().where(answered_challenges.c.expires_at <= now))
            asked = self._database.insert(answered_challenges).values(
                challenge_hash=challenge_hash, expires_at=expires_at
            )
            first = asked.on_conflict_do_nothing().returning(answered_challenges.c.challenge_hash)
            return connection.scalar(first) is not None

    def counted(self, credential_id: str, sign_count: int) -> bool:
        """Note how often a passkey says it has signed; tell whether that is more than before, or nothing at all."""
        this = passkeys.c.credential_id == credential_id
        grows = passkeys.c.sign_count < sign_count if sign_count else passkeys.c.sign_count == 0
        with self._database.transaction(Work.WRITE) as connection:
            change = passkeys.update().where(this, grows).values(sign_count=sign_count)
            return connection.scalar(change.returning(passkeys.c.credential_id)) is not None

    def _find(self, which: ColumnElement[bool]) -> Account | None:
        with self._database.transaction(Work.READ) as connection:
            row = connection.execute(select(*FIELDS).where(which)).mappings().one_or_none()
            return None if row is None else Account(**row)


def write_invitation(
    database: Database, connection: Connection, account: Account, link: Link, needed: Needed | None = None
) -> Account:
    """Let somebody in who opens a link; whoever has the address already is invited anew.

    What they signed in with until now does so no more, their sessions are over, and an earlier invitation leads
    nowhere: whoever asks for another has lost a device.

    Args:
        database: the database.
        connection: the transaction.
        account: who is invited.
        link: what is mailed.
        needed: the role that somebody else must come in with, where this one had it and has it no more.

    Returns:
        The account, as it is known.

    Raises:
        NobodyLeft: nobody else comes in with that role.
    """
    _see_that_one_is_left(connection, accounts.c.address == account.address, account.role, needed)
    asked = database.insert(accounts).values({name: getattr(account, name) for name in Account.__dataclass_fields__})
    renewed = {"role": account.role, "language": account.language, "ended_at": None, "authenticator": None}
    kept = asked.on_conflict_do_update(index_elements=["address"], set_=renewed).returning(*FIELDS)
    known = Account(**connection.execute(kept).mappings().one())
    _shut_out(connection, known.account_id)
    connection.execute(desk_links.insert().values({**vars(link), "account_id": known.account_id}))
    return known


def write_link(connection: Connection, link: Link) -> None:
    """Keep a link that is about to be mailed; the links that are over go."""
    connection.execute(desk_links.delete().where(desk_links.c.expires_at <= link.made_at))
    connection.execute(desk_links.insert().values(vars(link)))


def _see_that_one_is_left(connection: Connection, this: ColumnElement[bool], role: str, needed: Needed | None) -> None:
    """Look in the transaction that changes an account, so that two who remove each other are not both done."""
    if needed is None or role == needed.role:
        return
    live = (accounts.c.role == needed.role, accounts.c.ended_at.is_(None))
    held = select(accounts.c.account_id).where(*live).order_by(accounts.c.account_id)
    connection.execute(held.with_for_update()).all()  # SQLite has one writer anyway
    if connection.scalar(select(accounts.c.account_id).where(this, *live)) is None:
        return
    ways = [accounts.c.authenticator.is_not(None), accounts.c.account_id.in_(select(passkeys.c.account_id))]
    if needed.by_provider:
        ways.append(accounts.c.account_id.in_(select(openid_subjects.c.account_id)))
    comes_in = or_(*ways)
    if connection.scalar(select(accounts.c.account_id).where(~this, *live, comes_in).limit(1)) is None:
        raise NobodyLeft


def write_binding(
    database: Database, connection: Connection, subject_hash: str, address: str, *, now: datetime, present: str
) -> tuple[Account | None, bool]:
    """Find who a provider of OpenID Connect vouches for; bind whoever was invited: see `Outbox.of_subject`.

    Returns:
        The account, and whether it was bound now.
    """
    invited = (accounts.c.address == address, accounts.c.ended_at.is_(None))
    row = connection.execute(select(*FIELDS).where(*invited)).mappings().one_or_none()
    if row is None:
        return None, False
    account, new = Account(**row), False
    bound = {"account_id": account.account_id, "subject_hash": subject_hash}
    if account.account_id == present or not _has_own(connection, account):
        asked = database.insert(openid_subjects).values(**bound, bound_at=now).on_conflict_do_nothing()
        new = connection.scalar(asked.returning(openid_subjects.c.account_id)) is not None
    if new:
        links = (desk_links.c.account_id == account.account_id, desk_links.c.purpose == "invitation")
        connection.execute(desk_links.delete().where(*links))
    held = select(openid_subjects.c.account_id).filter_by(**bound)
    return None if connection.scalar(held) is None else account, new


def _has_own(connection: Connection, account: Account) -> bool:
    """Tell whether somebody comes in with an authenticator app or a passkey."""
    asked = select(passkeys.c.account_id).where(passkeys.c.account_id == account.account_id).limit(1)
    return account.authenticator is not None or connection.scalar(asked) is not None


def _shut_out(connection: Connection, account_id: str) -> None:
    """End by what somebody signs in, the links they were mailed, and their sessions."""
    for table in (passkeys, openid_subjects, desk_links, sessions):
        connection.execute(table.delete().where(table.c.account_id == account_id))


def _taken(connection: Connection, token_hash: str, purpose: str, now: datetime) -> str | None:
    live = (desk_links.c.token_hash == token_hash, desk_links.c.purpose == purpose, desk_links.c.expires_at > now)
    taken: str | None = connection.scalar(desk_links.delete().where(*live).returning(desk_links.c.account_id))
    return taken


def _use_code(connection: Connection, account_id: str, code: int) -> bool:
    newer = (accounts.c.account_id == account_id, accounts.c.last_code < code, accounts.c.ended_at.is_(None))
    change = accounts.update().where(*newer).values(last_code=code)
    return connection.scalar(change.returning(accounts.c.account_id)) is not None
