"""The first page: how each form stands, what waits for a decision, and how the service does."""

from __future__ import annotations

from collections import Counter
from datetime import date

from flask import Response

from bacheca.forms.catalogues import marked as _
from forms_server.accounts.roles import Right
from forms_server.desk.frame.pages import said_day
from forms_server.desk.frame.screen import Screen
from forms_server.desk.frame.visit import Visit
from forms_server.messages import say as say_of_service
from forms_server.operations.health import Sign, signs_of
from forms_server.publishing.overview import DAYS_OF_GROWTH, FormStanding, published_standing_of, standing_of

SCREEN = Screen("home", Right.COUNTS, called=_("The desk"), icon="board")


@SCREEN.get("/")
def show(visit: Visit) -> Response:
    """Show it."""
    service = visit.service
    signs = signs_of(service.store, service.settings, service.retention.today, visit.now())
    standings = [_standing(visit, name) for name in visit.forms]
    states = Counter(standing.state for standing in standings)
    wanted = visit.asked("state")
    wanted = wanted if wanted in states else ""
    return visit.page(
        "home.html",
        visit.say("The desk"),
        today=service.retention.today,
        waiting=[found for waiting in visit.waiting.values() for found in waiting],
        signs=[_said(visit, sign) for sign in signs],
        standings=[standing for standing in standings if wanted in ("", standing.state)],
        states=states,
        wanted=wanted,
        may_copy=visit.may(Right.RESTORING),
    )


def _standing(visit: Visit, name: str) -> FormStanding:
    """Count a form; whoever may read no answer is shown what everybody may see."""
    service, form = visit.service, visit.forms[name]
    if visit.may(Right.ANSWERS):
        return standing_of(service.store, form, visit.now, growth=DAYS_OF_GROWTH)
    return published_standing_of(service.settings.data, form, visit.now)


def _said(visit: Visit, sign: Sign) -> dict[str, object]:
    values = {
        name: said_day(value, visit.language) if isinstance(value, date) else value
        for name, value in sign.values.items()
    }
    return {
        "key": sign.name,
        "name": say_of_service(sign.called, visit.language),
        "well": sign.well,
        "sentence": say_of_service(sign.sentence, visit.language, **values),
    }
