"""Accounts of the desk, by invitation: what the commands and the desk itself do with them."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bacheca.forms.catalogues import marked as _
from bacheca.forms.text import digest
from forms_server.accounts.authenticators import brought_back, carried, new_seed, sealed, step_of
from forms_server.accounts.place import LOCAL, place_of
from forms_server.accounts.roles import ADMINISTRATOR, INVITED_AS
from forms_server.clock import utc_now
from forms_server.crypto.tokens import Secret
from forms_server.errors import AccountProblem
from forms_server.privacy.data_subjects import AUDITED, address_of
from forms_server.settings import Settings
from forms_server.store import OutboxMail, Store
from forms_server.store.desk.accounts import Account, Link, Needed, NobodyLeft, Passkey, Proof
from forms_server.store.desk.log import Entry

GOOD_FOR = timedelta(hours=48)
"""How long an invitation may be accepted."""

TERMINAL = ""
"""Who did something in the terminal."""


def new_id() -> str:
    """Make a random name."""
    return secrets.token_hex(16)


@dataclass(frozen=True)
class Invitations:
    """Invites, and changes what those who were invited may do.

    Args:
        store: keeps the accounts.
        secret: makes the links.
        settings: where the desk is.
        now: the time, with its zone.
        by: the account that asks for it; `TERMINAL` where a command does.
        origin: where the desk was reached, where no setting says where it is.
        new: makes random names.
    """

    store: Store
    secret: Secret
    settings: Settings
    now: Callable[[], datetime] = utc_now
    by: str = TERMINAL
    origin: str = LOCAL
    new: Callable[[], str] = field(default=new_id)

    def invite(self, address: str, role: str, language: str = "") -> Account:
        """Mail somebody a link to the desk, good for 48 hours and once.

        Whoever was invited before is invited anew: what they signed in with until now does so no more.

        Args:
            address: where the link goes.
            role: what they may do.
            language: the language they are written to in; the community's where none is given.

        Raises:
            AccountProblem: there is no such role, or no desk where people could come to it.
            PersonProblem: this is no address.
            StoreUnavailable: nobody knows whether it is done; inviting again is safe.
        """
        place = place_of(self.settings)
        if not self.settings.desk:
            raise AccountProblem(_("The desk is off: take FORMS_DESK=off out of the settings, then invite."))
        _known(role)
        now, link_id = self.now(), self.new()
        language = language or self.settings.community.language
        account = Account(self.new(), address_of(address).casefold(), role, language, now)
        token_hash = digest(self.secret.desk_token(link_id))
        link = Link(link_id, token_hash, None, "invitation", now, now + GOOD_FOR)
        payload = {"link": link_id, "role": role, "origin": place.origin if place else self.origin}
        mail = OutboxMail(link_id, "invitation", account.address, language, payload, now, of_response=False)
        with _one_left(account.address):
            return self.store.outbox.add_invitation(account, link, mail, self._entry(f"invite:{role}"), self._needed)

    def invited(self, token: str) -> Account | None:
        """Find who was invited by a link; None where it was used, or is over."""
        return self.store.accounts.behind(digest(token), "invitation", self.now())

    def accept_with_passkey(self, token: str, passkey: Passkey) -> bool:
        """Accept an invitation; from now on its owner signs in with a passkey. Tell whether it was still good."""
        return self.store.accounts.accept(digest(token), Proof(passkey=passkey), self.now())

    def seed(self, token: str, kept: str = "") -> tuple[str, str]:
        """Give what is put into an authenticator app, and the same sealed for the page that shows it.

        Args:
            token: the token of the invitation.
            kept: what the page sent back, to show the same once more; a new one is made where that opens nothing.
        """
        seed = brought_back(self.secret, token, kept, self.now()) or new_seed()
        return seed, carried(self.secret, token, seed, self.now())

    def accept_with_code(self, token: str, kept: str, code: str) -> bool:
        """Accept an invitation with the code that an authenticator app shows; tell whether it was right.

        Args:
            token: the token of the invitation.
            kept: what the page sealed that showed the app's secret.
            code: the code that the app shows.

        Raises:
            AccountProblem: the invitation was used meanwhile.
        """
        now = self.now()
        seed = brought_back(self.secret, token, kept, now)
        step = step_of(seed, code, now) if seed else None
        if step is None:
            return False
        proof = Proof(authenticator=sealed(self.secret, seed), secret_id=self.secret.name(AUDITED), code=step)
        if not self.store.accounts.accept(digest(token), proof, now):
            raise AccountProblem(_("This invitation was used before: ask an administrator for another."))
        return True

    def find(self, address: str) -> Account:
        """Find the account of an address.

        Raises:
            AccountProblem: nobody with this address may come in.
            PersonProblem: this is no address.
        """
        account = self.store.accounts.of_address(address_of(address).casefold())
        if account is None or account.ended_at:
            raise AccountProblem(_("Nobody with the address {address} was invited."), address=address)
        return account

    def change_role(self, account: Account, role: str) -> None:
        """Let somebody do what another role may; their sessions go on with it.

        Raises:
            AccountProblem: there is no such role, or nobody would be left to look after the accounts.
        """
        _known(role)
        with _one_left(account.address):
            self.store.accounts.change_role(
                account.account_id, role, self._entry(f"role:{role}", account), self._needed
            )

    def remove(self, account: Account) -> None:
        """Let somebody in no more, and end their sessions.

        Raises:
            AccountProblem: nobody would be left to look after the accounts.
        """
        with _one_left(account.address):
            self.store.accounts.end(account.account_id, self.now(), self._entry("remove", account), self._needed)

    def sign_out(self, account: Account | None = None) -> int:
        """End the sessions of somebody, or everybody's; give how many there were."""
        self.store.desk_log.add([self._entry("sign-out", account)])
        return self.store.sessions.end_all(account.account_id if account else None)

    @property
    def _needed(self) -> Needed:
        return Needed(ADMINISTRATOR, by_provider=bool(self.settings.oidc_issuer))

    def _entry(self, action: str, account: Account | None = None) -> Entry:
        about = account.account_id if account else None
        return Entry(self.new(), self.now(), self.by, action, about_account=about)


@contextmanager
def _one_left(address: str) -> Iterator[None]:
    try:
        yield
    except NobodyLeft:
        raise AccountProblem(
            _("{address} is the last administrator who can come in: invite another, and wait until they have come in."),
            address=address,
        ) from None


def _known(role: str) -> None:
    if role not in INVITED_AS:
        raise AccountProblem(
            _("There is no role {role}. The roles are: {roles}."), role=role, roles=", ".join(INVITED_AS)
        )
