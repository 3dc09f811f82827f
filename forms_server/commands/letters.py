"""The command that reads answers which came by mail."""

from __future__ import annotations

import mailbox
import sys
from collections import Counter
from pathlib import Path

import click

from bacheca.forms.catalogues import marked as _
from forms_server.commands.base import Opened, opened, said_plainly
from forms_server.commands.speaking import speak, speaks, tell
from forms_server.crypto.sealing import recipients_for
from forms_server.crypto.tokens import open_secret
from forms_server.errors import LetterProblem
from forms_server.http.pages import address
from forms_server.messages import LETTERS, Saying, say
from forms_server.settings import HERE
from forms_server.submission.intake import Intake
from forms_server.submission.letter_reader import LetterReader
from forms_server.submission.mail_import import HARMLESS, Imported, MailImport
from forms_server.submission.mailbox_files import Envelope, envelopes_in


@click.command("import-mail")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@click.option("--remove", is_flag=True, help="Take away each letter whose response is kept.")
@click.option("--links", is_flag=True, help="Print the address of each receipt, to be sent to whoever wrote.")
@click.option("--lang", default="", help="Speak this language.")
@said_plainly
def import_mail(paths: tuple[Path, ...], remove: bool, links: bool, lang: str) -> None:
    """Keep the responses in the letters of PATHS: .eml files, mbox files, Maildirs, folders of any of them.

    A letter that was read before adds nothing. What cannot be read stays where it is and is named with the reason;
    leaves with 1 when that was a letter with a form.
    """
    count = Counter[str]()
    speak(lang)
    with opened() as work, LetterReader() as reader:
        desk = MailImport(intake_of(work), work.forms, work.settings.public_url or HERE, reader.read)
        for path in paths:
            try:
                for envelope in envelopes_in(path):
                    became, said = _import(desk, envelope, links=links)
                    count[became] += 1
                    tell("{place}: {said}", place=_shown(envelope.place), said=said)
                    if remove and became in ("kept", "known"):
                        envelope.remove()
            except (OSError, mailbox.Error) as error:
                count["failed"] += 1
                click.echo(f"{_shown(str(path))}: {getattr(error, 'strerror', None) or error}", err=True)
    left = count["left"] + count["failed"] + count["harmless"]
    sentence = _("{kept} kept, {known} known before, {left} left")
    tell(sentence, kept=count["kept"], known=count["known"], left=left)
    if count["left"] or count["failed"]:
        sys.exit(1)


LEFT = _("left there: {reason}")


def intake_of(work: Opened) -> Intake:
    """Make what keeps responses, and writes to whoever sent them."""
    recipients = recipients_for(work.settings.content, [served.form for served in work.forms.values()])
    return Intake(
        work.retention.store,
        open_secret(work.settings),
        recipients=lambda: recipients,
        community=lambda: work.settings.community,
    )


def reason(problem: LetterProblem, language: str) -> str:
    """Say why a letter is left."""
    if problem.problems:
        said = ((found.sentence(language), found.remedy(language)) for found in problem.problems)
        return "; ".join(" — ".join(filter(None, each)) for each in said)
    return say(LETTERS[problem.code], language, **problem.values)


def _import(desk: MailImport, envelope: Envelope, *, links: bool) -> tuple[str, str]:
    """Keep what is in a letter; give what became of it, in a word and in a line."""
    try:
        done = desk.keep(envelope.read())
    except LetterProblem as problem:
        why = _shown(reason(problem, speaks()))
        return "harmless" if problem.code in HARMLESS else "left", Saying(LEFT, reason=why)
    except OSError as error:
        return "failed", Saying(LEFT, reason=error.strerror or error)
    return "kept" if done.is_new else "known", _said(done, desk, links=links)


def _shown(text: str) -> str:
    """Give a text as a terminal may show it: what a letter or a file name says moves no cursor."""
    return "".join(char if char.isprintable() else " " for char in text)


def _said(done: Imported, desk: MailImport, *, links: bool) -> str:
    if done.is_copy:
        return Saying(_("{form}: known, from the letter that it quotes or passes on"), form=done.form.name)
    if done.receipt is None:
        return Saying(_("{form}: erased since, and not kept again"), form=done.form.name)
    sentence = _("{form}: kept, reference {reference}") if done.is_new else _("{form}: known, reference {reference}")
    said = Saying(sentence, form=done.form.name, reference=done.receipt.reference)
    link = f"{desk.origin}{address(done.form.name)}/receipt/{done.receipt.token}"
    return Saying("{said}, {link}", said=said, link=link) if links else said


COMMANDS = (import_mail,)
