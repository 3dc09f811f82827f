"""`/forms/NAME/results`: what everybody may see of the answers, as a page and as files."""

from __future__ import annotations

import logging

from flask import Blueprint, Response, request
from markupsafe import Markup

from forms import Form, FormsError
from forms.charts import Place, is_published, render_results
from forms.results import threshold_of
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
    refresher = Refresher(service)

    @views.get("/<name>/results", strict_slashes=False)
    def page(name: str) -> Response:
        served = service.forms.get(name)
        language = asked_language(served)
        if served is None or not is_published(served.form):
            return service.pages.obstacle("not-found", language)
        form = served.form
        refresher.refresh(form)
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
        refresher.refresh(served.form)
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


class Refresher:
    """Publishes what is due, where it is little work: a poll's new batch, a survey that has just closed.

    A form is counted again only once enough new responses have come since it was last counted here, so that whoever
    asks for results again and again makes no work.
    """

    def __init__(self, service: Service):
        self.service = service
        self.counted: dict[tuple[str, bool], int] = {}

    def refresh(self, form: Form) -> None:
        """Publish the results of a form, if it is due; what goes wrong is for the log, not for the reader."""
        try:
            closed = form.is_closed(self.service.intake.now())
            if form.kind != "poll" and not closed:
                return
            kept = self.service.store.counts(form.name).get("kept", 0)
            before = self.counted.get((form.name, closed), 0)
            if kept > MOST_AT_ONCE or kept - before < threshold_of(form):
                return
            publish(self.service.store, form, self.service.settings.data, self.service.intake.now())
            self.counted[form.name, closed] = kept
        except (ServiceProblem, FormsError, OSError):
            log.warning("results could not be published", extra={"form": form.name}, exc_info=True)
