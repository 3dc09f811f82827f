"""The commands that look after sign-ups: who signed up, and what is done for one of them."""

from __future__ import annotations

import secrets
import sys
from itertools import islice

import click

from bacheca.forms.catalogues import marked as _
from forms_server.commands.base import Opened, no_form, opened, said_plainly
from forms_server.commands.letters import intake_of
from forms_server.commands.speaking import speaks, word
from forms_server.operations.sign_ups import (
    ABSENT,
    ADDED,
    CONFIRMED,
    DONE,
    ERASED,
    LETTERS,
    LONGEST_NOTE,
    OFFERED,
    RESENT,
    SignUps,
)
from forms_server.settings import HERE
from forms_server.store import StoredResponse
from forms_server.store.lifecycle import LIVE

NO_LETTERS = _("no letters to all")
AT_ONCE = 200


@click.command("sign-ups")
@click.argument("name")
@click.option("--state", type=click.Choice([str(state) for state in LIVE]), help="Only those in this state.")
@said_plainly
def sign_ups(name: str, state: str | None) -> None:
    """List the sign-ups to the form NAME: the id of each, its state, the day it came, and its answers."""
    with opened() as work:
        work.form(name)
        store = work.retention.store
        with store.snapshot() as snapshot:
            live = (stored for stored in snapshot.live(name) if state in (None, stored.state))
            while some := list(islice(live, AT_ONCE)):
                declined = store.campaigns.declined_among([stored.response_id for stored in some])
                for stored in some:
                    answers = ", ".join(f"{column}: {cell}" for column, cell in stored.answers.items() if cell)
                    mark = f" ({word(NO_LETTERS)})" if stored.response_id in declined else ""
                    click.echo(f"{stored.response_id} {stored.state} {stored.received_on}{mark} {answers}")


@click.command("resend")
@click.argument("name")
@click.argument("response")
@said_plainly
def resend(name: str, response: str) -> None:
    """Write once more to whoever sent RESPONSE to NAME and has yet to press the button of the letter."""
    with opened() as work:
        done = _sign_ups(work).resend(work.form(name), response)
        _say(response, RESENT[done], done in DONE)


@click.command("add-sign-up")
@click.argument("name")
@click.argument("answers", nargs=-1, required=True, metavar="FIELD=VALUE...")
@click.option("--note", default="", help="How its owner agreed, such as: signed the paper form on 3 May.")
@click.option("--lang", default="", help="The language of the paper, in which letters are written.")
@said_plainly
def add_sign_up(name: str, answers: tuple[str, ...], note: str, lang: str) -> None:
    """Add somebody who signed up to NAME on paper: each FIELD has its VALUE, given again for several.

    With a note they are in the list at once, and a letter tells them; without one a letter asks them to confirm.
    """
    posted: dict[str, list[str]] = {}
    for field, equals, value in (answer.partition("=") for answer in answers):
        if not equals:
            raise click.UsageError(word(_("Write each answer as FIELD=VALUE.")))
        posted.setdefault(field, []).append(value)
    with opened() as work:
        served = work.forms.get(name)
        if served is None or served.form.kind != "signup":
            raise no_form(name, (form.form.name for form in work.forms.values() if form.form.kind == "signup"))
        language = lang if lang in served.form.languages else served.form.language
        response, problems = served.read(posted, language)
        for problem in problems:
            click.echo(problem.sentence(speaks()), err=True)
        if problems:
            sys.exit(1)
        key, looked_after = secrets.token_urlsafe(24), _sign_ups(work)
        done = looked_after.add(served.form, response, key, note.strip()[:LONGEST_NOTE])
        _say(looked_after.id_of(served.form, key), ADDED[done], done in DONE)


@click.command("confirm")
@click.argument("name")
@click.argument("response")
@click.option("--note", required=True, help="How its owner agreed, such as: signed the paper form on 3 May.")
@said_plainly
def confirm(name: str, response: str, note: str) -> None:
    """Confirm RESPONSE to NAME, whose owner agreed on paper or in person; the note is kept with the evidence."""
    with opened() as work:
        done = _sign_ups(work).confirm(work.form(name), response, note.strip())
        _say(response, CONFIRMED[done], done in DONE)


@click.command("withdraw")
@click.argument("name")
@click.argument("response")
@click.option("--yes", is_flag=True, help="Do not ask.")
@said_plainly
def withdraw(name: str, response: str, yes: bool) -> None:
    """Erase RESPONSE to NAME as its owner asked, with its consents and its mail; it counts as withdrawn."""
    with opened() as work:
        stored = _sign_ups(work).find(work.form(name), response)
        if stored and not yes:
            click.confirm(word(_("Erase {what} for good?"), what=_described(stored)), abort=True)
        done = stored is not None and _sign_ups(work).withdraw(stored)
        _say(response, ERASED if done else ABSENT, done)


@click.command("no-letters")
@click.argument("name")
@click.argument("response")
@click.option("--again", is_flag=True, help="They want them again.")
@said_plainly
def no_letters(name: str, response: str, again: bool) -> None:
    """Send no more letters to all who signed up to NAME to the owner of RESPONSE, who asked for it."""
    with opened() as work:
        form = work.form(name)
        done = bool(response) and _sign_ups(work).letters(form, response, wanted=again)
        _say(response, LETTERS[again] if done else ABSENT, done)


@click.command("offer")
@click.argument("name")
@click.argument("response")
@click.option(
    "--beyond",
    type=click.IntRange(0),
    is_flag=False,
    flag_value=1,
    default=0,
    help="How many places more than there are may be given out with theirs, 1 where no number follows.",
)
@said_plainly
def offer(name: str, response: str, beyond: int) -> None:
    """Offer a place to RESPONSE, which waits for one of NAME, whoever waits before it."""
    with opened() as work:
        done = _sign_ups(work).offer(work.form(name), response, beyond=beyond)
        _say(response, OFFERED[done], done in DONE)


def _sign_ups(work: Opened) -> SignUps:
    return SignUps(work.retention, intake_of(work), work.settings.public_url or HERE)


def _described(stored: StoredResponse) -> str:
    return ", ".join(cell for cell in list(stored.answers.values())[:3] if cell) or stored.response_id


def _say(response: str, sentence: str, done: bool) -> None:
    click.echo(f"{response}: {word(sentence)}", err=not done)
    if not done:
        sys.exit(1)


COMMANDS = (sign_ups, resend, add_sign_up, confirm, withdraw, no_letters, offer)
