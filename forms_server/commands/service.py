"""The commands that serve, and those that do by hand what the running service does by itself."""

from __future__ import annotations

import os
import re
from datetime import timedelta
from pathlib import Path

import click

from bacheca.forms import load_form
from forms_server.clock import utc_now
from forms_server.commands.base import opened, said_plainly
from forms_server.crypto.tokens import open_secret
from forms_server.errors import SettingsProblem
from forms_server.form_registry import changes_since
from forms_server.http.page_shell import Shell
from forms_server.http.raised_rates import RaisedRates
from forms_server.mail.sender import sender_of
from forms_server.privacy.retention import open_retention
from forms_server.serving.supervisor import serve
from forms_server.settings import SECONDS, Settings, read_rate_limit

NO_FORMS = "write the path of the folder that holds the form files, or every form would be told to be no longer open"


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, help="The port to listen on.")
@click.option("--workers", type=click.IntRange(1), help="How many processes serve.  [default: one a core, at most 4]")
@said_plainly
def run(host: str, port: int, workers: int | None) -> None:
    """Serve the portal and its forms."""
    settings = Settings.from_environ(os.environ)
    if settings.given_content and not settings.given_content.is_dir():
        raise SettingsProblem([f"FORMS_CONTENT: there is no folder {settings.given_content}; {NO_FORMS}"])
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
                click.echo(f"{mail.id}: {mail.kind}, written {mail.created_at:%Y-%m-%d}, {mail.fault}")
            return
        if again:
            click.echo(f"{store.outbox.revive(utc_now())} letters are tried once more")
        done = sender_of(chosen, open_secret(chosen), Shell(chosen.site), store).send_due()
    finally:
        store.close()
    click.echo(f"{done['sent']} sent, {done['delayed']} delayed, {done['dead']} cannot be delivered")


@click.command()
@said_plainly
def purge() -> None:
    """Erase what was not confirmed in time and what has been kept as long as its form says."""
    with opened() as work:
        erased = work.retention.purge(work.known.all.values())
        for name in sorted({*work.known.all, *erased}):
            click.echo(f"{name}: {erased.get(name, 0)} erased")


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
    click.echo(f"{form.name}: {len(form.fields)} fields, version {form.version}, in {', '.join(form.languages)}")
    for change in changes:
        click.echo(f"  {change.verdict}: {change.sentence('en')}")


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
        click.echo("There is no limit to raise: FORMS_RATE_LIMIT is off.")
        return
    try:
        limit = read_rate_limit(raised)
    except ValueError as error:
        raise click.UsageError(f"--to: {error}") from None
    unit = next(word for word, seconds in SECONDS.items() if seconds == usual.seconds)
    if limit is None or limit.seconds != usual.seconds or limit.count <= usual.count:
        raise click.UsageError(f"--to: the limit is {usual.count}/{unit}; write a higher one, such as 200/{unit}")
    written = re.fullmatch(r"([1-9]\d{0,3})([mh])", hours, re.ASCII)
    seconds = int(written[1]) * (60 if written[2] == "m" else 3600) if written else 0
    if not 0 < seconds <= SECONDS["day"]:
        raise click.UsageError(f"--for: {hours!r} is no time of a day at most; write 30m, or 1h")
    with opened() as work:
        if name not in work.forms:
            raise click.UsageError(f"There is no form {name}. The forms are: {', '.join(work.forms)}.")
    now = utc_now()
    RaisedRates(chosen.data).put(name, limit.count, int(now.timestamp()) + seconds, int(now.timestamp()))
    until = (now + timedelta(seconds=seconds)).astimezone()
    click.echo(f"{name}: {limit.count}/{unit} from one network until {until:%Y-%m-%d %H:%M %Z}")


COMMANDS = (raise_rate_limit, run, send_mail, purge, load_form_)
