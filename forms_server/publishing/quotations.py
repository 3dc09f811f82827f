"""What editors decided about comments: which may be quoted, and in what words.

One file a form in the data folder, readable by its owner alone. A decision holds for the comment as it was: one
that its writer corrects is to be decided anew, and one that is withdrawn is quoted no more (`file_erasure`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from itertools import islice
from pathlib import Path
from types import MappingProxyType
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
from forms_server.store.lifecycle import State

Place = tuple[date, str]
"""The day and the id of a response: where it stands among those of its form."""

APPROVED, REJECTED = "approved", "rejected"


class ReviewProblem(ServiceProblem):
    """A comment that cannot be decided about."""


class DecidedMeanwhile(ReviewProblem):
    """A comment about which somebody decided since it was looked at.

    Args:
        decision: `approved`, `rejected`, or nothing where a decision was taken back.
        quoted: the words that were approved.
    """

    def __init__(self, decision: str, quoted: str):
        super().__init__(Saying(_("Somebody else decided about this comment meanwhile: look at it again.")))
        self.decision, self.quoted = decision, quoted


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

    @property
    def mark(self) -> str:
        """A digest of the comment and its decision: another one whenever one of them is."""
        return digest("\n".join((self.decision, self.quoted, self.text)))


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
            yield from self._comments_of(stored, decided)

    def of(self, snapshot: Snapshot, response_id: str) -> list[Comment]:
        """Give the comments of a kept response, the decision with each; none where it is not there."""
        stored = snapshot.response(self.form.name, response_id)
        return list(self._comments_of(stored, self._read())) if stored and stored.state == State.KEPT else []

    def waiting(self, snapshot: Snapshot, after: Place | None = None, until: Place | None = None) -> Iterator[Comment]:
        """Give the comments that may be quoted and that nobody has decided about, the newest first.

        Args:
            snapshot: the store at one moment.
            after: the day and the id of the response whose comments were the last that are known.
            until: those of the last response that is looked at: where few have a comment, there are many without.
        """
        decided, consents = self._read(), consents_to_quote(self.form)
        fields = {name: self.form.field(name) for name in quotable_fields(self.form) if name in consents}
        asked = {name: consents[name] for name in fields}
        for response_id, day, language, texts in snapshot.texts(self.form.name, asked, after, until):
            for name, text in texts.items():
                if text and text not in fields[name].missing and not _last(decided, response_id, name, text):
                    yield Comment(response_id, day, name, text, True, fields[name].country, language)

    def decided(self, snapshot: Snapshot, start: int = 0) -> Iterator[Comment]:
        """Give the comments about which something was decided, the last decision first, from some number on."""
        decided = self._read()
        for key in islice(reversed(list(decided)), start, None):
            response_id, _, name = key.partition("/")
            stored = snapshot.response(self.form.name, response_id)
            if stored and stored.state == State.KEPT:
                yield from (one for one in self._comments_of(stored, decided) if one.field == name and one.decision)

    def _comments_of(self, stored: StoredResponse, decided: Mapping[str, Any]) -> Iterator[Comment]:
        for name in quotable_fields(self.form):
            text = stored.answers.get(name, "")
            if text and text not in self.form.field(name).missing:
                last = _last(decided, stored.response_id, name, text)
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

    def approve(self, comment: Comment, words: str, note: Callable[[], None] = lambda: None) -> None:
        """Let a comment be quoted.

        Args:
            comment: the comment, with the decision that it had when somebody looked at it.
            words: the words to quote.
            note: writes down that it is done, just before it is.

        Raises:
            ReviewProblem: its writer did not agree to that, or there are no words.
            DecidedMeanwhile: somebody else decided since; that stays.
        """
        if not comment.quotable:
            sentence = _("Whoever wrote {response} did not agree to be quoted: the comment can only be rejected.")
            raise ReviewProblem(Saying(sentence, response=comment.response_id))
        if not words.strip():
            raise ReviewProblem(Saying(_("There are no words to quote: reject the comment instead.")))
        self._decide(comment, note, {"decision": APPROVED, "quoted": words.strip()})

    def reject(self, comment: Comment, note: Callable[[], None] = lambda: None) -> None:
        """Keep a comment from being quoted; as `approve`."""
        self._decide(comment, note, {"decision": REJECTED, "quoted": ""})

    def undo(self, comment: Comment, note: Callable[[], None] = lambda: None) -> None:
        """Let a comment wait for a decision again; as `approve`."""
        self._decide(comment, note, None)

    def quotations(self, snapshot: Snapshot, until: date) -> tuple[Quotation, ...]:
        """Give what may be quoted of the responses up to a day, in an order that tells nothing."""
        approved = (
            comment
            for comment in self.comments(snapshot)
            if comment.decision == APPROVED and comment.received_on <= until
        )
        return tuple(sorted(Quotation(comment.field, comment.quoted) for comment in approved if comment.quotable))

    def responses(self) -> frozenset[str]:
        """Name the responses whose comments were decided about."""
        return frozenset(key.partition("/")[0] for key in self._read())

    def approved(self) -> frozenset[Quotation]:
        """Give all that was approved, whether it may still be quoted or not."""
        decided = self._read().items()
        return frozenset(
            Quotation(key.partition("/")[2], last["quoted"]) for key, last in decided if last["decision"] == APPROVED
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

    def _decide(self, comment: Comment, note: Callable[[], None], entry: Mapping[str, str] | None) -> None:
        with alone_in(self.path.parent):
            decided = self._read()
            last = _last(decided, comment.response_id, comment.field, comment.text)
            now = (last.get("decision", ""), last.get("quoted", ""))
            if now != (comment.decision, comment.quoted):
                raise DecidedMeanwhile(*now)
            note()
            key = f"{comment.response_id}/{comment.field}"
            left = {other: kept for other, kept in decided.items() if other != key}
            self._write(left | ({key: {**entry, "of": digest(comment.text)}} if entry else {}))

    def _write(self, decided: Mapping[str, Any]) -> None:
        with replaced(self.path) as file:
            json.dump(decided, file, ensure_ascii=False, indent=1)

    def _read(self) -> Mapping[str, Any]:
        try:
            seen = self.path.stat()
            return _decisions(self.path, seen.st_ino, seen.st_mtime_ns, seen.st_size)
        except FileNotFoundError:
            return {}


@lru_cache(maxsize=16)
def _decisions(path: Path, *_whichever: int) -> Mapping[str, Any]:
    """Read a file of decisions; one that is written anew is another."""
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return MappingProxyType(found)


def reviewed_forms(folder: Path) -> Collection[str]:
    """Name the forms of a data folder about whose comments something was decided."""
    return sorted(file.stem for file in (folder / "reviews").glob("*.json"))


def consents_to_quote(form: Form) -> Mapping[str, str]:
    """Give, for each field that may be quoted, the consent that allows it (`form:quotes`)."""
    return {name: asked.name for asked in form.fields for name in asked.quotes}


def quotable_fields(form: Form) -> list[str]:
    """Give the fields of free text that editors decide about: what is sealed nobody can read here."""
    return [
        asked.name for asked in form.fields if asked.privacy == "free-text" and asked.name not in form.sealed_fields
    ]


def _last(decided: Mapping[str, Any], response_id: str, name: str, text: str) -> Mapping[str, str]:
    """Give what was decided about a comment as it is written; nothing where it was corrected since."""
    last: Mapping[str, str] | None = decided.get(f"{response_id}/{name}")
    return last if last and last.get("of") == digest(text) else {}


def _digest_of(key: str, answers: Mapping[str, Mapping[str, str]]) -> str | None:
    response_id, _, name = key.partition("/")
    return digest(answers[response_id].get(name, "")) if response_id in answers else None


def _agreed(form: Form, stored: StoredResponse, name: str) -> bool:
    consent = consents_to_quote(form).get(name)
    return consent is not None and stored.answers.get(consent) == "true"


def _kept(snapshot: Snapshot, form: Form) -> Iterator[StoredResponse]:
    for resource in sorted({version.resource for version in snapshot.versions(form.name)}):
        yield from snapshot.responses(form.name, resource)
