"""The commands that write the packages and account for what is in them."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from forms.copies import COPIES
from forms.definition import CLOSING_ZONE
from forms_server.commands.frame import identity_option, said_plainly
from forms_server.export import export_forms
from forms_server.reconciliation import reconcile as accounts
from forms_server.retention import open_retention
from forms_server.sealing import read_keyring
from forms_server.served import serve_forms
from forms_server.settings import Settings


@click.command()
@click.argument("names", nargs=-1)
@click.option("--sav", is_flag=True, help="Also write SPSS files, with labels.")
@click.option("--xlsx", is_flag=True, help="Also write a workbook, of texts and numbers alone.")
@click.option("--excel-csv", is_flag=True, help="Also write a copy in words for Excel in Italian.")
@identity_option
@said_plainly
def export(names: tuple[str, ...], identities: tuple[Path, ...], **asked: bool) -> None:
    """Write the data package of each form (or of NAMES) to packages/ in the data folder.

    What is sealed is left out unless a key is given that opens it.

    Copies of an earlier package that are not asked for again are removed: they may hold what was withdrawn.
    """
    chosen = Settings.from_environ(os.environ)
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


@click.command()
@said_plainly
def reconcile() -> None:
    """Account for every response that was received; leave with 1 when something does not agree."""
    chosen = Settings.from_environ(os.environ)
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


COMMANDS = (export, reconcile)
