"""From when until when a form takes answers: close it now, open it again, prolong it, or go by its file again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from flask import Response

from bacheca.forms import Form
from bacheca.forms.catalogues import marked as _
from forms_server.accounts.roles import Right
from forms_server.desk.frame.screen import Part, Screen
from forms_server.desk.frame.visit import DESK, Visit
from forms_server.operations.schedule import ScheduleProblem, Scheduler

SCREEN = Screen("schedule", Right.PUBLISHING, part=Part(_("Dates"), "/forms/{name}/dates/"))


@SCREEN.get("/forms/<name>/dates/")
def show(visit: Visit, name: str) -> Response:
    """Show what its file says, and what holds."""
    return _page(visit, name)


@SCREEN.post("/forms/<name>/dates/close", command="schedule")
def close(visit: Visit, name: str) -> Response:
    """Take no more answers."""
    form = visit.forms.get(name)
    asked = form and visit.sure(
        visit.say("Close “{form}” now?", form=form.wording(visit.language).title),
        visit.say("Nobody can answer from this moment on. Whoever waits for a place is told that there is none."),
        visit.say("Close now"),
        back=_home(name),
    )
    return asked or _do(visit, name, lambda scheduler, filed: scheduler.close(filed))


@SCREEN.post("/forms/<name>/dates/open", command="schedule")
def open_again(visit: Visit, name: str) -> Response:
    """Take answers from now on, until a day where one is given."""
    said = visit.field("until")
    try:
        until = date.fromisoformat(said) if said else None
    except ValueError:
        return _page(visit, name, problem=visit.say("This is not a day: write it as 2027-06-30."))
    if until is None and not visit.field("endless"):
        return _page(visit, name, problem=visit.say("Say until which day it is to take answers."))
    return _do(visit, name, lambda scheduler, filed: scheduler.open(filed, until))


@SCREEN.post("/forms/<name>/dates/file", command="schedule")
def follow_file(visit: Visit, name: str) -> Response:
    """Go by what its file says again."""
    return _do(visit, name, lambda scheduler, filed: scheduler.follow_file(filed))


def _home(name: str) -> str:
    return f"{DESK}/forms/{name}/dates/"


def _do(visit: Visit, name: str, act: Callable[[Scheduler, Form], None]) -> Response:
    service = visit.service
    served = service.forms.filed.get(name)
    if served is None:
        return _page(visit, name)
    try:
        act(Scheduler(service.store, visit.now, visit.account.account_id), served.form)
    except ScheduleProblem as problem:
        return _page(visit, name, problem=problem.said(visit.language))
    service.forms.reschedule(service.store.schedules.all())
    return visit.go(_home(name))


def _page(visit: Visit, name: str, *, problem: str = "") -> Response:
    service = visit.service
    if name not in service.forms:
        return visit.no_form()
    form, now = service.forms[name].form, visit.now()
    return visit.page(
        "forms/schedule.html",
        form.wording(visit.language).title,
        status=422 if problem else 200,
        problem=problem,
        form=form,
        filed=service.forms.filed[name].form,
        was_set=name in service.forms.schedules,
        early=form.is_early(now),
        closed=form.is_closed(now),
        today=service.retention.today,
        home=_home(name),
    )
