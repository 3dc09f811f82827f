"""Codes of an authenticator app (RFC 6238): six digits, new every half minute."""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta

import pyotp
from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from bacheca.forms.text import digest
from forms_server.crypto.tokens import Secret
from forms_server.store.desk.accounts import Account

STEP = 30
"""Seconds that a code is shown."""

LATE = 1
"""How many codes before and after the one of this moment are taken: clocks differ, and people type slowly."""


SHOWN_FOR = timedelta(hours=1)
"""How long a seed that was shown on the page of an invitation may be confirmed."""


def new_seed() -> str:
    """Make what is put into an authenticator app, in base 32: another one at each look, so none is known before."""
    return pyotp.random_base32()


def address_of_seed(seed: str, account: str, issuer: str) -> str:
    """Give the address that an app reads from a picture."""
    return pyotp.TOTP(seed).provisioning_uri(name=account, issuer_name=issuer)


def step_of(seed: str, code: str, now: datetime) -> int | None:
    """Give the number of the half minute that a code is of; None where it is of none that counts now."""
    digits = "".join(char for char in code if char.isascii() and char.isdigit())
    if len(digits) != 6:
        return None
    app = pyotp.TOTP(seed)
    found = None
    for late in range(-LATE, LATE + 1):
        moment = now + timedelta(seconds=late * STEP)
        if hmac.compare_digest(app.at(moment), digits):
            found = int(moment.timestamp()) // STEP
    return found


def sealed(secret: Secret, seed: str) -> str:
    """Encrypt a seed for the store."""
    return Fernet(secret.sealing_key()).encrypt(seed.encode()).decode()


def opened(secret: Secret, account: Account) -> str:
    """Give the seed of an account again; empty where it has none, or no key that is set opens it."""
    if not account.authenticator:
        return ""
    try:
        return _keys(secret).decrypt(account.authenticator).decode()
    except InvalidToken:
        return ""


def carried(secret: Secret, token: str, seed: str, now: datetime) -> str:
    """Encrypt a seed for the page of the invitation that shows it: only that page sends it back."""
    return Fernet(secret.sealing_key()).encrypt_at_time(f"{digest(token)} {seed}".encode(), _second(now)).decode()


def brought_back(secret: Secret, token: str, text: str, now: datetime) -> str:
    """Give the seed that the page of this invitation showed in the last hour; empty for any other text."""
    try:
        said = _keys(secret).decrypt_at_time(text.encode(), int(SHOWN_FOR.total_seconds()), _second(now)).decode()
    except InvalidToken:
        return ""
    whose, _, seed = said.partition(" ")
    return seed if hmac.compare_digest(whose, digest(token)) else ""


def _keys(secret: Secret) -> MultiFernet:
    return MultiFernet([Fernet(one.sealing_key()) for one in secret.all])


def _second(now: datetime) -> int:
    return int(now.timestamp())
