"""The commands that serve, and those that do by hand what the running service does by itself."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import click

from forms import load_form
from forms_server.commands.frame import opened, said_plainly
from forms_server.outbox import outbox_of
from forms_server.retention import open_retention
from forms_server.secret import open_secret
from forms_server.served import changes_since
from forms_server.serving import serve
from forms_server.settings import Settings
from forms_server.shell import Shell
from forms_server.store import open_store


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, help="The port to listen on.")
@click.option("--workers", type=click.IntRange(1), help="How many processes serve.  [default: one a core, at most 4]")
@said_plainly
def run(host: str, port: int, workers: int | None) -> None:
    """Serve the portal and its forms."""
    serve(Settings.from_environ(os.environ), host, port, workers or min(os.cpu_count() or 1, 4))


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
            for mail in store.mailbox.dead():
                click.echo(f"{mail.id}: {mail.kind}, written {mail.created_at:%Y-%m-%d}, {mail.fault}")
            return
        if again:
            click.echo(f"{store.mailbox.revive(datetime.now(UTC))} letters are tried once more")
        done = outbox_of(chosen, open_secret(chosen), Shell(chosen.site), store).send_due()
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
    form = load_form(path)
    store = open_store(Settings.from_environ(os.environ).database_url)
    try:
        changes = changes_since(store.versions(form.name), form)
    finally:
        store.close()
    click.echo(f"{form.name}: {len(form.fields)} fields, version {form.version}, in {', '.join(form.languages)}")
    for change in changes:
        click.echo(f"  {change.verdict}: {change.sentence('en')}")


COMMANDS = (run, send_mail, purge, load_form_)
