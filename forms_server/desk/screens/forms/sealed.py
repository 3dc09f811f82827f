"""Sealed answers, opened in the browser: what is sealed goes out as it is, and the key stays with whoever has it."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date, timedelta

from flask import Response

from bacheca.forms.catalogues import marked as _
from bacheca.forms.kinds.cells.cell_types import CELL_TYPES
from bacheca.forms.package.formats.added_columns import REFERENCE_COLUMN, with_added
from bacheca.forms.package.formats.messages import CUT
from bacheca.forms.package.formats.messages import say as say_of_copies
from bacheca.forms.package.formats.package_reader import Variable, variables_of
from bacheca.forms.package.spreadsheets import FORMULA, FORMULA_AFTER, words_in_values
from forms_server.accounts.roles import Right
from forms_server.desk.frame.pages import ASKS_THE_DESK, ASSETS
from forms_server.desk.frame.screen import Part, Screen
from forms_server.desk.frame.visit import DESK, Visit
from forms_server.publishing.sealed_answers import SealedAnswers, sealed_answers

SCREEN = Screen(
    "sealed", Right.PEOPLE, part=Part(_("Sealed answers"), "/forms/{name}/sealed", suits=lambda form: form.sealed)
)

GOES_ON_FOR = timedelta(hours=1)
"""How long after a proof of who they are somebody's browser may fetch the rest of what is sealed."""


@SCREEN.get("/forms/<name>/sealed", fresh=True)
def show(visit: Visit, name: str) -> Response:
    """Show where to choose a key; no answer is on the page."""
    answers = sealed_answers(visit.service.store, visit.service.secret, name)
    if answers is None:
        return _not_there(visit)
    columns = with_added(variables_of(answers.versions, visit.language), answers.form.told_in(visit.language).language)
    page = visit.page(
        "forms/sealed.html",
        visit.say("Sealed answers"),
        form=answers.form,
        count=answers.count(),
        variables=json.dumps([described(one) for one in columns if not one.is_proof]),
        reference=REFERENCE_COLUMN,
        rules=json.dumps(_rules(answers, visit.language)),
        home=f"{DESK}/forms/{name}/sealed",
    )
    page.headers["Content-Security-Policy"] = ASKS_THE_DESK
    return page


@SCREEN.post("/forms/<name>/sealed/begin", command="export", fresh=True)
def begin(visit: Visit, name: str) -> Response:
    """Give the first answers, as they are sealed, and what the browser fetches the others with."""
    answers = sealed_answers(visit.service.store, visit.service.secret, name)
    if answers is None:
        return _not_there(visit)
    visit.note("sealed", form=name)
    ticket = visit.service.secret.challenge(_use(visit, name), int(visit.now().timestamp()))
    return _lines(answers.some(ticket=ticket))


@SCREEN.post("/forms/<name>/sealed/more", command="export")
def go_on(visit: Visit, name: str) -> Response:
    """Give more of them to the browser that has begun."""
    answers = sealed_answers(visit.service.store, visit.service.secret, name)
    if answers is None:
        return _not_there(visit)
    given_at = visit.service.secret.challenged_at(_use(visit, name), visit.field("ticket"))
    try:
        after = date.fromisoformat(visit.field("day")), visit.field("id")
    except ValueError:
        given_at = None
    if given_at is None or visit.now().timestamp() - given_at > GOES_ON_FOR.total_seconds():
        return visit.stop(
            visit.say("This was begun too long ago"),
            visit.say("Open the page of the sealed answers once more, and choose the key there."),
            status=403,
            back=f"{DESK}/forms/{name}/sealed",
        )
    return _lines(answers.some(after))


@SCREEN.post("/forms/<name>/sealed/file", command="export", fresh=True)
def take_along(visit: Visit, name: str) -> Response:
    """Give a file of all answers, as they are sealed."""
    answers = sealed_answers(visit.service.store, visit.service.secret, name)
    if answers is None:
        return _not_there(visit)
    visit.note("sealed", form=name)
    answer = Response(answers.lines(), mimetype="application/jsonl")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.sealed.jsonl"'
    return answer


@SCREEN.get("/assets/sealed.js")
def script(visit: Visit) -> Response:
    """Give the script that opens."""
    return Response((ASSETS / "sealed.js").read_text(encoding="utf-8"), mimetype="text/javascript")


@SCREEN.get("/assets/key.js")
def keys(visit: Visit) -> Response:
    """Give what both pages that open something do with a key."""
    return Response((ASSETS / "key.js").read_text(encoding="utf-8"), mimetype="text/javascript")


@SCREEN.get("/assets/age.min.js")
def library(visit: Visit) -> Response:
    """Give what it opens with: age, made by `tests/web/age.mjs`."""
    return Response((ASSETS / "age.min.js").read_text(encoding="utf-8"), mimetype="text/javascript")


def _use(visit: Visit, name: str) -> str:
    return f"sealed {name} {visit.session.token_hash}" if visit.session else ""


def _lines(text: str) -> Response:
    return Response(text, mimetype="application/jsonl")


def described(variable: Variable) -> dict[str, object]:
    """Give what a browser says a column by."""
    of_it = {key: asdict(variable)[key] for key in ("name", "title", "type", "labels", "missing")}
    if variable.agrees:
        of_it["labels"] |= {"": variable.labels["false"]}
    return of_it | {"number": CELL_TYPES[variable.type].is_number, "box": set(variable.labels) == {"0", "1"}}


def _rules(answers: SealedAnswers, language: str) -> dict[str, object]:
    """Give what the copy for Excel goes by, so that the script says none of it once more."""
    return {
        "formula": FORMULA,
        "after": FORMULA_AFTER,
        "words": sorted(words_in_values()),
        "cut": say_of_copies(CUT, answers.form.told_in(language).language, file="responses.csv"),
    }


def _not_there(visit: Visit) -> Response:
    return visit.stop(
        visit.say("No answers are sealed here"),
        visit.say("Only a form that is sealed has answers that a key opens."),
        status=404,
    )
