"""Accepting an invitation: a passkey is made or, where there is none, an authenticator app is set up."""

from __future__ import annotations

import segno
from flask import Response
from markupsafe import Markup

from forms_server.accounts.authenticators import address_of_seed
from forms_server.accounts.roles import CALLED, MAY, Right
from forms_server.desk.frame.screen import ONLY_HERE, Screen
from forms_server.desk.frame.visit import DESK, SIGN_IN, Visit
from forms_server.desk.screens.entrance.door import let_in
from forms_server.errors import AccountProblem
from forms_server.store.desk.accounts import Account

SCREEN = Screen("invitation", Right.KNOCK)


@SCREEN.get("/invitation/<token>")
def show(visit: Visit, token: str) -> Response:
    """Show who is invited as what, and ask for a passkey; a look accepts nothing."""
    account = visit.invitations.invited(token)
    return _ask(visit, account, token) if account else _over(visit)


@SCREEN.post("/invitation/<token>", command=ONLY_HERE)
def accept(visit: Visit, token: str) -> Response:
    """Accept it with the passkey that was made."""
    account = visit.invitations.invited(token)
    if account is None:
        return _over(visit)
    passkey = visit.passkeys.made(account, _use(token), visit.field("credential"), visit.now())
    if passkey is None:
        return _ask(visit, account, token, refused=True)
    if not visit.invitations.accept_with_passkey(token, passkey):
        return _over(visit)
    return let_in(visit, account.account_id, visit.go(f"{DESK}/"))


@SCREEN.get("/invitation/<token>/code")
def show_app(visit: Visit, token: str) -> Response:
    """Show what an authenticator app reads, and ask for its first code."""
    account = visit.invitations.invited(token)
    return _ask_for_code(visit, account, token) if account else _over(visit)


@SCREEN.post("/invitation/<token>/code", command=ONLY_HERE)
def accept_with_code(visit: Visit, token: str) -> Response:
    """Accept it with the code that the app shows."""
    account = visit.invitations.invited(token)
    if account is None:
        return _over(visit)
    try:
        right = visit.invitations.accept_with_code(token, visit.field("kept"), visit.field("code"))
    except AccountProblem:
        return _over(visit)
    if not right:
        return _ask_for_code(visit, account, token, wrong=True)
    return let_in(visit, account.account_id, visit.go(f"{DESK}/"))


def _ask(visit: Visit, account: Account, token: str, *, refused: bool = False) -> Response:
    return visit.page(
        "entrance/invitation.html",
        visit.say("Welcome to the desk"),
        status=403 if refused else 200,
        account=account,
        role=visit.say(CALLED[account.role]),
        rights=visit.say(MAY[account.role]),
        token=token,
        refused=refused,
        options=visit.passkeys.to_make(account, _use(token), visit.now()),
    )


def _ask_for_code(visit: Visit, account: Account, token: str, *, wrong: bool = False) -> Response:
    seed, kept = visit.invitations.seed(token, visit.field("kept") if wrong else "")
    picture = segno.make(address_of_seed(seed, account.address, visit.community or visit.place.name), error="m")
    drawn = picture.svg_inline(scale=4, border=2, dark="#000", light="#fff", omitsize=True)
    return visit.page(
        "entrance/invitation_code.html",
        visit.say("Set up an authenticator app"),
        status=403 if wrong else 200,
        token=token,
        kept=kept,
        seed=[seed[at : at + 4] for at in range(0, len(seed), 4)],
        picture=Markup(drawn),  # noqa: S704  # drawn by segno from what is ours
        wrong=wrong,
    )


def _over(visit: Visit) -> Response:
    return visit.stop(
        visit.say("This invitation is over"),
        visit.say("It was used, or it is older than two days: ask an administrator of the desk for another one."),
        status=404,
        back=SIGN_IN,
    )


def _use(token: str) -> str:
    return f"invitation {token}"
