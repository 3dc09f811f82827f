"""What was typed in a session that is over: sealed for whoever typed it, carried by the page that asks who is there.

Nothing of it is stored: it is gone with the page, and an hour later nothing opens it.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from bacheca.forms import limits
from forms_server.crypto.tokens import Secret

KEPT_FOR = timedelta(hours=1)
"""How long what was typed may be brought back."""

LONGEST = limits.BODY // 2
"""The most that is carried, in characters; what is longer is not kept."""

Typed = Mapping[str, Sequence[str]]
"""The values posted under each name."""


def keep(secret: Secret, account_id: str, address: str, posted: Typed, now: datetime) -> str:
    """Seal what somebody has posted to an address; empty where it is too long."""
    said = json.dumps([account_id, address, {name: list(values) for name, values in posted.items()}])
    sealed = Fernet(secret.sealing_key("kept post")).encrypt_at_time(zlib.compress(said.encode()), _second(now))
    return sealed.decode() if len(sealed) <= LONGEST else ""


def brought_back(secret: Secret, account_id: str, text: str, now: datetime) -> tuple[str, Typed] | None:
    """Give the address and what was posted there; None for anything but what this account posted in the last hour."""
    keys = MultiFernet([Fernet(one.sealing_key("kept post")) for one in secret.all])
    try:
        opened = keys.decrypt_at_time(text.encode(), int(KEPT_FOR.total_seconds()), _second(now))
    except InvalidToken:
        return None
    whose, address, posted = json.loads(zlib.decompress(opened))
    return (address, posted) if whose == account_id else None


def _second(now: datetime) -> int:
    return int(now.timestamp())
