"""The command that reads answers which came by mail."""

from __future__ import annotations

import mailbox
import sys
from collections import Counter
from pathlib import Path

import click

from bacheca.forms.catalogues import marked as _
from forms_server.commands.base import Opened, opened, said_plainly
from forms_server.commands.speaking import speak, speaks, tell, word
from forms_server.crypto.sealing import recipients_for
from forms_server.crypto.tokens import open_secret
from forms_server.errors import LetterProblem
from forms_server.http.pages import address
from forms_server.mail.faults import why
from forms_server.messages import ABOUT, LETTERS, Saying, say
from forms_server.operations.returned_letters import ReturnedLetters
from forms_server.privacy.data_subjects import DataSubjects
from forms_server.settings import HERE
from forms_server.store.outbox import MailQueue
from forms_server.submission.came_back import CameBack
from forms_server.submission.intake import Intake
from forms_server.submission.letter_reader import LetterReader
from forms_server.submission.mail_import import HARMLESS, Imported, MailImport
from forms_server.submission.mailbox_files import Envelope, envelopes_in


@click.command("import-mail")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@click.option("--remove", is_flag=True, help="Take away each letter whose response, or whose news, is kept.")
@click.option("--links", is_flag=True, help="Print the address of each receipt, to be sent to whoever wrote.")
@click.option("--lang", default="", help="Speak this language.")
@said_plainly
def import_mail(paths: tuple[Path, ...], remove: bool, links: bool, lang: str) -> None:
    """Keep the responses in the letters of PATHS: .eml files, mbox files, Maildirs, folders of any of them.

    What says that a letter of ours could not be delivered is noted. A letter that was read before adds nothing.
    What cannot be read stays where it is and is named with the reason;
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
                    if remove and became in ("kept", "known", "bounced"):
                        envelope.remove()
            except (OSError, mailbox.Error) as error:
                count["failed"] += 1
                click.echo(f"{_shown(str(path))}: {getattr(error, 'strerror', None) or error}", err=True)
    left = count["left"] + count["failed"] + count["harmless"]
    sentence = _("{kept} kept, {known} known before, {left} left")
    tell(sentence, kept=count["kept"], known=count["known"], left=left)
    if count["bounced"]:
        tell(_("{count} letters came back: `mail` lists them"), count=count["bounced"])
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
    except CameBack as back:
        return "bounced", word(_("a letter of ours came back: {reason}"), reason=why(back.status))
    except LetterProblem as problem:
        left = _shown(reason(problem, speaks()))
        return "harmless" if problem.code in HARMLESS else "left", Saying(LEFT, reason=left)
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


@click.command("mail")
@click.argument("letters", nargs=-1)
@click.option("--again", is_flag=True, help="Try LETTERS, which could not be delivered or came back, once more.")
@click.option("--to", metavar="ADDRESS", help="The right address of the one letter.")
@click.option("--give-up", is_flag=True, help="Send LETTERS no more, and forget what they said.")
@said_plainly
def mail(letters: tuple[str, ...], again: bool, to: str | None, give_up: bool) -> None:
    """List the mail that waits, that cannot be delivered and that came back; try LETTERS again, or give them up."""
    if bool(letters) != (again or give_up) or (again and give_up):
        raise click.UsageError(word(_("Name LETTERS with either --again or --give-up, or neither to see them.")))
    if to and not (again and len(letters) == 1):
        raise click.UsageError(word(_("Name one letter with --again --to ADDRESS.")))
    with opened() as work:
        outbox = work.retention.store.outbox
        if not letters:
            _list(outbox)
        for letter in letters:
            back = _returned(work).find(letter) if again else None
            if back and (to or not back.dead):
                tell("{letter}: {said}", letter=letter, said=_returned(work).send(back, to or ""))
                continue
            done = outbox.give_up(letter) if give_up else not to and outbox.again(letter, work.retention.now())
            tell(CHANGED[again] if done else UNCHANGED, letter=letter)


def _returned(work: Opened) -> ReturnedLetters:
    persons = DataSubjects(work.retention, open_secret(work.settings))
    origin = work.settings.public_url or HERE
    return ReturnedLetters(work.retention, intake_of(work), work.forms, persons, origin)


CHANGED = {True: _("{letter}: is tried once more"), False: _("{letter}: given up")}
UNCHANGED = _("{letter}: does not wait, or was decided about meanwhile")

LISTED = {
    "dead": _("{letter}: cannot be delivered, written {day}: {about}. {reason}"),
    "bounced": _("{letter}: came back, written {day}: {about}. {reason}"),
    "waiting": _("{letter}: waits, written {day}: {about}. {reason}"),
}
"""What is said of each letter, by its state."""

AT_ONCE = 200


def _list(outbox: MailQueue) -> None:
    for state, sentence in LISTED.items():
        after = None
        while found := outbox.listed(state, AT_ONCE, after):
            for one in found:
                about = Saying(ABOUT[one.kind]) if one.kind in ABOUT else one.kind
                day = f"{one.created_at:%Y-%m-%d}"
                tell(sentence, letter=one.id, day=day, about=about, reason=why(one.fault))
            after = (found[-1].created_at, found[-1].id)
    counts = outbox.in_states()
    total = _("{waiting} wait, {dead} cannot be delivered, {bounced} came back")
    waiting, dead, bounced = (counts.get(state, 0) for state in ("waiting", "dead", "bounced"))
    tell(total, waiting=waiting, dead=dead, bounced=bounced)


COMMANDS = (import_mail, mail)
