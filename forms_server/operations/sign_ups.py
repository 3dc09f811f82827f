"""What whoever looks after sign-ups does for somebody: the desk and the commands call the same functions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from bacheca.forms import Form
from bacheca.forms.catalogues import marked as _
from bacheca.forms.definition.allotment import Places, places_of
from forms_server.privacy.retention import Retention
from forms_server.store import Confirmation, StoredResponse
from forms_server.store.outbox import Resent
from forms_server.store.records import LettersOf
from forms_server.store.waiting_list import Offered
from forms_server.submission.intake import Intake

ABSENT = _("There is no such sign-up, or its time is over.")
ERASED = _("The sign-up is erased.")
RESENT: Mapping[Resent, str] = {
    Resent.WRITTEN: _("The letter is written once more and goes out now."),
    Resent.ABSENT: _("There is no button left to press, or the address is sealed: nothing was sent."),
    Resent.TOO_MANY: _("This address got as many letters today as one may: try again tomorrow."),
}
CONFIRMED: Mapping[Confirmation, str] = {
    Confirmation.CONFIRMED: _("Confirmed; a letter tells them so."),
    Confirmation.WAITING: _("Confirmed; every place is taken, so they wait for one, and a letter tells them so."),
    Confirmation.KNOWN: _("It was confirmed before, or this address is in the list by another sign-up."),
    Confirmation.FULL: _("Every place is taken, and nobody more may wait: it stays as it is."),
    Confirmation.CHANGED: ABSENT,
    Confirmation.UNKNOWN: ABSENT,
}
OFFERED: Mapping[Offered, str] = {
    Offered.OFFERED: _("A place is offered; a letter tells them until when they can take it."),
    Offered.ABSENT: _("They wait for a place no more."),
    Offered.FULL: _("No place is free: with --beyond it is one more than there are."),
}
DONE = frozenset((Resent.WRITTEN, Confirmation.CONFIRMED, Confirmation.WAITING, Offered.OFFERED))
"""What was done as it was asked."""


@dataclass(frozen=True)
class SignUps:
    """Looks after the sign-ups of forms.

    Each method raises `StoreUnavailable` where the database does not confirm what was asked.

    Args:
        retention: the store, and what erases.
        intake: writes letters, and hashes addresses.
        origin: where people reach the service, for the links in letters.
    """

    retention: Retention
    intake: Intake
    origin: str

    def find(self, form: Form, response_id: str) -> StoredResponse | None:
        """Find a sign-up that is there; None where it is not, or its time is over."""
        stored = self.retention.store.browse.one(form.name, response_id)
        return None if stored is None or self.retention.is_over(stored) else stored

    def resend(self, form: Form, response_id: str) -> Resent:
        """Write once more to somebody who has yet to press a button: to confirm, or to take a place offered."""
        stored = self.find(form, response_id)
        address = stored.answers.get(form.address_field, "") if stored else ""
        if stored is None or not address:
            return Resent.ABSENT
        today = self.retention.today
        pseudonyms = self.intake.secret.mail_pseudonyms(today, address)
        return self.retention.store.outbox.resend(form.name, self._unpressed(form), response_id, pseudonyms, today)

    def confirm(self, form: Form, response_id: str, note: str) -> Confirmation:
        """Confirm a sign-up on the word of somebody who has its owner's, as on paper; the owner is written to.

        Args:
            form: the form.
            response_id: the sign-up.
            note: how its owner agreed, which is kept with the evidence of their consents.
        """
        now = self.intake.now
        return self.retention.store.changes.attest(
            form.name,
            response_id,
            self.retention.oldest_pending,
            now(),
            note,
            places=places_of(form, now),
            letter=self._letter(form, "waiting"),
            noted=self._letter(form, "noted") if form.address_field not in form.sealed_columns else None,
        )

    def withdraw(self, stored: StoredResponse) -> bool:
        """Erase a sign-up as its owner asked; tell whether it was there.

        Raises:
            OSError: it cannot be written down, and nothing was erased.
        """
        return self.retention.withdraw(stored)

    def offer(self, form: Form, response_id: str, *, beyond: bool = False) -> Offered:
        """Offer a place to somebody who waits, out of turn.

        Args:
            form: the form.
            response_id: their sign-up.
            beyond: whether it may be a place more than there are.
        """
        now = self.intake.now
        places = places_of(form, now) or Places((), now)
        letter = self._letter(form, "offered")
        return self.retention.store.waiting_list.offer_to(form.name, response_id, places, letter, beyond=beyond)

    def _letter(self, form: Form, kind: str) -> LettersOf:
        return partial(self.intake.letter, form, kind, self.origin)

    def _unpressed(self, form: Form) -> LettersOf:
        return lambda stored: self._letter(form, "offered" if stored.state == "offered" else "confirm")(stored)
