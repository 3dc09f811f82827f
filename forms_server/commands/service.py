"""The commands that serve, and those that do by hand what the running service does by itself."""

from __future__ import annotations

import os
import re
from collections import Counter
from datetime import timedelta
from pathlib import Path

import click

from bacheca.forms import load_form
from bacheca.forms.catalogues import marked as _
from bacheca.forms.definition.evolution import Verdict
from forms_server.clock import utc_now
from forms_server.commands.base import no_form, opened, said_plainly
from forms_server.commands.speaking import speaks, tell, word
from forms_server.crypto.tokens import open_secret
from forms_server.errors import SettingsProblem
from forms_server.form_registry import changes_since
from forms_server.http.page_shell import Shell
from forms_server.http.raised_rates import RaisedRates
from forms_server.mail.sender import sender_of
from forms_server.messages import Saying
from forms_server.operations.letters import put_letters
from forms_server.privacy.retention import open_retention
from forms_server.serving.supervisor import serve
from forms_server.settings import SECONDS, Settings, read_rate_limit

NO_FORMS = _(
    "FORMS_CONTENT: there is no folder {folder}; write the path of the folder that holds the form files, or every form"
    " would be told to be no longer open"
)

VERDICTS = {
    Verdict.COMPATIBLE: _("compatible"),
    Verdict.NEW_VERSION: _("new version"),
    Verdict.REFUSED: _("refused"),
}
"""What an edit of a form means for what is stored."""


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, help="The port to listen on.")
@click.option("--workers", type=click.IntRange(1), help="How many processes serve.  [default: one a core, at most 4]")
@said_plainly
def run(host: str, port: int, workers: int | None) -> None:
    """Serve the portal and its forms."""
    settings = Settings.from_environ(os.environ)
    if settings.given_content and not settings.given_content.is_dir():
        raise SettingsProblem([Saying(NO_FORMS, folder=settings.given_content)])
    serve(settings, host, port, workers or min(os.cpu_count() or 1, 4))


@click.command("send-mail")
@click.option("--dead", is_flag=True, help="List the letters that cannot be delivered, and send nothing.")
@click.option("--again", is_flag=True, help="Try those letters once more, as if they were new.")
@said_plainly
def send_mail(dead: bool, again: bool) -> None:
    """Send the mail that is due, as the running service does by itself."""
    chosen = Settings.from_environ(os.environ)
    store = open_retention(chosen).store
    try:
        if dead:
            for mail in store.outbox.dead():
                sentence = _("{mail}: {kind}, written {day}, {fault}")
                tell(sentence, mail=mail.id, kind=mail.kind, day=f"{mail.created_at:%Y-%m-%d}", fault=mail.fault)
            return
        if again:
            tell(_("{count} letters are tried once more"), count=store.outbox.revive(utc_now()))
        sender, done = sender_of(chosen, open_secret(chosen), Shell(chosen.site), store), Counter[str]()
        while True:
            put = put_letters(store, utc_now)
            done.update(sender.send_due())
            if not put:
                break
    finally:
        store.close()
    sentence = _("{sent} sent, {delayed} delayed, {dead} cannot be delivered")
    tell(sentence, sent=done["sent"], delayed=done["delayed"], dead=done["dead"])


@click.command()
@said_plainly
def purge() -> None:
    """Erase what was not confirmed in time and what has been kept as long as its form says."""
    with opened() as work:
        erased = work.retention.purge(work.known.all.values())
        for name in sorted({*work.known.all, *erased}):
            tell(_("{form}: {count} erased"), form=name, count=erased.get(name, 0))


@click.command("load-form")
@click.argument("path", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@said_plainly
def load_form_(path: Path) -> None:
    """Say whether the form file PATH can be served, held against the responses stored."""
    settings = Settings.from_environ(os.environ)
    form = load_form(path, settings.community)
    store = open_retention(settings).store
    try:
        changes = changes_since(store.versions(form.name), form)
    finally:
        store.close()
    sentence = _("{form}: {count} fields, version {version}, in {languages}")
    tell(sentence, form=form.name, count=len(form.fields), version=form.version, languages=", ".join(form.languages))
    for change in changes:
        tell("  {verdict}: {change}", verdict=Saying(VERDICTS[change.verdict]), change=change.sentence(speaks()))


@click.command("raise-rate-limit")
@click.option("--form", "name", required=True, metavar="NAME", help="The form to which more may be sent.")
@click.option("--to", "raised", required=True, metavar="LIMIT", help="How many from one network: 200/minute.")
@click.option("--for", "hours", default="1h", show_default=True, metavar="TIME", help="How long: 30m, 2h, at most 24h.")
@said_plainly
def raise_rate_limit(name: str, raised: str, hours: str) -> None:
    """Let more be sent to the form NAME from one network for a while, as from a class; the running service notices."""
    chosen = Settings.from_environ(os.environ)
    usual = chosen.rate_limit
    if usual is None:
        tell(_("There is no limit to raise: FORMS_RATE_LIMIT is off."))
        return
    try:
        limit = read_rate_limit(raised)
    except ValueError as error:
        raise click.UsageError(word("--to: {problem}", problem=error.args[0])) from None
    unit = next(word for word, seconds in SECONDS.items() if seconds == usual.seconds)
    if limit is None or limit.seconds != usual.seconds or limit.count <= usual.count:
        sentence = _("--to: the limit is {limit}; write a higher one, such as {example}")
        raise click.UsageError(word(sentence, limit=f"{usual.count}/{unit}", example=f"200/{unit}"))
    written = re.fullmatch(r"([1-9]\d{0,3})([mh])", hours, re.ASCII)
    seconds = int(written[1]) * (60 if written[2] == "m" else 3600) if written else 0
    if not 0 < seconds <= SECONDS["day"]:
        raise click.UsageError(word(_("--for: {time} is no time of a day at most; write 30m, or 1h"), time=repr(hours)))
    with opened() as work:
        if name not in work.forms:
            raise no_form(name, work.forms)
    now = utc_now()
    RaisedRates(chosen.data).put(name, limit.count, int(now.timestamp()) + seconds, int(now.timestamp()))
    until = (now + timedelta(seconds=seconds)).astimezone()
    sentence = _("{form}: {limit} from one network until {until}")
    tell(sentence, form=name, limit=f"{limit.count}/{unit}", until=f"{until:%Y-%m-%d %H:%M %Z}")


COMMANDS = (raise_rate_limit, run, send_mail, purge, load_form_)
