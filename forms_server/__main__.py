"""The commands of the service: `python -m forms_server COMMAND`."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from forms import load_form
from forms.copies import COPIES
from forms.definition import CLOSING_ZONE
from forms_server.commands import backups, letters, persons, quarantine, results, seals
from forms_server.commands.frame import said_plainly
from forms_server.export import export_forms
from forms_server.outbox import outbox_of
from forms_server.reconciliation import reconcile as accounts
from forms_server.retention import open_retention
from forms_server.sealing import read_keyring
from forms_server.secret import open_secret
from forms_server.served import changes_since, serve_forms
from forms_server.serving import serve
from forms_server.settings import Settings
from forms_server.shell import Shell
from forms_server.store import open_store


def settings() -> Settings:
    """Read the settings from the environment of this process."""
    return Settings.from_environ(os.environ)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Take answers to the forms and hand them over as data packages.

    Settings are environment variables that begin with FORMS_; the README lists them.
    """


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, help="The port to listen on.")
@click.option("--workers", type=click.IntRange(1), help="How many processes serve.  [default: one a core, at most 4]")
@said_plainly
def run(host: str, port: int, workers: int | None) -> None:
    """Serve the portal and its forms."""
    serve(settings(), host, port, workers or min(os.cpu_count() or 1, 4))


@main.command()
@click.argument("names", nargs=-1)
@click.option("--sav", is_flag=True, help="Also write SPSS files, with labels.")
@click.option("--xlsx", is_flag=True, help="Also write a workbook, of texts and numbers alone.")
@click.option("--excel-csv", is_flag=True, help="Also write a copy in words for Excel in Italian.")
@persons.identity_option
@said_plainly
def export(names: tuple[str, ...], identities: tuple[Path, ...], **asked: bool) -> None:
    """Write the data package of each form (or of NAMES) to packages/ in the data folder.

    What is sealed is left out unless a key is given that opens it.

    Copies of an earlier package that are not asked for again are removed: they may hold what was withdrawn.
    """
    chosen = settings()
    store = open_retention(chosen).store
    try:
        known = tuple(serve_forms(chosen.content, store, datetime.now(CLOSING_ZONE).date()))
        unknown = [name for name in names if name not in known]
        if unknown:
            raise click.UsageError(f"There is no form {', '.join(unknown)}. The forms are: {', '.join(known)}.")
        copies = [kind for kind in COPIES if asked[kind.replace("-", "_")]]
        keys = read_keyring(identities) if identities else None
        for done in export_forms(store, names or known, chosen.data, datetime.now(UTC), copies, keys=keys):
            click.echo(f"{done.folder}/datapackage.json: {done.responses} responses")
            for copy in done.copies:
                cut = f"{copy.cut} texts were too long for it and end where they say so" if copy.cut else "whole"
                click.echo(f"{copy.path}: {cut}")
    finally:
        store.close()


@main.command("send-mail")
@click.option("--dead", is_flag=True, help="List the letters that cannot be delivered, and send nothing.")
@click.option("--again", is_flag=True, help="Try those letters once more, as if they were new.")
@said_plainly
def send_mail(dead: bool, again: bool) -> None:
    """Send the mail that is due, as the running service does by itself."""
    chosen = settings()
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


@main.command()
@said_plainly
def purge() -> None:
    """Erase what was not confirmed in time and what has been kept as long as its form says."""
    chosen = settings()
    retention = open_retention(chosen)
    try:
        served = serve_forms(chosen.content, retention.store, retention.today)
        erased = retention.purge([served[name].form for name in served])
        for name in sorted({*served, *erased}):
            click.echo(f"{name}: {erased.get(name, 0)} erased")
    finally:
        retention.store.close()


@main.command()
@said_plainly
def reconcile() -> None:
    """Account for every response that was received; leave with 1 when something does not agree."""
    chosen = settings()
    store = open_retention(chosen).store
    agree = True
    try:
        known = tuple(serve_forms(chosen.content, store, datetime.now(CLOSING_ZONE).date()))
        for account in accounts(store, known, chosen.data):
            click.echo(account.line())
            for difference in account.differences():
                click.echo(f"  {difference}")
                agree = False
    finally:
        store.close()
    if not agree:
        sys.exit(1)


@main.command("load-form")
@click.argument("path", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@said_plainly
def load_form_(path: Path) -> None:
    """Say whether the form file PATH can be served, held against the responses stored."""
    form = load_form(path)
    store = open_store(settings().database_url)
    try:
        changes = changes_since(store.versions(form.name), form)
    finally:
        store.close()
    click.echo(f"{form.name}: {len(form.fields)} fields, version {form.version}, in {', '.join(form.languages)}")
    for change in changes:
        click.echo(f"  {change.verdict}: {change.sentence('en')}")


for group in (backups, results, letters, persons, quarantine, seals):
    for command in group.COMMANDS:
        main.add_command(command)

if __name__ == "__main__":
    main(prog_name="python -m forms_server")
