"""Signing in with a provider of OpenID Connect: authorization code with PKCE, state and nonce.

The provider says who somebody is; whether they come in, and what they may do, is ours. Each sign-in asks the provider
for a proof that is a few minutes old at most, so that a session begins as fresh as one with a passkey.
"""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from bacheca.forms.catalogues import marked as _
from bacheca.forms.text import digest
from forms_server.accounts.invitations import new_id
from forms_server.accounts.place import Place
from forms_server.crypto.tokens import Secret
from forms_server.errors import AccountProblem, PersonProblem
from forms_server.privacy.data_subjects import address_of
from forms_server.settings import Settings
from forms_server.store import OutboxMail, Store
from forms_server.store.desk.accounts import Account
from forms_server.store.desk.log import Entry

TAKES = timedelta(minutes=10)
"""How long after it was begun a sign-in may come back from the provider."""

USE = b"openid "
"""What is sealed for a sign-in begins with this: whatever the same key seals for another use is none."""

BACK = "/desk/sign-in/openid/back"
"""Where the provider leads back to."""

AWAY = _("{name} does not answer as it should. Wait a little and try again, or sign in with a passkey.")
OVER = _("This sign-in took too long, was used, or was begun in another browser: begin again at the door.")
REFUSED = _("{name} did not confirm who you are: begin again at the door.")
UNVERIFIED = _("{name} does not vouch for your e-mail address: have it verified there, then try again.")
UNKNOWN = _("{address} was not invited, or comes in as somebody else there: ask an administrator for an invitation.")

OWN_FIRST = _(
    "{address} comes in here with a passkey or with codes. Come in that way first, then sign in with {name} in the same"
    " browser."
)


@dataclass(frozen=True)
class OpenId:
    """Lets people in by what a provider says.

    Args:
        store: keeps the accounts.
        secret: seals what a browser keeps while somebody is at the provider.
        settings: which provider, and what we are called there.
        place: where the desk is.
        now: the time, with its zone.
    """

    store: Store
    secret: Secret
    settings: Settings
    place: Place
    now: Callable[[], datetime]

    @property
    def issuer(self) -> str:
        """The provider; empty where there is none."""
        return self.settings.oidc_issuer or ""

    @property
    def name(self) -> str:
        """What the provider is called: its host."""
        return urlsplit(self.issuer).hostname or ""

    def begin(self, onward: str) -> tuple[str, str]:
        """Begin to sign somebody in.

        Args:
            onward: the page that they want.

        Returns:
            The address at the provider, and what their browser keeps until they come back.

        Raises:
            AccountProblem: the provider does not answer.
        """
        from forms_server.accounts.provider import Provider, ProviderAway  # noqa: PLC0415  eleven MB, seldom needed

        kept = {name: secrets.token_urlsafe(32) for name in ("state", "nonce", "verifier")}
        try:
            with Provider(self.settings, self._back) as provider:
                address = provider.address(**kept)
        except ProviderAway:
            raise AccountProblem(AWAY, name=self.name) from None
        text = USE + json.dumps({**kept, "onward": onward}).encode()
        return address, Fernet(self.secret.sealing_key()).encrypt_at_time(text, self._second).decode()

    def finish(self, kept: str, said: Mapping[str, str], present: str = "") -> tuple[Account, str]:
        """Sign in whoever comes back from the provider.

        Args:
            kept: what their browser kept.
            said: what the provider says in the address: `state`, `code`, `iss`, `error`.
            present: the account that is signed in already; empty for none.

        Returns:
            Who it is, and the page that they wanted.

        Raises:
            AccountProblem: they do not come in; it says why.
        """
        begun = self._begun(kept)
        if begun is None or not hmac.compare_digest(begun["state"].encode(), said.get("state", "").encode()):
            raise AccountProblem(OVER)
        if not self.store.accounts.answer(digest(f"openid {begun['state']}"), self.now() + TAKES, self.now()):
            raise AccountProblem(OVER)
        if said.get("error") or not said.get("code") or said.get("iss", self.issuer) != self.issuer:
            raise AccountProblem(REFUSED, name=self.name)
        claims = self._claims(said["code"], begun)
        try:
            address = address_of(str(claims.get("email", ""))).casefold()
        except PersonProblem:
            address = ""
        if not address or claims.get("email_verified") is not True:
            raise AccountProblem(UNVERIFIED, name=self.name)
        subject = digest(f"{self.issuer} {claims['sub']}")
        account = self.store.outbox.of_subject(subject, address, self.now(), self._binding, present)
        if account is None and self.store.accounts.awaits_own_proof(address):
            raise AccountProblem(OWN_FIRST, address=address, name=self.name)
        if account is None:
            raise AccountProblem(UNKNOWN, address=address)
        return account, begun["onward"]

    def _begun(self, kept: str) -> dict[str, str] | None:
        keys = MultiFernet([Fernet(one.sealing_key()) for one in self.secret.all])
        try:
            text = keys.decrypt_at_time(kept.encode(), int(TAKES.total_seconds()), self._second)
        except InvalidToken:
            return None
        if not text.startswith(USE):
            return None
        found: dict[str, str] = json.loads(text.removeprefix(USE))
        return found

    def _claims(self, code: str, begun: Mapping[str, str]) -> Mapping[str, Any]:
        from forms_server.accounts.provider import Provider, ProviderAway, ProviderRefused  # noqa: PLC0415

        try:
            with Provider(self.settings, self._back) as provider:
                return provider.claims(code, begun["nonce"], begun["verifier"], self.now())
        except ProviderAway:
            raise AccountProblem(AWAY, name=self.name) from None
        except ProviderRefused:
            raise AccountProblem(REFUSED, name=self.name) from None

    def _binding(self, account: Account) -> tuple[Entry, OutboxMail]:
        payload = {"origin": self.place.origin, "provider": self.name}
        mail = OutboxMail(new_id(), "bound", account.address, account.language, payload, self.now(), of_response=False)
        return Entry(new_id(), self.now(), account.account_id, "bound"), mail

    @property
    def _back(self) -> str:
        return self.place.origin + BACK

    @property
    def _second(self) -> int:
        return int(self.now().timestamp())
