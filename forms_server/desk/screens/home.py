"""The first page: how each form stands, what waits for a decision, and how the service does."""

from __future__ import annotations

from collections import Counter
from datetime import date

from flask import Response

from bacheca.forms import Form
from bacheca.forms.catalogues import marked as _
from forms_server.accounts.roles import Right
from forms_server.desk.frame.pages import said_day
from forms_server.desk.frame.screen import Screen
from forms_server.desk.frame.visit import Visit
from forms_server.known_forms import last_definitions
from forms_server.messages import say as say_of_service
from forms_server.operations.health import Sign, signs_of
from forms_server.publishing.overview import DAYS_OF_GROWTH, FormStanding, published_standing_of, standing_of

SCREEN = Screen("home", Right.COUNTS, called=_("The desk"), icon="board")

ASK = {
    "disk": _("The disk takes no more writing, so no answer can be kept: tell whoever runs the service."),
    "backup": _("None has been made for {count} days: ask an administrator of the desk to take a copy away."),
    "no-backup": _("never made: ask an administrator of the desk to take a copy away"),
    "waiting": _("Letters that have waited for more than a day: {count}. Tell whoever runs the service."),
    "dead": _("Letters that cannot be delivered: {count}. Ask the secretary to look at them."),
}
"""What is said of what is not well to whoever cannot mend it: whom to ask."""

LOOK = _("Letters that cannot be delivered: {count}. Look at them in Mail.")
"""What is said to whoever can."""

TAKE = {
    "backup": _("None has been made for {count} days: take one away here."),
    "no-backup": _("never made: take one away here"),
}
"""What is said of a missing backup to whoever has the button that makes it."""


@SCREEN.get("/")
def show(visit: Visit) -> Response:
    """Show it."""
    service = visit.service
    signs = signs_of(service.store, service.settings, service.retention.today, visit.now())
    standings = [_standing(visit, form) for form in visit.forms.values()]
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
        past=[] if wanted else _past(visit),
        states=states,
        wanted=wanted,
        may_copy=visit.may(Right.RESTORING),
    )


def _past(visit: Visit) -> list[FormStanding]:
    """Give how the forms stand whose file is gone, where anything is left of them."""
    gone, _unreadable = last_definitions(visit.service.store, visit.forms)
    return [standing for form in gone.values() if (standing := _standing(visit, form, growth=0)).has_anything]


def _standing(visit: Visit, form: Form, *, growth: int = DAYS_OF_GROWTH) -> FormStanding:
    """Count a form; whoever may read no answer is shown what everybody may see."""
    service = visit.service
    if visit.may(Right.ANSWERS):
        return standing_of(service.store, form, visit.now, growth=growth)
    return published_standing_of(service.settings.data, form, visit.now)


def _said(visit: Visit, sign: Sign) -> dict[str, object]:
    values = {
        name: said_day(value, visit.language) if isinstance(value, date) else value
        for name, value in sign.values.items()
    }
    sentence = say_of_service(sign.sentence, visit.language, **values)
    if sign.fault == "dead" and visit.may(Right.PEOPLE):
        sentence = visit.say(LOOK, **values)
    elif sign.fault in TAKE and visit.may(Right.RESTORING):
        sentence = visit.say(TAKE[sign.fault], **values)
    elif sign.fault and not visit.may(Right.RESTORING):
        sentence = visit.say(ASK[sign.fault], **values)
    return {
        "key": sign.name,
        "name": say_of_service(sign.called, visit.language),
        "well": sign.well,
        "sentence": sentence,
    }
