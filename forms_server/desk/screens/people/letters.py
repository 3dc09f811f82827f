"""Letters to all who have signed up to a form, or who gave a consent: written, looked at, tried, sent, stopped."""

from __future__ import annotations

import re
import secrets

from flask import Response

from bacheca.forms import Form
from forms_server.accounts.roles import Right
from forms_server.desk.frame.screen import Screen
from forms_server.desk.frame.visit import Visit
from forms_server.desk.screens.people.sign_ups import HERE, missing, sessions_of, sign_up_form
from forms_server.errors import CampaignProblem, MailProblem
from forms_server.mail import Composer
from forms_server.messages import say as say_of_service
from forms_server.operations.letters import LONGEST_SUBJECT, LONGEST_TEXT, ON_ITS_WAY, Draft, Letters
from forms_server.store.desk.campaigns import Campaign, Progress

SCREEN = Screen("letters", Right.PEOPLE)

SHOWN = 20
"""How many letters of a form are listed."""

NAME = re.compile(r"[0-9a-f]{32}")


@SCREEN.get("/sign-ups/<name>/letters/")
def show(visit: Visit, name: str) -> Response:
    """Show the letters that were written, and room for another."""
    form = sign_up_form(visit, name)
    return missing(visit) if form is None else _write(visit, form)


@SCREEN.post("/sign-ups/<name>/letters/", command="write-to")
def write_on(visit: Visit, name: str) -> Response:
    """Go on writing what was looked at."""
    form = sign_up_form(visit, name)
    return missing(visit) if form is None else _write(visit, form)


@SCREEN.post("/sign-ups/<name>/letters/preview", command="write-to")
def preview(visit: Visit, name: str) -> Response:
    """Show it exactly as it will be read, and how many it is for."""
    form = sign_up_form(visit, name)
    return missing(visit) if form is None else _preview(visit, form)


@SCREEN.post("/sign-ups/<name>/letters/test", command="write-to")
def try_it(visit: Visit, name: str) -> Response:
    """Send it to whoever writes it alone."""
    form = sign_up_form(visit, name)
    if form is None:
        return missing(visit)
    draft = _draft(visit, form)
    try:
        _letters(visit).test(draft, visit.account.address, _language(visit, form))
    except CampaignProblem as problem:
        return _write(visit, form, problem=problem.said(visit.language))
    done = say_of_service(ON_ITS_WAY, visit.language, address=visit.account.address)
    return _preview(visit, form, done=done)


@SCREEN.post("/sign-ups/<name>/letters/send", command="write-to", fresh=True)
def send(visit: Visit, name: str) -> Response:
    """Begin to send it, once however often this is pressed."""
    form = sign_up_form(visit, name)
    if form is None:
        return missing(visit)
    named = visit.field("letter")
    if not NAME.fullmatch(named):  # nobody has looked at it, and two presses would send it twice
        return _preview(visit, form)
    try:
        campaign = _letters(visit).start(_draft(visit, form), named)
    except CampaignProblem as problem:
        return _write(visit, form, problem=problem.said(visit.language))
    visit.note("write-to", form=name)
    return visit.go(f"{HERE}{name}/letters/{campaign.campaign_id}")


@SCREEN.get("/sign-ups/<name>/letters/<campaign_id>")
def progress(visit: Visit, name: str, campaign_id: str) -> Response:
    """Show how far it is."""
    return _progress(visit, name, campaign_id)


@SCREEN.post("/sign-ups/<name>/letters/<campaign_id>/stop", command="write-to")
def stop(visit: Visit, name: str, campaign_id: str) -> Response:
    """Stop what is not sent yet."""
    stopped = bool(_found(visit, name, campaign_id)) and _letters(visit).stop(campaign_id)
    if stopped:
        visit.note("stop-letter", form=name)
    return _progress(visit, name, campaign_id, late=not stopped)


def _letters(visit: Visit) -> Letters:
    service = visit.service
    return Letters(service.store, service.intake, service.settings.public_url or visit.place.origin)


def _draft(visit: Visit, form: Form) -> Draft:
    return Draft(
        form,
        visit.field("subject"),
        visit.field("text").replace("\r\n", "\n"),
        visit.field("session"),
        visit.field("consent"),
        named if NAME.fullmatch(named := visit.field("rest_of")) else "",
    )


def _language(visit: Visit, form: Form) -> str:
    return form.spoken(visit.language)


def _found(visit: Visit, name: str, campaign_id: str) -> Progress | None:
    found = visit.service.store.campaigns.progress(campaign_id)
    return found if found and found.campaign.form == name else None


def _said_for(visit: Visit, form: Form, session: str, consent: str, *, rest: bool) -> str:
    """Say whom a letter is for."""
    known = {field.name: field for field in form.fields}
    name, _equals, code = session.partition("=")
    language = _language(visit, form)
    parts = [known[name].label(code, language) if name in known else code] if name else []
    if consent:
        called = known[consent].words[language].title if consent in known else consent
        parts.append(visit.say("who agreed to: {consent}", consent=called))
    parts += [visit.say("who did not get the letter that was stopped")] if rest else []
    return ", ".join(parts) or visit.say("all who are confirmed")


def _whom(visit: Visit, form: Form, campaign: Campaign) -> str:
    session = f"{campaign.session_field}={campaign.session_code}"
    return _said_for(visit, form, session, campaign.consent, rest=bool(campaign.rest_of))


def _write(visit: Visit, form: Form, *, problem: str = "") -> Response:
    draft, language = _draft(visit, form), _language(visit, form)
    listed = [
        {
            "progress": one,
            "whom": _whom(visit, form, one.campaign),
        }
        for one in visit.service.store.campaigns.newest(form.name, SHOWN)
    ]
    return visit.page(
        "people/letters.html",
        visit.say("Letters: {title}", title=form.wording(visit.language).title),
        status=422 if problem else 200,
        problem=problem,
        form=form,
        address=f"{HERE}{form.name}",
        draft=draft,
        sessions=[row for row in sessions_of(visit, form) if row["value"]],
        consents=[(field.name, field.words[language].title) for field in form.fields if field.agrees],
        listed=listed,
        zone=visit.service.settings.community.zone,
        longest={"subject": LONGEST_SUBJECT, "text": LONGEST_TEXT},
    )


def _preview(visit: Visit, form: Form, *, done: str = "") -> Response:
    draft, service = _draft(visit, form), visit.service
    letters = _letters(visit)
    composer = Composer(service.settings, service.secret, service.pages.shell, service.store)
    try:
        seen = composer.preview(letters.trial(draft, visit.account.address, _language(visit, form)))
    except CampaignProblem as problem:
        return _write(visit, form, problem=problem.said(visit.language))
    except MailProblem:
        sentence = visit.say("Nobody has said from which address letters come: set FORMS_MAIL_FROM.")
        return _write(visit, form, problem=sentence)
    named = visit.field("letter")
    return visit.page(
        "people/letter_preview.html",
        visit.say("As it will be read"),
        form=form,
        address=f"{HERE}{form.name}/letters",
        seen=seen,
        done=done,
        count=letters.count(draft),
        declined=letters.declined(draft),
        before=_before(visit, letters.campaign(draft)),
        zone=service.settings.community.zone,
        whom=_said_for(visit, form, draft.session, draft.consent, rest=bool(draft.rest_of)),
        own=visit.account.address,
        hidden={
            "subject": draft.subject,
            "text": draft.text,
            "session": draft.session,
            "consent": draft.consent,
            "rest_of": draft.rest_of,
            "letter": named if NAME.fullmatch(named) else secrets.token_hex(16),
        },
    )


def _before(visit: Visit, campaign: Campaign) -> Campaign | None:
    """Find the last letter about the same to the same people: whoever got it would get it twice."""
    newest = visit.service.store.campaigns.newest(campaign.form, SHOWN)
    return next((one.campaign for one in newest if _about(one.campaign) == _about(campaign)), None)


def _again(campaign: Campaign) -> dict[str, str]:
    """Give what a letter to those who did not get one that was stopped begins with."""
    session = f"{campaign.session_field}={campaign.session_code}" if campaign.session_field else ""
    said = {"subject": campaign.subject, "text": campaign.body, "session": session, "consent": campaign.consent}
    return {**said, "rest_of": campaign.campaign_id}


def _about(campaign: Campaign) -> tuple[str, ...]:
    return campaign.subject, campaign.session_field, campaign.session_code, campaign.consent, campaign.rest_of


def _progress(visit: Visit, name: str, campaign_id: str, *, late: bool = False) -> Response:
    form, found = sign_up_form(visit, name), _found(visit, name, campaign_id)
    if form is None:
        return missing(visit)
    if found is None:
        return visit.stop(
            visit.say("There is no such letter"),
            visit.say("Look for it among the letters to those who signed up."),
            status=404,
            back=f"{HERE}{name}/letters/",
        )
    campaign = found.campaign
    return visit.page(
        "people/letter_progress.html",
        campaign.subject,
        form=form,
        address=f"{HERE}{name}/letters/{campaign_id}",
        letters=f"{HERE}{name}/letters/",
        progress=found,
        late=late,
        campaign=campaign,
        whom=_whom(visit, form, campaign),
        rest=_again(campaign) if _letters(visit).has_rest(campaign, form) else None,
        zone=visit.service.settings.community.zone,
    )
