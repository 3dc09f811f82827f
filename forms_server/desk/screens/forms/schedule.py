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
from forms_server.store.lifecycle import State

SCREEN = Screen("schedule", Right.PUBLISHING, part=Part(_("Dates"), "/forms/{name}/dates/", served=True))


@SCREEN.get("/forms/<name>/dates/")
def show(visit: Visit, name: str) -> Response:
    """Show what its file says, and what holds."""
    return _page(visit, name)


@SCREEN.post("/forms/<name>/dates/close", command="schedule", fresh=True)
def close(visit: Visit, name: str) -> Response:
    """Take no more answers."""
    form = visit.forms.get(name)
    lost = _(
        "Waiting for a place: {count}. In an hour they are told that there is none, and their sign-ups are erased. If"
        " the form opens again before that, they keep their turn."
    )
    asked = form and _sure(visit, form, lost, visit.say("Close now"))
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


@SCREEN.post("/forms/<name>/dates/file", command="schedule", fresh=True)
def follow_file(visit: Visit, name: str) -> Response:
    """Go by what its file says again."""
    form, filed = visit.forms.get(name), visit.service.forms.filed.get(name)
    lost = _(
        "Waiting for a place: {count}. They are told at once that there is none, and their sign-ups are erased, even if"
        " the form opens again."
    )
    closes = form and filed and filed.form.is_closed(visit.now())
    asked = _sure(visit, form, lost, visit.say("Go by those dates")) if form and closes else None
    return asked or _do(visit, name, lambda scheduler, filed: scheduler.follow_file(filed))


def _sure(visit: Visit, form: Form, lost: str, button: str) -> Response | None:
    """Ask once more before a form closes; say how many lose their turn."""
    waiting = visit.service.store.counts(form.name).get(State.WAITING, 0)
    return visit.sure(
        visit.say("Close “{form}” now?", form=form.wording(visit.language).title),
        visit.say("Nobody can answer from this moment on."),
        button,
        back=_home(form.name),
        parts=[visit.say(lost, count=waiting)] if waiting else [],
    )


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
    return visit.go(f"{_home(name)}?done=yes")


def _page(visit: Visit, name: str, *, problem: str = "") -> Response:
    service = visit.service
    if name not in service.forms:
        return visit.no_form()
    form, now = service.forms[name].form, visit.now()
    return visit.page(
        "forms/schedule.html",
        form.wording(visit.language).title,
        part="Dates",
        status=422 if problem else 200,
        problem=problem,
        done=bool(visit.asked("done")),
        form=form,
        filed=service.forms.filed[name].form,
        was_set=name in service.forms.schedules,
        early=form.is_early(now),
        closed=form.is_closed(now),
        today=service.retention.today,
        home=_home(name),
    )
