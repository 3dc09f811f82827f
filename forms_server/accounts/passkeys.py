"""Passkeys (WebAuthn): what a browser is asked, and what it answers.

Challenges are signed and not kept: only those that were answered are, so that none is answered twice, and a page can
be looked at without anything being written.
"""

from __future__ import annotations

import json
import logging
import struct
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from fido2.server import Fido2Server
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialDescriptor,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialType,
    PublicKeyCredentialUserEntity,
    RegistrationResponse,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from bacheca.forms.text import digest
from forms_server.accounts.place import Place
from forms_server.crypto.tokens import Secret
from forms_server.store import Store
from forms_server.store.desk.accounts import Account, Passkey

GOOD_FOR = timedelta(minutes=5)
"""How long a challenge may be answered."""

LONGEST = 16_384
"""Characters of an answer beyond which it is not read."""

ALGORITHMS = (-8, -7, -257)
"""What passkeys sign with: Ed25519, ECDSA with P-256, RSA; every authenticator has one of the last two."""

logging.getLogger("fido2").setLevel(logging.WARNING)  # it would write down whose passkey was used


@dataclass(frozen=True)
class Passkeys:
    """Asks for passkeys at a place, and judges what comes.

    Args:
        store: knows the passkeys, and which challenges were answered.
        secret: signs the challenges.
        place: where the desk is.
        community: what a browser calls it.
    """

    store: Store
    secret: Secret
    place: Place
    community: str

    def to_make(self, account: Account, use: str, now: datetime) -> str:
        """Give what asks a browser for a new passkey, as JSON.

        Args:
            account: whose it will be.
            use: what the answer is good for.
            now: the time.
        """
        user = PublicKeyCredentialUserEntity(
            name=account.address, id=account.account_id.encode(), display_name=account.address
        )
        options, _ = self._server.register_begin(
            user,
            _descriptors(self.store.accounts.passkeys_of(account.account_id)),
            resident_key_requirement=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
            challenge=self._challenge(use, now),
        )
        return json.dumps(dict(options.public_key))

    def made(self, account: Account, use: str, answer: str, now: datetime) -> Passkey | None:
        """Read the answer of a browser that has made a passkey; None where it does not hold, or is known already."""
        try:
            registration = RegistrationResponse.from_dict(_object(answer))
            challenge = self._answered(use, registration.response.client_data.challenge, now)
            found = self._server.register_complete(_state(challenge), registration).credential_data
        except REFUSED:
            return None
        if found is None or not self._first(challenge, now):
            return None
        name = websafe_encode(found.credential_id)
        if found.public_key.get(3) not in ALGORITHMS or self.store.accounts.passkey(name):
            return None
        return Passkey(name, account.account_id, b64encode(bytes(found)).decode(), 0, now)

    def to_ask(self, use: str, now: datetime, account: Account | None = None) -> str:
        """Give what asks a browser for a passkey that is there, as JSON: any, or one of an account."""
        known = _descriptors(self.store.accounts.passkeys_of(account.account_id)) if account else None
        options, _ = self._server.authenticate_begin(
            known, user_verification=UserVerificationRequirement.REQUIRED, challenge=self._challenge(use, now)
        )
        return json.dumps(dict(options.public_key))

    def owner(self, use: str, answer: str, now: datetime) -> str | None:
        """Read the answer of a browser that was asked for a passkey; give whose it is, None where it does not hold."""
        try:
            assertion = AuthenticationResponse.from_dict(_object(answer))
            challenge = self._answered(use, assertion.response.client_data.challenge, now)
            known = self.store.accounts.passkey(websafe_encode(assertion.raw_id))
            if known is None:
                return None
            held = AttestedCredentialData(b64decode(known.credential))
            self._server.authenticate_complete(_state(challenge), [held], assertion)
        except REFUSED:
            return None
        signed = assertion.response.authenticator_data.counter
        # One that says it has signed no more often than before may be a copy.
        if not self._first(challenge, now) or not self.store.accounts.counted(known.credential_id, signed):
            return None
        return known.account_id

    @property
    def _server(self) -> Fido2Server:
        entity = PublicKeyCredentialRpEntity(name=self.community or self.place.name, id=self.place.name)
        server = Fido2Server(entity, verify_origin=lambda origin: origin == self.place.origin)
        server.allowed_algorithms = [one for one in server.allowed_algorithms if one.alg in ALGORITHMS]
        return server

    def _challenge(self, use: str, now: datetime) -> bytes:
        return self.secret.challenge(use, int(now.timestamp())).encode()

    def _answered(self, use: str, challenge: bytes, now: datetime) -> bytes:
        made = self.secret.challenged_at(use, challenge.decode("ascii"))
        if made is None or not 0 <= int(now.timestamp()) - made <= GOOD_FOR.total_seconds():
            raise ValueError("challenge")
        return challenge

    def _first(self, challenge: bytes, now: datetime) -> bool:
        return self.store.accounts.answer(digest(challenge.decode()), now + GOOD_FOR, now)


REFUSED = (
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    AssertionError,
    ArithmeticError,
    RecursionError,
    struct.error,
)
"""What the library raises of an answer that is broken or does not hold."""


def _object(answer: str) -> Mapping[str, Any]:
    if len(answer) > LONGEST:
        raise ValueError("length")
    found = json.loads(answer)
    if not isinstance(found, dict):
        raise TypeError("object")
    return found


def _state(challenge: bytes) -> dict[str, object]:
    return {"challenge": websafe_encode(challenge), "user_verification": UserVerificationRequirement.REQUIRED}


def _descriptors(known: Sequence[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(
            type=PublicKeyCredentialType.PUBLIC_KEY, id=websafe_decode(passkey.credential_id), transports=None
        )
        for passkey in known
    ]
