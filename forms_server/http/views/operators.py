"""What those ask who look after the service: health, readiness (`/healthz`, `/readyz`), and whether a site fits."""

from __future__ import annotations

import ipaddress
import json

from flask import Blueprint, Response, jsonify, request
from prometheus_client import CONTENT_TYPE_LATEST

from forms_server.context import Service
from forms_server.data_folder import is_writable
from forms_server.errors import StoreUnavailable
from forms_server.http.proxies import Proxies
from forms_server.http.views.forms import asked_language
from forms_server.settings import Settings


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
            return _unready(f"the store is not available: {error.code}")
        if not is_writable(service.settings.data):
            return _unready("the data folder takes no writing")
        # Such a form goes on as it was, and the others know nothing of it.
        refused = [
            f"the form {name} cannot be served as its file is now: see the log" for name in service.watch.refused
        ]
        return Response("\n".join(("ready", *refused, "")), mimetype="text/plain")

    @views.get("/forms/versions.json")
    def served() -> Response:
        if not _is_operator(service.settings):
            return service.pages.obstacle("not-found", asked_language(service, None))
        versions = {name: served.form.version for name, served in service.forms.items()}
        return jsonify(served=versions, refused=dict(service.watch.refused))

    @views.get("/forms/<name>/versions.json")
    def versions(name: str) -> Response:
        if not _is_operator(service.settings):
            return service.pages.obstacle("not-found", asked_language(service, None))
        return jsonify([json.loads(version.definition) for version in service.store.versions(name)])

    @views.get("/metrics")
    def metrics() -> Response:
        if not _is_operator(service.settings):
            return service.pages.obstacle("not-found", asked_language(service, None))
        return Response(service.metrics.text(), content_type=CONTENT_TYPE_LATEST)

    return views


def _is_operator(settings: Settings) -> bool:
    """Tell whether whoever asks may see what the service counts, and how forms were written.

    A header of a proxy that no setting speaks of tells that the address is the proxy's, and so nobody's.
    """
    if request.headers.get("X-Forwarded-For") and not settings.proxies:
        return False
    address = Proxies(settings.proxies).address(request.headers, request.remote_addr or "")
    try:
        asking = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    mapped = asking.ipv4_mapped if isinstance(asking, ipaddress.IPv6Address) else None
    return any((mapped or asking) in network for network in settings.metrics)


def _unready(reason: str) -> Response:
    return Response(f"{reason}\n", 503, mimetype="text/plain")
