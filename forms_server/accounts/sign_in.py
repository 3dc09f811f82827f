"""How somebody proves who they are: with a passkey, or with a mailed link and the code of an authenticator app.

Whoever asks for a link learns nothing of whether the address is known. No limit here can shut anybody out: a network
that asks too often waits, and codes can only be tried by whoever has the mailed link, each time waiting longer.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bacheca.forms.text import digest
from forms_server.accounts.authenticators import opened, step_of
from forms_server.accounts.invitations import new_id
from forms_server.accounts.place import Place
from forms_server.crypto.tokens import Secret
from forms_server.errors import PersonProblem
from forms_server.privacy.data_subjects import address_of
from forms_server.store import OutboxMail, Store
from forms_server.store.desk.accounts import Account, Link
from forms_server.store.desk.log import Entry

LINK_GOOD_FOR = timedelta(minutes=15)
"""How long a link that was mailed to sign in may be used."""

BETWEEN_LINKS = timedelta(minutes=2)
"""How long after a link no other is mailed to the same account: the one before still opens."""

TRIES = 10
"""How many codes may be tried for an account in a window."""

WINDOW = 15 * 60
"""How long such a window is, in seconds."""

FRESH_FOR = timedelta(minutes=5)
"""How long ago somebody may have proved who they are where that is asked for."""


@dataclass(frozen=True)
class SignIn:
    """Lets people in.

    Args:
        store: keeps the accounts and their sessions.
        secret: makes the links.
        now: the time, with its zone.
        new_token: makes the token of a session: 256 bits, URL-safe.
    """

    store: Store
    secret: Secret
    now: Callable[[], datetime]
    new_token: Callable[[], str] = field(default=lambda: secrets.token_urlsafe(32))

    def mail_link(self, address: str, place: Place) -> None:
        """Mail a link to whoever signs in with codes; to any other address, none. Either way the same work is done."""
        now, link_id = self.now(), new_id()
        try:
            account = self.store.accounts.of_address(address_of(address).casefold())
        except PersonProblem:
            account = None
        theirs = account if account and account.authenticator and not account.ended_at else None
        last = self.store.accounts.last_link(theirs.account_id if theirs else "", "sign-in")
        mailed = theirs is not None and (last is None or now - last >= BETWEEN_LINKS)
        owner = theirs.account_id if theirs and mailed else None
        token_hash = digest(self.secret.desk_token(link_id))
        mail = None
        if theirs and mailed:
            payload = {"link": link_id, "origin": place.origin}
            mail = OutboxMail(link_id, "sign-in", theirs.address, theirs.language, payload, now, of_response=False)
        self.store.outbox.add_link(Link(link_id, token_hash, owner, "sign-in", now, now + LINK_GOOD_FOR), mail)

    def behind(self, token: str) -> Account | None:
        """Find whose a mailed link is; None where it was used, or is over."""
        return self.store.accounts.behind(digest(token), "sign-in", self.now())

    def by_link(self, token: str, code: str) -> Account | None:
        """Let in whoever has a mailed link and the code of this moment; None where the code is wrong, or was used."""
        account = self.behind(token)
        step = self._step(account, code) if account else None
        if account is None or step is None:
            return None
        return account if self.store.accounts.use_link(digest(token), step, self.now()) else None

    def by_code(self, account: Account, code: str) -> bool:
        """Tell whether whoever is there has the code of this moment, which was not used before."""
        step = self._step(account, code)
        return step is not None and self.store.accounts.use_code(account.account_id, step)

    def waits(self, account: Account) -> bool:
        """Count a code that is tried; tell whether there were too many for now."""
        moment = int(self.now().timestamp())
        window = moment - moment % WINDOW
        return self.store.hit("desk:" + digest(f"desk code {account.account_id}"), window) > TRIES

    def start(self, account_id: str, after: str = "", action: str = "sign-in") -> str:
        """Begin a session in the place of another one, noted as an action; give its token, told to nobody else."""
        token = self.new_token()
        self.store.sessions.start(digest(token), account_id, self.now(), after=after)
        self.store.desk_log.add([Entry(new_id(), self.now(), account_id, action)])
        return token

    def _step(self, account: Account, code: str) -> int | None:
        seed = opened(self.secret, account)
        return step_of(seed, code, self.now()) if seed else None
