"""What whoever looks after sign-ups does for somebody: the desk and the commands call the same functions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum, auto
from functools import partial

from bacheca.forms import Form, Response
from bacheca.forms.catalogues import marked as _
from bacheca.forms.definition.allotment import Places, places_of
from forms_server.privacy.retention import Retention
from forms_server.store import Confirmation, Outcome, StoredResponse
from forms_server.store.outbox import Resent
from forms_server.store.records import LettersOf
from forms_server.store.waiting_list import Offered
from forms_server.submission.intake import Intake

ABSENT = _("There is no such sign-up, or its time is over.")
ERASED = _("The sign-up is erased.")
LETTERS: Mapping[bool, str] = {
    True: _("Letters to all go to them again."),
    False: _("No more letters to all go to them; the sign-up stays."),
}
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
    Offered.FULL: _("No place is free: --beyond 1 gives out one more than there are, --beyond 2 a second one."),
}
LONGEST_NOTE = 500
"""How long what is written of how somebody agreed may be."""


class Added(Enum):
    """What became of a sign-up on paper."""

    LISTED = auto()
    WAITING = auto()
    ASKED = auto()
    BEFORE = auto()
    TWICE = auto()
    FULL = auto()
    OTHER = auto()
    ABSENT = auto()


ADDED: Mapping[Added, str] = {
    Added.LISTED: _("They are in the list; a letter tells them so."),
    Added.WAITING: CONFIRMED[Confirmation.WAITING],
    Added.ASKED: _("It is kept; a letter asks them to confirm."),
    Added.BEFORE: _("This was sent before: it is there once."),
    Added.TWICE: _("This address is in the list already, and nobody is added twice."),
    Added.FULL: _("Every place is taken, and nobody more may wait: nobody was added."),
    Added.OTHER: _("This page was sent before with other answers: open it anew for somebody else."),
    Added.ABSENT: ABSENT,
}
OF_OUTCOME: Mapping[Outcome, Added] = {
    Outcome.KEPT: Added.ASKED,
    Outcome.KEPT_BEFORE: Added.BEFORE,
    Outcome.CONFLICT: Added.OTHER,
    Outcome.FULL: Added.FULL,
    Outcome.HELD: Added.FULL,
}
OF_CONFIRMATION: Mapping[Confirmation, Added] = {
    Confirmation.CONFIRMED: Added.LISTED,
    Confirmation.WAITING: Added.WAITING,
    Confirmation.KNOWN: Added.TWICE,
    Confirmation.FULL: Added.FULL,
}
DONE = frozenset(
    (
        Resent.WRITTEN,
        Confirmation.CONFIRMED,
        Confirmation.WAITING,
        Offered.OFFERED,
        Added.LISTED,
        Added.WAITING,
        Added.ASKED,
        Added.BEFORE,
    )
)
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

    def add(self, form: Form, response: Response, key: str, note: str) -> Added:
        """Keep a sign-up that came on paper, once for its key, with a place as anybody would get it.

        Args:
            form: the form.
            response: its checked answers, without problems.
            key: what tells one page that was filled in from another.
            note: how its owner agreed, by which it is confirmed at once and they are told; empty: a letter asks them.
        """
        if not self.intake.knows(form.name, key) and self.intake.is_member(form, response):
            return Added.TWICE
        response_id = self.id_of(form, key)
        outcome, _receipt = self.intake.keep(
            form, response, key, origin=self.origin, response_id=response_id, asks=not note
        )
        if not note or outcome not in (Outcome.KEPT, Outcome.KEPT_BEFORE):
            return OF_OUTCOME[outcome]
        attested = self._attest(form, response_id, note, response.cells[form.address_field])
        done = OF_CONFIRMATION.get(attested, Added.ABSENT)
        return Added.BEFORE if done is Added.TWICE and outcome is Outcome.KEPT_BEFORE else done

    def id_of(self, form: Form, key: str) -> str:
        """Give the id of the sign-up that a page with a key makes."""
        return self.intake.secret.letter_id(form.name, key)

    def confirm(self, form: Form, response_id: str, note: str) -> Confirmation:
        """Confirm a sign-up on the word of somebody who has its owner's, as on paper; the owner is written to.

        Args:
            form: the form.
            response_id: the sign-up.
            note: how its owner agreed, which is kept with the evidence of their consents.
        """
        stored = self.find(form, response_id)
        return self._attest(form, response_id, note, stored.answers.get(form.address_field, "") if stored else "")

    def _attest(self, form: Form, response_id: str, note: str, address: str) -> Confirmation:
        def to_them(kind: str) -> LettersOf | None:
            return (lambda stored: replace(self._letter(form, kind)(stored), recipient=address)) if address else None

        now = self.intake.now
        return self.retention.store.changes.attest(
            form.name,
            response_id,
            self.retention.oldest_pending,
            now(),
            note,
            places=places_of(form, now),
            letter=to_them("waiting"),
            noted=to_them("noted"),
        )

    def withdraw(self, stored: StoredResponse) -> bool:
        """Erase a sign-up as its owner asked; tell whether it was there.

        Raises:
            OSError: it cannot be written down, and nothing was erased.
        """
        return self.retention.withdraw(stored)

    def letters(self, form: Form, response_id: str, *, wanted: bool) -> bool:
        """Note for the owner of a sign-up whether they want letters to all; tell whether it was there."""
        changes = self.retention.store.changes
        if not form.address_field:
            return False
        if wanted:
            return changes.accept_letters(form.name, "", response_id=response_id)
        return changes.decline_letters(form.name, "", self.intake.now(), response_id=response_id)

    def offer(self, form: Form, response_id: str, *, beyond: int = 0) -> Offered:
        """Offer a place to somebody who waits, out of turn.

        Args:
            form: the form.
            response_id: their sign-up.
            beyond: how many places more than there are may be given out with theirs.
        """
        now = self.intake.now
        places = places_of(form, now) or Places((), now)
        letter = self._letter(form, "offered")
        return self.retention.store.waiting_list.offer_to(form.name, response_id, places, letter, beyond=beyond)

    def _letter(self, form: Form, kind: str) -> LettersOf:
        return partial(self.intake.letter, form, kind, self.origin)

    def _unpressed(self, form: Form) -> LettersOf:
        return lambda stored: self._letter(form, "offered" if stored.state == "offered" else "confirm")(stored)
