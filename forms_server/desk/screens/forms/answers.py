"""The answers to a form: a table in words, the newest first, searched and narrowed page by page; and one of them whole.

Personal answers stand there only for those who look after people, and only once they have asked for them: that is a
post, which the log notes of each person whose answer is shown.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from urllib.parse import parse_qsl

from flask import Response, request

from bacheca.forms import Form
from bacheca.forms.catalogues import marked as _
from forms_server.accounts.roles import Right
from forms_server.desk.frame.screen import ONLY_HERE, Part, Screen
from forms_server.desk.frame.visit import DESK, Visit
from forms_server.publishing.answers import Answers, Shown
from forms_server.publishing.asked import CHOICE, Asked, read
from forms_server.publishing.overview import standing_of
from forms_server.store import StoredResponse
from forms_server.store.lifecycle import State

OF_SURVEY = (State.KEPT, State.QUARANTINED)
"""The states of what needs no confirmation."""

SCREEN = Screen("answers", Right.ANSWERS, part=Part(_("Answers"), "/forms/{name}/"))

CALLED = {
    State.KEPT: _("counted"),
    State.PENDING: _("to be confirmed"),
    State.WAITING: _("waits for a place"),
    State.OFFERED: _("was offered a place"),
    State.QUARANTINED: _("in quarantine"),
}
"""What people read of each state."""

CHANNELS = {"web": _("on the web"), "mail": _("by mail")}
"""How an answer came."""


@SCREEN.get("/forms/<name>/")
def show(visit: Visit, name: str) -> Response:
    """Show some of them, without what is personal."""
    form = visit.form(name)
    if form is None:
        return visit.no_form()
    found = _by_reference(visit, form)
    return visit.go(f"{DESK}/forms/{name}/{found}") if found else _table(visit, form, opened=False)


@SCREEN.post("/forms/<name>/open", right=Right.PEOPLE, command=ONLY_HERE)
def show_opened(visit: Visit, name: str) -> Response:
    """Show the same with what is personal, once the log says so."""
    form = visit.form(name)
    return visit.no_form() if form is None else _table(visit, form, opened=True)


@SCREEN.get("/forms/<name>/<response_id>")
def show_one(visit: Visit, name: str, response_id: str) -> Response:
    """Show one whole, without what is personal."""
    return _one(visit, name, response_id, opened=False)


@SCREEN.post("/forms/<name>/<response_id>", right=Right.PEOPLE, command=ONLY_HERE)
def show_one_opened(visit: Visit, name: str, response_id: str) -> Response:
    """Show one whole, once the log says so."""
    return _one(visit, name, response_id, opened=True)


@SCREEN.post("/forms/<name>/<response_id>/erase", right=Right.PEOPLE, command="withdraw", fresh=True)
def erase_one(visit: Visit, name: str, response_id: str) -> Response:
    """Erase one, as its owner asked or somebody whom it names."""
    found = _found(visit, name, response_id)
    if isinstance(found, Response):
        return found
    _form, stored = found
    asked = visit.sure(
        visit.say("Erase this answer for good?"),
        visit.say(
            "{reference}: it is erased with its consents, links, corrections and mail, and nobody can bring it back. In"
            " the package it stands until the next export.",
            reference=visit.reference(stored),
        ),
        visit.say("Erase for good"),
        back=f"{DESK}/forms/{name}/{response_id}",
    )
    if asked:
        return asked
    visit.note("answer-erase", form=name, responses=[response_id])
    if not visit.service.retention.withdraw(stored):
        return _gone(visit, name)
    return visit.go(f"{DESK}/forms/{name}/?erased=yes")


def _found(visit: Visit, name: str, response_id: str) -> tuple[Form, StoredResponse] | Response:
    """Find an answer and its form, or say that one of them is not there."""
    form = visit.form(name)
    if form is None:
        return visit.no_form()
    stored = visit.service.store.browse.one(name, response_id)
    return (form, stored) if stored else _gone(visit, name)


def _gone(visit: Visit, name: str) -> Response:
    return visit.stop(
        visit.say("This answer is not there"),
        visit.say("It may have been withdrawn or erased meanwhile. Go back to the list."),
        status=404,
        back=f"{DESK}/forms/{name}/",
    )


def answers_of(visit: Visit, form: Form) -> Answers:
    """Give the questions of a form, in all its versions."""
    return Answers(form, visit.service.store.versions(form.name))


def _by_reference(visit: Visit, form: Form) -> str | None:
    """Find the answer whose reference was typed, if one was."""
    asked = read(request.args.to_dict(flat=False), answers_of(visit, form), opened=False)
    is_it = visit.service.secret.is_reference(form.name, asked.text)
    return is_it and visit.service.store.browse.find(form.name, is_it, asked.first, asked.last)


def _table(visit: Visit, form: Form, *, opened: bool) -> Response:
    answers, store = answers_of(visit, form), visit.service.store
    language = answers.language(visit.language)
    asked = read(visit.posted if opened else request.args.to_dict(flat=False), answers, opened=opened)
    page = store.browse.page(form.name, asked.wanted(answers, opened=opened), asked.past)
    seen = max(0, asked.seen - page.looked_at * asked.goes_back) if page.start else 0
    if opened:
        visit.note("open", form=form.name, responses=[one.response_id for one in page.responses] or (None,))
    home = f"{DESK}/forms/{form.name}/"
    states = {
        state: visit.say(called) for state, called in CALLED.items() if form.kind == "signup" or state in OF_SURVEY
    }
    return visit.page(
        "forms/answers.html",
        form.wording(language).title,
        part="Answers",
        form=form,
        answers=answers,
        asked=asked,
        opened=opened,
        erased=bool(visit.asked("erased")),
        closed=[answers.title(field, language) for field in _closed(answers, asked, page.responses)],
        unsearched=_unsearched(answers, asked, language, () if opened else answers.closed),
        unsearched_sealed=_unsearched(answers, asked, language, answers.sealed),
        covered=bool(asked.text) and answers.redacted and not opened,
        columns=[(field, answers.title(field, language)) for field in asked.columns],
        choosable=_choosable(answers, language, opened=opened),
        filters=_filters(answers, asked, language, opened=opened),
        rows=[_row(visit, answers, stored, asked.columns, opened=opened) for stored in page.responses],
        states=states,
        standing=None if asked.past or asked.narrows else standing_of(store, form, visit.now),
        home=home,
        file_pairs=parse_qsl(asked.of_files(opened=opened)),
        is_filed=asked.state is State.KEPT,
        page=page,
        before=seen,
        seen=seen + page.looked_at,
        searched=bool(asked.text or asked.choices),
        first=home + asked.query() if page.start else "",
        newer=asked.pairs(page.start, seen) if page.start else (),
        older=asked.pairs(page.end, seen + page.looked_at) if page.end else (),
    )


def _closed(answers: Answers, asked: Asked, shown: Sequence[StoredResponse]) -> list[str]:
    """Name what somebody has to open, also of answers that came before their questions were sealed."""
    of_before = (
        name
        for name in asked.columns
        if name in answers.sealed
        if any(answers.said(stored, name, "", opened=False).shown is Shown.HIDDEN for stored in shown)
    )
    return [*answers.closed, *of_before]


def _unsearched(answers: Answers, asked: Asked, language: str, unread: Collection[str]) -> list[str]:
    """Name those of the questions that were not read in which words that were asked for may stand."""
    may_hold = [name for name, field in answers.fields.items() if asked.text and field.asks and name in unread]
    return [answers.title(name, language) for name in may_hold]


def _choosable(answers: Answers, language: str, *, opened: bool) -> list[tuple[str, str]]:
    may_see = [name for name in answers.fields if opened or name not in answers.personal or name in answers.sealed]
    return [(name, answers.title(name, language)) for name in may_see]


def _filters(
    answers: Answers, asked: Asked, language: str, *, opened: bool
) -> list[tuple[str, str, dict[str, str], str]]:
    """Give what can be filtered by: the name of the control, its label, its choices, what was chosen."""
    found = []
    for name in dict.fromkeys((*asked.columns, *asked.choices)):
        choices = answers.choices(name, language)
        if choices and (opened or name not in answers.personal):
            title = answers.title(name, language)
            found.append((CHOICE + name, title, choices, asked.choices.get(name, "")))
    return found


def _row(
    visit: Visit, answers: Answers, stored: StoredResponse, columns: Sequence[str], *, opened: bool
) -> dict[str, object]:
    titles = [answers.title(name, answers.language(visit.language)) for name in columns]
    said = [answers.said(stored, name, visit.language, opened=opened) for name in columns]
    return {
        "stored": stored,
        "reference": visit.reference(stored),
        "said": list(zip(titles, said, strict=True)),
    }


def _one(visit: Visit, name: str, response_id: str, *, opened: bool) -> Response:
    found = _found(visit, name, response_id)
    if isinstance(found, Response):
        return found
    form, stored = found
    answers = answers_of(visit, form)
    language = answers.language(visit.language)
    if opened:
        visit.note("open", form=name, responses=[response_id])
    said = [
        (answers.title(field, language), answers.said(stored, field, visit.language, opened=opened))
        for field, asked in answers.fields.items()
        if asked.asks or stored.answers.get(field)
    ]
    return visit.page(
        "forms/answer.html",
        visit.say("Answer {reference}", reference=visit.reference(stored)),
        form=form,
        stored=stored,
        said=said,
        redacted=answers.redacted and not opened,
        opened=opened,
        closed=any(answer.shown is Shown.HIDDEN for _title, answer in said),
        state=visit.say(CALLED[State(stored.state)]),
        channel=visit.say(CHANNELS[stored.channel]),
        may_erase=visit.may(Right.PEOPLE),
        may_ask_who=visit.may(Right.ACCOUNTS),
        home=f"{DESK}/forms/{name}/",
    )
