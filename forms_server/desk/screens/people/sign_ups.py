"""Who signed up: the list by session and state, and what is done for one of them; names are opened by a post."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask import Response

from bacheca.forms import Form
from bacheca.forms.catalogues import marked as _
from bacheca.forms.definition.allotment import Ledger, places_of
from bacheca.forms.kinds import Field
from forms_server.accounts.roles import Right
from forms_server.desk.frame.screen import Part, Screen, Waiting
from forms_server.desk.frame.visit import DESK, Visit
from forms_server.messages import say as say_of_service
from forms_server.operations.sign_ups import CONFIRMED, DONE, ERASED, LETTERS, LONGEST_NOTE, OFFERED, RESENT, SignUps
from forms_server.store import StoredResponse
from forms_server.store.browse import Place, Wanted, plain
from forms_server.store.lifecycle import State
from forms_server.store.waiting_list import Offered

STATES: Mapping[State, str] = {
    State.KEPT: _("confirmed"),
    State.PENDING: _("to be confirmed"),
    State.WAITING: _("waits for a place"),
    State.OFFERED: _("has been offered a place"),
    State.QUARANTINED: _("in quarantine"),
}
"""What is said of the states of what is there, in the order of the list."""

NAMES = frozenset(("name", "given-name", "additional-name", "family-name", "nickname"))
"""What `form:autocomplete` says of questions that ask for a name, or a part of one."""

CONTACTS = frozenset(("email", "tel", "url"))
"""What it says of questions that ask for a way to reach somebody; their kinds say it by themselves."""

ON_A_SHEET = 2_000
"""How many names one sheet has at most."""


def _waits(visit: Visit) -> list[Waiting]:
    """Count those whose letter that asks to confirm failed, and those who wait where a place is free."""
    found = []
    for form in _forms(visit):
        title, address = form.wording(visit.language).title, f"{HERE}{form.name}"
        failed = visit.service.store.outbox.unreached(form.name)
        ledger = _ledger(visit, form) if form.waiting else None
        free = len(ledger.offers()) if ledger else 0
        found += [
            Waiting(
                failed,
                visit.say("Letters that ask to confirm failed: {count} ({title})", count=failed, title=title),
                address,
            ),
            Waiting(
                free,
                visit.say("Places that are free while somebody waits: {count} ({title})", count=free, title=title),
                address,
            ),
        ]
    return found


SCREEN = Screen(
    "sign_ups",
    Right.PEOPLE,
    called=_("Sign-ups"),
    icon="people",
    home="/sign-ups/",
    waits=_waits,
    part=Part(_("Sign-ups"), "/sign-ups/{name}", suits=lambda form: form.kind == "signup", served=True),
)
HERE = f"{DESK}{SCREEN.home}"


@dataclass(frozen=True)
class Asked:
    """Which sign-ups are looked at: what was chosen in the form above the list, and where the page before ended."""

    state: State
    session: str
    text: str
    after: str

    @property
    def session_field(self) -> str:
        """The name of the question whose choice is wanted; empty for any."""
        return self.session.partition("=")[0]

    @property
    def session_code(self) -> str:
        """The code of that choice."""
        return self.session.partition("=")[2]

    @property
    def place(self) -> Place | None:
        """Where to go on; None at the beginning."""
        day, _bar, response_id = self.after.partition("|")
        try:
            return Place(date.fromisoformat(day), response_id)
        except ValueError:
            return None

    @property
    def hidden(self) -> Mapping[str, str]:
        """What goes along with each button of the list."""
        return {"state": self.state, "session": self.session, "text": self.text}


@SCREEN.get("/sign-ups/")
def overview(visit: Visit) -> Response:
    """Show the forms that people sign up to, with how many are in each state."""
    forms = list(_forms(visit))
    if len(forms) == 1:
        return visit.go(f"{HERE}{forms[0].name}")
    rows = [{"form": form, "counts": visit.service.store.counts(form.name)} for form in forms]
    return visit.page("people/sign_up_forms.html", visit.say("Sign-ups"), rows=rows, home=HERE, states=_states(visit))


@SCREEN.get("/sign-ups/<name>")
def show(visit: Visit, name: str) -> Response:
    """Show how the sign-ups to a form stand, session by session, and nobody's name."""
    form = sign_up_form(visit, name)
    if form is None and visit.form(name):  # of a form that nobody can sign up to now, there is what came
        return visit.go(f"{DESK}/forms/{name}/")
    return missing(visit) if form is None else _show(visit, form)


@SCREEN.post("/sign-ups/<name>", command="sign-ups")
def open_list(visit: Visit, name: str) -> Response:
    """Open names and addresses, which the log tells."""
    form = sign_up_form(visit, name)
    return missing(visit) if form is None else _list(visit, form)


@SCREEN.post("/sign-ups/<name>/<response_id>/resend", command="resend")
def resend(visit: Visit, name: str, response_id: str) -> Response:
    """Write once more to somebody who has a button to press."""
    form, stored = _stored(visit, name, response_id)
    if form is None or stored is None:
        return _gone(visit, form)
    visit.note("resend", form=name, responses=[response_id])
    done = look_after(visit).resend(form, response_id)
    return _list(visit, form, said=_said(visit, RESENT[done]), well=done in DONE)


@SCREEN.post("/sign-ups/<name>/<response_id>/confirm", command="confirm")
def confirm(visit: Visit, name: str, response_id: str) -> Response:
    """Confirm somebody who agreed on paper; ask first how they did."""
    form, stored = _stored(visit, name, response_id)
    if form is None or stored is None:
        return _gone(visit, form)
    note = visit.field("note").replace("\r\n", "\n").strip()  # as the page counts it
    if not note or len(note) > LONGEST_NOTE:
        visit.note("sign-ups", form=name, responses=[response_id])
        return visit.page(
            "people/confirm.html",
            visit.say("Confirm a sign-up"),
            form=form,
            who=_who(visit, form, stored),
            hidden=_asked(visit, form).hidden,
            address=f"{HERE}{name}",
            response_id=response_id,
            longest=LONGEST_NOTE,
            note=visit.field("note"),
            notices=_notices(visit, stored),
            problem="note" in visit.posted,
        )
    visit.note("confirm", form=name, responses=[response_id])
    done = look_after(visit).confirm(form, response_id, note)
    return _list(visit, form, said=_said(visit, CONFIRMED[done]), well=done in DONE, leaves=done in DONE)


@SCREEN.post("/sign-ups/<name>/<response_id>/withdraw", command="withdraw", fresh=True)
def withdraw(visit: Visit, name: str, response_id: str) -> Response:
    """Erase a sign-up as its owner asked."""
    form, stored = _stored(visit, name, response_id)
    if form is None or stored is None:
        return _gone(visit, form)
    asked = visit.sure(
        visit.say("Withdraw this sign-up?"),
        visit.say(
            "{who}: the answers and the consents are erased at once, for good. If a place becomes free, whoever waits"
            " first is offered it.",
            who=", ".join(_who(visit, form, stored)),
        ),
        visit.say("Withdraw and erase"),
        back=f"{HERE}{name}",
    )
    if asked:
        visit.note("sign-ups", form=name, responses=[response_id])
        return asked
    visit.note("withdraw", form=name, responses=[response_id])
    done = look_after(visit).withdraw(stored)
    return _list(visit, form, said=_said(visit, ERASED), leaves=True) if done else _gone(visit, form)


@SCREEN.post("/sign-ups/<name>/<response_id>/no-letters", command="no-letters")
def no_letters(visit: Visit, name: str, response_id: str) -> Response:
    """Write no more letters to all to somebody who asked for that, or write them again."""
    form, stored = _stored(visit, name, response_id)
    if form is None or stored is None:
        return _gone(visit, form)
    again = visit.field("again") == "yes"
    visit.note("letters-again" if again else "no-letters", form=name, responses=[response_id])
    done = look_after(visit).letters(form, response_id, wanted=again)
    return _list(visit, form, said=_said(visit, LETTERS[again])) if done else _gone(visit, form)


@SCREEN.post("/sign-ups/<name>/<response_id>/offer", command="offer")
def offer(visit: Visit, name: str, response_id: str) -> Response:
    """Offer a place to somebody out of turn, and say first whom that passes over."""
    form, stored = _stored(visit, name, response_id)
    ledger = _ledger(visit, form) if form else None
    if form is None or stored is None or ledger is None:
        return _gone(visit, form)
    if stored.state != State.WAITING:
        return _list(visit, form, said=_said(visit, OFFERED[Offered.ABSENT]), well=False)
    before = max(0, ledger.position(response_id) - 1)
    beyond = ledger.room().beyond(ledger.places.wanted(stored.answers))
    asked = visit.sure(
        visit.say("Offer them a place out of turn?"),
        " ".join(
            (
                visit.say("{who} waits.", who=", ".join(_who(visit, form, stored))),
                _passed_over(visit, before),
                _beyond(visit, beyond),
            )
        ),
        visit.say("Offer a place"),
        back=f"{HERE}{name}",
        known={"beyond": str(beyond), "before": str(before)},
    )
    if asked:
        visit.note("sign-ups", form=name, responses=[response_id])
        return asked
    visit.note("offer", form=name, responses=[response_id])
    done = look_after(visit).offer(form, response_id, beyond=beyond)
    if done is Offered.FULL:  # somebody else was offered one just now: the question is another
        return offer(visit, name, response_id)
    return _list(visit, form, said=_said(visit, OFFERED[done]), well=done in DONE, leaves=done in DONE)


def _passed_over(visit: Visit, before: int) -> str:
    if before == 1:
        return visit.say("You pass over one person who has waited longer.")
    return visit.say("You pass over {count} people who have waited longer.", count=before) if before else ""


def _beyond(visit: Visit, beyond: int) -> str:
    if beyond == 1:
        return visit.say("No place is free: you give out one more than there are.")
    if not beyond:
        return ""
    return visit.say("No place is free: with this one you give out {count} more than there are.", count=beyond)


@SCREEN.post("/sign-ups/<name>/sheet", command="sign-ups", fresh=True)
def sheet(visit: Visit, name: str) -> Response:
    """Give the sheet of a session to print, on which whoever comes signs."""
    form = sign_up_form(visit, name)
    if form is None:
        return missing(visit)
    asked = _asked(visit, form)
    waiting_list = visit.service.store.waiting_list
    found = waiting_list.attending(name, asked.session_field, asked.session_code, ON_A_SHEET + 1)
    cut, found = len(found) > ON_A_SHEET, found[:ON_A_SHEET]
    visit.note("sheet", form=name, responses=[stored.response_id for stored in found] or (None,))
    people = [_names(visit, form, stored) for stored in found]
    return visit.page(
        "people/sheet.html",
        form.wording(visit.language).title,
        part="Sheet to sign",
        form=form,
        session=_session_said(visit, form, asked),
        people=sorted(people, key=lambda names: [plain(name) for name in names]),
        cut=cut,
        today=visit.service.retention.today,
        back=f"{HERE}{name}",
    )


def look_after(visit: Visit) -> SignUps:
    """Give what looks after sign-ups."""
    service = visit.service
    return SignUps(service.retention, service.intake, service.settings.public_url or visit.place.origin)


def _said(visit: Visit, sentence: str) -> str:
    return say_of_service(sentence, visit.language)


def _forms(visit: Visit) -> Iterator[Form]:
    return (form for form in visit.forms.values() if form.kind == "signup")


def sign_up_form(visit: Visit, name: str) -> Form | None:
    """Give a form that people sign up to; None where there is none of this name."""
    return next((form for form in _forms(visit) if form.name == name), None)


def _stored(visit: Visit, name: str, response_id: str) -> tuple[Form | None, StoredResponse | None]:
    form = sign_up_form(visit, name)
    return form, look_after(visit).find(form, response_id) if form else None


def missing(visit: Visit) -> Response:
    """Say that there is no form of this name to sign up to."""
    return visit.stop(
        visit.say("Nobody signs up to a form of this name"),
        visit.say("Look for it among the sign-ups."),
        status=404,
        back=HERE,
    )


def _gone(visit: Visit, form: Form | None) -> Response:
    if form is None:
        return missing(visit)
    return visit.stop(
        visit.say("This sign-up is not there any more"),
        visit.say("It was withdrawn, or its time was over before anybody confirmed it."),
        status=404,
        back=f"{HERE}{form.name}",
    )


def _asked(visit: Visit, form: Form) -> Asked:
    state = visit.field("state")
    session = visit.field("session")
    known = {f"{field.name}={code}" for field in _sharing(form) for code in field.categories}
    return Asked(
        State(state) if state in STATES else State.KEPT,
        session if session in known else "",
        visit.field("text").strip()[:200],
        visit.field("after"),
    )


def _sharing(form: Form) -> Sequence[Field]:
    """Give the questions whose choices have places: the sessions."""
    return [field for field in form.fields if field.places]


def _ledger(visit: Visit, form: Form) -> Ledger | None:
    places = places_of(form, visit.now)
    return visit.service.store.waiting_list.ledger(form.name, places) if places else None


def _states(visit: Visit) -> list[tuple[State, str]]:
    return [(state, visit.say(said)) for state, said in STATES.items()]


def sessions_of(visit: Visit, form: Form) -> list[dict[str, Any]]:
    """Give each session of a form with its places, what is left of them, and how many are in each state."""
    ledger = _ledger(visit, form)
    left = ledger.room().left if ledger else {}
    free = {(quota.field, quota.code): (quota.places, max(0, count)) for quota, count in left.items()}
    rows = []
    for field in _sharing(form):
        tally = visit.service.store.waiting_list.tally(form.name, field.name)
        for code in field.categories:
            places, vacant = free.get((field.name, code), (None, None))
            rows.append(
                {
                    "value": f"{field.name}={code}",
                    "name": field.label(code, visit.language),
                    "places": places,
                    "free": vacant,
                    "counts": tally.get(code, {}),
                }
            )
    places, vacant = free.get(("", ""), (None, None))
    counts = visit.service.store.counts(form.name)
    whole = {"value": "", "name": "", "places": places, "free": vacant, "counts": counts}
    return [*rows, whole]


def _session_said(visit: Visit, form: Form, asked: Asked) -> str:
    return form.field(asked.session_field).label(asked.session_code, visit.language) if asked.session else ""


def _show(visit: Visit, form: Form, **values: Any) -> Response:
    given: dict[str, Any] = {
        "form": form,
        "address": f"{HERE}{form.name}",
        "sessions": sessions_of(visit, form),
        "withdrawn": visit.service.store.counts(form.name).get(State.WITHDRAWN, 0),
        "states": _states(visit),
        "asked": _asked(visit, form),
        "rows": None,
        "said": "",
        "well": True,
    }
    return visit.page("people/sign_ups.html", form.wording(visit.language).title, part="Sign-ups", **given | values)


def _list(visit: Visit, form: Form, *, said: str = "", well: bool = True, leaves: bool = False) -> Response:
    """Show the page with the list open, and note whose names are on it.

    Args:
        visit: who asks.
        form: whose sign-ups.
        said: what was just done.
        well: whether it was.
        leaves: whether somebody left the list by it: the name that they were looked for by is looked for no more.
    """
    asked, store = _asked(visit, form), visit.service.store
    asked = replace(asked, text="", after="") if leaves else asked
    columns = [column.name for field in _identifying(form) for column in field.columns]
    cells = {asked.session_field: asked.session_code} if asked.session else {}
    wanted = Wanted(asked.state, cells=cells, text=asked.text, columns=columns)
    page = store.browse.page(form.name, wanted, asked.place)
    visit.note("sign-ups", form=form.name, responses=[stored.response_id for stored in page.responses] or (None,))
    ledger = _ledger(visit, form) if asked.state is State.WAITING else None
    declined = store.campaigns.declined_among([stored.response_id for stored in page.responses])
    rows: list[dict[str, Any]] = [
        {
            "stored": stored,
            "declines": stored.response_id in declined,
            "who": _who(visit, form, stored),
            "sessions": [_answer(visit, field, stored) or visit.say("none chosen") for field in _sharing(form)],
            "position": ledger.position(stored.response_id) if ledger else 0,
        }
        for stored in page.responses
    ]
    if ledger:
        rows.sort(key=lambda row: row["position"])
    more = f"{page.end.received_on}|{page.end.response_id}" if page.end else ""
    return _show(visit, form, asked=asked, rows=rows, said=said, well=well, more=more, looked_at=page.looked_at)


def _identifying(form: Form) -> Sequence[Field]:
    """Give the questions that tell who somebody is, and nothing that is sensitive of them besides."""
    return [
        field
        for field in form.fields
        if field.is_personal and not field.agrees
        if field.privacy != "sensitive" or field.autocomplete in NAMES | CONTACTS
    ]


def _answer(visit: Visit, field: Field, stored: StoredResponse) -> str:
    """Say what somebody answered; nothing where they were not asked."""
    return field.show(stored.answers, visit.language) if field.was_shown(stored.answers) else ""


def _who(visit: Visit, form: Form, stored: StoredResponse) -> list[str]:
    """Say who somebody is: what they answered to the questions that tell it, or the code that they quote."""
    found = [_answer(visit, field, stored) for field in _identifying(form)]
    named = [said for said in found if said]
    return named or [visit.reference(stored)]


def _names(visit: Visit, form: Form, stored: StoredResponse) -> list[str]:
    """Say who somebody is on a sheet that others see, too: their name, and nothing else of them."""
    texts = [field for field in _identifying(form) if field.name != form.address_field and field.kind == "text"]
    shown = [field for field in texts if field.autocomplete in NAMES] or texts[:1]
    named = [said for field in shown if (said := _answer(visit, field, stored))]
    return named or [visit.reference(stored)]


def _notices(visit: Visit, stored: StoredResponse) -> list[tuple[str, str]]:
    with visit.service.store.snapshot() as snapshot:
        return [(one.language, one.text) for one in snapshot.standing_consents(stored.response_id)]
