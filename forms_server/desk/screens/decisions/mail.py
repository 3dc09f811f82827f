"""Mail: what waits, what cannot be delivered, what came back, and why; sent once more, or given up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from flask import Response

from bacheca.forms.catalogues import marked as _
from forms_server.accounts.roles import Right
from forms_server.desk.frame.pages import masked, said_moment
from forms_server.desk.frame.screen import Screen, Waiting
from forms_server.desk.frame.visit import DESK, Visit
from forms_server.desk.screens.people.person import persons_of
from forms_server.errors import PersonProblem
from forms_server.mail.faults import why
from forms_server.messages import ABOUT
from forms_server.messages import say as say_of_service
from forms_server.operations.returned_letters import ReturnedLetter, ReturnedLetters
from forms_server.store.outbox import ListedMail

ON_A_PAGE = 20

STATES: Mapping[str, str] = {
    "dead": _("Cannot be delivered"),
    "bounced": _("Came back"),
    "waiting": _("Waits to be sent"),
}
"""What is listed, the most urgent first."""


def _waiting(visit: Visit) -> list[Waiting]:
    count = visit.service.store.outbox.in_states().get("dead", 0)
    return [Waiting(count, visit.say("Letters that cannot be delivered: {count}", count=count), f"{DESK}{SCREEN.home}")]


SCREEN = Screen("mail", Right.PEOPLE, called=_("Mail"), icon="letter", home="/mail/", waits=_waiting)
HERE = f"{DESK}{SCREEN.home}"
GONE = _("This letter is no longer among those that came back or cannot be delivered.")


@SCREEN.get("/mail/")
def show(visit: Visit) -> Response:
    """Show the letters, without to whom they go."""
    return _page(visit, visit.asked("state"), visit.asked("after"))


@SCREEN.post("/mail/open", command="mail")
def show_opened(visit: Visit) -> Response:
    """Show the same with to whom they go, once the log says so."""
    return _page(visit, visit.field("state"), visit.field("after"), opened=True)


@SCREEN.post("/mail/again", command="mail")
def again(visit: Visit) -> Response:
    """Have a letter tried once more."""
    outbox, letter = visit.service.store.outbox, visit.field("letter")
    said = visit.say("It is tried once more.")
    return _change(visit, "mail-again", said, lambda: outbox.again(letter, visit.now()))


@SCREEN.post("/mail/give-up", command="mail")
def give_up(visit: Visit) -> Response:
    """Send a letter no more."""
    outbox, letter = visit.service.store.outbox, visit.field("letter")
    found = outbox.one(letter, "dead", "waiting")
    asked = visit.sure(
        visit.say("Give this letter up?"),
        visit.say("It is not sent any more, and what it said is forgotten. Whoever waits for it does not get it."),
        visit.say("Give up"),
        back=HERE,
        parts=[_named(visit, found)] if found else (),
    )
    if asked:
        return asked
    return _change(visit, "mail-give-up", visit.say("It is given up."), lambda: outbox.give_up(letter))


@SCREEN.post("/mail/returned", command="mail")
def returned(visit: Visit) -> Response:
    """Send a letter that came back or is dead once more, to the address that is typed; ask for it first."""
    letters = _letters(visit)
    letter = letters.find(visit.field("letter"))
    if letter is None:
        return _page(visit, visit.field("state") or "bounced", "", problem=visit.say(GONE))
    typed = visit.field("address").strip()
    if not typed:
        return _ask(visit, letter)
    visit.note("mail-again", form=letter.form.name, responses=[letter.stored.response_id])
    try:
        done = letters.send(letter, typed)
    except PersonProblem as problem:
        return _ask(visit, letter, problem=problem.said(visit.language), typed=typed)
    return _page(visit, _state(letter), "", said=done.said(visit.language))


def _ask(visit: Visit, letter: ReturnedLetter, *, problem: str = "", typed: str = "") -> Response:
    visit.note("mail", form=letter.form.name, responses=[letter.stored.response_id])
    return visit.page(
        "decisions/returned.html",
        visit.say("Send a letter once more"),
        status=422 if problem else 200,
        letter=letter,
        about=_about(visit, letter.mail),
        called=letter.form.wording(visit.language).title,
        reason=why(letter.mail.fault).said(visit.language),
        address=typed or letter.address,
        problem=problem,
        here=HERE,
        state=_state(letter),
    )


def _state(letter: ReturnedLetter) -> str:
    return "dead" if letter.dead else "bounced"


def _letters(visit: Visit) -> ReturnedLetters:
    service = visit.service
    origin = service.settings.public_url or visit.place.origin
    return ReturnedLetters(service.retention, service.intake, service.forms, persons_of(visit), origin)


def _about(visit: Visit, mail: ListedMail) -> str:
    return say_of_service(ABOUT[mail.kind], visit.language) if mail.kind in ABOUT else mail.kind


def _named(visit: Visit, mail: ListedMail) -> str:
    """Say which letter it is: what it does, of which form, to whom and of when, as the list has it."""
    row = _row(visit, mail, opened=False)
    written = said_moment(mail.created_at, visit.service.settings.community.zone, visit.language)
    return ", ".join(str(part) for part in (row["about"], mail.subject, row["form"], row["to"], written) if part)


def _change(visit: Visit, action: str, said: str, change: Callable[[], bool]) -> Response:
    state = visit.field("state")
    if not change():
        gone = visit.say("Somebody else decided about this letter meanwhile, or it has gone out.")
        return _page(visit, state, "", problem=gone)
    visit.note(action)
    return _page(visit, state, "", said=said)


def _page(visit: Visit, state: str, after: str, *, opened: bool = False, said: str = "", problem: str = "") -> Response:
    state = state if state in STATES else "dead"
    outbox = visit.service.store.outbox
    found = outbox.listed(state, ON_A_PAGE + 1, _place(after))
    shown, counts = found[:ON_A_PAGE], outbox.in_states()
    if opened:
        visit.note("mail", responses=list(dict.fromkeys(mail.response_id for mail in shown)) or (None,))
    return visit.page(
        "decisions/mail.html",
        visit.say("Mail"),
        status=409 if problem else 200,
        state=state,
        states=[(name, visit.say(called), counts.get(name, 0)) for name, called in STATES.items()],
        rows=[_row(visit, mail, opened=opened) for mail in shown],
        tried=[(why(fault).said(visit.language), count) for fault, count in outbox.tried().items()],
        bounced=counts.get("bounced", 0),
        given_up=outbox.given_up(),
        opened=opened,
        said=said,
        problem=problem,
        here=HERE,
        after=after,
        more=f"{shown[-1].created_at.isoformat()} {shown[-1].id}" if len(found) > ON_A_PAGE else "",
        zone=visit.service.settings.community.zone,
    )


def _row(visit: Visit, mail: ListedMail, *, opened: bool) -> dict[str, object]:
    form = visit.forms.get(mail.form or "")
    known = mail.recipient or ((mail.answers or {}).get(form.address_field, "") if form else "")
    return {
        "mail": mail,
        "about": _about(visit, mail),
        "again": form is not None and bool(form.address_field and mail.response_id),
        "form": form.wording(visit.language).title if form else "",
        "to": known if opened else masked(known),
        "reason": why(mail.fault).said(visit.language),
    }


def _place(text: str) -> tuple[datetime, str] | None:
    moment, _blank, last = text.partition(" ")
    try:
        known = datetime.fromisoformat(moment)
        return (known.astimezone(UTC), last) if last and known.tzinfo else None
    except (ValueError, OverflowError):
        return None
