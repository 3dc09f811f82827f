"""Coming in and going out: with a passkey, or with a mailed link and a code; and once more before what matters."""

from __future__ import annotations

from flask import Response, request

from forms_server.accounts.roles import Right
from forms_server.desk.frame.pages import ASSETS, style
from forms_server.desk.frame.screen import ONLY_HERE, Screen
from forms_server.desk.frame.visit import CHECK, COOKIE, DESK, SIGN_IN, Visit, inside

SCREEN = Screen("door", Right.KNOCK)

COME_IN = "sign-in"
"""What the challenge of somebody who signs in is good for."""


@SCREEN.get("/sign-in")
def ask(visit: Visit) -> Response:
    """Ask who is there."""
    return _door(visit)


@SCREEN.post("/sign-in", command=ONLY_HERE)
def enter(visit: Visit) -> Response:
    """Let in whoever has a passkey."""
    owner = visit.passkeys.owner(COME_IN, visit.field("credential"), visit.now())
    if owner is None:
        return _door(visit, refused=True)
    return let_in(visit, owner, inside(visit.field("next")))


@SCREEN.post("/sign-in/mail", command=ONLY_HERE)
def mail(visit: Visit) -> Response:
    """Mail a link to whoever signs in with codes; say the same to everybody."""
    visit.sign_in.mail_link(visit.field("address").strip(), visit.place)
    return visit.page("entrance/mailed.html", visit.say("Look at your mail"))


@SCREEN.get("/sign-in/<token>")
def ask_for_code(visit: Visit, token: str) -> Response:
    """Ask whoever has a mailed link for a code."""
    return _code(visit, token) if visit.sign_in.behind(token) else _over(visit)


@SCREEN.post("/sign-in/<token>", command=ONLY_HERE)
def enter_with_code(visit: Visit, token: str) -> Response:
    """Let in whoever has a mailed link and the code of this moment."""
    account = visit.sign_in.behind(token)
    if account is None:
        return _over(visit)
    if visit.sign_in.waits(account):
        return too_many_codes(visit)
    if visit.sign_in.by_link(token, visit.field("code")) is None:
        return _code(visit, token, wrong=True)
    return let_in(visit, account.account_id, f"{DESK}/")


@SCREEN.get("/check", right=Right.OWN)
def ask_again(visit: Visit) -> Response:
    """Ask whoever is there to prove once more who they are."""
    return _check(visit, inside(request.args.get("next", "")))


@SCREEN.post("/check", right=Right.OWN, command=ONLY_HERE)
def check(visit: Visit) -> Response:
    """Let whoever has proved it go on, in a session of its own."""
    onward = inside(visit.field("next"))
    if visit.field("credential"):
        owner = visit.passkeys.owner(_of_session(visit), visit.field("credential"), visit.now())
        proved = owner == visit.account.account_id
    elif visit.sign_in.waits(visit.account):
        return too_many_codes(visit)
    else:
        proved = visit.sign_in.by_code(visit.account, visit.field("code"))
    if not proved:
        return _check(visit, onward, refused=True)
    return let_in(visit, visit.account.account_id, onward, action="check")


@SCREEN.post("/sign-out", right=Right.OWN, command="accounts")
def leave(visit: Visit) -> Response:
    """End this session."""
    if visit.session:
        visit.service.store.sessions.end(visit.session.token_hash)
    answer = visit.go(SIGN_IN)
    answer.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="Lax")
    return answer


@SCREEN.get("/assets/desk.css")
def look(visit: Visit) -> Response:
    """Give the style."""
    return Response(style(visit.service.settings.site), mimetype="text/css")


@SCREEN.get("/assets/passkeys.js")
def script(visit: Visit) -> Response:
    """Give the one script that there is."""
    return Response((ASSETS / "passkeys.js").read_text(encoding="utf-8"), mimetype="text/javascript")


def let_in(visit: Visit, account_id: str, onward: str, *, action: str = "sign-in") -> Response:
    """Begin a session with a token of its own, whatever cookie came, and lead on."""
    token = visit.sign_in.start(account_id, visit.session.token_hash if visit.session else "", action)
    answer = visit.go(onward)
    answer.set_cookie(COOKIE, token, path="/", secure=True, httponly=True, samesite="Lax")
    return answer


def too_many_codes(visit: Visit) -> Response:
    """Say that codes were tried too often for now."""
    return visit.stop(
        visit.say("Too many codes were tried"),
        visit.say("Wait a quarter of an hour, then type the code that your app shows."),
        status=429,
        back=SIGN_IN,
    )


def _door(visit: Visit, *, refused: bool = False) -> Response:
    return visit.page(
        "entrance/sign_in.html",
        visit.say("Come in"),
        status=403 if refused else 200,
        refused=refused,
        options=visit.passkeys.to_ask(COME_IN, visit.now()),
        onward=inside(request.args.get("next") or visit.field("next")),
    )


def _code(visit: Visit, token: str, *, wrong: bool = False) -> Response:
    return visit.page(
        "entrance/code.html",
        visit.say("Type the code of your app"),
        status=403 if wrong else 200,
        wrong=wrong,
        token=token,
    )


def _over(visit: Visit) -> Response:
    return visit.stop(
        visit.say("This link is over"),
        visit.say("It was used, or it is older than a quarter of an hour: ask for another one."),
        status=404,
        back=SIGN_IN,
    )


def _of_session(visit: Visit) -> str:
    return f"check {visit.session.token_hash}" if visit.session else ""


def _check(visit: Visit, onward: str, *, refused: bool = False) -> Response:
    has_passkeys = bool(visit.service.store.accounts.passkeys_of(visit.account.account_id))
    return visit.page(
        "entrance/check.html",
        visit.say("Is it still you?"),
        status=403 if refused else 200,
        refused=refused,
        code=visit.account.authenticator is not None,
        options=visit.passkeys.to_ask(_of_session(visit), visit.now(), visit.account) if has_passkeys else "",
        onward=onward,
        action=CHECK,
    )
