"""`/healthz` and `/readyz`: what a supervisor asks."""

from __future__ import annotations

from flask import Blueprint, Response

from forms_server.errors import StoreUnavailable
from forms_server.service import Service


def operator_views(service: Service) -> Blueprint:
    """Make the views for operators."""
    views = Blueprint("operators", __name__)

    @views.get("/healthz")
    def healthy() -> Response:
        return Response("ok\n", mimetype="text/plain")

    @views.get("/readyz")
    def ready() -> Response:
        try:
            service.store.ping()
        except StoreUnavailable as error:
            return Response(f"the store is not available: {error.code}\n", 503, mimetype="text/plain")
        return Response("ready\n", mimetype="text/plain")

    return views
