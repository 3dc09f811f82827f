"""Correcting somebody's answer because they asked for it."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response
from markupsafe import Markup

from bacheca.forms import Form, Problem
from bacheca.forms.html.form_page import render_form
from bacheca.forms.kinds import Posted
from forms_server.accounts.roles import Right
from forms_server.desk.frame.pages import masked
from forms_server.desk.frame.screen import Screen
from forms_server.desk.frame.visit import Visit
from forms_server.desk.screens.people.person import HERE, find_person, of_person
from forms_server.errors import PersonProblem
from forms_server.http.views.forms import origin_of_request
from forms_server.privacy.data_subjects import DataSubjects, Held, address_of
from forms_server.submission.correction import correct_on_request, form_to_correct, posted_of

SCREEN = Screen("correction", Right.PEOPLE)


@SCREEN.post("/people/answers", command="correct")
def show(visit: Visit) -> Response:
    """Show an answer in its form, to be corrected."""
    return _of_answer(visit, lambda _persons, form, held: _page(visit, form, held, posted_of(form, held)))


@SCREEN.post("/people/correct", command="correct")
def correct(visit: Visit) -> Response:
    """Correct it."""
    return _of_answer(visit, lambda persons, form, held: _correct(visit, persons, form, held), named="_address")


def _of_answer(
    visit: Visit, then: Callable[[DataSubjects, Form, Held], Response], *, named: str = "address"
) -> Response:
    """Answer about a response of the person who is named with it, and of nobody else."""

    def answer(persons: DataSubjects, address: str) -> Response:
        wanted = visit.field("_response")
        held = next((one for one in persons.find(address).held if one.holding.stored.response_id == wanted), None)
        if held is None:
            return visit.stop(
                visit.say("This answer is not there"),
                visit.say("It was erased or corrected meanwhile, or it belongs to somebody else."),
                status=404,
                back=HERE,
            )
        stored = held.holding.stored
        visit.note("person", form=stored.form, responses=[stored.response_id])
        return then(persons, form_to_correct(visit.service.forms.get(stored.form), held.form, stored), held)

    return of_person(visit, answer, named=named)


def _correct(visit: Visit, persons: DataSubjects, form: Form, held: Held) -> Response:
    service, stored = visit.service, held.holding.stored
    visit.note("person-correct", form=stored.form, responses=[stored.response_id])
    if visit.field("_seen") != _seen(visit, held):
        meanwhile = visit.say(
            "This answer was corrected meanwhile. Below is what you typed: look at how it stands now"
            " before you save it."
        )
        return _page(visit, form, held, visit.posted, problem=meanwhile)
    try:
        problems = correct_on_request(
            service.intake,
            service.retention,
            form,
            held,
            visit.posted,
            language=_language(visit, form, held),
            origin=service.settings.public_url or origin_of_request(),
        )
    except PersonProblem as problem:
        return _page(visit, form, held, visit.posted, problem=problem.said(visit.language))
    if problems:
        return _page(visit, form, held, visit.posted, problems=problems)
    address = address_of(visit.field("_address").strip())
    persons.answer("correct", address)
    return find_person(visit, address, done=visit.say("The answer is corrected. What it was before is not kept."))


def _page(
    visit: Visit, form: Form, held: Held, posted: Posted, *, problems: tuple[Problem, ...] = (), problem: str = ""
) -> Response:
    action = f"{HERE}correct"
    address = (visit.field("_address") or visit.field("address")).strip()
    content = render_form(
        form, _language(visit, form, held), action=action, posted=posted, problems=problems, withdraw=HERE
    )
    return visit.page(
        "people/correction.html",
        visit.say("Correct an answer"),
        status=422 if problems or problem else 200,
        content=Markup(content),  # noqa: S704  # rendered by Jinja with everything escaped
        form_name=form.name,
        called=form.wording(visit.language).title,
        address=address,
        covered=masked(address),
        response_id=held.holding.stored.response_id,
        sealed=not held.is_open,
        seen=_seen(visit, held),
        problem=problem,
        home=HERE,
    )


def _seen(visit: Visit, held: Held) -> str:
    """Tell one state of an answer from another."""
    stored = held.holding.stored
    return visit.service.secret.seen(stored.form, stored.content_hash)


def _language(visit: Visit, form: Form, held: Held) -> str:
    """Give the language of the answers, in which later mails are written: whoever corrects them does not change it."""
    return form.spoken(held.holding.stored.language)
