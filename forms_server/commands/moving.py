"""The command that moves the store into another database."""

from __future__ import annotations

import os

import click
from sqlalchemy import URL

from bacheca.forms.catalogues import marked as _
from forms_server.commands.base import said_plainly
from forms_server.commands.speaking import tell, word
from forms_server.errors import MoveProblem
from forms_server.messages import Saying
from forms_server.operations.moving import move, same_database
from forms_server.privacy.retention import open_retention
from forms_server.settings import Settings, read_database_url

STEP = 20_000
"""After how many rows of a table it says how far it is."""

PASSWORD = _(
    "URL: everybody on this machine can read this password while the command runs: leave it out, and set"
    " PGPASSWORD to it"
)


@click.command("move-to")
@click.argument("url")
@said_plainly
def move_to(url: str) -> None:
    """Copy the whole store into the database at URL, which holds nothing yet, while no service runs.

    URL is written as in FORMS_DATABASE_URL, but without a password, which is taken from PGPASSWORD or ~/.pgpass:
    everybody on this machine can read what a command was given. Either everything is there when this ends, read back
    and the same, or nothing; the store stays as it is. The data folder belongs to both.
    """
    settings = Settings.from_environ(os.environ)
    target = _target(url, settings)
    open_retention(settings).store.close()  # as every command does: migrations, and what a copy brought back is erased
    moved = move(settings.database_url, target, _say)
    rows = sum(moved.values())
    sentence = _("{rows} rows, {responses} of them responses, are in the other database, read back whole")
    tell(sentence, rows=rows, responses=moved["responses"])
    tell(_("Now set `FORMS_DATABASE_URL='{url}'`, with its password, on every machine"), url=url)
    if settings.secret_key is None:
        sentence = _("and FORMS_SECRET_KEY to what {path} holds, or its receipts open no more")
        tell(sentence, path=settings.data / "secret.key")
    tell(_("The store before is as it was. Nothing is erased in it any more: delete it once you need it no longer."))


def _target(url: str, settings: Settings) -> URL:
    try:
        target = read_database_url(url)
    except ValueError as error:
        raise click.UsageError(word("URL: {problem}", problem=error.args[0])) from None
    if target.password is not None:
        raise click.UsageError(word(PASSWORD))
    if same_database(settings.database_url, target):
        raise MoveProblem(Saying(_("The store is in that database already: name another one.")))
    return target


def _say(table: str, rows: int, total: int) -> None:
    if rows == total or not rows % STEP:
        tell(_("{table}: {rows} of {total}"), err=True, table=table, rows=rows, total=total)


COMMANDS = (move_to,)
