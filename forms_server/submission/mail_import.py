"""Mail as a way in: letters that hold a form become responses, by the same door as every other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from bacheca.forms import NOTHING, Form, Problem, Response, read_submission
from bacheca.forms.errors import LetterRefused
from bacheca.forms.submission.mail_parser import Copy, copies_of, holds_text, read_copy
from bacheca.forms.submission.mime import Letter, read_letter
from bacheca.forms.text import digest
from forms_server.errors import LetterProblem, ServiceProblem
from forms_server.form_registry import ServedForm, ServedForms, form_of_version
from forms_server.store import Outcome
from forms_server.store.lifecycle import tombstone_of
from forms_server.submission.came_back import CameBackLetters
from forms_server.submission.intake import Intake, Receipt
from forms_server.submission.letter_marks import TYPED, marks_of

Answers = dict[str, list[str]]
HARMLESS = frozenset(("no-form", "automatic"))
"""Why letters are left where nobody has to look at them."""


@dataclass(frozen=True)
class Imported:
    """What became of a letter that was read.

    Args:
        form: the form it answers.
        receipt: the receipt of its response; None where the response was erased since, or came with another letter.
        is_new: whether the response was kept now, and not by an earlier import.
        is_copy: whether it only quotes or passes on another letter, which was read before.
    """

    form: Form
    receipt: Receipt | None
    is_new: bool
    is_copy: bool = False


@dataclass(frozen=True)
class Found:
    """A form in a letter: the letter, the form, what was answered, and how often it is quoted."""

    letter: Letter
    served: ServedForm
    response: Response
    depth: int


@dataclass(frozen=True)
class MailImport:
    """Keeps the responses that come by mail.

    A response is known by its letter's Message-ID and by what `letter_marks` says: however often a letter is read,
    quoted or passed on, it is kept once, and what was withdrawn does not come back.

    Args:
        intake: keeps them.
        forms: the forms that are served.
        origin: where the links in mails to those who sign up lead.
        read: reads the bytes of a letter.
    """

    intake: Intake
    forms: ServedForms
    origin: str
    read: Callable[[bytes], Letter] = read_letter

    def keep(self, raw: bytes) -> Imported:
        """Keep the response in a letter.

        Raises:
            LetterProblem: it holds none that can be kept.
            CameBack: it says that a letter of ours could not be delivered, which is noted.
            StoreUnavailable: nobody knows whether it is kept; reading it again is safe.
        """
        try:
            letter = self.read(raw)
            CameBackLetters(self.intake, self.forms).note(letter.bounces)
            found = self._found(letter)
        except LetterRefused as refused:
            raise LetterProblem("answers", problems=refused.problems) from refused
        except ServiceProblem:
            raise
        except Exception as error:  # a letter that nobody thought of is that letter's problem
            raise LetterProblem("unreadable", reason=type(error).__name__) from error
        return self._keep(found)

    def _keep(self, found: Found) -> Imported:
        form, letter, response = found.served.form, found.letter, found.response
        said, secrets = digest(dict(_words(response)[1])), self.intake.secret.all
        by_key = [marks_of(letter, found.depth, said, partial(one.letter_mark, form.name)) for one in secrets]
        asked = {mark for marks in by_key for mark in (marks.own, *marks.known, *marks.cited)}
        before = self.intake.store.letters.known(form.name, asked)
        was_read = any(marks.own in before for marks in by_key)
        if not was_read:
            if any(before & marks.known for marks in by_key):
                return Imported(form, None, False, is_copy=True)
            if any(before & marks.cited for marks in by_key) or found.depth > TYPED:
                raise LetterProblem("quoted", form=form.name)
        came = min(letter.received or self.intake.now(), self.intake.now())
        if not form.is_open(came):
            raise LetterProblem("early" if form.is_early(came) else "closed", form=form.name)
        key = f"mail:{letter.key}"
        response_id = self.intake.secret.letter_id(form.name, key)
        ids = [secret.letter_id(form.name, key) for secret in secrets]
        with self.intake.store.snapshot() as snapshot:
            if any(snapshot.is_buried(tombstone_of(form.name, one)) for one in ids):
                return Imported(form, None, False)
        if was_read:  # what was corrected since differs from what the letter says
            return Imported(form, self.intake.receipt_of(form.name, key), False)
        outcome, receipt = self.intake.keep(form, response, key, "mail", origin=self.origin, response_id=response_id)
        if outcome in (Outcome.CONFLICT, Outcome.FULL):
            raise LetterProblem("other-answers" if outcome is Outcome.CONFLICT else "full", form=form.name)
        self.intake.store.letters.add(form.name, by_key[0].left)
        return Imported(form, receipt, outcome is Outcome.KEPT)

    def _found(self, letter: Letter) -> Found:
        """Find the form in a letter, or in one that is attached to it."""
        if letter.is_automatic:
            raise LetterProblem("automatic")
        try:
            return self._in_texts(letter)
        except LetterProblem as problem:
            if problem.code != "no-form" or not letter.enclosed:
                raise
        found: list[Found] = []
        problems: list[LetterProblem] = []
        for enclosed in letter.enclosed:
            try:
                found.append(self._found(enclosed))
            except LetterProblem as problem:
                problems.append(problem)
        if len({each.letter.key for each in found}) > 1:
            raise LetterProblem("several")
        if not found:
            raise max(problems, key=lambda problem: problem.code not in HARMLESS)
        return found[0]

    def _in_texts(self, letter: Letter) -> Found:
        """Read what a letter says; where its HTML says the same as its text, the HTML has the true ends of lines."""
        read: list[Found] = []
        problems: list[LetterProblem] = []
        for text in letter.texts:
            try:
                read.append(Found(letter, *self._of_text(text)))
            except LetterProblem as problem:
                problems.append(problem)
        if not read:
            raise max(problems, key=lambda problem: problem.code != "no-form", default=LetterProblem("no-form"))
        return read[-1] if _words(read[-1].response) == _words(read[0].response) else read[0]

    def _of_text(self, text: str) -> tuple[ServedForm, Response, int]:
        copies = [(copy, *self._of_copy(copy)) for copy in copies_of(text)]
        if not copies:
            raise LetterProblem("no-form")
        answered = [found for found in copies if found[2]]
        if not answered:
            raise LetterProblem("empty")
        copy, served, posted = answered[0]
        if any((other[0].form, other[2]) != (copy.form, posted) for other in answered):
            raise LetterProblem("several")
        response, problems = read_submission(served.form, posted, copy.language)
        if any(problem.code == NOTHING for problem in problems):
            raise LetterProblem("empty")
        unread = [
            Problem(
                "mail-notice",
                field=given.field,
                values={"title": served.form.field(given.field).words[copy.language].title},
            )
            for given in response.agreements
            if not holds_text(copy, given.notice)
        ]
        if problems or unread:
            raise LetterProblem("answers", problems=(*problems, *unread))
        return served, replace(response, version=copy.version), copy.depth

    def _of_copy(self, copy: Copy) -> tuple[ServedForm, Answers]:
        served = self.forms.get(copy.form)
        if served is None or copy.language not in served.form.languages:
            raise LetterProblem("unknown-form", form=copy.form, language=copy.language)
        if copy.version not in served.accepted:
            raise LetterProblem("old-version", form=copy.form)
        posted, problems = read_copy(self._form_of(served, copy), copy)
        if "\ufffd" in copy.text:
            problems = (Problem("not-utf8"), *problems)
        if problems:
            raise LetterProblem("answers", problems=problems)
        return served, posted

    def _form_of(self, served: ServedForm, copy: Copy) -> Form:
        """Give the form as it was when the letter was written."""
        if copy.version == served.form.version:
            return served.form
        versions = self.intake.store.versions(copy.form)
        form = next(form_of_version(version) for version in versions if version.version == copy.version)
        return form if copy.language in form.languages else served.form


def _words(response: Response) -> tuple[str, dict[str, str]]:
    return response.form, {name: " ".join(cell.split()) for name, cell in response.cells.items()}
