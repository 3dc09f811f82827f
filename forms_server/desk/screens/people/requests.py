"""What people ask about their data: listed with the nearest deadline first, and closed by what answers it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from flask import Response

from forms_server.accounts.roles import Right
from forms_server.desk.frame.screen import Screen, Waiting
from forms_server.desk.frame.visit import Visit
from forms_server.desk.screens.people.person import HERE, find_person, of_person, requests_of
from forms_server.errors import PersonProblem
from forms_server.messages import say as say_of_service
from forms_server.privacy.requests import KINDS, OUTCOMES, SOON
from forms_server.store.desk.requests import Request

LISTED = 50
"""How many of those that were closed are listed."""

REQUESTS = f"{HERE}requests/"


def _waits(visit: Visit) -> list[Waiting]:
    found = visit.service.store.requests.open()
    if not found:
        return []
    left = (found[0].due_on - visit.service.retention.today).days
    if left < 0:
        sentence = visit.say(
            "Requests of people: {count}, the first is overdue by {days} days", count=len(found), days=-left
        )
    else:
        sentence = visit.say(
            "Requests of people: {count}, days left for the first: {days}", count=len(found), days=left
        )
    return [Waiting(len(found), sentence, REQUESTS)]


SCREEN = Screen("requests", Right.PEOPLE, waits=_waits)


@SCREEN.get("/people/requests/")
def show(visit: Visit) -> Response:
    """List them, and name nobody: whose they are is opened."""
    return _list(visit)


def _shown(visit: Visit, address: str, done: str = "") -> Response:
    """Show whose a request is, and what was just done; the list where no key that is set opens the address."""
    return find_person(visit, address, done=done) if address else _list(visit, done=done, sealed=not done)


def _list(visit: Visit, *, done: str = "", sealed: bool = False) -> Response:
    store, today = visit.service.store, visit.service.retention.today
    named = {account.account_id: account.address for account in store.accounts.all()}
    return visit.page(
        "people/requests.html",
        visit.say("Requests of people"),
        waiting=[
            _line(visit, request, today) | {"sealed": not requests_of(visit).address(request)}
            for request in store.requests.open()
        ],
        closed=[
            _line(visit, request, today)
            | {
                "outcome": say_of_service(OUTCOMES.get(request.outcome or "", request.outcome or ""), visit.language),
                "by": named.get(request.closed_by or "", visit.say("the terminal")),
            }
            for request in store.requests.closed(LISTED)
        ],
        done=done,
        sealed=sealed,
        outcomes=[(outcome, say_of_service(sentence, visit.language)) for outcome, sentence in OUTCOMES.items()],
        zone=visit.service.settings.community.zone,
        home=HERE,
    )


@SCREEN.post("/people/requests/add", command="requests")
def add(visit: Visit) -> Response:
    """Note one."""

    def note(address: str) -> Response:
        day = _day(visit.field("received"))
        if day is None:
            return find_person(visit, address, problem=visit.say("Say on which day the request came."))
        try:
            requests_of(visit).note(address, visit.field("kind"), day)
        except PersonProblem as problem:
            return find_person(visit, address, problem=problem.said(visit.language))
        visit.note("request")
        return find_person(visit, address, done=visit.say("The request is noted."))

    return of_person(visit, lambda _persons, address: note(address))


@SCREEN.post("/people/requests/<request_id>/open", command="requests")
def open_one(visit: Visit, request_id: str) -> Response:
    """Show whose it is, with what is held of them."""
    return _of_request(visit, request_id, lambda address: _shown(visit, address))


@SCREEN.post("/people/requests/<request_id>/extend", command="requests")
def extend(visit: Visit, request_id: str) -> Response:
    """Take two months more."""

    def longer(address: str) -> Response:
        requests_of(visit).extend(request_id)
        visit.note("request-extend")
        return _shown(visit, address, visit.say("There are two months more. Tell them so, and why."))

    return _of_request(visit, request_id, longer)


@SCREEN.post("/people/requests/<request_id>/close", command="requests")
def close(visit: Visit, request_id: str) -> Response:
    """Close one that was answered by hand, refused, or taken back."""

    def over(address: str) -> Response:
        requests_of(visit).close(request_id, visit.field("outcome"))
        visit.note("request-close")
        return _shown(visit, address, visit.say("The request is closed."))

    return _of_request(visit, request_id, over)


def _of_request(visit: Visit, request_id: str, then: Callable[[str], Response]) -> Response:
    made = requests_of(visit)
    try:
        return then(made.address(made.find(request_id)))
    except PersonProblem as problem:
        return visit.stop(
            visit.say("This is not done"),
            problem.said(visit.language),
            status=404,
            back=REQUESTS,
        )


def _line(visit: Visit, request: Request, today: date) -> dict[str, object]:
    return {
        "request": request,
        "kind": say_of_service(KINDS.get(request.kind, request.kind), visit.language),
        "left": (request.due_on - today).days,
        "soon": request.due_on - today <= SOON,
    }


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
