"""`/forms/NAME/results`: what everybody may see of the answers, as a page and as files."""

from __future__ import annotations

import logging

from flask import Blueprint, Response, request
from markupsafe import Markup

from forms import Form, FormsError
from forms.charts import Place, is_published, render_results
from forms.results_package import PUBLIC_FILES
from forms.results_sentences import TITLE, say
from forms_server.errors import ServiceProblem
from forms_server.pages import address, environment
from forms_server.publishing import publish, published
from forms_server.service import Service
from forms_server.views.forms import asked_language

MOST_AT_ONCE = 20_000
"""The most responses that are counted while a reader waits; beyond them `publish` is to be run by a timer."""

FRESH = 300
"""How long a file may be used without asking again, in seconds."""

MEDIA_TYPES = {".json": "application/json", ".csv": "text/csv; charset=utf-8"}
OPEN = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Robots-Tag": "all",
}
"""What a file says that everybody may have, from wherever they ask."""

log = logging.getLogger(__name__)


def results_views(service: Service) -> Blueprint:
    """Make the views of the results."""
    views = Blueprint("results", __name__, url_prefix="/forms")

    @views.get("/<name>/results", strict_slashes=False)
    def page(name: str) -> Response:
        served = service.forms.get(name)
        language = asked_language(served)
        if served is None or not is_published(served.form):
            return service.pages.obstacle("not-found", language)
        form = served.form
        _refresh(service, form)
        shell = service.pages.shell
        closed = form.is_closed(service.intake.now())
        found = published(service.settings.data, form)
        html = render_results(form, language, found, Place(origin=request.host_url), closed=closed)
        words = form.wording(language)
        content = (
            environment(language)
            .get_template("results_page.html")
            .render(
                words=words,
                title=say(TITLE, language, title=words.title),
                content=Markup(html),  # noqa: S704  # rendered by Jinja with everything escaped
                home=shell.portal.home(language),
            )
        )
        alternates = {other: f"{address(name)}/results?lang={other}" for other in form.languages}
        title = say(TITLE, language, title=words.title)
        whole = shell.page(language, title=title, content=Markup(content), alternates=alternates)  # noqa: S704
        return Response(whole, mimetype="text/html")

    @views.get("/<name>/results/<file>")
    def package(name: str, file: str) -> Response:
        served = service.forms.get(name)
        if served is None or not is_published(served.form) or file not in PUBLIC_FILES:
            return service.pages.obstacle("not-found", asked_language(served))
        _refresh(service, served.form)
        path = service.settings.data / "results" / name / file
        if not path.is_file():
            return service.pages.obstacle("not-found", asked_language(served))
        answer = Response(path.read_bytes(), content_type=MEDIA_TYPES[path.suffix])
        answer.cache_control.max_age = FRESH
        answer.add_etag()
        answer.headers.update(OPEN)
        answer.make_conditional(request)
        return answer

    return views


def _refresh(service: Service, form: Form) -> None:
    """Publish what is due, where it is little work: a poll's new batch, a survey that has just closed."""
    try:
        if service.store.counts(form.name).get("kept", 0) <= MOST_AT_ONCE and _is_due(service, form):
            publish(service.store, form, service.settings.data, service.intake.now())
    except (ServiceProblem, FormsError, OSError):
        log.warning("results could not be published", extra={"form": form.name}, exc_info=True)


def _is_due(service: Service, form: Form) -> bool:
    found = published(service.settings.data, form)
    if form.kind == "poll":
        counted = found.value("responses") if found else None
        kept = service.store.counts(form.name).get("kept", 0)
        return found is None or counted is None or kept - int(counted) >= found.threshold
    closed = form.closes is not None and form.is_closed(service.intake.now())
    return closed and (found is None or found.until != form.closes)
