"""The WSGI application: the portal's files and, under `/forms/`, the service."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask, Response, abort, request
from werkzeug.exceptions import HTTPException

from forms_server.clock import utc_now
from forms_server.context import Service
from forms_server.crypto.tokens import open_secret
from forms_server.desk.desk import desk_views
from forms_server.form_watch import FormWatch
from forms_server.http.access_log import log_requests
from forms_server.http.metrics import Metrics
from forms_server.http.origin import OriginCheck
from forms_server.http.page_shell import Shell
from forms_server.http.pages import Pages
from forms_server.http.proxies import Proxies
from forms_server.http.rate_limit import RateLimiter
from forms_server.http.security_headers import StrictTransport, harden, is_encrypted
from forms_server.http.spam_trap import SpamTrap
from forms_server.http.static_site import PortalFiles
from forms_server.http.views.calendars import calendar_views
from forms_server.http.views.confirmations import confirmation_views
from forms_server.http.views.forms import asked_language, form_views, refuse_other_origin, refuse_too_many
from forms_server.http.views.operators import operator_views
from forms_server.http.views.receipts import receipt_views
from forms_server.http.views.results import results_views
from forms_server.http.views.steps import step_views
from forms_server.privacy.retention import open_retention
from forms_server.settings import Settings
from forms_server.submission.intake import Intake

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

log = logging.getLogger(__name__)
OBSTACLE_OF_STATUS = {404: "not-found", 405: "method"}


def make_service(
    settings: Settings,
    now: Callable[[], datetime] = utc_now,
    counts: Path | None = None,
    *,
    lenient: bool = False,
) -> Service:
    """Put the parts together.

    Args:
        settings: what was set.
        now: the time, with its zone.
        counts: the folder in which several processes count together.
        lenient: whether a form that cannot be served as its file is now goes on as it was served last, or is left out.

    Raises:
        ServiceProblem: a setting, the database or a form keeps the service from starting.
        forms.FormProblems: a form file cannot be used.
    """
    retention = open_retention(settings, now)
    store = retention.store
    watch = FormWatch(settings, store, lambda: retention.today)
    try:
        secret = open_secret(settings)
        watch.load_what_can_be() if lenient else watch.load()
    except BaseException:
        store.close()
        raise
    shell = Shell(settings.site)
    return Service(
        settings=settings,
        store=store,
        secret=secret,
        forms=watch.forms,
        watch=watch,
        intake=Intake(store, secret, now, recipients=lambda: watch.recipients, community=lambda: settings.community),
        origin=OriginCheck(settings.origins, Proxies(settings.proxies)),
        rate_limiter=RateLimiter(settings, secret, store, now),
        spam_trap=SpamTrap(secret, now),
        pages=Pages(shell),
        retention=retention,
        metrics=Metrics(store, watch, settings.data / "packages", now, counts),
    )


def make_app(service: Service) -> Flask:
    """Make the application around a service."""
    app = Flask("forms_server", static_folder=None)
    app.register_blueprint(form_views(service))
    app.register_blueprint(step_views(service))
    app.register_blueprint(receipt_views(service))
    app.register_blueprint(confirmation_views(service))
    app.register_blueprint(results_views(service))
    app.register_blueprint(calendar_views(service))
    app.register_blueprint(operator_views(service))

    @app.before_request
    def refuse() -> Response | None:
        if "\0" in request.path:  # which is in no name, and PostgreSQL takes in no text
            abort(404)
        service.watch.catch_up()
        return refuse_other_origin(service) or refuse_too_many(service)

    app.register_blueprint(desk_views(service))  # which looks where it is once the origin was looked at

    @app.after_request
    def keep_private(response: Response) -> Response:
        harden(response, service.pages.shell.inline, service.settings.origins)
        return response

    @app.errorhandler(HTTPException)
    def refused(error: HTTPException) -> Response:
        code = OBSTACLE_OF_STATUS.get(error.code or 500, "server" if (error.code or 500) >= 500 else "bad-request")
        answer = service.pages.obstacle(code, asked_language(service, None))
        if error.code == 405 and (allowed := getattr(error, "valid_methods", None)):
            answer.headers["Allow"] = ", ".join(sorted(allowed))
        return answer

    @app.errorhandler(Exception)
    def failed(error: Exception) -> Response:
        log.error("unexpected error", exc_info=error)
        try:
            return service.pages.obstacle("server", asked_language(service, None))
        except Exception:  # the page itself may be what fails
            log.exception("the error page failed")
            return Response("500\n", 500, mimetype="text/plain")

    log_requests(app, service.metrics.observe, service.forms)
    return app


def make_wsgi(service: Service) -> WSGIApplication:
    """Make all that is served: the portal's files where there is a folder of them, and the service."""
    app = make_app(service)
    site = service.settings.site
    served = PortalFiles(app, site, service.settings.origins) if site else app
    return StrictTransport(served, partial(is_encrypted, service.settings))


def is_quick(service: Service, environ: WSGIEnvironment) -> bool:
    """Tell whether a request sends a response, and waits for nothing but its place on the disk.

    Where places are counted, or older keys looked for, the database is asked first, and may take as long as it likes.
    """
    path: str = environ["PATH_INFO"]
    if environ["REQUEST_METHOD"] != "POST" or not path.startswith("/forms/") or path.count("/") != 2:
        return False
    if service.watch.is_behind:
        return False
    served = service.forms.get(path.removeprefix("/forms/"))
    return served is not None and not served.form.quotas and not service.secret.former
