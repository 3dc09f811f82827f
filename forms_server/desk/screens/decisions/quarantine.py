"""Quarantine: what looks like a program's, and why; somebody lets it in or discards it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flask import Response

from bacheca.forms import Form
from bacheca.forms.catalogues import marked as _
from forms_server.accounts.roles import Right
from forms_server.desk.frame.screen import Screen, Waiting
from forms_server.desk.frame.visit import DESK, Visit
from forms_server.messages import DOUBTS
from forms_server.messages import say as say_of_service
from forms_server.publishing.answers import Answers
from forms_server.store import StoredResponse
from forms_server.store.browse import Place, Wanted
from forms_server.store.lifecycle import State, tombstone_of
from forms_server.store.quarantine import Release


def _waiting(visit: Visit) -> list[Waiting]:
    count = sum(_counts(visit).values())
    return [Waiting(count, visit.say("In quarantine: {count}", count=count), f"{DESK}{SCREEN.home}")]


SCREEN = Screen("quarantine", Right.PEOPLE, called=_("Quarantine"), icon="filter", home="/quarantine/", waits=_waiting)


@SCREEN.get("/quarantine/")
def show(visit: Visit) -> Response:
    """Show how many answers to each form wait there."""
    rows = [
        {"name": name, "title": form.wording(visit.language).title, "count": count}
        for name, count in _counts(visit).items()
        if count and (form := visit.form(name))
    ]
    return visit.page("decisions/quarantine.html", visit.say("Quarantine"), rows=rows)


@SCREEN.post("/quarantine/<name>/read", command="quarantine")
def read(visit: Visit, name: str) -> Response:
    """Show the answers to a form that wait, in words, some at a time."""
    return _page(visit, name, after=_place(visit.field("after")))


@SCREEN.post("/quarantine/<name>/release", command="quarantine")
def release(visit: Visit, name: str) -> Response:
    """Let an answer in, as if it came today."""
    form, stored = visit.form(name), _doubted(visit, name)
    if form is None:
        return visit.no_form()
    if stored is None:
        return _page(visit, name, problem=_meanwhile(visit, name))
    visit.note("release", form=name, responses=[stored.response_id])
    done = visit.service.intake.release(form, stored.response_id)
    if done is Release.FULL:
        return _page(visit, name, problem=visit.say("Every place is taken: it stays in quarantine."))
    if done is Release.ABSENT:
        return _page(visit, name, problem=_meanwhile(visit, name))
    to_confirm = stored.state == State.QUARANTINED and bool(form.address_field) and form.kind == "signup"
    said = (
        visit.say("It is let in: the mail to confirm it is on its way.") if to_confirm else visit.say("It is let in.")
    )
    return _page(visit, name, said=said)


@SCREEN.post("/quarantine/<name>/discard", command="quarantine")
def discard(visit: Visit, name: str) -> Response:
    """Erase an answer for good."""
    if visit.form(name) is None:
        return visit.no_form()
    stored = _doubted(visit, name)
    if stored is None:
        return _page(visit, name, problem=_meanwhile(visit, name))
    asked = visit.sure(
        visit.say("Discard this answer?"),
        visit.say("It is erased for good. Nobody is told, and nobody can bring it back."),
        visit.say("Discard"),
        back=f"{DESK}{SCREEN.home}",
    )
    if asked:
        return asked
    visit.note("discard", form=name, responses=[stored.response_id])
    if not visit.service.retention.discard(stored):
        return _page(visit, name, problem=_meanwhile(visit, name))
    return _page(visit, name, said=visit.say("It is discarded."))


def _doubted(visit: Visit, name: str) -> StoredResponse | None:
    found = visit.service.store.browse.one(name, visit.field("response"))
    return found if found and found.state == State.QUARANTINED else None


def _meanwhile(visit: Visit, name: str) -> str:
    """Say what became of an answer that is in quarantine no more."""
    response_id = visit.field("response")
    with visit.service.store.snapshot() as snapshot:
        if snapshot.response(name, response_id):
            return visit.say("Somebody else let it in meanwhile: it counts like any other.")
        if snapshot.is_buried(tombstone_of(name, response_id)):
            return visit.say("Somebody else discarded it meanwhile, or whoever sent it withdrew it.")
    return visit.say("This answer is not in quarantine.")


def _page(visit: Visit, name: str, *, said: str = "", problem: str = "", after: Place | None = None) -> Response:
    form = visit.form(name)
    if form is None:
        return visit.no_form()
    store = visit.service.store
    page = store.browse.page(name, Wanted(state=State.QUARANTINED), after)
    visit.note("quarantine", form=name, responses=[stored.response_id for stored in page.responses])
    doubts = store.quarantine.doubts(name, [stored.response_id for stored in page.responses])
    answers = Answers(form, store.versions(name))
    return visit.page(
        "decisions/quarantined.html",
        visit.say("In quarantine"),
        status=409 if problem else 200,
        name=name,
        form=form,
        said=said,
        problem=problem,
        rows=[
            {
                "stored": stored,
                "reference": visit.reference(stored),
                "doubt": say_of_service(DOUBTS[doubts.get(stored.response_id, "")], visit.language),
                "answers": _answers(visit, form, answers, stored),
            }
            for stored in page.responses
        ],
        more=f"{page.end.received_on.isoformat()} {page.end.response_id}" if page.end else "",
    )


def _answers(visit: Visit, form: Form, answers: Answers, stored: StoredResponse) -> Sequence[tuple[str, object]]:
    language = answers.language(visit.language)
    return [
        (answers.title(name, language), answers.said(stored, name, visit.language, opened=True))
        for name, asked in answers.fields.items()
        if asked.asks or stored.answers.get(name)
    ]


def _counts(visit: Visit) -> dict[str, int]:
    store = visit.service.store
    return dict(store.quarantine.counts(store.forms()))


def _place(text: str) -> Place | None:
    day, _blank, last = text.partition(" ")
    try:
        return Place(date.fromisoformat(day), last) if last else None
    except ValueError:
        return None
