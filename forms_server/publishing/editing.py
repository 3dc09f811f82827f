"""Deciding about comments, whoever does it and wherever: what was decided stays until somebody takes it back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bacheca.forms import Form
from bacheca.forms.catalogues import marked as _
from bacheca.forms.results.results import Quotation
from forms_server.messages import Saying
from forms_server.publishing.quotations import APPROVED, REJECTED, Comment, ReviewProblem, Reviews
from forms_server.publishing.results import drop_quotations, published

DECIDED_BEFORE = {
    APPROVED: _("This comment was approved before: {words}. `undecide` takes that back."),
    REJECTED: _("This comment was rejected before. `undecide` takes that back."),
}


def _nothing() -> None:
    """Write nothing down."""


@dataclass(frozen=True)
class Editing:
    """Decides about the comments of a form.

    Each decision takes the comment as somebody looked at it, and raises `DecidedMeanwhile` where another one decided
    since: nothing is written over. `note` writes down that it is done, just before it is.

    Args:
        folder: the data folder.
        form: the form.
        now: the time, with its zone.
    """

    folder: Path
    form: Form
    now: Callable[[], datetime]

    @property
    def reviews(self) -> Reviews:
        """What was decided."""
        return Reviews(self.folder, self.form)

    def shown(self) -> frozenset[Quotation]:
        """Give the quotations that everybody can read now."""
        results = published(self.folder, self.form)
        return frozenset(results.quotations) if results else frozenset()

    def is_shown(self, comment: Comment) -> bool:
        """Tell whether a comment is approved and everybody can read it now."""
        return comment.decision == APPROVED and Quotation(comment.field, comment.quoted) in self.shown()

    def approve(self, comment: Comment, words: str, note: Callable[[], None] = _nothing) -> None:
        """Let a comment be quoted in some words, once results are published again.

        Raises:
            ReviewProblem: something was decided before, its writer did not agree, or there are no words.
        """
        _refuse_decided(comment)
        self.reviews.approve(comment, words, note)

    def reject(self, comment: Comment, note: Callable[[], None] = _nothing) -> None:
        """Keep a comment from being quoted; one that everybody can read goes from the published results at once.

        Raises:
            ReviewProblem: something was decided before, and it is not published.
        """
        if not self.is_shown(comment):
            _refuse_decided(comment)
        self.reviews.reject(comment, note)
        drop_quotations(self.folder, self.form, self.reviews.approved(), self.now())

    def undo(self, comment: Comment, note: Callable[[], None] = _nothing) -> None:
        """Let a comment wait for a decision again.

        Raises:
            ReviewProblem: nothing was decided, or everybody can read it already.
        """
        if not comment.decision:
            raise ReviewProblem(Saying(_("Nothing was decided about this comment.")))
        if self.is_shown(comment):
            sentence = _("This comment is published, and can only be rejected: it is then taken out of the results.")
            raise ReviewProblem(Saying(sentence))
        self.reviews.undo(comment, note)


def _refuse_decided(comment: Comment) -> None:
    if comment.decision:
        raise ReviewProblem(Saying(DECIDED_BEFORE[comment.decision], words=comment.quoted))
