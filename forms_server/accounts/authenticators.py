"""Codes of an authenticator app (RFC 6238): six digits, new every half minute."""

from __future__ import annotations

import hmac
from base64 import b32encode
from datetime import datetime, timedelta

import pyotp
from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from forms_server.crypto.tokens import Secret
from forms_server.store.desk.accounts import Account

STEP = 30
"""Seconds that a code is shown."""

LATE = 1
"""How many codes before and after the one of this moment are taken: clocks differ, and people type slowly."""


def seed_of(secret: Secret, token: str) -> str:
    """Give what an invitation puts into an authenticator app, in base 32."""
    return b32encode(secret.authenticator_seed(token)).decode()


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
    keys = MultiFernet([Fernet(one.sealing_key()) for one in secret.all])
    try:
        return keys.decrypt(account.authenticator).decode()
    except InvalidToken:
        return ""
