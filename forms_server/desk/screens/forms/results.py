"""Results for everybody: what would be shown and what is hidden, and why; then publish them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from flask import Response

from bacheca.forms import Form
from bacheca.forms.catalogues import marked as _
from bacheca.forms.results.results import BLANK, Row
from forms_server.accounts.roles import Right
from forms_server.desk.frame.screen import Part, Screen
from forms_server.desk.frame.visit import DESK, Visit
from forms_server.errors import JobTaken, ServiceProblem
from forms_server.publishing.results import Prospect, Publication, prospect, publish, published
from forms_server.store.lifecycle import State

SCREEN = Screen(
    "results",
    Right.PUBLISHING,
    part=Part(_("Results"), "/forms/{name}/results/", suits=lambda form: form.publishes_results, served=True),
)

MOST = 50_000
"""The most answers that are counted while somebody waits for the page; the night's job counts any number."""

BECOMES = {
    Publication.PUBLISHED: _("Results can be published now: this is what everybody would see."),
    Publication.SAME: _("Nothing has come since what is shown now: publishing would change nothing."),
    Publication.SMALL: _(
        "{new} answers are new and {needed} are needed, so that nobody can be told from the difference: publishing"
        " would change nothing."
    ),
    Publication.HELD: _(
        "{new} answers are new, but not enough of each kind to show more without telling single ones: with {needed} new"
        " ones it is tried again."
    ),
    Publication.EARLY: "",
}
"""What people read of what publishing would do."""


@dataclass(frozen=True)
class Line:
    """A line of the preview: an answer and its count, or nothing where that is hidden."""

    label: str
    value: str


@SCREEN.get("/forms/<name>/results/")
def show(visit: Visit, name: str) -> Response:
    """Show what would be published."""
    return _page(visit, name)


@SCREEN.post("/forms/<name>/results/", command="publish-results")
def publish_now(visit: Visit, name: str) -> Response:
    """Publish."""
    form = visit.forms.get(name)
    if form is None or not form.publishes_results or _counted(visit, form) > MOST:
        return _page(visit, name)
    visit.note("publish", form=name)
    service = visit.service
    now = visit.now().astimezone(service.settings.community.zone)
    try:
        done = publish(service.store, form, service.settings.data, now, early=True)
    except JobTaken:
        return _page(
            visit, name, problem=visit.say("Results are being published at this moment: try again in a minute.")
        )
    except (ServiceProblem, OSError):
        return _page(visit, name, problem=visit.say("They could not be published. Tell whoever runs the service."))
    return _page(visit, name, done=done.became is Publication.PUBLISHED)


def _counted(visit: Visit, form: Form) -> int:
    return visit.service.store.counts(form.name).get(State.KEPT, 0)


def _page(visit: Visit, name: str, *, problem: str = "", done: bool = False) -> Response:
    service, form = visit.service, visit.forms.get(name)
    if form is None or not form.publishes_results:
        return visit.no_form()
    now = visit.now().astimezone(service.settings.community.zone)
    shown = published(service.settings.data, form)
    many = _counted(visit, form) > MOST
    found = None if many else prospect(service.store, form, service.settings.data, now)
    return visit.page(
        "forms/results.html",
        form.wording(visit.language).title,
        part="Results",
        status=503 if problem else 200,
        form=form,
        problem=problem,
        done=done,
        many=many,
        shown=shown,
        open_survey=form.kind == "survey" and not form.is_closed(now),
        would=found is not None and found.results is not None,
        becomes=_said(visit, found) if found else "",
        questions=_questions(visit, form, found) if found else [],
        quoted=len(found.results.quotations) if found and found.results else 0,
        home=f"{DESK}/forms/{name}/results/",
    )


def _said(visit: Visit, found: Prospect) -> str:
    attempt = found.attempt
    return visit.say(BECOMES[attempt.became], new=attempt.new, needed=attempt.needed)


def _questions(visit: Visit, form: Form, found: Prospect) -> list[tuple[str, list[Line]]]:
    """Give each question with its counts, the hidden ones empty; crossed ones under both questions."""
    language = form.spoken(visit.language)
    rows = [row for row in found.results.rows if row.measure == "count"] if found.results else []
    told = []
    for (name, crossed), of_question in groupby(rows, key=lambda row: (row.field, row.crossed_field)):
        titles = [form.field(one).words[language].title for one in (name, crossed) if one]
        told.append((" × ".join(titles), [Line(_label(form, row, language), row.value) for row in of_question]))
    return told


def _label(form: Form, row: Row, language: str) -> str:
    sides = [(row.field, row.category), (row.crossed_field, row.crossed_category)]
    return ", ".join(form.field(name).label("" if code == BLANK else code, language) for name, code in sides if name)
