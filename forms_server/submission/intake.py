"""From a checked response to a durable one."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from bacheca.forms import USUAL, Community, Form, Response
from bacheca.forms.definition.allotment import places_of
from bacheca.forms.local_time import local_day
from forms_server.clock import utc_now
from forms_server.crypto.links import links_of, token_hashes
from forms_server.crypto.sealing import Recipients, put_away
from forms_server.crypto.tokens import Secret
from forms_server.store import Consent, Corrected, Correction, Kept, OutboxMail, Outcome, SignUp, Store, StoredResponse
from forms_server.store.quarantine import Release
from forms_server.store.records import OWN, Channel, own_hash


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
        community: says by whose clocks days begin.
    """

    store: Store
    secret: Secret
    now: Callable[[], datetime] = utc_now
    new_id: Callable[[], str] = lambda: secrets.token_hex(16)
    recipients: Callable[[], Recipients] = Recipients
    community: Callable[[], Community] = lambda: USUAL

    def keep(
        self,
        form: Form,
        response: Response,
        key: str,
        channel: Channel = "web",
        *,
        origin: str = "",
        response_id: str = "",
        doubt: str = "",
        network: str = "",
        asks: bool = True,
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
            doubt: why it waits, with its mail, until somebody has looked at it; empty where it does not.
            network: a pseudonym of the network it came from; empty where nobody looks at that.
            asks: whether a mail asks to confirm a sign-up; none does where somebody confirms it on its owner's word.

        Returns:
            What became of the response, and its receipt: the same one for the same key.

        Raises:
            StoreUnavailable: nobody knows whether it is kept; sending it again is safe.
        """
        response_id = response_id or self.new_id()
        today = self._today()
        secret = self._secret_of(form.name, key)
        receipt = _receipt(secret, form.name, key)
        places = places_of(form, self.now)
        keep = form.keep
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
                key_hash=secret.key_hash(form.name, key),
                token_hash=secret.token_hash(form.name, receipt.token),
                content_hash=_content_hash(secret, form, receipt.token, response),
                shared_hash=secret.shared_hash(form.name, response.content_hash) if form.sealed else "",
                answers=answers,
                sealed=sealed,
                sealed_to=recipients.mark if sealed else None,
                consents=self._consents(form, response),
                mail=() if doubt else self._notice(form),
                keep_until=keep.after(today) if keep else None,
                sign_up=self._sign_up(form, response, response_id, origin, asks=asks),
                places=places,
                doubted=bool(doubt),
                doubt=doubt or None,
                secret_id=secret.name(form.name),
                network=network or None if places else None,
            )
        )
        return outcome, receipt

    def correct(
        self,
        form: Form,
        stored: StoredResponse,
        token: str | None,
        response: Response,
        *,
        origin: str = "",
        oldest: date = date.min,
    ) -> Corrected:
        """Replace the answers of a response.

        Args:
            form: the form answered.
            stored: the response as it is kept.
            token: the token of its receipt; None where its owner has asked an editor to correct it.
            response: the checked answers it is to have, without problems.
            origin: where they were sent to, for the links in mails.
            oldest: the first day of which a sign-up can still be confirmed.

        Raises:
            StoreUnavailable: nobody knows whether they are kept; sending them again is safe.
        """
        recipients, secret = self.recipients(), self.secret.named(form.name, stored.secret_id)
        answers, sealed = put_away(form, recipients, stored.response_id, response.cells)
        is_own = token is not None and secret.token_hash(form.name, token) == stored.token_hash
        correction = Correction(
            version=response.version,
            language=response.language,
            content_hash=_content_hash(secret, form, token if is_own else None, response),
            answers=answers,
            sealed=sealed,
            sealed_to=recipients.mark if sealed else None,
            consents=self._consents(form, response),
            sign_up=self._sign_up(form, response, stored.response_id, origin),
            day=self._today(),
            moment=self.now(),
            oldest=oldest,
            places=places_of(form, self.now),
        )
        if token is None:
            which = {"response_id": stored.response_id, "seen": stored.content_hash}
            return self.store.changes.correct(form.name, "", correction, **which)
        outcome = Corrected.ABSENT
        for token_hash in token_hashes(self.secret, form.name, token):
            if outcome is Corrected.ABSENT:
                outcome = self.store.changes.correct(form.name, token_hash, correction)
        return outcome

    def release(self, form: Form, response_id: str) -> Release:
        """Let in a response that was doubted, as if it came today; a sign-up is then to be confirmed.

        Raises:
            StoreUnavailable: nobody knows whether it is let in; asking again is safe.
        """
        today = self._today()
        counted = partial(self.secret.mail_pseudonyms, today)
        return self.store.quarantine.release(
            form.name, response_id, today, self.now(), places_of(form, self.now), pseudonyms_of=counted
        )

    def take_back(self, form: Form, stored: StoredResponse, token: str, field: str) -> Corrected:
        """Take back one consent of a response that can do without it; all else stays as it was answered.

        Args:
            form: the form answered.
            stored: the response as it is kept.
            token: the token of its receipt.
            field: the consent.

        Raises:
            StoreUnavailable: nobody knows whether it is taken back; asking again is safe.
        """
        with self.store.snapshot() as snapshot:
            standing = snapshot.standing_consents(stored.response_id)
        agreed = form.field(field)
        answers = dict(stored.answers)
        answers |= {column.name: "" for column in agreed.columns if column.name in answers}
        answers |= {field: "false"} if field in answers else {}
        secret = self.secret.named(form.name, stored.secret_id)
        changed = secret.shared_hash(form.name, f"{stored.content_hash} without {field}")
        correction = Correction(
            version=stored.version,
            language=stored.language,
            content_hash=OWN + changed if stored.content_hash.startswith(OWN) else changed,
            answers=answers,
            sealed=stored.sealed,
            sealed_to=stored.sealed_to,
            consents=tuple(
                Consent(one.field, one.notice_hash, one.language, one.text) for one in standing if one.field != field
            ),
            sign_up=None,
            day=self._today(),
            moment=self.now(),
        )
        outcome = Corrected.ABSENT
        for token_hash in token_hashes(self.secret, form.name, token):
            if outcome is Corrected.ABSENT:
                outcome = self.store.changes.correct(form.name, token_hash, correction)
        return outcome

    def letter(self, form: Form, kind: str, origin: str, stored: StoredResponse) -> OutboxMail:
        """Make a mail to whoever sent a response: of the response, unless it tells that it is erased."""
        told = {"form": form.name, "reason": kind.partition("-")[2]} if kind.startswith("lost") else {}
        return OutboxMail(
            self.new_id(),
            kind.partition("-")[0],
            stored.answers.get(form.address_field, ""),
            stored.language,
            {"origin": origin, **told},
            self.now(),
            of_response=not told,
        )

    def receipt_of(self, form: str, key: str) -> Receipt:
        """Give the receipt of the response that came with a key."""
        return _receipt(self._secret_of(form, key), form, key)

    def knows(self, form: str, key: str) -> bool:
        """Tell whether what came with a key is kept already, so that it may come again whenever it does.

        Raises:
            StoreUnavailable: nobody knows.
        """
        with self.store.snapshot() as snapshot:
            return any(snapshot.knows_key(one.key_hash(form, key)) for one in (self.secret, *self.secret.former))

    def _secret_of(self, form: str, key: str) -> Secret:
        """Give the secret by which a key is known already; today's for a new one."""
        for former in self.secret.former:
            with self.store.snapshot() as snapshot:
                if snapshot.knows_key(former.key_hash(form, key)):
                    return former
        return self.secret

    def _today(self) -> date:
        return local_day(self.now(), self.community().zone)

    def _consents(self, form: Form, response: Response) -> tuple[Consent, ...]:
        given_at = self.now() if form.kind == "signup" else None  # a fine time would tell who answered a survey
        return tuple(
            Consent(given.field, given.notice_hash, response.language, given.notice, given_at)
            for given in response.agreements
        )

    def _notice(self, form: Form) -> tuple[OutboxMail, ...]:
        if form.notify != "each":
            return ()
        payload = {"form": form.name}
        return (OutboxMail(self.new_id(), "notice", "", form.languages[0], payload, self.now(), of_response=False),)

    def is_member(self, form: Form, response: Response) -> bool:
        """Tell whether the address that a response gives is in the list of a form already.

        Raises:
            StoreUnavailable: nobody knows.
        """
        address = response.cells.get(form.address_field, "")
        return bool(address) and self.store.changes.is_member(form.name, self._known_address(form.name, address))

    def _sign_up(
        self, form: Form, response: Response, response_id: str, origin: str, *, asks: bool = True
    ) -> SignUp | None:
        address = response.cells.get(form.address_field, "")
        if not address:
            return None
        hashed = self._known_address(form.name, address)
        confirm, known = (
            OutboxMail(self.new_id(), kind, address, response.language, {"origin": origin}, self.now())
            for kind in ("confirm", "known")
        )
        links = links_of(self.secret, form.name, response_id, hashed)
        pseudonyms = self.secret.mail_pseudonyms(self._today(), address)
        return SignUp(hashed, links, confirm, known, pseudonyms, self.secret.name(form.name), asks)

    def _known_address(self, form: str, address: str) -> str:
        """Give the hash of an address, by which whoever has it is known from now on, whichever key made it before."""
        hashed = self.secret.address_hash(form, address)
        if former := [secret.address_hash(form, address) for secret in self.secret.former]:

            def rows(response_id: str) -> Iterator[dict[str, str]]:
                for purpose, token_hash in links_of(self.secret, form, response_id, hashed).items():
                    yield {"purpose": purpose, "token_hash": token_hash, "secret_id": self.secret.name(form)}

            self.store.changes.know_address_by(form, former, hashed, rows)
        return hashed


def _receipt(secret: Secret, form: str, key: str) -> Receipt:
    token = secret.receipt_token(form, key)
    return Receipt(token, secret.reference(secret.token_hash(form, token)))


def _content_hash(secret: Secret, form: Form, token: str | None, response: Response) -> str:
    """Give what a response is compared by; of sealed answers nothing where the token of its receipt is not known."""
    hashed = response.content_hash
    if not form.sealed:
        return hashed
    return own_hash() if token is None else secret.content_hash(form.name, token, hashed)
