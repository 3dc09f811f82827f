"""Mail as a way in: letters that hold a form become responses, by the same door as every other."""

from __future__ import annotations

from dataclasses import dataclass, replace

from forms import Form, Problem, Response, read_response
from forms.letters import Letter, read_letter
from forms.mail_reading import Copy, copies_of, holds_text, read_copy
from forms_server.errors import LetterProblem
from forms_server.intake import Intake, Receipt
from forms_server.served import ServedForm, ServedForms, form_of_version
from forms_server.store import Outcome
from forms_server.store.lifecycle import tombstone_of

Answers = dict[str, list[str]]


@dataclass(frozen=True)
class Imported:
    """What became of a letter that was read.

    Args:
        form: the form it answers.
        receipt: the receipt of its response; None where the response was erased since.
        is_new: whether the response was kept now, and not by an earlier import.
    """

    form: Form
    receipt: Receipt | None
    is_new: bool


@dataclass(frozen=True)
class MailImport:
    """Keeps the responses that come by mail.

    A response is known by its letter's Message-ID: however often a letter is read, it is kept once, and what was
    withdrawn does not come back.

    Args:
        intake: keeps them.
        forms: the forms that are served.
        origin: where the links in mails to those who sign up lead.
    """

    intake: Intake
    forms: ServedForms
    origin: str

    def keep(self, raw: bytes) -> Imported:
        """Keep the response in a letter.

        Raises:
            LetterProblem: it holds none that can be kept.
            StoreUnavailable: nobody knows whether it is kept; reading it again is safe.
        """
        letter = read_letter(raw)
        served, response = self._response(letter)
        form = served.form
        if form.is_closed(min(letter.received or self.intake.now(), self.intake.now())):
            raise LetterProblem("closed", form=form.name)
        key = f"mail:{letter.key}"
        response_id = self.intake.secret.letter_id(form.name, key)
        with self.intake.store.reading() as reading:
            if reading.is_buried(tombstone_of(form.name, response_id)):
                return Imported(form, None, False)
        outcome, receipt = self.intake.keep(form, response, key, "mail", origin=self.origin, response_id=response_id)
        if outcome in (Outcome.CONFLICT, Outcome.FULL):
            raise LetterProblem("other-answers" if outcome is Outcome.CONFLICT else "full", form=form.name)
        return Imported(form, receipt, outcome is Outcome.KEPT)

    def _response(self, letter: Letter) -> tuple[ServedForm, Response]:
        """Read what a letter says; where its HTML says the same as its text, the HTML has the true ends of lines."""
        read: list[tuple[ServedForm, Response]] = []
        problems: list[LetterProblem] = []
        for text in letter.texts:
            try:
                read.append(self._of_text(text))
            except LetterProblem as problem:
                problems.append(problem)
        if not read:
            raise max(problems, key=lambda problem: problem.code != "no-form", default=LetterProblem("no-form"))
        return read[-1] if _words(read[-1][1]) == _words(read[0][1]) else read[0]

    def _of_text(self, text: str) -> tuple[ServedForm, Response]:
        copies = [(copy, *self._of_copy(copy)) for copy in copies_of(text)]
        if not copies:
            raise LetterProblem("no-form")
        answered = [found for found in copies if found[2]]
        if not answered:
            raise LetterProblem("empty")
        copy, served, posted = answered[0]
        if any((other[0].form, other[2]) != (copy.form, posted) for other in answered):
            raise LetterProblem("several")
        response, problems = read_response(served.form, posted, copy.language)
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
        return served, replace(response, version=copy.version)

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
