"""Correcting answers on their owner's request: the way that a receipt takes, gone by an editor."""

from __future__ import annotations

from bacheca.forms import Form, Problem, read_submission
from bacheca.forms.catalogues import marked as _
from bacheca.forms.kinds import Posted
from forms_server.errors import PersonProblem
from forms_server.form_registry import ServedForm
from forms_server.messages import Saying
from forms_server.privacy.data_subjects import Held
from forms_server.privacy.retention import Retention
from forms_server.store import Corrected, StoredResponse
from forms_server.submission.intake import Intake


def form_to_correct(served: ServedForm | None, answered: Form, stored: StoredResponse) -> Form:
    """Give the form on which a response is corrected: today's, while it goes into the same file; else as answered."""
    return served.form if served and stored.version in served.accepted else answered


def posted_of(form: Form, held: Held) -> Posted:
    """Give the answers of a response as a browser would post them, what is sealed only where a key opened it."""
    return {name: values for field in form.fields for name, values in field.posted(held.cells).items()}


def correct_on_request(
    intake: Intake, retention: Retention, form: Form, held: Held, posted: Posted, *, language: str, origin: str
) -> tuple[Problem, ...]:
    """Replace the answers of a response on the word of its owner.

    Consents are given by their owner alone: they can be taken back here, and those that stand keep their text and
    their moment. Another address has to be confirmed from there, as on a receipt.

    Args:
        intake: what keeps answers.
        retention: what tidies up afterwards.
        form: the form to correct them on.
        held: the response.
        posted: what its answers are to be, as a browser posts them.
        language: a language of the form.
        origin: where the service is, for the links in mails.

    Returns:
        What is wrong with the answers; they are kept where nothing is.

    Raises:
        PersonProblem: a consent would be given, no place is left, or the response is not there any more.
        StoreUnavailable: nobody knows whether they are kept; doing it again is safe.
    """
    response, problems = read_submission(form, posted, language)
    if problems:
        return problems
    standing = {one.field for one in held.holding.consents if not (one.withdrawn_at or one.withdrawn_on)}
    for given in response.agreements:
        if given.field not in standing:
            title = form.field(given.field).words[language].title
            sentence = _("A consent is given by its owner alone: leave “{field}” as it was.")
            raise PersonProblem(Saying(sentence, field=title))
    outcome = intake.correct(form, held.holding.stored, None, response, origin=origin, oldest=retention.oldest_pending)
    if outcome is Corrected.FULL:
        raise PersonProblem(Saying(_("No place is left for what was chosen: the answers stay as they were.")))
    if outcome is Corrected.CHANGED:
        raise PersonProblem(Saying(_("This answer was corrected meanwhile: look at how it stands now.")))
    if outcome is Corrected.ABSENT:
        raise PersonProblem(Saying(_("This answer is not there any more.")))
    retention.tidy()
    return ()
