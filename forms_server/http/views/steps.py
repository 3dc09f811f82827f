"""`/forms/NAME/step`: checks a step of a form before it is left, by the rules of the form, and keeps nothing."""

from __future__ import annotations

from flask import Blueprint, Response, request

from bacheca.forms import problems_of_steps, render_problems
from forms_server.context import Service
from forms_server.errors import BodyProblem
from forms_server.http.body import read_body
from forms_server.http.views.forms import asked_language

STEP = "_step"
"""The control that names the steps to check, each by its first field."""


def step_views(service: Service) -> Blueprint:
    """Make the view that checks steps."""
    views = Blueprint("steps", __name__, url_prefix="/forms")

    @views.post("/<name>/step")
    def check(name: str) -> Response:
        served = service.forms.get(name)
        if served is None:
            return service.pages.obstacle("not-found", asked_language(service, None))
        try:
            posted = read_body(request.headers, request.stream)
        except BodyProblem as problem:
            code = "bad-request" if problem.status == 422 else problem.code
            return service.pages.obstacle(code, asked_language(service, served))
        language = asked_language(service, served, posted)
        known = set(posted.get("_version", ())) <= {*served.accepted}  # of another, the post of all of it will tell
        steps = posted.get(STEP, ()) if known else ()
        problems = problems_of_steps(served.form, posted, language, steps)
        answer = Response(render_problems(served.form, language, problems), mimetype="text/html")
        answer.headers.update(service.origin.readable(request.headers))
        return answer

    return views
