"""What a store holds, read of one moment, and the database that it has open, beside it."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import URL, Connection

from forms_server.database.engine import Work, make_engine
from forms_server.database.transactions import Database
from forms_server.store import OutboxMail, Store, StoredResponse
from forms_server.store.desk.accounts import Account, Link
from forms_server.store.desk.log import Entry
from tests.forms_server.store.samples import MOMENT


@contextmanager
def beside(url: URL, work: Work) -> Iterator[Connection]:
    """Work in a database as a store does, on a connection of the test's own."""
    database = Database(make_engine(url))
    try:
        with database.transaction(work) as connection:
            yield connection
    finally:
        database.close()


def responses_in(store: Store, form: str = "gruppo", resource: int = 1) -> Iterator[StoredResponse]:
    """Give the kept responses of a package resource."""
    with store.snapshot() as snapshot:
        yield from snapshot.responses(form, resource)


def found_by_token(store: Store, form: str, token_hash: str) -> StoredResponse | None:
    """Find the response that a receipt belongs to; `None` where there is none."""
    with store.snapshot() as snapshot:
        return snapshot.find_by_token(form, token_hash)


def an_entry(action: str = "done") -> Entry:
    """Make an entry for the log of the desk."""
    return Entry(secrets.token_hex(8), MOMENT, "", action)


def invited(store: Store, account: Account, link: Link, entry: Entry | None = None) -> Account:
    """Invite somebody to the desk, with the letter that says so."""
    letter = OutboxMail(link.link_id, "invitation", account.address, account.language, {}, MOMENT, of_response=False)
    return store.outbox.add_invitation(account, link, letter, entry or an_entry())
