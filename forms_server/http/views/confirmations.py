"""`/forms/NAME/confirm/TOKEN`: the link in the mail of a sign-up. It opens a page; only its button confirms.

Programs that look through mail follow links: a GET must change nothing.
"""

from __future__ import annotations

import logging
from functools import partial

from flask import Blueprint, Response, make_response, redirect, request

from bacheca.forms import Form
from bacheca.forms.definition.allotment import places_of
from forms_server.context import Service
from forms_server.crypto.links import find_to_confirm, mailed_token
from forms_server.errors import BodyProblem, StoreUnavailable
from forms_server.form_registry import form_of_version
from forms_server.http.body import read_body
from forms_server.http.pages import address
from forms_server.http.views.forms import asked_language, language_of, origin_of_request, standing_of
from forms_server.store import Confirmation
from forms_server.store.lifecycle import State

log = logging.getLogger(__name__)


def confirmation_views(service: Service) -> Blueprint:
    """Make the views of the links that confirm."""
    views = Blueprint("confirmations", __name__, url_prefix="/forms")

    @views.get("/<name>/confirm/<token>")
    def ask(name: str, token: str) -> Response:
        language = asked_language(service, service.forms.get(name))
        try:
            return _ask(service, name, language, token)
        except StoreUnavailable:
            return service.pages.obstacle("away", language)

    @views.post("/<name>/confirm/<token>")
    def confirm(name: str, token: str) -> Response:
        served = service.forms.get(name)
        language = asked_language(service, served)
        try:
            if served is None:  # nothing confirms a sign-up to a form that is there no more
                return _ask(service, name, language, token)
            return _confirm(service, served.form, language, token)
        except StoreUnavailable as error:
            log.error("a confirmation could not be kept", extra={"code": error.code})
            return service.pages.obstacle("away", language)

    return views


def _ask(service: Service, name: str, language: str, token: str, *, changed: bool = False) -> Response:
    """Show what is to be confirmed; `changed` says that it is not what was shown before."""
    served = service.forms.get(name)
    with service.store.snapshot() as snapshot:
        stored, _ = find_to_confirm(service.secret, snapshot, name, token) or (None, "")
        consents = snapshot.standing_consents(stored.response_id) if stored else []
        version = next((v for v in snapshot.versions(name) if stored and v.version == stored.version), None)
        known = (name, stored.response_id, stored.address_hash or "") if stored else None
        receipt = mailed_token(service.secret, snapshot, "receipt", known) if known else ""
    if stored is None or version is None or service.retention.is_over(stored):
        return service.pages.obstacle("no-link", language, form=served.form if served else None)
    form = form_of_version(version)
    language = language_of(form, stored)
    if stored.state in (State.KEPT, State.WAITING):
        return service.pages.confirmed_before(form, language, waits=stored.state == State.WAITING)
    if stored.state not in (State.PENDING, State.OFFERED):
        return service.pages.obstacle("no-link", language, form=form if served else None)
    if served is None:
        return service.pages.confirm_closed(form, language, stored, receipt=f"{address(name)}/receipt/{receipt}")
    return service.pages.confirm(
        form,
        language,
        stored,
        here=f"{address(name)}/confirm/{token}",
        seen=service.secret.seen(name, stored.content_hash),
        consents=consents,
        changed=changed,
        standing=standing_of(service, stored),
    )


def _confirm(service: Service, form: Form, language: str, token: str) -> Response:
    name = form.name
    with service.store.snapshot() as snapshot:
        stored, token_hash = find_to_confirm(service.secret, snapshot, name, token) or (None, "")
    if stored is None:
        return service.pages.obstacle("no-link", language, form=form)
    said = _seen()
    # Whoever presses the button of an older page confirms what that one showed, or nothing.
    seen = stored.content_hash if said == service.secret.seen(name, stored.content_hash) else "other"
    oldest, now = service.retention.oldest_pending, service.intake.now()
    places = places_of(form, service.intake.now)
    letter = partial(service.intake.letter, form, "waiting", origin_of_request())
    outcome = service.store.changes.confirm(
        name, token_hash, oldest, now, seen if said else None, places=places, letter=letter
    )
    if outcome is Confirmation.CHANGED:
        return _ask(service, name, language, token, changed=True)
    if outcome is Confirmation.UNKNOWN:
        return service.pages.obstacle("no-link", language, form=form)
    if outcome is Confirmation.FULL:
        return service.pages.obstacle("place-lost", language, form=form)
    if outcome is Confirmation.KNOWN:
        return service.pages.confirmed_before(form, language)
    with service.store.snapshot() as snapshot:
        known = (name, stored.response_id, stored.address_hash or "")
        receipt = mailed_token(service.secret, snapshot, "receipt", known)
    return make_response(redirect(f"{address(name)}/receipt/{receipt}?lang={language}", 303))


def _seen() -> str:
    """Give what the page whose button was pressed says of the answers that it showed; empty for a bare post."""
    try:
        return "".join(read_body(request.headers, request.stream).get("_seen", ()))
    except BodyProblem:
        return ""
