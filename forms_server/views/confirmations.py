"""`/forms/NAME/confirm/TOKEN`: the link in the mail of a sign-up. It opens a page; only its button confirms.

Programs that look through mail follow links: a GET must change nothing.
"""

from __future__ import annotations

import logging

from flask import Blueprint, Response, make_response, redirect, request

from forms_server.errors import StoreUnavailable
from forms_server.guard import Origin
from forms_server.pages import address
from forms_server.service import Service
from forms_server.store import Confirmation
from forms_server.store.lifecycle import State
from forms_server.views.forms import asked_language

log = logging.getLogger(__name__)


def confirmation_views(service: Service) -> Blueprint:
    """Make the views of the links that confirm."""
    views = Blueprint("confirmations", __name__, url_prefix="/forms")

    @views.get("/<name>/confirm/<token>")
    def ask(name: str, token: str) -> Response:
        served = service.forms.get(name)
        language = asked_language(served)
        if served is None:
            return service.pages.obstacle("no-link", language)
        try:
            with service.store.reading() as reading:
                stored = reading.find_to_confirm(name, service.secret.token_hash(name, token))
        except StoreUnavailable:
            return service.pages.obstacle("away", language)
        if stored and stored.state == State.KEPT:
            return service.pages.confirmed_before(served.form, language)
        if stored is None or stored.state != State.PENDING or service.retention.is_over(stored):
            return service.pages.obstacle("no-link", language, form=served.form)
        return service.pages.confirm(served.form, language, stored, here=f"{address(name)}/confirm/{token}")

    @views.post("/<name>/confirm/<token>")
    def confirm(name: str, token: str) -> Response:
        served = service.forms.get(name)
        language = asked_language(served)
        if service.guard.origin(request.headers, request.host, request.scheme) is Origin.REFUSE:
            return service.pages.obstacle("other-origin", language)
        if served is None:
            return service.pages.obstacle("no-link", language)
        token_hash = service.secret.token_hash(name, token)
        try:
            outcome = service.store.people.confirm(
                name, token_hash, service.retention.oldest_pending, service.intake.now()
            )
            with service.store.reading() as reading:
                stored = reading.find_to_confirm(name, token_hash)
        except StoreUnavailable as error:
            log.error("a confirmation could not be kept", extra={"code": error.code})
            return service.pages.obstacle("away", language)
        if outcome is Confirmation.UNKNOWN or stored is None:
            return service.pages.obstacle("no-link", language, form=served.form)
        if outcome is Confirmation.KNOWN:
            return service.pages.confirmed_before(served.form, language)
        receipt = service.secret.link_token("receipt", name, stored.response_id, stored.address_hash or "")
        return make_response(redirect(f"{address(name)}/receipt/{receipt}?lang={language}", 303))

    return views
