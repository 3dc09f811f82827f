"""What editors decided about comments: which may be quoted, and in what words.

One file a form in the data folder, readable by its owner alone. A decision holds for the comment as it was: one
that its writer corrects is to be decided anew, and one that is withdrawn is quoted no more (`file_erasure`).
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from bacheca.forms import Form
from bacheca.forms.atomic_file import replaced
from bacheca.forms.catalogues import marked as _
from bacheca.forms.results.results import Quotation
from bacheca.forms.submission.redaction import suggest
from bacheca.forms.text import digest
from forms_server.errors import ServiceProblem
from forms_server.file_lock import alone_in
from forms_server.messages import Saying
from forms_server.store import Snapshot, StoredResponse


class ReviewProblem(ServiceProblem):
    """A comment that cannot be decided about."""


@dataclass(frozen=True)
class Comment:
    """A comment, and what to leave out of it.

    Args:
        response_id: the response it is part of.
        received_on: the day on which that came.
        field: the field.
        text: what was written.
        quotable: whether its writer lets us quote it.
        country: the code of the country that its form asks in.
        language: the language of the response.
        decision: `approved`, `rejected`, or nothing yet.
        quoted: the words that were approved.
    """

    response_id: str
    received_on: date
    field: str
    text: str
    quotable: bool
    country: str
    language: str
    decision: str = ""
    quoted: str = ""

    @cached_property
    def suggested(self) -> str:
        """The text without what may tell who somebody is; made when an editor asks, not when results are published."""
        return suggest(self.text, self.country, self.language)


class Reviews:
    """The decisions about the comments of a form.

    Args:
        folder: the data folder.
        form: the form.
    """

    def __init__(self, folder: Path, form: Form):
        self.path = folder / "reviews" / f"{form.name}.json"
        self.form = form

    def comments(self, snapshot: Snapshot) -> Iterator[Comment]:
        """Give every comment of the kept responses, the decision with it."""
        decided = self._read()
        for stored in _kept(snapshot, self.form):
            for name in quotable_fields(self.form):
                text = stored.answers.get(name, "")
                if text and text not in self.form.field(name).missing:
                    last = decided.get(f"{stored.response_id}/{name}", {})
                    last = last if last.get("of") == digest(text) else {}
                    yield Comment(
                        stored.response_id,
                        stored.received_on,
                        name,
                        text,
                        _agreed(self.form, stored, name),
                        self.form.field(name).country,
                        stored.language,
                        last.get("decision", ""),
                        last.get("quoted", ""),
                    )

    def approve(self, comment: Comment, words: str) -> None:
        """Let a comment be quoted.

        Raises:
            ReviewProblem: its writer did not agree to that, or there are no words.
        """
        if not comment.quotable:
            sentence = _("Whoever wrote {response} did not agree to be quoted: the comment can only be rejected.")
            raise ReviewProblem(Saying(sentence, response=comment.response_id))
        if not words.strip():
            raise ReviewProblem(Saying(_("There are no words to quote: reject the comment instead.")))
        self._decide(comment, "approved", words.strip())

    def reject(self, comment: Comment) -> None:
        """Keep a comment from being quoted."""
        self._decide(comment, "rejected", "")

    def quotations(self, snapshot: Snapshot, until: date) -> tuple[Quotation, ...]:
        """Give what may be quoted of the responses up to a day, in an order that tells nothing."""
        approved = (
            comment
            for comment in self.comments(snapshot)
            if comment.decision == "approved" and comment.received_on <= until
        )
        return tuple(sorted(Quotation(comment.field, comment.quoted) for comment in approved if comment.quotable))

    def responses(self) -> frozenset[str]:
        """Name the responses whose comments were decided about."""
        return frozenset(key.partition("/")[0] for key in self._read())

    def approved(self) -> frozenset[Quotation]:
        """Give all that was approved, whether it may still be quoted or not."""
        decided = self._read().items()
        return frozenset(
            Quotation(key.partition("/")[2], last["quoted"]) for key, last in decided if last["decision"] == "approved"
        )

    def forget_but(self, answers: Mapping[str, Mapping[str, str]]) -> bool:
        """Forget what was decided about comments that were erased or corrected since.

        Args:
            answers: the answers of the responses that are still there, by their ids.

        Returns:
            Whether there were any.
        """
        with alone_in(self.path.parent):
            decided = self._read()
            left = {key: last for key, last in decided.items() if last["of"] == _digest_of(key, answers)}
            if left != decided:
                self._write(left)
        return left != decided

    def _decide(self, comment: Comment, decision: str, quoted: str) -> None:
        entry = {"decision": decision, "quoted": quoted, "of": digest(comment.text)}
        with alone_in(self.path.parent):
            self._write(self._read() | {f"{comment.response_id}/{comment.field}": entry})

    def _write(self, decided: Mapping[str, Any]) -> None:
        with replaced(self.path) as file:
            json.dump(decided, file, ensure_ascii=False, indent=1)

    def _read(self) -> dict[str, Any]:
        try:
            found: dict[str, Any] = json.loads(self.path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        return found


def reviewed_forms(folder: Path) -> Collection[str]:
    """Name the forms of a data folder about whose comments something was decided."""
    return sorted(file.stem for file in (folder / "reviews").glob("*.json"))


def consents_to_quote(form: Form) -> Mapping[str, str]:
    """Give, for each field that may be quoted, the consent that allows it (`form:quotes`)."""
    return {name: asked.name for asked in form.fields for name in asked.quotes}


def quotable_fields(form: Form) -> list[str]:
    """Give the fields of free text that editors decide about."""
    return [asked.name for asked in form.fields if asked.privacy == "free-text"]


def _digest_of(key: str, answers: Mapping[str, Mapping[str, str]]) -> str | None:
    response_id, _, name = key.partition("/")
    return digest(answers[response_id].get(name, "")) if response_id in answers else None


def _agreed(form: Form, stored: StoredResponse, name: str) -> bool:
    consent = consents_to_quote(form).get(name)
    return consent is not None and stored.answers.get(consent) == "true"


def _kept(snapshot: Snapshot, form: Form) -> Iterator[StoredResponse]:
    for resource in sorted({version.resource for version in snapshot.versions(form.name)}):
        yield from snapshot.responses(form.name, resource)
