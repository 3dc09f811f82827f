"""From a checked response to a durable one."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from forms import Form, Response
from forms.local_time import local_day
from forms.people import address_field, is_sealed, keep_of, notify_of, places_of
from forms_server.sealing import Recipients, put_away
from forms_server.secret import Secret
from forms_server.store import Consent, Correction, Kept, OutboxMail, Outcome, SignUp, Store, StoredResponse
from forms_server.store.records import Channel

PURPOSES = ("confirm", "receipt")
"""What the links in the mail of a sign-up are good for."""


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
        new_id: makes the random id of a response or of a mail (32 hex digits).
        recipients: gives the keys to which personal answers are sealed now, in forms that want it.
    """

    store: Store
    secret: Secret
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    new_id: Callable[[], str] = lambda: secrets.token_hex(16)
    recipients: Callable[[], Recipients] = Recipients

    def keep(
        self,
        form: Form,
        response: Response,
        key: str,
        channel: Channel = "web",
        *,
        origin: str = "",
        response_id: str = "",
        doubted: bool = False,
    ) -> tuple[Outcome, Receipt]:
        """Keep a response once for its key, with its consents and mails, durably.

        A sign-up with an address waits until it is confirmed from there.

        Args:
            form: the form answered.
            response: its checked answers, without problems.
            key: the key that came with them; the same key and answers are kept once.
            channel: how they came.
            origin: where they were sent to, for the links in mails.
            response_id: the response's id, where it must be the same each time it comes; random otherwise.
            doubted: whether it looks like a program's and waits, with its mail, until somebody has looked at it.

        Returns:
            What became of the response, and its receipt: the same one for the same key.

        Raises:
            StoreUnavailable: nobody knows whether it is kept; sending it again is safe.
        """
        response_id = response_id or self.new_id()
        today = self._today()
        token = self.secret.receipt_token(form.name, key)
        token_hash = self.secret.token_hash(form.name, token)
        keep = keep_of(form)
        recipients = self.recipients()
        answers, sealed = put_away(form, recipients, response_id, response.cells)
        outcome = self.store.keep(
            Kept(
                response_id=response_id,
                form=form.name,
                version=response.version,
                language=response.language,
                channel=channel,
                received_on=today,
                key_hash=self.secret.key_hash(form.name, key),
                token_hash=token_hash,
                content_hash=self._content_hash(form, response),
                answers=answers,
                sealed=sealed,
                sealed_to=recipients.mark if sealed else None,
                consents=self._consents(form, response),
                mail=() if doubted else self._notice(form),
                keep_until=keep.after(today) if keep else None,
                sign_up=self._sign_up(form, response, response_id, origin),
                places=places_of(form),
                doubted=doubted,
            )
        )
        return outcome, Receipt(token, self.secret.reference(token_hash))

    def correct(
        self,
        form: Form,
        stored: StoredResponse,
        token: str,
        response: Response,
        *,
        origin: str = "",
        oldest: date = date.min,
    ) -> bool:
        """Replace the answers of a response.

        Args:
            form: the form answered.
            stored: the response as it is kept.
            token: the token of its receipt.
            response: the checked answers it is to have, without problems.
            origin: where they were sent to, for the links in mails.
            oldest: the first day of which a sign-up can still be confirmed.

        Returns:
            Whether the receipt still opens a response.

        Raises:
            StoreUnavailable: nobody knows whether they are kept; sending them again is safe.
        """
        recipients = self.recipients()
        answers, sealed = put_away(form, recipients, stored.response_id, response.cells)
        correction = Correction(
            version=response.version,
            content_hash=self._content_hash(form, response),
            answers=answers,
            sealed=sealed,
            sealed_to=recipients.mark if sealed else None,
            consents=self._consents(form, response),
            sign_up=self._sign_up(form, response, stored.response_id, origin),
            day=self._today(),
            moment=self.now(),
            oldest=oldest,
        )
        return self.store.people.correct(form.name, self.secret.token_hash(form.name, token), correction)

    def _today(self) -> date:
        return local_day(self.now())

    def _content_hash(self, form: Form, response: Response) -> str:
        hashed = response.content_hash
        return self.secret.content_hash(form.name, hashed) if is_sealed(form) else hashed

    def _consents(self, form: Form, response: Response) -> tuple[Consent, ...]:
        given_at = self.now() if form.kind == "signup" else None  # a fine time would tell who answered a survey
        return tuple(
            Consent(given.field, given.notice_hash, response.language, given.notice, given_at)
            for given in response.agreements
        )

    def _notice(self, form: Form) -> tuple[OutboxMail, ...]:
        if notify_of(form) != "each":
            return ()
        payload = {"form": form.name}
        return (OutboxMail(self.new_id(), "notice", "", form.languages[0], payload, self.now(), of_response=False),)

    def _sign_up(self, form: Form, response: Response, response_id: str, origin: str) -> SignUp | None:
        address = response.cells.get(address_field(form), "")
        if not address:
            return None
        hashed = self.secret.address_hash(form.name, address)
        tokens = {purpose: self.secret.link_token(purpose, form.name, response_id, hashed) for purpose in PURPOSES}
        confirm, known = (
            OutboxMail(self.new_id(), kind, address, response.language, {"origin": origin}, self.now())
            for kind in ("confirm", "known")
        )
        links = {purpose: self.secret.token_hash(form.name, token) for purpose, token in tokens.items()}
        return SignUp(hashed, links, confirm, known)
