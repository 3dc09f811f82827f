"""Coming in and going out: with a passkey, or with a mailed link and a code; and once more before what matters."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from flask import Response, request

from bacheca.forms.text import digest
from forms_server.accounts.kept_posts import brought_back, keep
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
        return _door(visit, refused=True, kept=visit.field("kept"))
    return let_in(visit, owner, _come_back(visit, owner) or visit.go(inside(visit.field("next"))))


@SCREEN.post("/sign-in/go-on", command=ONLY_HERE)
def go_on(visit: Visit) -> Response:
    """Give whoever has come in in another tab what they had typed in this one."""
    if visit.session is None:
        return _door(visit, kept=visit.field("kept"))
    return _come_back(visit, visit.account.account_id) or visit.go(f"{DESK}/")


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
    return let_in(visit, account.account_id, visit.go(f"{DESK}/"))


@SCREEN.get("/check", right=Right.OWN)
def ask_again(visit: Visit) -> Response:
    """Ask whoever is there to prove once more who they are."""
    return ask_to_prove(visit, {"next": inside(request.args.get("next", ""))})


@SCREEN.post("/check", right=Right.OWN, command=ONLY_HERE)
def check(visit: Visit) -> Response:
    """Let whoever has proved it go on, in a session of its own."""
    hidden = {name: visit.field(name) for name in ("next", "again", "posted")}
    proved = prove(visit, _of_session(visit))
    if isinstance(proved, Response):
        return proved
    if not proved:
        return ask_to_prove(visit, hidden, refused=True)
    if hidden["again"]:
        return let_in(visit, visit.account.account_id, _go_on(visit, hidden["again"], hidden["posted"]), action="check")
    return let_in(visit, visit.account.account_id, visit.go(inside(hidden["next"])), action="check")


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
    """Give the script that asks for passkeys."""
    return Response((ASSETS / "passkeys.js").read_text(encoding="utf-8"), mimetype="text/javascript")


@SCREEN.get("/assets/rail.js")
def rail_script(visit: Visit) -> Response:
    """Give the script of the strip of screens."""
    return Response((ASSETS / "rail.js").read_text(encoding="utf-8"), mimetype="text/javascript")


def let_in(visit: Visit, account_id: str, answer: Response, *, action: str = "sign-in") -> Response:
    """Begin a session with a token of its own, whatever cookie came, and answer."""
    token = visit.sign_in.start(account_id, digest(request.cookies.get(COOKIE, "")), action)
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


def ask_to_come_in_before(visit: Visit) -> Response | None:
    """Ask whoever has posted something in a session that is over to come in; what they typed goes along, for them.

    None where nothing was typed, or nobody knows any more whose session it was.
    """
    again, posted = request.path, {name: list(values) for name, values in visit.posted.items()}
    if again == CHECK:  # they were about to prove who they are, which coming in does
        again, posted = inside(visit.field("again")), {}
        for name, value in _fields(visit.field("posted")) or ():
            posted.setdefault(name, []).append(str(value))
    if not posted:
        return None
    cookie = request.cookies.get(COOKIE, "")
    owner = visit.service.store.sessions.owner_of_past(digest(cookie), visit.now()) if cookie else ""
    kept = keep(visit.service.secret, owner, again, posted, visit.now()) if owner else ""
    return _door(visit, kept=kept) if kept else None


def _come_back(visit: Visit, account_id: str) -> Response | None:
    """Give the page that does what somebody had typed when their session was over; None where nothing was kept."""
    if not visit.field("kept"):
        return None
    found = brought_back(visit.service.secret, account_id, visit.field("kept"), visit.now())
    if found is None:
        return visit.stop(
            visit.say("What was typed is not here any more"),
            visit.say("It is kept for an hour, for the account that typed it alone. Nothing was done."),
            status=404,
        )
    again, posted = found
    return _ask_to_go_on(visit, again, [(name, value) for name, values in posted.items() for value in values])


def _door(visit: Visit, *, refused: bool = False, kept: str = "") -> Response:
    return visit.page(
        "entrance/sign_in.html",
        visit.say("Come in"),
        status=403 if refused or kept else 200,
        refused=refused,
        kept=kept,
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


def ask_to_prove_before(visit: Visit) -> Response:
    """Ask whoever has posted something to prove who they are first; what they typed goes along."""
    return ask_to_prove(visit, {"again": request.path, "posted": json.dumps(dict(visit.posted))})


def prove(visit: Visit, use: str) -> bool | Response:
    """Tell whether whoever is there has proved who they are; an answer where they tried too often.

    Args:
        visit: their visit.
        use: what the challenge that they answer was made for.
    """
    if visit.field("credential"):
        return visit.passkeys.owner(use, visit.field("credential"), visit.now()) == visit.account.account_id
    if visit.sign_in.waits(visit.account):
        return too_many_codes(visit)
    return visit.sign_in.by_code(visit.account, visit.field("code"))


def ask_to_prove(
    visit: Visit, hidden: Mapping[str, str], *, refused: bool = False, use: str = "", action: str = CHECK
) -> Response:
    """Ask whoever is there to prove who they are.

    Args:
        visit: their visit.
        hidden: what comes back with the answer: the `next` page, or what to do `again` and what was `posted` there.
        refused: whether what they answered before was wrong.
        use: what the proof is good for; for what matters in general where nothing is said.
        action: where it goes.
    """
    has_passkeys = bool(visit.service.store.accounts.passkeys_of(visit.account.account_id))
    again = inside(hidden["again"]) if hidden.get("again") else ""
    return visit.page(
        "entrance/check.html",
        visit.say("Is it still you?"),
        status=403 if refused or hidden.get("again") else 200,
        refused=refused,
        code=visit.account.authenticator is not None,
        options=visit.passkeys.to_ask(use or _of_session(visit), visit.now(), visit.account) if has_passkeys else "",
        hidden=hidden,
        action=action,
        openid=not use and visit.openid.issuer and visit.account.account_id in visit.service.store.accounts.bound(),
        again=again,
        posted=_fields(hidden.get("posted", "")) or (),
    )


def _go_on(visit: Visit, again: str, posted: str) -> Response:
    """Give the page that does what was asked for before the proof: typed already, and not done."""
    fields = _fields(posted)
    if fields is None:
        return visit.go(inside(again))
    return _ask_to_go_on(visit, again, fields)


def _ask_to_go_on(visit: Visit, again: str, posted: Sequence[tuple[str, str]]) -> Response:
    return visit.page("entrance/go_on.html", visit.say("Confirmed: go on"), action=inside(again), posted=posted)


def _fields(posted: str) -> list[tuple[str, str]] | None:
    """Read what was posted before; None where it is nothing of the kind."""
    try:
        return [(name, value) for name, values in json.loads(posted).items() for value in values]
    except (ValueError, AttributeError, TypeError, RecursionError):
        return None
