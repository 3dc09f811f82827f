"""Adding somebody who signed up on paper, with the form that everybody answers and by the same rules."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from flask import Response
from markupsafe import Markup

from bacheca.forms import Problem
from bacheca.forms.html.form_page import render_form
from bacheca.forms.kinds import Posted
from forms_server.accounts.roles import Right
from forms_server.crypto.tokens import valid_key
from forms_server.desk.frame.screen import Screen
from forms_server.desk.frame.visit import Visit
from forms_server.desk.frame.words import say
from forms_server.desk.screens.people.sign_ups import HERE, look_after, missing, sign_up_form
from forms_server.form_registry import ServedForm
from forms_server.http.views.forms import vacancy_of
from forms_server.messages import say as say_of_service
from forms_server.operations.sign_ups import ADDED, DONE, LONGEST_NOTE, Added

SCREEN = Screen("on_paper", Right.PEOPLE)

ASK = "ask"
"""What is chosen where a letter is to ask whoever signed up to confirm."""


@SCREEN.get("/sign-ups/<name>/add")
def show(visit: Visit, name: str) -> Response:
    """Show the form, empty."""
    form = sign_up_form(visit, name)
    return missing(visit) if form is None else _page(visit, visit.service.forms[form.name])


@SCREEN.post("/sign-ups/<name>/add", command="add-sign-up")
def add(visit: Visit, name: str) -> Response:
    """Add somebody, once however often the button is pressed."""
    form = sign_up_form(visit, name)
    return missing(visit) if form is None else _add(visit, visit.service.forms[form.name])


def _add(visit: Visit, served: ServedForm) -> Response:
    form, posted = served.form, visit.posted
    response, problems = served.read(posted, _language(visit, served))
    if problems:
        return _page(visit, served, posted=posted, problems=problems)
    note = "" if visit.field("_how") == ASK else visit.field("_note").replace("\r\n", "\n").strip()
    if (not note and visit.field("_how") != ASK) or len(note) > LONGEST_NOTE:
        return _page(visit, served, posted=posted, problem=visit.say("Write how they agreed, in a sentence."))
    key = visit.field("_key")
    if not valid_key(key):
        again = visit.say("Nothing was kept yet: look at the answers once more, then press the button again.")
        return _page(visit, served, posted=posted, problem=again)
    sign_ups = look_after(visit)
    done = sign_ups.add(form, response, key, note)
    if done in DONE:
        visit.note("add", form=form.name, responses=[sign_ups.id_of(form, key)])
    else:  # which tells whether somebody is in the list
        visit.note("sign-ups", form=form.name)
    said = say_of_service(ADDED[done], visit.language)
    if done in DONE:
        return _page(visit, served, done=said)
    return _page(visit, served, posted=posted, problem=said, again=done is Added.OTHER)


def _page(
    visit: Visit,
    served: ServedForm,
    *,
    posted: Posted | None = None,
    problems: Sequence[Problem] = (),
    problem: str = "",
    done: str = "",
    again: bool = False,
) -> Response:
    """Show the form, with what was typed unless it is kept; the note stays for the next one."""
    form, language, key = served.form, _language(visit, served), visit.field("_key")
    address = f"{HERE}{form.name}"
    content = render_form(
        form,
        language,
        action=f"{address}/add",
        posted=posted,
        problems=problems,
        vacancy=vacancy_of(visit.service, form),
        button=say("Put them in the list", language),
    )
    return visit.page(
        "people/on_paper.html",
        visit.say("Add somebody who signed up on paper"),
        status=422 if problems or problem else 200,
        content=Markup(content),  # noqa: S704  # rendered by Jinja with everything escaped
        form=form,
        language_of_form=language,
        address=address,
        note=visit.field("_note"),
        asks=visit.field("_how") == ASK,
        longest=LONGEST_NOTE,
        key=key if valid_key(key) and not done and not again else secrets.token_urlsafe(24),
        problem=problem,
        done=done,
    )


def _language(visit: Visit, served: ServedForm) -> str:
    """Give the language of the paper, in which letters are written: the page's that was posted, the one chosen."""
    known = served.form.languages
    wanted = (visit.field("_lang"), visit.asked("in"), visit.language)
    return next((one for one in wanted if one in known), served.form.language)
