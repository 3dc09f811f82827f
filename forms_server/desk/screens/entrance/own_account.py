"""One's own account: the language, further passkeys, and one's sessions."""

from __future__ import annotations

from flask import Response

from bacheca.forms.catalogues import marked as _
from forms_server.accounts.roles import CALLED, MAY, Right
from forms_server.desk.frame.screen import ONLY_HERE, Screen
from forms_server.desk.frame.visit import DESK, Visit
from forms_server.desk.frame.words import LANGUAGES, NAMED

SCREEN = Screen("own_account", Right.OWN, called=_("My access"), icon="person", home="/me/")
HERE = f"{DESK}{SCREEN.home}"


@SCREEN.get("/me/")
def show(visit: Visit) -> Response:
    """Show it."""
    account, store = visit.account, visit.service.store
    return visit.page(
        "entrance/own_account.html",
        visit.say("My access"),
        account=account,
        role=visit.say(CALLED[account.role]),
        rights=visit.say(MAY[account.role]),
        passkeys=store.accounts.passkeys_of(account.account_id),
        sessions=store.sessions.counts(visit.now()).get(account.account_id, 0),
        languages=NAMED,
        home=HERE,
        zone=visit.service.settings.community.zone,
    )


@SCREEN.post("/me/language", command=ONLY_HERE)
def speak(visit: Visit) -> Response:
    """Speak another language with whoever is there."""
    if visit.field("language") in LANGUAGES:
        visit.service.store.accounts.speak(visit.account.account_id, visit.field("language"))
    return visit.go(HERE)


@SCREEN.post("/me/sign-out", command="accounts")
def sign_out_elsewhere(visit: Visit) -> Response:
    """End all sessions of theirs but this one."""
    but = visit.session.token_hash if visit.session else ""
    visit.note("sign-out-all")
    visit.service.store.sessions.end_all(visit.account.account_id, but=but)
    return visit.go(HERE)


@SCREEN.get("/me/passkey", fresh=True)
def ask_for_passkey(visit: Visit) -> Response:
    """Ask for one more passkey: on another device, so that losing one shuts nobody out."""
    return _ask(visit)


@SCREEN.post("/me/passkey", command=ONLY_HERE, fresh=True)
def add_passkey(visit: Visit) -> Response:
    """Keep it."""
    made = visit.passkeys.made(visit.account, _use(visit), visit.field("credential"), visit.now())
    if made is None:
        return _ask(visit, refused=True)
    visit.service.store.accounts.add_passkey(made)
    visit.note("passkey")
    return visit.go(HERE)


@SCREEN.post("/me/passkey/drop", command=ONLY_HERE, fresh=True)
def drop_passkey(visit: Visit) -> Response:
    """Let one of several sign in no more."""
    if visit.service.store.accounts.drop_passkey(visit.account.account_id, visit.field("passkey")):
        visit.note("passkey-drop")
    return visit.go(HERE)


def _ask(visit: Visit, *, refused: bool = False) -> Response:
    return visit.page(
        "entrance/another_passkey.html",
        visit.say("Another passkey"),
        status=403 if refused else 200,
        refused=refused,
        options=visit.passkeys.to_make(visit.account, _use(visit), visit.now()),
        home=HERE,
    )


def _use(visit: Visit) -> str:
    return f"another {visit.session.token_hash}" if visit.session else ""
