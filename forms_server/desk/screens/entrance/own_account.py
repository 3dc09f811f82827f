"""One's own account: the language, further passkeys, and one's sessions."""

from __future__ import annotations

from flask import Response

from bacheca.forms.catalogues import marked as _
from forms_server.accounts.invitations import new_id
from forms_server.accounts.roles import CALLED, MAY, Right
from forms_server.desk.frame.screen import ONLY_HERE, Screen
from forms_server.desk.frame.visit import DESK, Visit
from forms_server.desk.frame.words import LANGUAGES, NAMED
from forms_server.desk.screens.entrance.door import ask_to_prove, prove
from forms_server.store import OutboxMail

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


@SCREEN.get("/me/passkey")
def ask_before_passkey(visit: Visit) -> Response:
    """Ask who is there before one more passkey is made: whatever was proved for something else does not count here."""
    account = visit.account
    if account.authenticator is None and not visit.service.store.accounts.passkeys_of(account.account_id):
        return visit.stop(
            visit.say("You come in by your organisation"),
            visit.say("For a passkey, ask an administrator of the desk for a new invitation."),
            status=403,
            back=HERE,
        )
    return ask_to_prove(visit, {}, use=_to_prove(visit), action=f"{HERE}passkey/prove")


@SCREEN.post("/me/passkey/prove", command=ONLY_HERE)
def ask_for_passkey(visit: Visit) -> Response:
    """Ask for one more passkey: on another device, so that losing one shuts nobody out."""
    proved = prove(visit, _to_prove(visit))
    if isinstance(proved, Response):
        return proved
    if not proved:
        return ask_to_prove(visit, {}, refused=True, use=_to_prove(visit), action=f"{HERE}passkey/prove")
    return visit.page(
        "entrance/another_passkey.html",
        visit.say("Another passkey"),
        options=visit.passkeys.to_make(visit.account, _use(visit), visit.now()),
        home=HERE,
    )


@SCREEN.post("/me/passkey", command=ONLY_HERE)
def add_passkey(visit: Visit) -> Response:
    """Keep it, where it answers what was asked after the proof; tell its owner by mail."""
    made = visit.passkeys.made(visit.account, _use(visit), visit.field("credential"), visit.now())
    if made is None:
        return visit.stop(
            visit.say("No passkey was made"),
            visit.say("Begin anew: prove who you are, then follow what your device says."),
            status=403,
            back=f"{HERE}passkey",
        )
    visit.service.store.accounts.add_passkey(made)
    visit.note("passkey")
    payload = {"origin": visit.place.origin}
    mail = OutboxMail(
        new_id(), "passkey", visit.account.address, visit.language, payload, visit.now(), of_response=False
    )
    visit.service.store.outbox.add(mail)
    return visit.go(HERE)


@SCREEN.post("/me/passkey/drop", command=ONLY_HERE, fresh=True)
def drop_passkey(visit: Visit) -> Response:
    """Let one of several sign in no more."""
    if visit.service.store.accounts.drop_passkey(visit.account.account_id, visit.field("passkey")):
        visit.note("passkey-drop")
    return visit.go(HERE)


def _to_prove(visit: Visit) -> str:
    return f"add a passkey {visit.session.token_hash}" if visit.session else ""


def _use(visit: Visit) -> str:
    return f"another {visit.session.token_hash}" if visit.session else ""
