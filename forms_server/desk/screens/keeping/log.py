"""The log: who saw or changed whose data, and when; nothing here can change it."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import islice

from flask import Response

from bacheca.forms.catalogues import marked as _
from forms_server.accounts.invitations import TERMINAL
from forms_server.accounts.roles import CALLED, Right
from forms_server.desk.frame.screen import Screen
from forms_server.desk.frame.visit import DESK, Visit
from forms_server.desk.frame.words import ACTIONS
from forms_server.store.desk.log import Entry

SCREEN = Screen("log", Right.ACCOUNTS, called=_("Log"), icon="list", home="/log/")

ON_A_PAGE = 50


@SCREEN.get("/log/")
def show(visit: Visit) -> Response:
    """Show some of it, the newest first."""
    found = list(visit.service.store.desk_log.newest(ON_A_PAGE + 1, _after(visit.asked("before"))))
    named = {account.account_id: account.address for account in visit.service.store.accounts.all()}
    shown = list(islice(found, ON_A_PAGE))
    more = f"{shown[-1].done_at.isoformat()} {shown[-1].id}" if len(found) > ON_A_PAGE else ""
    return visit.page(
        "keeping/log.html",
        visit.say("Log"),
        lines=[_line(visit, entry, named) for entry in shown],
        zone=visit.service.settings.community.zone,
        home=f"{DESK}{SCREEN.home}",
        more=more,
    )


def _line(visit: Visit, entry: Entry, named: dict[str, str]) -> dict[str, object]:
    gone = visit.say("somebody who is gone")
    who = visit.say("the terminal") if entry.account_id == TERMINAL else named.get(entry.account_id, gone)
    return {
        "done_at": entry.done_at,
        "who": who,
        "action": _said(visit, entry.action),
        "form": entry.form or "",
        "response": (entry.response_id or "")[:8],
        "about": named.get(entry.about_account, gone) if entry.about_account else "",
    }


def _said(visit: Visit, action: str) -> str:
    done, _colon, role = action.partition(":")
    if done not in ACTIONS:
        return action
    return visit.say(ACTIONS[done]) + (f" ({visit.say(CALLED[role])})" if role in CALLED else "")


def _after(text: str) -> tuple[datetime, str] | None:
    moment, _blank, last = text.partition(" ")
    try:
        known = datetime.fromisoformat(moment)
        return (known.astimezone(UTC), last) if last and known.tzinfo else None
    except (ValueError, OverflowError):
        return None
