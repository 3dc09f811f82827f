"""The command about what looks like a program's: look at it, let it in, or erase it."""

from __future__ import annotations

import click

from bacheca.forms import Form
from bacheca.forms.catalogues import marked as _
from forms_server.commands.base import Opened, opened, said_plainly
from forms_server.commands.speaking import tell, word
from forms_server.crypto.tokens import open_secret
from forms_server.errors import ServiceProblem
from forms_server.messages import DOUBTS, Saying
from forms_server.store import StoredResponse
from forms_server.store.quarantine import Release
from forms_server.submission.intake import Intake

WAITING = _("{form}: {count} in quarantine")
RELEASED = _("{response}: released")
ERASED = _("{response}: erased")
ABSENT = _("{response}: not in quarantine any more")


class QuarantineProblem(ServiceProblem):
    """Something asked of the quarantine that it cannot do."""


@click.command("quarantine")
@click.argument("name", required=False)
@click.argument("responses", nargs=-1)
@click.option("--release", is_flag=True, help="Let RESPONSES in, as if they came today; a sign-up is then confirmed.")
@click.option("--discard", is_flag=True, help="Erase RESPONSES for good; they count as withdrawn.")
@said_plainly
def quarantine(name: str | None, responses: tuple[str, ...], release: bool, discard: bool) -> None:
    """Show what looks like a program's, of all forms or of the form NAME; let RESPONSES in, or erase them.

    Whoever sent it has a receipt, and nothing of it is exported or mailed before it is released.
    """
    if bool(responses) != (release or discard) or (release and discard):
        raise click.UsageError(word(_("Name RESPONSES with either --release or --discard, or neither to see them.")))
    with opened() as work:
        if name is None:
            for form, count in work.retention.store.quarantine.counts(work.known.all).items():
                tell(WAITING, form=form, count=count)
            return
        work.form(name)
        if not responses:
            _show(work, name)
            return
        waiting = {stored.response_id: stored for stored in work.retention.store.quarantine.waiting(name)}
        if unknown := [wanted for wanted in responses if wanted not in waiting]:
            sentence = _("Not in quarantine: {responses}. See `quarantine {form}`.")
            raise QuarantineProblem(Saying(sentence, responses=", ".join(unknown), form=name))
        intake = Intake(
            work.retention.store,
            open_secret(work.settings),
            now=work.retention.now,
            community=lambda: work.settings.community,
        )
        for wanted in responses:
            if release:
                _release(intake, work.form(name), wanted)
            else:
                erased = work.retention.discard(waiting[wanted])
                tell(ERASED if erased else ABSENT, response=wanted)


def _show(work: Opened, name: str) -> None:
    quarantine = work.retention.store.quarantine
    found = quarantine.waiting(name)
    doubts = quarantine.doubts(name, [stored.response_id for stored in found])
    for stored in found:
        click.echo(f"{stored.response_id} {stored.received_on} {stored.language}")
        click.echo(f"  ({word(DOUBTS[doubts.get(stored.response_id, '')])})")
        for line in _lines(stored):
            click.echo(f"  {line}")
    tell(WAITING, form=name, count=len(found))


def _lines(stored: StoredResponse) -> list[str]:
    answers = [f"{column}: {cell}" for column, cell in stored.answers.items() if cell]
    sealed = [word(_("(the rest is sealed)"))] if stored.sealed else []
    return [shown for text in [*answers, *sealed] for shown in plain(text).split("\n")]


def plain(text: str) -> str:
    """Give a text with a mark for each character that a terminal could obey."""
    return "".join(char if char.isprintable() or char == "\n" else "\N{REPLACEMENT CHARACTER}" for char in text)


def _release(intake: Intake, form: Form, response_id: str) -> None:
    done = intake.release(form, response_id)
    if done is Release.FULL:
        sentence = _("{response}: every place of {form} is taken, and it stays in quarantine.")
        raise QuarantineProblem(Saying(sentence, response=response_id, form=form.name))
    tell(RELEASED if done is Release.RELEASED else ABSENT, response=response_id)


COMMANDS = (quarantine,)
