"""The command that reads answers which came by mail."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from forms_server.commands.frame import Opened, opened, said_plainly
from forms_server.errors import LetterProblem
from forms_server.intake import Intake
from forms_server.mail_import import Imported, MailImport
from forms_server.mailboxes import Envelope, envelopes_in
from forms_server.pages import address, say
from forms_server.sealing import recipients_for
from forms_server.secret import open_secret
from forms_server.sentences import LETTERS

HERE = "http://127.0.0.1:8000"
"""Where the service listens unless told otherwise, for links while `FORMS_PUBLIC_URL` is not set."""


@click.command("import-mail")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@click.option("--remove", is_flag=True, help="Take away each letter whose response is kept.")
@click.option("--links", is_flag=True, help="Print the address of each receipt, to be sent to whoever wrote.")
@click.option("--lang", default="en", show_default=True, help="The language of the reasons (it, en).")
@said_plainly
def import_mail(paths: tuple[Path, ...], remove: bool, links: bool, lang: str) -> None:
    """Keep the responses in the letters of PATHS: .eml files, folders of them, mbox files, Maildirs.

    A letter that was read before adds nothing. What cannot be read stays where it is and is named with the reason;
    leaves with 1 when that was a letter with a form.
    """
    kept = known = left = 0
    failed = False
    with opened() as work:
        recipients = recipients_for(work.settings.content, [served.form for served in work.forms.values()])
        intake = Intake(work.retention.store, open_secret(work.settings), recipients=recipients)
        desk = MailImport(intake, work.forms, work.settings.public_url or HERE)
        for path in paths:
            for envelope in envelopes_in(path):
                try:
                    done = desk.keep(envelope.raw)
                except LetterProblem as problem:
                    left += 1
                    failed = failed or problem.code != "no-form"
                    click.echo(f"{envelope.place}: left there: {reason(problem, lang)}")
                    continue
                kept, known = kept + done.is_new, known + (not done.is_new)
                click.echo(f"{envelope.place}: {_said(done, desk, work, links=links)}")
                if remove:
                    _remove(envelope)
    click.echo(f"{kept} kept, {known} known before, {left} left")
    if failed:
        sys.exit(1)


def reason(problem: LetterProblem, language: str) -> str:
    """Say why a letter is left."""
    if problem.problems:
        return "; ".join(found.sentence(language) for found in problem.problems)
    return say(language, LETTERS[problem.code]).format(**problem.values)


def _said(done: Imported, desk: MailImport, work: Opened, *, links: bool) -> str:
    if done.receipt is None:
        return f"{done.form.name}: erased since, and not kept again"
    said = f"{done.form.name}: {'kept' if done.is_new else 'known'}, reference {done.receipt.reference}"
    return f"{said}, {desk.origin}{address(done.form.name)}/receipt/{done.receipt.token}" if links else said


def _remove(envelope: Envelope) -> None:
    try:
        envelope.remove()
    except OSError as error:
        click.echo(f"{envelope.place}: cannot be taken away: {error.strerror}", err=True)


COMMANDS = (import_mail,)
