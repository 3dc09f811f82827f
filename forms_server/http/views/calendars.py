"""`event.ics`, `opens.ics` and `closes.ics` of `/forms/NAME/`: what people put into their calendars."""

from __future__ import annotations

from flask import Blueprint, Response

from bacheca.forms.calendars.entries import closing_of, entry_of, opening_of
from bacheca.forms.calendars.files import Entry, calendar_file
from forms_server.context import Service
from forms_server.http.pages import address
from forms_server.http.views.forms import asked_language, origin_of_request


def calendar_views(service: Service) -> Blueprint:
    """Make the views of the calendar files."""
    views = Blueprint("calendars", __name__, url_prefix="/forms")

    def calendar(entry: Entry, language: str) -> Response:
        file = calendar_file(
            [entry],
            maker=service.pages.shell.portal.name,
            language=language,
            name=entry.title,
            made_at=service.intake.now(),
        )
        return Response(file, content_type="text/calendar; charset=utf-8")

    def whole_address(name: str, language: str) -> str:
        return f"{service.settings.public_url or origin_of_request()}{address(name)}?lang={language}"

    @views.get("/<name>/event.ics")
    def event(name: str) -> Response:
        served = service.forms.get(name)
        language = asked_language(service, served)
        found = service.pages.shell.portal.event(name, language)
        if served is None or found is None:
            return service.pages.obstacle("not-found", language)
        return calendar(entry_of(found), language)

    @views.get("/<name>/opens.ics")
    def opens(name: str) -> Response:
        served = service.forms.get(name)
        language = asked_language(service, served)
        if served is None or served.form.opens is None:
            return service.pages.obstacle("not-found", language)
        return calendar(opening_of(served.form, language, whole_address(name, language)), language)

    @views.get("/<name>/closes.ics")
    def closes(name: str) -> Response:
        served = service.forms.get(name)
        language = asked_language(service, served)
        if served is None or served.form.closes is None:
            return service.pages.obstacle("not-found", language)
        return calendar(closing_of(served.form, language, whole_address(name, language)), language)

    return views
