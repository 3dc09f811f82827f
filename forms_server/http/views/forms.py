"""`/forms/NAME`: the form, and what people send to it."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from flask import Blueprint, Response, jsonify, request
from werkzeug.datastructures import Headers

from bacheca import forms
from bacheca.forms import SEED, Form, Problem, sources
from bacheca.forms.definition.allotment import places_of
from bacheca.forms.definition.places import Vacancy
from bacheca.forms.package.package import flat_schema
from bacheca.forms.set_days import TOLD
from forms_server.context import Service
from forms_server.crypto.tokens import valid_key
from forms_server.errors import BodyProblem, StoreUnavailable
from forms_server.form_registry import ServedForm
from forms_server.http.body import JSON, media_type, read_body
from forms_server.http.openapi import openapi
from forms_server.http.origin import Origin
from forms_server.http.pages import Standing, address, remedy_of
from forms_server.messages import OBSTACLES, say
from forms_server.store import Outcome, StoredResponse
from forms_server.submission.intake import Receipt

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

Posted = Mapping[str, Sequence[str]]
SAFE = frozenset(("GET", "HEAD", "OPTIONS"))
DESK = "/desk/"

FRESH = 15
"""How long what is said of places may be used without asking again, in seconds."""

PUBLIC = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
"""What an answer says that pages of every origin may read."""

log = logging.getLogger(__name__)


def form_views(service: Service) -> Blueprint:
    """Make the views of the forms."""
    views = Blueprint("forms", __name__, url_prefix="/forms")

    @views.get("/<name>")
    def show(name: str) -> Response:
        served = service.forms.get(name)
        language = asked_language(service, served)
        if served is None:
            return service.pages.obstacle(_why_absent(service, name), language)
        now = service.intake.now()
        early, closed = served.form.is_early(now), served.form.is_closed(now)
        vacancy = None if early or closed else vacancy_of(service, served.form)
        posted = sources(served.form, request.args.to_dict(flat=False))
        return service.pages.form(
            served.form,
            language,
            posted=posted,
            early=early,
            closed=closed,
            vacancy=vacancy,
            seed=secrets.randbelow(SEED),
            stamp=service.spam_trap.stamp(name),
        )

    @views.get("/openapi.json")
    def document() -> Response:
        return jsonify(openapi([served.form for served in service.forms.values()]))

    @views.get("/state.json")
    def state() -> Response:
        """Tell what has changed since pages were made: about how many places are left, and which forms close when."""
        now = service.intake.now()
        opened = (served.form for served in service.forms.values() if served.form.quotas and served.form.is_open(now))
        known = {form.name: vacancy.as_json() for form in opened if (vacancy := vacancy_of(service, form))}
        told = {name: said.days.told() for name, said in service.forms.schedules.items() if name in service.forms}
        answer = jsonify({"forms": known, "schedules": schedules_of(service), TOLD: told})
        answer.cache_control.max_age = FRESH
        answer.cache_control.public = True
        answer.headers.update(PUBLIC)
        return answer

    @views.get("/<name>/schema.json")
    def schema(name: str) -> Response:
        served = service.forms.get(name)
        if served is None:
            return service.pages.obstacle("not-found", asked_language(service, None))
        return jsonify(flat_schema(served.form))

    @views.post("/<name>")
    def send(name: str) -> Response:
        served = service.forms.get(name)
        if served is None:
            code = _why_absent(service, name)
            service.metrics.refused("", code)  # the name is whatever was typed
            return _refused(service, code, asked_language(service, None))
        return _Post(service, served).answer()

    return views


def schedules_of(service: Service) -> dict[str, dict[str, str | None]]:
    """Tell from when until when each form takes answers, by the days that hold now."""
    return {
        name: {
            key: moment.isoformat() if moment else None
            for key, moment in (("opens", served.form.opens_at), ("closes", served.form.closes_at))
        }
        for name, served in service.forms.items()
    }


def asked_language(service: Service, served: ServedForm | None, posted: Posted | None = None) -> str:
    """Choose the language of a page: the page's that was posted, the address's, the browser's, the community's."""
    usual = service.settings.community.language
    known = served.form.languages if served else (*dict.fromkeys((usual, *service.pages.shell.portal.languages, "en")),)
    for wanted in (posted or {}).get("_lang", ()):
        if wanted in known:
            return wanted
    wanted = request.args.get("lang", "")
    if wanted in known:
        return wanted
    return request.accept_languages.best_match(known, usual if usual in known else known[0])


def language_of(form: Form, stored: StoredResponse) -> str:
    """Choose the language of a page about a response: the address's, that of the answers, the form's."""
    wanted = request.args.get("lang", "")
    return wanted if wanted in form.languages else form.spoken(stored.language)


def _why_absent(service: Service, name: str) -> str:
    """Tell of a form that is not served, by the code of an obstacle, whether it was before."""
    try:
        return "gone" if service.store.versions(name) else "not-found"
    except StoreUnavailable:
        return "away"


def vacancy_of(service: Service, form: Form) -> Vacancy | None:
    """Give what is left of a form's places, as far as the store can be asked now; None where it has any number."""
    places = places_of(form, service.intake.now)
    if places is None:
        return None
    try:
        return service.store.waiting_list.ledger(form.name, places).vacancy()
    except StoreUnavailable:
        return None


def standing_of(service: Service, stored: StoredResponse) -> Standing:
    """Tell where a sign-up stands: with a place that is held until a moment, in the queue, or with neither.

    Raises:
        StoreUnavailable: the store cannot be asked now.
    """
    queued = service.store.waiting_list.is_in(stored.response_id)
    lapsed = stored.held_until is not None and stored.held_until <= service.intake.now()
    return Standing(stored.held_until, queued=queued, lapsed=lapsed)


def no_place(form: Form, response: forms.Response, vacancy: Vacancy) -> tuple[Problem, ...]:
    """Name the choices of a response of which no place is left."""
    chosen = [quota for quota in form.quotas_for(response.cells) if vacancy.shuts(quota.field, quota.code)]
    return tuple(form.field(quota.field).no_place(quota.code, response.language) for quota in chosen if quota.field)


def origin_of_request() -> str:
    """Give the address that the request was sent to, for the links in mails that only this machine can read."""
    return f"{request.scheme}://{request.host}"


def refuse_other_origin(service: Service) -> Response | None:
    """Refuse whatever would change something and comes from a page of somebody else's, whoever would answer it.

    Where nobody says whose page it is, the view decides: by the token in its address, or by one more look.
    """
    if request.method in SAFE or _origin(service) is not Origin.REFUSE:
        return None
    served = service.forms.get((request.view_args or {}).get("name", ""))
    service.metrics.refused(served.form.name if served else "", "other-origin")
    return _refused(service, "other-origin", asked_language(service, served), served.form if served else None)


def refuse_too_many(service: Service) -> Response | None:
    """Count what would change something, whatever it is; say that there was too much of it from one network."""
    name = (request.view_args or {}).get("name")
    if request.method in SAFE or name is None or request.path.startswith(DESK):
        return None  # who is at the desk has signed in, and shares no limit with those who answer
    served = service.forms.get(name)
    counted = name if served else ""  # or whoever makes names up would be counted anew with each
    part = "step" if request.blueprint == "steps" else ""  # a form of many steps is still sent once
    try:
        seconds = service.rate_limiter.too_often(request.headers, request.remote_addr or "", counted, part)
    except StoreUnavailable:
        log.warning("the rate of posts cannot be counted")  # the post itself will say whether it is kept
        return None
    if not seconds:
        return None
    service.metrics.refused(counted, "too-often")
    answer = _refused(service, "too-often", asked_language(service, served), served.form if served else None)
    answer.headers["Retry-After"] = str(seconds)
    return answer


def _origin(service: Service) -> Origin:
    return service.origin.judge(request.headers, request.host, request.scheme)


def _refused(service: Service, code: str, language: str, form: Form | None = None) -> Response:
    if media_type(request.headers) == JSON:
        return problem_json(code, language, form=form)
    return service.pages.obstacle(code, language, form=form)


def problem_json(
    code: str, language: str, problems: Sequence[Problem] = (), status: int = 422, *, form: Form | None = None
) -> Response:
    """Say what is wrong as RFC 9457 does.

    Args:
        code: a key of `OBSTACLES`, or `answers` for the problems of the answers themselves.
        language: the language of the sentences.
        problems: what is wrong with the answers.
        status: the HTTP status, where no obstacle names one.
        form: the form it was about.
    """
    obstacle = OBSTACLES.get(code)
    title = say(obstacle.title, language) if obstacle else say("There are problems with the answers", language)
    body: dict[str, object] = {"type": f"urn:bacheca:{code}", "title": title}
    body["status"] = obstacle.status if obstacle else status
    if obstacle:
        body["detail"] = remedy_of(code, language, form)
    if problems:
        body["errors"] = [
            {"field": problem.field, "code": problem.code, "detail": problem.sentence(language)} for problem in problems
        ]
    answer = jsonify(body)
    answer.status_code = obstacle.status if obstacle else status
    answer.mimetype = "application/problem+json"
    return answer


class _Redirection(Response):
    """An answer that only leads to an address of our own: there is nothing to read, and nothing to correct in it."""

    def get_wsgi_headers(self, environ: WSGIEnvironment) -> Headers:
        """Give the headers as they are."""
        return self.headers


class _Post:
    """One post to a form, from its first byte to its receipt; each step answers or hands on to the next."""

    def __init__(self, service: Service, served: ServedForm):
        self.service = service
        self.served = served
        self.form = served.form
        self.json = media_type(request.headers) == JSON
        self.posted: Posted = {}

    @property
    def language(self) -> str:
        """The language of what is answered: that of the page that was posted, once the body is read."""
        return asked_language(self.service, self.served, self.posted)

    def answer(self) -> Response:
        try:
            self.posted = read_body(request.headers, request.stream)
        except BodyProblem as problem:
            return self._unreadable(problem)
        now = self.service.intake.now()
        if self.form.is_early(now):
            return self._stop("early")
        try:
            # Whoever was told to send again may, however late: what was kept in time is said to be kept.
            if self.form.is_closed(now) and not (self._key and self.service.intake.knows(self.form.name, self._key)):
                return self._stop("closed")
        except StoreUnavailable:
            return self._unknown(self._key)
        return self._read()

    @property
    def _key(self) -> str:
        """The key that came, by which the same answers are kept once."""
        return request.headers.get("Idempotency-Key", "") if self.json else self._single("_key")

    def _unreadable(self, problem: BodyProblem) -> Response:
        if problem.status != 422:
            return self._stop(problem.code)
        self.posted = problem.posted
        return self._problems((Problem(problem.code),))

    def _read(self) -> Response:
        form = self.form
        if "_edit" in self.posted and not self.json:
            return self.service.pages.form(
                form,
                self.language,
                posted=self.posted,
                vacancy=vacancy_of(self.service, form),
                stamp=self.service.spam_trap.stamp(form.name),
            )
        response, problems = self.served.read(self.posted, self.language)
        if problems:
            return self._problems(problems)
        key = self._key
        if not self._is_sure(key):
            if self.json:
                return self._stop("no-key")
            fresh = self.service.spam_trap.key_of_check(form.name, self.posted)
            return self.service.pages.check(form, self.language, posted=self.posted, cells=response.cells, key=fresh)
        return self._keep(response, key)

    def _keep(self, response: forms.Response, key: str) -> Response:
        doubt = self.service.spam_trap.quarantines(self.form.name, key, self.posted)
        network = ""
        if self.form.quotas:
            network = self.service.rate_limiter.network(request.headers, request.remote_addr or "", self.form.name)
        try:
            outcome, receipt = self.service.intake.keep(
                self.form, response, key, origin=origin_of_request(), doubt=doubt, network=network
            )
        except StoreUnavailable as error:
            log.error("a response could not be confirmed", extra={"code": error.code})
            return self._unknown(key)
        if outcome is Outcome.CONFLICT:
            return self._stop("other-answers")
        if outcome is Outcome.FULL:
            return self._full(response)
        if outcome is Outcome.HELD:
            return self._stop("held")
        return self._kept(receipt)

    def _is_sure(self, key: str) -> bool:
        """Tell whether a key makes this post one person's one answer, with no further look at it."""
        if self.service.secret.is_signed_key(self.form.name, key):
            return True
        if self.json:  # no page can be looked at once more: what is doubted goes into quarantine
            return valid_key(key)
        return (
            valid_key(key)
            and _origin(self.service) is Origin.ALLOW
            and not self.service.spam_trap.is_doubtful(self.form.name, self.posted)
        )

    def _kept(self, receipt: Receipt) -> Response:
        self.service.metrics.accepted(self.form.name)
        where = f"{address(self.form.name)}/receipt/{receipt.token}"
        if self.json:
            answer = jsonify({"reference": receipt.reference, "receipt": where})
            answer.status_code = 201
            answer.headers["Location"] = where
            return answer
        return _Redirection(status=303, headers={"Location": where, "Content-Length": "0"}, mimetype="text/plain")

    def _full(self, response: forms.Response) -> Response:
        """Say that no place is left, and of which choice where others have one."""
        vacancy = vacancy_of(self.service, self.form)
        problems = no_place(self.form, response, vacancy) if vacancy else ()
        if vacancy is None or vacancy.fills(self.form.fields) or not problems:
            return self._stop("full")
        if self.json:
            self.service.metrics.refused(self.form.name, "full")
            return problem_json("full", self.language, problems)
        return self._problems(problems, vacancy=vacancy, status=409)

    def _problems(self, problems: Sequence[Problem], *, vacancy: Vacancy | None = None, status: int = 422) -> Response:
        self.service.metrics.refused(self.form.name, "answers" if problems[0].field else problems[0].code)
        if self.json:
            return problem_json("answers", self.language, problems)
        return self.service.pages.form(
            self.form,
            self.language,
            posted=self.posted,
            problems=problems,
            status=status,
            vacancy=vacancy or vacancy_of(self.service, self.form),
            stamp=self.service.spam_trap.stamp(self.form.name),
        )

    def _unknown(self, key: str) -> Response:
        self.service.metrics.refused(self.form.name, "unknown")
        if self.json:
            return problem_json("unknown", self.language)
        again = {"action": address(self.form.name), "posted": {**self.posted, "_key": [key]}}
        return self.service.pages.obstacle("unknown", self.language, form=self.form, again=again)

    def _stop(self, code: str) -> Response:
        self.service.metrics.refused(self.form.name, code)
        return _refused(self.service, code, self.language, self.form)

    def _single(self, name: str) -> str:
        values = self.posted.get(name, ())
        return values[0] if len(values) == 1 else ""
