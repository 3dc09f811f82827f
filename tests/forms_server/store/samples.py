"""Responses to keep in the tests."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from forms_server.store import Consent, Kept, OutboxMail, Store

DAY = date(2026, 11, 23)
MOMENT = datetime(2026, 11, 23, 10, 15, 30, 999_999, tzinfo=UTC)
CONSENT = Consent("privacy", "hash-of-notice", "it", "Ho letto l'informativa", MOMENT)
MAIL = OutboxMail("mail-1", "confirm", "ada@example.org", "it", {"nome": "Ada", "riga": 2}, MOMENT)


def response(number: int = 1, **changes: Any) -> Kept:
    """Give a response to the form `gruppo`, another one for each number."""
    sample = Kept(
        response_id=f"{number * 2654435761 % 2**32:032x}",
        form="gruppo",
        version="v1",
        language="it",
        channel="web",
        received_on=DAY,
        key_hash=f"key-{number}",
        token_hash=f"token-{number}",
        content_hash=f"content-{number}",
        answers={"nome": f"Ada {number}", "motivo": ""},
    )
    return replace(sample, **changes)


def register(store: Store, version: str = "v1", resource: int = 1, form: str = "gruppo") -> None:
    """Register a version of a form."""
    store.register_version(form, version, resource, '{"fields": []}', DAY)
