"""Coming in with the account of one's organisation: to its provider of OpenID Connect, and back.

Both are addresses that a browser is led to, and so are GETs, though the way back begins a session: only for the browser
that has begun, and once.
"""

from __future__ import annotations

from flask import Response, redirect, request

from forms_server.accounts.openid import AWAY, TAKES
from forms_server.accounts.roles import Right
from forms_server.desk.frame.screen import Screen
from forms_server.desk.frame.visit import SIGN_IN, Visit, inside
from forms_server.desk.screens.entrance.door import let_in
from forms_server.errors import AccountProblem

SCREEN = Screen("openid", Right.KNOCK)

COOKIE = "__Host-desk-openid"
"""What a browser keeps while somebody is at the provider."""


@SCREEN.get("/sign-in/openid")
def leave(visit: Visit) -> Response:
    """Lead somebody to the provider."""
    if not visit.openid.issuer:
        return _not_here(visit)
    if seconds := _too_often(visit):
        return _wait(visit, seconds)
    try:
        address, kept = visit.openid.begin(inside(request.args.get("next", "")))
    except AccountProblem as problem:
        return _stop(visit, problem)
    answer = Response(redirect(address, 303).get_data(), 303, {"Location": address}, mimetype="text/html")
    answer.set_cookie(COOKIE, kept, int(TAKES.total_seconds()), path="/", secure=True, httponly=True, samesite="Lax")
    return answer


@SCREEN.get("/sign-in/openid/back")
def come_back(visit: Visit) -> Response:
    """Let in whoever the provider vouches for, if they were invited."""
    if not visit.openid.issuer:
        return _not_here(visit)
    if seconds := _too_often(visit):
        return _wait(visit, seconds)
    present = visit.session.account.account_id if visit.session else ""
    try:
        account, onward = visit.openid.finish(request.cookies.get(COOKIE, ""), request.args.to_dict(), present)
    except AccountProblem as problem:
        answer = _stop(visit, problem)
    else:
        action = "check" if account.account_id == present else "sign-in"
        answer = let_in(visit, account.account_id, visit.go(inside(onward)), action=action)
    answer.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="Lax")
    return answer


def _stop(visit: Visit, problem: AccountProblem) -> Response:
    return visit.stop(
        visit.say("You did not come in"),
        visit.say(problem.sentence, **problem.values),
        status=503 if problem.sentence == AWAY else 403,
        back=SIGN_IN,
    )


def _not_here(visit: Visit) -> Response:
    return visit.stop(
        visit.say("You did not come in"),
        visit.say("No account of an organisation opens this desk: sign in with a passkey."),
        status=404,
        back=SIGN_IN,
    )


def _too_often(visit: Visit) -> int:
    return visit.service.rate_limiter.too_often(request.headers, request.remote_addr or "", "", "desk")


def _wait(visit: Visit, seconds: int) -> Response:
    answer = visit.stop(
        visit.say("Too many tries from your network"),
        visit.say("Wait a minute, then try again."),
        status=429,
        back=SIGN_IN,
    )
    answer.headers["Retry-After"] = str(seconds)
    return answer
