"""The log: who saw or changed whose data, and when; nothing here can change it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from flask import Response

from bacheca.forms.catalogues import marked as _
from forms_server.accounts.invitations import TERMINAL
from forms_server.accounts.roles import CALLED, Right
from forms_server.desk.frame.screen import Screen
from forms_server.desk.frame.visit import DESK, Visit
from forms_server.desk.frame.words import ACTIONS, SEVERAL
from forms_server.store.desk.log import Entry, folded

SCREEN = Screen("log", Right.ACCOUNTS, called=_("Log"), icon="list", home="/log/")

ON_A_PAGE = 50


@SCREEN.get("/log/")
def show(visit: Visit) -> Response:
    """Show some of it, the newest first; or all that was done with one response."""
    log, about = visit.service.store.desk_log, visit.asked("about")
    found, end = (folded(log.of_response(about)), None) if about else log.lines(ON_A_PAGE, _before(visit))
    named = {account.account_id: account.address for account in visit.service.store.accounts.all()}
    titles = {name: form.wording(visit.language).title for name, form in visit.forms.items()}
    return visit.page(
        "keeping/log.html",
        visit.say("Log"),
        about=about,
        lines=[_line(visit, entries, named, titles) for entries in found],
        references=visit.references([one.response_id for entries in found for one in entries if one.response_id]),
        zone=visit.service.settings.community.zone,
        home=f"{DESK}{SCREEN.home}",
        more=end.isoformat() if end else "",
    )


def _line(
    visit: Visit, entries: Sequence[Entry], named: Mapping[str, str], titles: Mapping[str, str]
) -> dict[str, object]:
    entry, gone = entries[0], visit.say("somebody who is gone")
    who = visit.say("the terminal") if entry.account_id == TERMINAL else named.get(entry.account_id, gone)
    return {
        "done_at": entry.done_at,
        "who": who,
        "action": _said(visit, entry.action, len(entries)),
        "form": titles.get(entry.form, entry.form) if entry.form else "",
        "responses": [one.response_id for one in entries if one.response_id],
        "about": named.get(entry.about_account, gone) if entry.about_account else "",
    }


def _said(visit: Visit, action: str, count: int) -> str:
    done, _colon, role = action.partition(":")
    if done not in ACTIONS:
        return action
    if count > 1:
        return visit.say(SEVERAL.get(done) or visit.say(ACTIONS[done]) + " ({count})", count=count)
    return visit.say(ACTIONS[done]) + (f" ({visit.say(CALLED[role])})" if role in CALLED else "")


def _before(visit: Visit) -> datetime | None:
    try:
        known = datetime.fromisoformat(visit.asked("before"))
        return known.astimezone(UTC) if known.tzinfo else None
    except (ValueError, OverflowError):
        return None
