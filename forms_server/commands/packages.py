"""The commands that write the packages and account for what is in them."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

import click

from bacheca.forms.package.formats import COPIES
from forms_server.clock import utc_now
from forms_server.commands.base import identity_option, opened, said_plainly
from forms_server.crypto.sealing import read_keyring
from forms_server.known_forms import strangers
from forms_server.publishing.export import Exported, export_forms
from forms_server.publishing.reconciliation import reconcile as accounts

STRANGE = (
    "{path}: neither the store nor a form file knows it; look through it, then delete it, or bring back the copy of"
    " the store it belongs to"
)


@click.command()
@click.argument("names", nargs=-1)
@click.option("--sav", is_flag=True, help="Also write SPSS files, with labels.")
@click.option("--xlsx", is_flag=True, help="Also write a workbook, of texts, numbers and days alone.")
@click.option("--excel-csv", is_flag=True, help="Also write a copy in words for Excel in Italian.")
@click.option("--sealed", is_flag=True, help="Leave out what is sealed, also where a package was opened with a key.")
@identity_option
@said_plainly
def export(names: tuple[str, ...], identities: tuple[Path, ...], sealed: bool, **asked: bool) -> None:
    """Write the data package of each form (or of NAMES) to packages/ in the data folder.

    Forms whose file is gone have theirs too, by their last definition. What is sealed is left out unless a key is
    given that opens it; a package that was opened before stays open, without whoever was erased since.

    The copies that an export made before are made again, asked for or not; files that somebody changed or put there
    are left alone and named.

    Leaves with 1 when something could not be written: it is named, and all the rest is written. A value that SPSS
    has nothing like, such as a day before 1582, is named too, and empty there: it stands in the package.
    """
    if sealed and identities:
        raise click.UsageError("Give either --identity or --sealed.")
    with opened() as work:
        for name in set(names).difference(work.retention.store.forms()):
            work.form(name)
        copies = [kind for kind in COPIES if asked[kind.replace("-", "_")]]
        keys = read_keyring(identities) if identities else None
        data, store = work.settings.data, work.retention.store
        wanted = names or tuple(store.forms())
        whole = say_exported(export_forms(store, wanted, data, utc_now(), copies, keys=keys, sealed=sealed))
        if not names:
            for path in strangers(data, store):
                click.echo(STRANGE.format(path=path), err=True)
    if not whole:
        sys.exit(1)


def say_exported(done: Iterable[Exported]) -> bool:
    """Say what became of each package, what is wrong on stderr; tell whether all of it was written."""
    whole = True
    for exported in done:
        whole = whole and exported.is_whole
        if exported.failed:
            click.echo(f"{exported.form}: not written, and as it was before: {exported.failed}", err=True)
            continue
        click.echo(f"{exported.folder}/datapackage.json: {exported.responses} responses")
        if exported.stayed_open:
            click.echo(
                f"{exported.form}: opened with a key before, and left as it was, without whoever was erased since;"
                " give --identity to write it again, or --sealed to close it"
            )
        for sentence in exported.left_out:
            click.echo(f"{exported.form}: left out: {sentence}", err=True)
        for copy in exported.copies:
            if copy.failed:
                click.echo(f"{copy.path}: not written: {copy.failed}", err=True)
                continue
            cut = f"{copy.cut} texts were too long for it and end where they say so" if copy.cut else ""
            left_out = "some is left out" if copy.left_out or copy.unlike else ""
            click.echo(f"{copy.path}: {', '.join(filter(None, (cut, left_out))) or 'whole'}")
            for sentence in copy.left_out:
                click.echo(f"{copy.path}: {sentence}", err=True)
            for sentence in copy.unlike:
                click.echo(f"{copy.path}: {sentence}")
        for path in exported.others:
            click.echo(f"{path}: not ours, and left as it is: it may hold what was withdrawn since")
    return whole


@click.command()
@said_plainly
def reconcile() -> None:
    """Account for every response that was received; leave with 1 when something does not agree."""
    agree = True
    with opened() as work:
        data, store = work.settings.data, work.retention.store
        for account in accounts(store, store.forms(), data):
            click.echo(account.line())
            for difference in account.differences():
                click.echo(f"  {difference}")
                agree = False
        for path in strangers(data, store):
            click.echo(STRANGE.format(path=path))
            agree = False
    if not agree:
        sys.exit(1)


COMMANDS = (export, reconcile)
