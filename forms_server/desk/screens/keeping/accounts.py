"""Who may use the desk: invite people, change what they may do, end their sessions, take their access away."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import Response

from bacheca.forms.catalogues import marked as _
from forms_server.accounts.invitations import GOOD_FOR
from forms_server.accounts.roles import CALLED, INVITED_AS, MAY, Right
from forms_server.desk.frame.pages import said_moment
from forms_server.desk.frame.screen import Screen
from forms_server.desk.frame.visit import DESK, Visit
from forms_server.desk.frame.words import LANGUAGES
from forms_server.errors import AccountProblem, PersonProblem
from forms_server.store.desk.accounts import Account

SCREEN = Screen("accounts", Right.ACCOUNTS, called=_("Access"), icon="key", home="/accounts/")
HERE = f"{DESK}{SCREEN.home}"

DONE: Mapping[str, str] = {
    "invite": _("An invitation is on its way to {address} ({role}). It is good until {until}."),
    "role": _("{address} now has this role: {role}."),
    "sign-out": _("The sessions of {address} are closed."),
    "remove": _("{address} can come in no more."),
}
"""What is said on the page that follows; its address names what was done and the account, never whose that is."""


@SCREEN.get("/accounts/", fresh=True)
def show(visit: Visit) -> Response:
    """Show everybody who was invited."""
    return _page(visit)


@SCREEN.post("/accounts/invite", command="invite", fresh=True)
def invite(visit: Visit) -> Response:
    """Invite somebody, or anew somebody who has lost a device."""
    address, role, language = visit.field("address").strip(), visit.field("role"), visit.field("language")
    if address.casefold() == visit.account.address:
        return _page(
            visit, problem=visit.say("This is your own address: you would be signed out. Add a passkey instead.")
        )
    try:
        account = visit.invitations.invite(address, role, language if language in LANGUAGES else visit.language)
    except PersonProblem:
        return _page(visit, problem=visit.say("This is not an e-mail address; write it as ada@example.org"))
    except AccountProblem as problem:
        return _page(visit, problem=visit.say(problem.sentence, **problem.values))
    return _onward(visit, "invite", account.account_id)


@SCREEN.post("/accounts/sign-out", command="accounts", fresh=True)
def sign_out_all(visit: Visit) -> Response:
    """End everybody's sessions, this one too."""
    asked = visit.sure(
        visit.say("Sign everybody out?"),
        visit.say("Ends every session, yours too. Everybody comes in again with their own passkey or code."),
        visit.say("Sign everybody out"),
        back=HERE,
    )
    if asked:
        return asked
    visit.invitations.sign_out()
    return visit.go(f"{DESK}/")


@SCREEN.post("/accounts/<account_id>/role", command="accounts", fresh=True)
def change_role(visit: Visit, account_id: str) -> Response:
    """Change what somebody may do."""
    return _change(
        visit, "role", account_id, lambda account: visit.invitations.change_role(account, visit.field("role"))
    )


@SCREEN.post("/accounts/<account_id>/sign-out", command="accounts", fresh=True)
def sign_out(visit: Visit, account_id: str) -> Response:
    """End the sessions of somebody."""
    return _change(visit, "sign-out", account_id, lambda account: _uncounted(visit.invitations.sign_out(account)))


@SCREEN.post("/accounts/<account_id>/remove", command="accounts", fresh=True)
def remove(visit: Visit, account_id: str) -> Response:
    """Take somebody's access away."""
    account = visit.service.store.accounts.of_id(account_id)
    asked = account and visit.sure(
        visit.say("Take away the access of {address}?", address=account.address),
        visit.say("They are signed out at once and come in no more, until somebody invites them anew."),
        visit.say("Take away"),
        back=HERE,
    )
    if asked:
        return asked
    return _change(visit, "remove", account_id, visit.invitations.remove)


def _uncounted(_count: int) -> None:
    """Say nothing of how many there were."""


def _change(visit: Visit, done: str, account_id: str, change: Callable[[Account], None]) -> Response:
    account = visit.service.store.accounts.of_id(account_id)
    if account is None or account.ended_at:
        return _page(visit, problem=visit.say("This access was taken away meanwhile."))
    try:
        change(account)
    except AccountProblem as problem:
        return _page(visit, problem=visit.say(problem.sentence, **problem.values))
    return _onward(visit, done, account_id)


def _onward(visit: Visit, done: str, account_id: str) -> Response:
    return visit.go(f"{HERE}?done={done}&account={account_id}")


def _said(visit: Visit) -> str:
    """Say what was just done; nothing where the address of the page names nothing of the kind."""
    store, done = visit.service.store, visit.asked("done")
    account = store.accounts.of_id(visit.asked("account"))
    if done not in DONE or account is None or bool(account.ended_at) is not (done == "remove"):
        return ""
    invited_at = store.accounts.last_link(account.account_id, "invitation")
    if done == "invite" and invited_at is None:
        return ""
    until = (
        said_moment(invited_at + GOOD_FOR, visit.service.settings.community.zone, visit.language) if invited_at else ""
    )
    return visit.say(DONE[done], address=account.address, role=visit.say(CALLED[account.role]), until=until)


def _page(visit: Visit, *, problem: str = "") -> Response:
    store = visit.service.store
    sessions, bound = store.sessions.counts(visit.now()), store.accounts.bound()
    rows = [
        {
            "account": account,
            "role": visit.say(CALLED[account.role]),
            "passkeys": len(store.accounts.passkeys_of(account.account_id)),
            "openid": visit.openid.name if account.account_id in bound else "",
            "sessions": sessions.get(account.account_id, 0),
            "mine": account.account_id == visit.account.account_id,
        }
        for account in store.accounts.all()
        if not account.ended_at
    ]
    return visit.page(
        "keeping/accounts.html",
        visit.say("Access to the desk"),
        status=422 if problem else 200,
        problem=problem,
        done="" if problem else _said(visit),
        rows=rows,
        roles=[(role, visit.say(CALLED[role]), visit.say(MAY[role])) for role in INVITED_AS],
        home=HERE,
        filled={name: visit.field(name) for name in ("address", "role")} if problem else {"address": "", "role": ""},
    )
