"""A person: what is held of them across all forms, the evidence of their consents, and a copy to send.

Whose page it is stands in what is posted, and never in an address.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from itertools import groupby
from urllib.parse import quote

from flask import Response

from bacheca.forms import Form
from bacheca.forms.catalogues import marked as _
from bacheca.forms.package.formats.package_reader import variables_of
from forms_server.accounts.roles import Right
from forms_server.desk.frame.pages import ASKS_THE_DESK, ASSETS, masked
from forms_server.desk.frame.screen import Screen
from forms_server.desk.frame.visit import DESK, Visit
from forms_server.desk.frame.words import NAMED
from forms_server.desk.screens.forms.sealed import described
from forms_server.errors import PersonProblem
from forms_server.known_forms import last_definitions
from forms_server.messages import say as say_of_service
from forms_server.privacy.data_subjects import DataSubject, DataSubjects, Held, Look
from forms_server.privacy.requests import KINDS, OUTCOMES, PersonRequests
from forms_server.privacy.subject_report import (
    Told,
    as_json,
    as_page,
    copy_of,
    evidence_of,
    file_name,
    said_of_mail,
)
from forms_server.store.subject_access import SHARES

SCREEN = Screen("person", Right.PEOPLE, called=_("People"), icon="person", home="/people/")
HERE = f"{DESK}{SCREEN.home}"

SECONDS = 10
"""How long all answers are looked through before the page says how far it is."""

SEEN = 500
"""How many responses a page remembers of what was looked through before it."""

MOST_REFERENCES = 500
"""How many of the answers of others that hold an address are named by their reference."""

STATES: Mapping[str, str] = {
    "pending": _("waits to be confirmed"),
    "waiting": _("confirmed, and waits for a place"),
    "offered": _("confirmed, and has been offered a place"),
    "kept": _("kept"),
    "quarantined": _("in quarantine"),
}
"""What is said of the state of a response."""

DONE: Mapping[str, str] = {
    "evidence": _("The evidence of consents was written"),
    "export": _("A copy of the data was written"),
    "erase-begun": _("An erasure was begun and has not ended: erase once more"),
    "erase": _("All that was held was erased"),
}
"""What is said of what the audit noted."""


@SCREEN.get("/people/")
def ask(visit: Visit) -> Response:
    """Ask for an address."""
    return _ask(visit)


@SCREEN.post("/people/find", command="export-person")
def find(visit: Visit) -> Response:
    """Show what is held under an address that was given to a form for its owner."""
    return of_person(visit, lambda persons, address: _show(visit, persons, persons.find_known(address)))


@SCREEN.post("/people/look", command="export-person")
def look(visit: Visit) -> Response:
    """Look through all answers for an address, as far as there is time."""
    return of_person(visit, lambda persons, address: _look(visit, persons, address))


@SCREEN.post("/people/sealed", command="export-person", fresh=True)
def open_sealed(visit: Visit) -> Response:
    """Show the same with what is sealed of it, which a key opens in the browser of whoever is there."""

    def show(persons: DataSubjects, address: str) -> Response:
        person = persons.find_known(address)
        note_seen(visit, "sealed", person)
        return _show(visit, persons, person, opening=True)

    return of_person(visit, show)


@SCREEN.get("/assets/person.js")
def script(visit: Visit) -> Response:
    """Give the script that opens."""
    return Response((ASSETS / "person.js").read_text(encoding="utf-8"), mimetype="text/javascript")


@SCREEN.post("/people/evidence", command="evidence", fresh=True)
def evidence(visit: Visit) -> Response:
    """Hand out what somebody agreed to, to be sent to them."""
    return of_person(visit, lambda persons, address: _hand_out(visit, persons, persons.find(address), "evidence"))


@SCREEN.post("/people/copy", command="export-person", fresh=True)
def copy(visit: Visit) -> Response:
    """Hand out a copy of all that is held, to be sent to its owner."""
    return of_person(visit, lambda persons, address: _hand_out(visit, persons, persons.find(address), "export"))


def persons_of(visit: Visit) -> DataSubjects:
    """Give what finds people, for whoever is there."""
    return DataSubjects(visit.service.retention, visit.service.secret, by=visit.account.account_id)


def requests_of(visit: Visit) -> PersonRequests:
    """Give what notes requests, in the name of whoever is there."""
    return PersonRequests(visit.service.retention, visit.service.secret, visit.account.account_id)


def find_person(visit: Visit, address: str, *, done: str = "", problem: str = "") -> Response:
    """Show what is held of somebody, and what was just done or was wrong."""
    persons = persons_of(visit)
    return _show(visit, persons, persons.find_known(address), done=done, problem=problem)


def titles_of(visit: Visit) -> Mapping[str, str]:
    """Give what each form of which anything is held is called, whether it is served or not."""
    return {name: form.wording(visit.language).title for name, form in _known(visit).items()}


def _known(visit: Visit) -> Mapping[str, Form]:
    return {**last_definitions(visit.service.store, visit.forms)[0], **visit.forms}


def _shut(visit: Visit, person: DataSubject) -> list[str]:
    """Name the forms with sealed answers of others: a form that was sealed once stays sealed."""
    sealed = [name for name, form in _known(visit).items() if form.sealed]
    theirs = [held.holding.stored.response_id for held in person.held]
    return visit.service.store.subject_access.sealed_forms(but=theirs, among=sealed)


def note_seen(visit: Visit, action: str, person: DataSubject) -> None:
    """Write down that somebody saw or changed what is held of a person; also where that is nothing."""
    theirs = sorted((held.form.name, held.holding.stored.response_id) for held in person.held)
    for form, ids in groupby(theirs, key=lambda pair: pair[0]):
        visit.note(action, form=form, responses=[response_id for _form, response_id in ids])
    if not theirs:
        visit.note(action)


def of_person(visit: Visit, then: Callable[[DataSubjects, str], Response], *, named: str = "address") -> Response:
    """Answer about whoever a field of the post names; ask once more where that is no address."""
    try:
        return then(persons_of(visit), visit.field(named).strip())
    except PersonProblem:
        return _ask(visit, problem=visit.say("This is not an e-mail address; write it as ada@example.org"))


def _ask(visit: Visit, *, problem: str = "") -> Response:
    return visit.page(
        "people/ask.html",
        visit.say("People"),
        status=422 if problem else 200,
        problem=problem,
        address=visit.field("address") if problem else "",
        home=HERE,
    )


def _look(visit: Visit, persons: DataSubjects, address: str) -> Response:
    over = time.monotonic() + SECONDS
    done = visit.field("done")
    begun = int(done) if done in [str(part) for part in range(SHARES)] else 0
    found = visit.posted.get("found", ()) if begun else ()
    looked = persons.look_through(address, begun, found[:SEEN], lambda: time.monotonic() > over)
    return _show(visit, persons, looked.person, looked)


def _show(
    visit: Visit,
    persons: DataSubjects,
    person: DataSubject,
    looked: Look | None = None,
    *,
    done: str = "",
    problem: str = "",
    opening: bool = False,
) -> Response:
    note_seen(visit, "person-look" if looked else "person", person)
    service = visit.service
    told = copy_of(person, service.forms, service.settings.content, visit.now())
    titles = titles_of(visit)
    records = list(service.store.subject_access.audits(*persons.subjects(person.address)))
    page = visit.page(
        "people/person.html",
        visit.say("A person"),
        status=422 if problem else 200,
        done=done,
        problem=problem,
        asked=_asked(visit, persons, person),
        kinds=[(kind, say_of_service(sentence, visit.language)) for kind, sentence in KINDS.items()],
        outcomes=[(outcome, say_of_service(sentence, visit.language)) for outcome, sentence in OUTCOMES.items()],
        today=service.retention.today,
        told=told,
        ids=[held.holding.stored.response_id for held in person.held],
        about=said_of_mail(visit.language),
        address=person.address,
        covered=masked(person.address),
        mailto=f"mailto:{quote(person.address, safe='@')}",
        states={state: visit.say(sentence) for state, sentence in STATES.items()},
        titles=titles,
        records=[(record, visit.say(DONE[record.action])) for record in reversed(records) if record.action in DONE],
        looked=looked,
        found=sorted(person.ids),
        questions=questions_of(visit, person),
        sealed=[(name, titles.get(name, name)) for name in _shut(visit, person)],
        opening=json.dumps([_sealed(held) for held in person.held if held.holding.stored.sealed]) if opening else "",
        zone=service.settings.community.zone,
        home=HERE,
    )
    if opening:
        page.headers["Content-Security-Policy"] = ASKS_THE_DESK
    return page


def _sealed(held: Held) -> dict[str, object]:
    """Give what a browser opens of a response: as it is sealed, and how its questions are called."""
    stored = held.holding.stored
    hidden = held.form.sealed_columns - stored.answers.keys()
    variables = [one for one in variables_of([held.form], stored.language) if one.name in hidden and not one.is_proof]
    known_by = {"id": stored.response_id, "reference": held.reference}
    return {**known_by, "text": stored.sealed, "variables": [described(one) for one in variables]}


def _asked(visit: Visit, persons: DataSubjects, person: DataSubject) -> list[dict[str, object]]:
    """Tell what somebody waits for, the nearest deadline first."""
    theirs, today = persons.subjects(person.address), visit.service.retention.today
    return [
        {
            "request": request,
            "kind": say_of_service(KINDS.get(request.kind, request.kind), visit.language),
            "left": (request.due_on - today).days,
        }
        for request in visit.service.store.requests.open()
        if request.subject in theirs
    ]


def questions_of(visit: Visit, person: DataSubject) -> list[dict[str, str]]:
    """Name the answers of others in which the address stands: by their question, not by what they say."""
    titles = titles_of(visit)
    known = _known(visit)
    references = visit.references([mention.response_id for mention in person.mentions[:MOST_REFERENCES]])
    found = []
    for mention in person.mentions:
        form = known.get(mention.form)
        field = form.fields_by_name.get(mention.field) if form else None
        language = form.spoken(visit.language) if form else ""
        question = field.words[language].title if field else mention.field
        response = references.get(mention.response_id, "–")
        found.append({"form": titles.get(mention.form, mention.form), "question": question, "response": response})
    return found


def _hand_out(visit: Visit, persons: DataSubjects, person: DataSubject, action: str) -> Response:
    service = visit.service
    note_seen(visit, f"person-{action}", person)
    tell = evidence_of if action == "evidence" else copy_of
    told: Told = tell(person, service.forms, service.settings.content, visit.now())
    persons.note(action, person)
    language = _language_of(visit, person)
    name = file_name(action, language, [held.reference for held in person.held], service.retention.today)
    if visit.field("as") == "json":
        return attached(as_json(told), "application/json", f"{name}.json")
    page = as_page(told, language, visit.community, service.settings.community.zone)
    return attached(page, "text/html", f"{name}.html")


def _language_of(visit: Visit, person: DataSubject) -> str:
    """Give the language in which somebody answered last; that of whoever is there where we do not speak it."""
    spoken = [held.holding.stored.language for held in person.held]
    return spoken[-1] if spoken and spoken[-1] in dict(NAMED) else visit.language


def attached(text: str, kind: str, name: str) -> Response:
    """Answer with a file to save."""
    return Response(text, mimetype=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
