"""From a checked response to a durable one."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from forms import Form, Response
from forms.definition import CLOSING_ZONE
from forms_server.secret import Secret
from forms_server.store import Consent, Kept, Outcome, Store
from forms_server.store.records import Channel


@dataclass(frozen=True)
class Receipt:
    """What a respondent gets back.

    Args:
        token: the secret part of the receipt's address (256 bits).
        reference: a short code to quote, which opens nothing.
    """

    token: str
    reference: str


@dataclass(frozen=True)
class Intake:
    """Keeps responses: the one way in, whatever channel they come by.

    Args:
        store: where they are kept.
        secret: what keys and tokens are derived from.
        now: the time, with its zone.
        new_id: makes the random id of a response (32 hex digits).
    """

    store: Store
    secret: Secret
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    new_id: Callable[[], str] = lambda: secrets.token_hex(16)

    def keep(self, form: Form, response: Response, key: str, channel: Channel = "web") -> tuple[Outcome, Receipt]:
        """Keep a response once for its key, with its consents, durably.

        Args:
            form: the form answered.
            response: its checked answers, without problems.
            key: the key that came with them; the same key and answers are kept once.
            channel: how they came.

        Returns:
            What became of the response, and its receipt: the same one for the same key.

        Raises:
            StoreUnavailable: nobody knows whether it is kept; sending it again is safe.
        """
        now = self.now()
        token = self.secret.receipt_token(form.name, key)
        token_hash = self.secret.token_hash(form.name, token)
        given_at = now if form.kind == "signup" else None  # a fine time would tell who answered a survey
        consents = tuple(
            Consent(given.field, given.notice_hash, response.language, given.notice, given_at)
            for given in response.agreements
        )
        outcome = self.store.keep(
            Kept(
                response_id=self.new_id(),
                form=form.name,
                version=response.version,
                language=response.language,
                channel=channel,
                received_on=now.astimezone(CLOSING_ZONE).date(),
                key_hash=self.secret.key_hash(form.name, key),
                token_hash=token_hash,
                content_hash=response.content_hash,
                answers=response.cells,
                consents=consents,
            )
        )
        return outcome, Receipt(token, self.secret.reference(token_hash))
