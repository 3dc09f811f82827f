"""Results for everybody: what would be shown and what is hidden, and why; then publish them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from flask import Response

from bacheca.forms import Form
from bacheca.forms.catalogues import marked as _
from bacheca.forms.results.results import BLANK, Results, Row
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
    """A line of the preview: an answer, its count, and the count that is published now; empty where one is hidden.

    `sides` are the words of the answer, or of those to two questions that are crossed.
    """

    sides: tuple[str, ...]
    value: str
    published: str

    @property
    def label(self) -> str:
        """What stands before the count."""
        return ", ".join(self.sides)


@dataclass(frozen=True)
class Question:
    """A question of the preview, or two that are crossed.

    Args:
        title: what it asks.
        lines: its answers.
        crosses: whether it is two.
    """

    title: str
    lines: Sequence[Line]
    crosses: bool

    @property
    def told(self) -> Sequence[Line]:
        """The answers whose count is shown."""
        return [line for line in self.lines if line.value]

    @property
    def hidden(self) -> Sequence[Line]:
        """Those whose count is not."""
        return [line for line in self.lines if not line.value]

    @property
    def hidden_pairs(self) -> Sequence[tuple[str, str]]:
        """Those of two questions: each answer to the first with all answers to the second that are hidden beside it."""
        rows = groupby(self.hidden, key=lambda line: line.sides[0])
        return [(first, ", ".join(line.sides[-1] for line in of_it)) for first, of_it in rows]


@dataclass(frozen=True)
class Difference:
    """What would change in the numbers that are published: how many come, are others, and are hidden again."""

    come: int
    others: int
    hidden: int


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
    would = found.results if found else None
    questions = _questions(visit, form, would, shown) if would else []
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
        would=would,
        becomes=_said(visit, found) if found else "",
        counted=would and would.value("responses"),
        questions=questions,
        numbers=sum(len(one.told) for one in questions),
        hidden=sum(len(one.hidden) for one in questions),
        difference=_difference(would, shown) if would and shown else None,
        quoted=len(would.quotations) if would else 0,
        home=f"{DESK}/forms/{name}/results/",
    )


def _said(visit: Visit, found: Prospect) -> str:
    attempt = found.attempt
    return visit.say(BECOMES[attempt.became], new=attempt.new, needed=attempt.needed)


def _questions(visit: Visit, form: Form, would: Results, shown: Results | None) -> list[Question]:
    """Give each question with its counts, the hidden ones empty; crossed ones under both questions."""
    language = form.spoken(visit.language)
    before = _counts(shown) if shown else {}
    rows = [row for row in would.rows if row.measure == "count"]
    told = []
    for (name, crossed), of_question in groupby(rows, key=lambda row: (row.field, row.crossed_field)):
        title = " × ".join(form.field(one).words[language].title for one in (name, crossed) if one)
        lines = [Line(_sides(form, row, language), row.value, before.get(row.place, "")) for row in of_question]
        told.append(Question(title, lines, bool(crossed)))
    return told


def _difference(would: Results, shown: Results) -> Difference:
    before, after = _counts(shown), _counts(would)
    come = sum(1 for place, value in after.items() if value and not before.get(place))
    others = sum(1 for place, value in after.items() if value and before.get(place) not in ("", None, value))
    hidden = sum(1 for place, value in before.items() if value and not after.get(place))
    return Difference(come, others, hidden)


def _counts(results: Results) -> Mapping[tuple[str, ...], str]:
    return {row.place: row.value for row in results.rows if row.measure == "count"}


def _sides(form: Form, row: Row, language: str) -> tuple[str, ...]:
    sides = [(row.field, row.category), (row.crossed_field, row.crossed_category)]
    return tuple(form.field(name).label("" if code == BLANK else code, language) for name, code in sides if name)
