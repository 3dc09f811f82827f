"""`/forms/NAME/receipt/TOKEN`: what a respondent gets back."""

from __future__ import annotations

from flask import Blueprint, Response, request

from forms_server.errors import StoreUnavailable
from forms_server.pages import address
from forms_server.served import form_of_version
from forms_server.service import Service
from forms_server.views.forms import asked_language


def receipt_views(service: Service) -> Blueprint:
    """Make the views of the receipts."""
    views = Blueprint("receipts", __name__, url_prefix="/forms")

    @views.get("/<name>/receipt/<token>")
    def receipt(name: str, token: str) -> Response:
        served = service.forms.get(name)
        if served is None:
            return service.pages.obstacle("not-found", asked_language(None))
        token_hash = service.secret.token_hash(name, token)
        try:
            with service.store.reading() as reading:
                stored = reading.find_by_token(name, token_hash)
                version = next((v for v in reading.versions(name) if stored and v.version == stored.version), None)
        except StoreUnavailable:
            return service.pages.obstacle("away", asked_language(served))
        if stored is None or version is None:
            return service.pages.obstacle("no-receipt", asked_language(served), form=served.form)
        language = asked_language(served) if "lang" in request.args else stored.language
        return service.pages.receipt(
            form_of_version(version),
            language,
            cells=stored.answers,
            reference=service.secret.reference(token_hash),
            here=f"{address(name)}/receipt/{token}",
        )

    return views
