"""`/forms/NAME/results`: what everybody may see of the answers, as a page and as files: read, never made, here."""

from __future__ import annotations

from flask import Blueprint, Response, request
from markupsafe import Markup

from bacheca.forms.results.charts import Place, is_published, render_results
from bacheca.forms.results.package import PUBLIC_FILES
from bacheca.forms.results_messages import TITLE, say
from forms_server.context import Service
from forms_server.http.compression import compress_public
from forms_server.http.pages import address, environment
from forms_server.http.views.forms import asked_language, origin_of_request
from forms_server.publishing.results import published

FRESH = 300
"""How long a file may be used without asking again, in seconds."""

MEDIA_TYPES = {".json": "application/json", ".csv": "text/csv; charset=utf-8"}
OPEN = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Robots-Tag": "all",
}
"""What a file says that everybody may have, from wherever they ask."""


def results_views(service: Service) -> Blueprint:
    """Make the views of the results."""
    views = Blueprint("results", __name__, url_prefix="/forms")

    @views.get("/<name>/results", strict_slashes=False)
    def page(name: str) -> Response:
        served = service.forms.get(name)
        language = asked_language(service, served)
        if served is None or not is_published(served.form):
            return service.pages.obstacle("not-found", language)
        form = served.form
        shell = service.pages.shell
        closed = form.is_closed(service.intake.now())
        found = published(service.settings.data, form)
        origin = service.settings.public_url or origin_of_request()
        place = Place(origin=origin, publisher=shell.portal.name, live=True)
        html = render_results(form, language, found, place, closed=closed)
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
        answer = Response(whole, mimetype="text/html")
        compress_public(answer, request)
        return answer

    @views.get("/<name>/results/<file>")
    def package(name: str, file: str) -> Response:
        served = service.forms.get(name)
        if served is None or not is_published(served.form) or file not in PUBLIC_FILES:
            return service.pages.obstacle("not-found", asked_language(service, served))
        path = service.settings.data / "results" / name / file
        if not path.is_file():
            return service.pages.obstacle("not-found", asked_language(service, served))
        answer = Response(path.read_bytes(), content_type=MEDIA_TYPES[path.suffix])
        answer.cache_control.max_age = FRESH
        answer.add_etag()
        compress_public(answer, request)
        answer.headers.update(OPEN)
        answer.make_conditional(request)
        return answer

    return views
