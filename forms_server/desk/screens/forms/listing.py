"""Every form of which there are answers or may be, those included whose file is gone."""

from __future__ import annotations

from flask import Response

from bacheca.forms.catalogues import marked as _
from forms_server.accounts.roles import Right
from forms_server.desk.frame.screen import Screen
from forms_server.desk.frame.visit import DESK, Visit
from forms_server.known_forms import last_definitions
from forms_server.publishing.overview import standing_of

SCREEN = Screen("forms", Right.ANSWERS, called=_("Forms"), icon="form", home="/forms/")


@SCREEN.get("/forms/")
def show(visit: Visit) -> Response:
    """List them."""
    store, served = visit.service.store, visit.forms
    gone, _unreadable = last_definitions(store, served)
    return visit.page(
        "forms/listing.html",
        visit.say("Forms"),
        rows=[
            {
                "standing": standing_of(store, form, visit.now),
                "gone": form.name in gone,
                "parts": visit.parts(form),
                "address": f"{DESK}/forms/{form.name}/",
            }
            for form in (*served.values(), *gone.values())
        ],
    )
