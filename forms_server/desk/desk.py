"""The desk put together: every screen at its addresses, and before each of them the same guard.

A view is only called when the desk is on, at its own host, asked from its own pages, by somebody who may; so a new
screen can forget none of it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from urllib.parse import quote

from flask import Blueprint, Response, abort, g, request

from bacheca.forms.text import digest
from forms_server.accounts.place import Place, by_name, place_here, place_of
from forms_server.accounts.roles import may
from forms_server.accounts.sign_in import FRESH_FOR
from forms_server.context import Service
from forms_server.desk.frame.screen import Route, Screen
from forms_server.desk.frame.visit import CHECK, COOKIE, DESK, SIGN_IN, Visit
from forms_server.desk.frame.words import LANGUAGES
from forms_server.desk.screens import home
from forms_server.desk.screens.decisions import comments, mail, quarantine
from forms_server.desk.screens.entrance import door, invitation, openid, own_account
from forms_server.desk.screens.forms import answers, downloads, listing, results, schedule, sealed
from forms_server.desk.screens.keeping import accounts, backup, log, month
from forms_server.desk.screens.people import correction, erasure, letters, on_paper, person, requests, sign_ups
from forms_server.errors import AccountProblem, StoreUnavailable
from forms_server.http.views.forms import SAFE

SCREENS: Sequence[Screen] = (
    home.SCREEN,
    listing.SCREEN,
    answers.SCREEN,
    downloads.SCREEN,
    results.SCREEN,
    schedule.SCREEN,
    sealed.SCREEN,
    sign_ups.SCREEN,
    on_paper.SCREEN,
    letters.SCREEN,
    person.SCREEN,
    correction.SCREEN,
    erasure.SCREEN,
    requests.SCREEN,
    comments.SCREEN,
    quarantine.SCREEN,
    mail.SCREEN,
    month.SCREEN,
    accounts.SCREEN,
    backup.SCREEN,
    log.SCREEN,
    own_account.SCREEN,
    door.SCREEN,
    openid.SCREEN,
    invitation.SCREEN,
)
"""The screens, in the order of the rail."""

Answer = TypeVar("Answer")

NAME = "desk"
"""The name of the blueprint."""

logger = logging.getLogger(__name__)


def desk_views(service: Service, screens: Sequence[Screen] = SCREENS) -> Blueprint:
    """Make the views of the desk."""
    views = Blueprint(NAME, __name__, url_prefix=DESK)

    def find_the_place() -> Response | None:
        """Look before any address is matched: elsewhere not even a wrong method tells that there is a desk."""
        if request.path != DESK and not request.path.startswith(f"{DESK}/"):
            return None
        place = _answered(service, lambda: _place(service))
        if isinstance(place, Response):
            return place
        g.desk = place
        return None

    views.before_app_request(find_the_place)
    for screen in screens:
        for route in screen.routes:
            guard = _guarded(service, screens, route)
            endpoint = f"{screen.name}_{route.view.__name__}"
            views.add_url_rule(route.rule, endpoint, guard, methods=[route.method], provide_automatic_options=False)
    return views


def _answered(service: Service, answer: Callable[[], Answer]) -> Answer | Response:
    """Give an answer, or a page that says that the store is away."""
    try:
        return answer()
    except StoreUnavailable as error:
        logger.warning("the store is not available", extra={"code": error.code})
        return service.pages.obstacle("away", _language(service, None))


def _guarded(service: Service, screens: Sequence[Screen], route: Route) -> Callable[..., Response]:
    def view(**values: Any) -> Response:
        visit = _arrive(service, screens, g.desk)
        try:
            return _refused(visit, route) or _unread(visit) or _stale(visit, route) or route.view(visit, **values)
        except OSError as error:
            logger.error("something asked at the desk cannot be written down", extra={"code": type(error).__name__})
            return visit.stop(
                visit.say("This was not done"),
                visit.say("The disk takes nothing now: tell whoever runs the service, then do it once more."),
                status=503,
            )

    def answer(**values: Any) -> Response:
        return _answered(service, lambda: view(**values))

    return answer


def _place(service: Service) -> Place | Response:
    """Give where the desk is, if this is it and anybody was invited; there is nothing here for all others."""
    if not service.settings.desk or not service.store.accounts.any():
        abort(404)
    try:
        place = place_of(service.settings)
    except AccountProblem:
        abort(404)
    if place is None:
        named = by_name(request.host)
        if named and request.method in SAFE:
            asked = quote(request.path) + ("?" * bool(request.query_string) + request.query_string.decode("latin-1"))
            return Response(status=302, headers={"Location": f"http://{named}{asked}"})
        place = place_here(request.host)
    if place is None or place.host != request.host:
        abort(404)
    return place


def _arrive(service: Service, screens: Sequence[Screen], place: Place) -> Visit:
    now, token = service.intake.now(), request.cookies.get(COOKIE, "")
    session = service.store.sessions.find(digest(token), now) if token else None
    if session:
        service.store.sessions.saw(session, now)
    return Visit(service, screens, place, _language(service, session.account.language if session else None), session)


def _language(service: Service, chosen: str | None) -> str:
    wanted = request.args.get("lang", "")
    if wanted in LANGUAGES:
        return wanted
    if chosen in LANGUAGES:
        return chosen
    usual = service.settings.community.language
    return request.accept_languages.best_match(LANGUAGES, usual if usual in LANGUAGES else LANGUAGES[0])


def _refused(visit: Visit, route: Route) -> Response | None:
    """Say why an address is not answered; None where it is."""
    unsafe = request.method not in SAFE
    if unsafe and not visit.service.origin.is_from(request.headers, visit.place.origin):
        return visit.stop(
            visit.say("This was not sent from the desk"),
            visit.say("Nothing was done. Open the desk at its own address, and do it there."),
            status=403,
        )
    if unsafe and visit.session is None and (seconds := _too_often(visit)):
        answer = visit.stop(
            visit.say("Too many tries from your network"),
            visit.say("Wait a minute, then try again."),
            status=429,
            back=SIGN_IN,
        )
        answer.headers["Retry-After"] = str(seconds)
        return answer
    if visit.session is None and not visit.may(route.right):
        typed = door.ask_to_come_in_before(visit) if unsafe else None
        return typed or visit.go(f"{SIGN_IN}?next={_here(unsafe)}")
    if not may(visit.role, route.right):
        return visit.stop(
            visit.say("Your role does not allow this"),
            visit.say("Ask an administrator of the desk to do it, or to change your role."),
            status=403,
        )
    return None


def _unread(visit: Visit) -> Response | None:
    """Say that what was posted cannot be read; None where it can."""
    if request.method in SAFE or not visit.unreadable:
        return None
    return visit.stop(
        visit.say("What was sent cannot be read"),
        visit.say(
            "Nothing was done. It is too long, or holds characters that are none: go back in the browser, shorten"
            " it, and send it again."
        ),
        status=visit.unreadable.status,
    )


def _stale(visit: Visit, route: Route) -> Response | None:
    """Ask for a proof of who is there, where one that is older is not enough."""
    if not route.fresh or visit.session is None or visit.now() - visit.session.started_at <= FRESH_FOR:
        return None
    return door.ask_to_prove_before(visit) if request.method not in SAFE else visit.go(f"{CHECK}?next={_here(False)}")


def _here(unsafe: bool) -> str:
    """Give the page to come back to: this one, or the home where it was something to do."""
    return quote(f"{DESK}/" if unsafe else request.full_path.rstrip("?"), safe="/")


def _too_often(visit: Visit) -> int:
    return visit.service.rate_limiter.too_often(request.headers, request.remote_addr or "", "", "desk")
