"""What people may ask of us about themselves: what we hold, a copy of it, its erasure (GDPR 15, 17, 20, 7.1)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from bacheca.forms import Form
from bacheca.forms.catalogues import marked as _
from bacheca.forms.kinds.contact import Email
from forms_server.crypto.sealing import Keyring
from forms_server.crypto.tokens import Secret, new_reference
from forms_server.errors import PersonProblem, SealProblem
from forms_server.form_registry import form_of_version
from forms_server.messages import Saying
from forms_server.privacy.retention import Retention
from forms_server.store import Store, StoredResponse
from forms_server.store.subject_access import SHARES, AuditRecord, Holding, LetterHeld, Sought

AUDITED = ":audit"
"""Stands for a form where addresses are hashed for the audit: no form can be called so."""

ANSWERS = {
    "evidence": ("access",),
    "export": ("access", "copy"),
    "correct": ("correction",),
    "erase": ("access", "copy", "correction", "erasure", "objection"),
}
"""Which requests each thing answers that is done for somebody: nothing is open any more of whoever is erased."""

BEGUN = "erase-begun"
"""What the audit calls an erasure that has not ended."""

AUDIT_KEPT = timedelta(days=5 * 365)
"""How long the audit remembers: as long as a fine could still come (law 689/1981, article 28)."""


@dataclass(frozen=True)
class Held:
    """A response of somebody's.

    Args:
        holding: the response, with all that is kept beside it.
        form: the form as it was answered.
        cells: its answers; those that are sealed only where a key opened them.
        is_open: whether nothing of it stays sealed.
        reference: the code by which its owner knows it, from the receipt.
    """

    holding: Holding
    form: Form
    cells: Mapping[str, str]
    is_open: bool
    reference: str = ""


@dataclass(frozen=True)
class Mention:
    """A field of a response, not known to be the person's own, in which the address is written."""

    form: str
    response_id: str
    field: str


@dataclass(frozen=True)
class DataSubject:
    """All that is held under an address, and where else it is mentioned.

    Args:
        address: whose it is.
        held: the responses.
        mentions: where else the address stands.
        letters: the mail to the address that is of none of the responses.
        shut: the forms with sealed answers of others that no key opened, so that nobody knows whether they mention it;
            empty where answers were not looked through at all.
    """

    address: str
    held: tuple[Held, ...]
    mentions: tuple[Mention, ...]
    letters: tuple[LetterHeld, ...] = ()
    shut: tuple[str, ...] = ()

    @property
    def is_held(self) -> bool:
        """Whether anything is."""
        return bool(self.held or self.letters)

    @property
    def counts(self) -> Mapping[str, int]:
        """How many responses to each form."""
        return dict(sorted(Counter(held.form.name for held in self.held).items()))

    @property
    def ids(self) -> frozenset[str]:
        """The ids of the responses that are theirs or mention them."""
        theirs = {held.holding.stored.response_id for held in self.held}
        return frozenset(theirs | {mention.response_id for mention in self.mentions})


@dataclass(frozen=True)
class Look:
    """How far all answers were looked through for somebody, in parts of `SHARES`, and what is known of them so far."""

    person: DataSubject
    done: int

    @property
    def is_whole(self) -> bool:
        """Whether nothing is left to look through."""
        return self.done >= SHARES

    @property
    def percent(self) -> int:
        """How much was looked through, in percent."""
        return 100 * self.done // SHARES


class DataSubjects:
    """Finds what is held of somebody, and erases it.

    Args:
        retention: the store, and what erases.
        secret: what addresses are compared by.
        keys: what opens sealed answers, where there is any.
        new_id: makes the random id of an audit record, which whoever asked may read out.
        by: the account that asks for it; empty where a command does.
    """

    def __init__(
        self,
        retention: Retention,
        secret: Secret,
        keys: Keyring | None = None,
        new_id: Callable[[], str] = new_reference,
        by: str = "",
    ):
        self._retention = retention
        self._secret = secret
        self._keys = keys or Keyring()
        self._new_id = new_id
        self._by = by
        self._forms: dict[tuple[str, str], Form] = {}

    def find(self, address: str) -> DataSubject:
        """Find a person's responses to all forms: by the address they gave, whatever the case of its letters.

        Every answer is looked through, also for where it is only mentioned.

        Raises:
            PersonProblem: this is no e-mail address.
        """
        return self._find(address_of(address), text=True)

    def find_known(self, address: str) -> DataSubject:
        """Find at once what is known by the address that was given to a form for its owner; look through no answer.

        Raises:
            PersonProblem: this is no e-mail address.
        """
        return self._find(address_of(address), text=False)

    def look_through(self, address: str, done: int, found: Sequence[str], until: Callable[[], bool]) -> Look:
        """Look through all answers as `find` does, part by part, as long as there is time.

        Args:
            address: whose they are.
            done: how many of `SHARES` parts were looked through before.
            found: the ids of what was found in these.
            until: tells whether the time is over; one part is looked through in any case.

        Raises:
            PersonProblem: this is no e-mail address.
        """
        address = address_of(address)
        ids = set(found)
        person = self._find(address, text=True, ids=sorted(ids), share=done)
        done += 1
        while done < SHARES and not until():
            ids |= person.ids
            person = self._find(address, text=True, ids=sorted(ids), share=done)
            done += 1
        return Look(person, done)

    def _find(self, address: str, *, text: bool, ids: Sequence[str] = (), share: int | None = None) -> DataSubject:
        mentions: list[Mention] = []
        unopened: set[str] = set()

        def is_theirs(stored: StoredResponse) -> bool:
            if stored.address_hash in [secret.address_hash(stored.form, address) for secret in self._secret.all]:
                return True
            form, (cells, is_open) = self._form(stored), self._cells(stored)
            named = [
                field
                for field in form.fields
                for column in field.columns
                if address.casefold() in cells.get(column.name, "").casefold()
            ]
            theirs = any(
                field.is_mail_address and cells.get(field.name, "").casefold() == address.casefold() for field in named
            )
            if not theirs:
                if not is_open:
                    unopened.add(stored.form)
                mentions.extend(Mention(stored.form, stored.response_id, field.name) for field in named)
            return theirs

        held = [
            Held(holding, self._form(holding.stored), *self._cells(holding.stored), self._reference(holding.stored))
            for holding in self._store.subject_access.find(is_theirs, self._sought(address, text, ids, share))
        ]
        theirs = {one.holding.stored.response_id for one in held}
        letters = tuple(letter for letter in self._letters(address) if letter.response_id not in theirs)
        if text and share is None and not self._keys.identities:
            unopened = set(self._store.subject_access.sealed_forms(but=theirs))
        return DataSubject(address, tuple(held), tuple(mentions), letters, tuple(sorted(unopened)))

    def _letters(self, address: str) -> list[LetterHeld]:
        known = address.casefold()
        return self._store.subject_access.letters_to(_searched(address), lambda to: to.casefold() == known)

    def _sought(self, address: str, text: bool, ids: Sequence[str], share: int | None) -> Sought:
        hashes = {
            form: [secret.address_hash(form, address) for secret in self._secret.all] for form in self._store.forms()
        }
        return Sought(hashes, _searched(address) if text else None, bool(self._keys.identities), ids, share)

    def erase(self, person: DataSubject) -> AuditRecord:
        """Erase a person's responses, with their consents, links, history and mail, and write it down.

        Raises:
            OSError: a withdrawal cannot be written down; those before it are erased.
            StoreUnavailable: nobody knows whether all is erased; asking again is safe.
        """
        # Written down first, and called done last: whoever asks again after a kill finishes it, under the same name.
        before = self._begun(person.address)
        begun = self._record(BEGUN, person)
        if before:
            counts = {
                form: max(some.get(form, 0) for some in (before.counts, begun.counts))
                for form in sorted({*before.counts, *begun.counts})
            }
            begun = replace(begun, id=before.id, counts=counts)
        self._note(begun)
        for held in person.held:
            self._retention.withdraw(held.holding.stored)
        self._retention.erase_letters([letter.id for letter in self._letters(person.address)])
        self.answer("erase", person.address)
        done = replace(begun, action="erase", done_at=self._retention.now())
        self._note(done)
        return done

    def is_unfinished(self, address: str) -> bool:
        """Tell whether somebody asked to be erased or an erasure of theirs was begun, and none has ended since."""
        asked = self._store.requests.open_of(self.subjects(address), ["erasure"])
        return bool(asked or self._begun(address))

    def _begun(self, address: str) -> AuditRecord | None:
        records = list(self._store.subject_access.audits(*self.subjects(address)))
        return next((record for record in records if record.action == BEGUN), None)

    def note(self, action: str, person: DataSubject) -> AuditRecord:
        """Write down what was done for a person, without saying who it was; what they asked for by it is closed."""
        record = self._record(action, person)
        self._note(record)
        self.answer(action, person.address)
        return record

    def _record(self, action: str, person: DataSubject) -> AuditRecord:
        subject, key = self.subjects(person.address)[0], self._secret.name(AUDITED)
        return AuditRecord(self._new_id(), self._retention.now(), action, subject, person.counts, key)

    def _note(self, record: AuditRecord) -> None:
        self._store.subject_access.note(record, record.done_at - AUDIT_KEPT)

    def answer(self, action: str, address: str) -> None:
        """Close what somebody asked for and was answered by what was done, a key of `ANSWERS`."""
        asked = self._store.requests.open_of(self.subjects(address), ANSWERS[action])
        self._retention.close_requests(asked, "done", self._by)

    def subjects(self, address: str) -> list[str]:
        """Give what the audit knows a person by: the hash of the address by today's key, then by older ones."""
        return [secret.address_hash(AUDITED, address) for secret in self._secret.all]

    @property
    def _store(self) -> Store:
        return self._retention.store

    def _form(self, stored: StoredResponse) -> Form:
        key = (stored.form, stored.version)
        if key not in self._forms:
            self._forms |= {
                (stored.form, version.version): form_of_version(version)
                for version in self._store.versions(stored.form)
            }
        return self._forms[key]

    def _reference(self, stored: StoredResponse) -> str:
        return self._secret.named(stored.form, stored.secret_id).reference(stored.token_hash)

    def _cells(self, stored: StoredResponse) -> tuple[Mapping[str, str], bool]:
        if stored.sealed is None:
            return stored.answers, True
        try:
            return self._keys.cells(stored), True
        except SealProblem:
            return stored.answers, False


def _searched(address: str) -> str:
    """Give what an answer holds that mentions an address; a database folds the case of ASCII letters alone."""
    # What JSON writes otherwise than it is is not searched for.
    plain = re.findall(r'[^\x00-\x1f"\\\x7f-\U0010ffff]+', address)
    return max(plain, key=len, default="")


def address_of(text: str) -> str:
    """Read an e-mail address as forms keep it.

    Raises:
        PersonProblem: it is none.
    """
    reading = Email({"name": "address", "type": "string", "format": "email"}, {}).canonical(text, "en")
    if not isinstance(reading, str):
        sentence = _("{text} is not an e-mail address; write it as ada@example.org")
        raise PersonProblem(Saying(sentence, text=repr(text)))
    return reading
