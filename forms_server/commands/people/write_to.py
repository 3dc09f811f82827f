"""The command that writes to all who have signed up to a form, or who gave a consent."""

from __future__ import annotations

from typing import TextIO

import click

from bacheca.forms.catalogues import marked as _
from forms_server.commands.base import Opened, opened, said_plainly
from forms_server.commands.letters import intake_of
from forms_server.commands.speaking import tell, word
from forms_server.operations.letters import ON_ITS_WAY, Draft, Letters
from forms_server.privacy.data_subjects import address_of
from forms_server.settings import HERE

LISTED = 20


@click.command("write-to")
@click.argument("name")
@click.option("--subject", default="", help="What the letter is about.")
@click.option("--text", "file", type=click.File(encoding="utf-8"), help="The file of its text, in Markdown.")
@click.option("--session", default="", metavar="FIELD=CODE", help="Only those who made this choice.")
@click.option("--consent", default="", metavar="FIELD", help="Only those who gave this consent, which it withdraws.")
@click.option(
    "--rest-of", default="", metavar="ID", help="Only those who did not get the letter ID, which was stopped."
)
@click.option("--test", default="", metavar="ADDRESS", help="Write it to ADDRESS alone, with links that do nothing.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--stop", default="", metavar="ID", help="Stop what is not sent yet of the letter ID.")
@said_plainly
def write_to(
    name: str,
    *,
    subject: str,
    file: TextIO | None,
    session: str,
    consent: str,
    rest_of: str,
    test: str,
    yes: bool,
    stop: str,
) -> None:
    """Write a letter to all who are confirmed in the form NAME; without a text, list those that were written.

    Each person gets it once, with a link that stops such letters; the running service sends it, or `send-mail`.
    """
    with opened() as work:
        form = work.form(name)
        letters = Letters(work.retention.store, intake_of(work), work.settings.public_url or HERE)
        if stop:
            tell(_("{letter}: stopped") if letters.stop(stop) else _("{letter}: nothing is left to stop"), letter=stop)
            return
        if file is None:
            _list(work, name)
            return
        draft = Draft(form, subject, file.read(), session, consent, rest_of)
        if test:
            letters.test(draft, address_of(test), work.settings.community.language)
            tell(ON_ITS_WAY, address=test)
            return
        letters.check(draft)
        if declined := letters.declined(draft):
            tell(_("Left out, as they want no letters to all: {count}"), count=declined)
        if not yes:
            click.confirm(word(_("Write to {count}?"), count=letters.count(draft)), abort=True)
        campaign = letters.start(draft)
        tell(_("{letter}: begun, for {count}"), letter=campaign.campaign_id, count=letters.count(draft))


def _list(work: Opened, name: str) -> None:
    for one in work.retention.store.campaigns.newest(name, LISTED):
        sentence = _("{letter} {day} {subject}: {sent} sent, {failed} failed, {waiting} to be sent, {left} left out")
        tell(
            sentence,
            letter=one.campaign.campaign_id,
            day=f"{one.campaign.started_at:%Y-%m-%d}",
            subject=one.campaign.subject,
            sent=one.campaign.sent,
            failed=one.campaign.failed,
            waiting=one.waiting,
            left=one.left_out,
        )


COMMANDS = (write_to,)
