"""A letter that came back or was refused goes out once more: to its address, or to the right one, confirmed from there.

The desk and the command call the same function.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from bacheca.forms import Form
from bacheca.forms.catalogues import marked as _
from forms_server.errors import PersonProblem
from forms_server.form_registry import ServedForms
from forms_server.messages import Saying
from forms_server.operations.sign_ups import RESENT
from forms_server.privacy.data_subjects import DataSubjects, address_of
from forms_server.privacy.retention import Retention
from forms_server.store import StoredResponse
from forms_server.store.lifecycle import MEMBERS, State
from forms_server.store.outbox import ListedMail, Resent
from forms_server.submission.correction import correct_on_request, form_to_correct, posted_of
from forms_server.submission.intake import Intake

WRITTEN_FOR: Mapping[str, tuple[State, ...]] = {
    "confirm": (State.PENDING,),
    "offered": (State.OFFERED,),
    "waiting": (State.WAITING,),
    "known": MEMBERS,
    "noted": MEMBERS,
}
"""The kinds of letter that can be written anew, and in which states of a sign-up each still says what is so."""

NOT_ANEW = _(
    "What this letter said is not kept, so it cannot go out to the same address again: type another, or write to them"
    " yourself."
)
ELSEWHERE = _("What tells who they are is sealed: another address is typed where a key opens the answer.")
GONE = _("Somebody else decided about this letter meanwhile, or what it was about is not there any more.")
NOT_AS_IT_IS = _("The answer no longer fits its form: correct it on the page of the person, with the address.")
CORRECTED = _("The address is corrected: its owner gets a letter, and confirms from there.")


@dataclass(frozen=True)
class ReturnedLetter:
    """A letter that came back, or that cannot be delivered.

    Args:
        mail: the letter.
        form: the form that it is about.
        stored: the response that it is of.
        address: to whom it went; empty where what tells it is sealed.
        dead: whether it never went out, as a mail server refused it for good; what it said is kept then.
    """

    mail: ListedMail
    form: Form
    stored: StoredResponse
    address: str
    dead: bool = False

    @property
    def is_written_anew(self) -> bool:
        """Tell whether it can go out once more, and would still say what is so."""
        return self.dead or self.stored.state in WRITTEN_FOR.get(self.mail.kind, ())


@dataclass(frozen=True)
class ReturnedLetters:
    """Looks after the letters that came back.

    Each method raises `StoreUnavailable` where the database does not confirm what was asked.

    Args:
        retention: the store, and what tidies up.
        intake: writes letters, and hashes addresses.
        forms: those that are served.
        persons: finds people.
        origin: where people reach the service, for the links in letters.
    """

    retention: Retention
    intake: Intake
    forms: ServedForms
    persons: DataSubjects
    origin: str

    def find(self, mail_id: str) -> ReturnedLetter | None:
        """Find a letter that came back or is dead, to somebody who answered a form that is served; None for others."""
        outbox = self.retention.store.outbox
        mail = outbox.one(mail_id, "bounced")
        dead = None if mail else outbox.one(mail_id, "dead")
        mail = mail or dead
        served = self.forms.get(mail.form or "") if mail else None
        if mail is None or served is None or not served.form.address_field:
            return None
        stored = self.retention.store.browse.one(served.form.name, mail.response_id or "")
        if stored is None or self.retention.is_over(stored):
            return None
        address = stored.answers.get(served.form.address_field, "") or mail.recipient
        return ReturnedLetter(mail, served.form, stored, address, dead is not None)

    def send(self, letter: ReturnedLetter, typed: str = "") -> Saying:
        """Send a letter once more.

        Args:
            letter: the letter.
            typed: the right address; empty for the one that it went to. One that is not of whoever answered takes its
                place in the answers, as its owner could do on the receipt.

        Returns:
            What is done now.

        Raises:
            PersonProblem: it cannot be, and why.
        """
        address = address_of(typed or letter.address)
        if self._is_theirs(letter.stored, address):
            return self._anew(letter, address)
        if letter.form.address_field in letter.form.sealed_columns:
            raise PersonProblem(Saying(ELSEWHERE))
        return self._readdressed(letter, address)

    def _is_theirs(self, stored: StoredResponse, address: str) -> bool:
        hashes = {secret.address_hash(stored.form, address) for secret in self.intake.secret.all}
        return stored.address_hash in hashes

    def _anew(self, letter: ReturnedLetter, address: str) -> Saying:
        if letter.dead:
            if self.retention.store.outbox.again(letter.mail.id, self.retention.now()):
                return Saying(RESENT[Resent.WRITTEN])
            raise PersonProblem(Saying(GONE))
        if not letter.is_written_anew:
            raise PersonProblem(Saying(NOT_ANEW))
        today = self.retention.today
        done = self.retention.store.outbox.write_again(
            letter.mail.id,
            partial(self.intake.letter, letter.form, letter.mail.kind, self.origin),
            address,
            states=WRITTEN_FOR[letter.mail.kind],
            pseudonyms=self.intake.secret.mail_pseudonyms(today, address),
            day=today,
        )
        if done is Resent.WRITTEN:
            return Saying(RESENT[done])
        raise PersonProblem(Saying(GONE if done is Resent.ABSENT else RESENT[done]))

    def _readdressed(self, letter: ReturnedLetter, address: str) -> Saying:
        person = self.persons.find_known(letter.address)
        wanted = letter.stored.response_id
        held = next((one for one in person.held if one.holding.stored.response_id == wanted), None)
        if held is None:
            raise PersonProblem(Saying(GONE))
        form = form_to_correct(self.forms.get(letter.form.name), held.form, held.holding.stored)
        language = letter.stored.language if letter.stored.language in form.languages else form.language
        problems = correct_on_request(
            self.intake,
            self.retention,
            form,
            held,
            {**posted_of(form, held), form.address_field: [address]},
            language=language,
            origin=self.origin,
        )
        if problems:
            raise PersonProblem(Saying(NOT_AS_IT_IS))
        self.persons.answer("correct", person.address)
        return Saying(CORRECTED)
