"""Letters of ours that came back: which one each notification means, and what is kept of it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bacheca.forms.submission.bounces import Bounce
from forms_server.errors import LetterProblem
from forms_server.form_registry import ServedForms
from forms_server.store.outbox import SentMail
from forms_server.submission.intake import Intake

OWN = re.compile(r"<([0-9A-Za-z_-]{1,80})@[^<>]*>")
"""How the Message-ID of a letter of ours is made of its id in the outbox (`mail/composer.py`)."""

UNKNOWN = "5.0.0"
"""The status of what came back and does not say why (RFC 3463)."""


class CameBack(LetterProblem):
    """A letter that holds no answer: it says that one of ours could not be delivered.

    Args:
        status: why, as RFC 3463 has it.
    """

    def __init__(self, status: str):
        super().__init__("came-back")
        self.status = status


@dataclass(frozen=True)
class CameBackLetters:
    """Notes which letters came back.

    Args:
        intake: the store, the secret and the clock.
        forms: the forms that are served.
    """

    intake: Intake
    forms: ServedForms

    def note(self, bounces: Iterable[Bounce]) -> None:
        """Keep what a notification says of letters of ours; of any other nothing is kept.

        Raises:
            CameBack: it was noted, now or before.
            StoreUnavailable: nobody knows whether it is kept; reading it again is safe.
        """
        back = ""
        for bounce in bounces:
            mail = self._meant(bounce)
            if mail is not None:
                back = bounce.status or UNKNOWN
                known = self._known(mail, bounce.recipient)
                self.intake.store.outbox.come_back(mail.id, known, back, self.intake.now())
        if back:
            raise CameBack(back)

    def _meant(self, bounce: Bounce) -> SentMail | None:
        """Find the letter by its own name; by whom it was sent to where the notification does not name it."""
        ids = [own[1] for letter in bounce.letters if (own := OWN.fullmatch(letter))]
        outbox = self.intake.store.outbox
        if found := outbox.gone_out(ids):
            return found[0]
        if ids or not bounce.recipient:
            return None
        hashes = {
            name: [secret.address_hash(name, bounce.recipient) for secret in self.intake.secret.all]
            for name, served in self.forms.items()
            if served.form.address_field
        }
        return outbox.last_gone_out_to(hashes)

    def _known(self, mail: SentMail, recipient: str) -> str:
        """Give an address that a notification names where it is the one that the letter was sent to; else nothing."""
        if mail.form and mail.address_hash:
            theirs = {secret.address_hash(mail.form, recipient) for secret in self.intake.secret.all}
            return recipient if mail.address_hash in theirs else ""
        return recipient if recipient and self.intake.store.accounts.of_address(recipient) else ""
