"""The commands that copy the store, bring it back, and see that what is kept is whole."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from bacheca.forms import FormsError
from bacheca.forms.catalogues import marked as _
from bacheca.forms.package.package import validate_package
from forms_server.clock import utc_now
from forms_server.commands.base import said_plainly
from forms_server.commands.packages import STRANGE
from forms_server.commands.speaking import speaks, tell, told_of
from forms_server.database.migrate import newest_migration
from forms_server.known_forms import strangers
from forms_server.messages import Saying, said
from forms_server.operations.backups.copier import Examined
from forms_server.operations.backups.copies import backup, copier_of, restore
from forms_server.privacy.erasure_log import TOMBSTONES, Tombstones
from forms_server.privacy.retention import open_retention
from forms_server.publishing.export import descriptors_in
from forms_server.publishing.reconciliation import standing
from forms_server.settings import Settings
from forms_server.store import open_store

RESTORED = "restored"
"""What a letter that waited in a copy is marked with: nobody knows whether it was sent since."""

UNREADABLE = _(
    "What stands in those rows is not what was written: a disk, or somebody, has changed it. Look for an earlier backup"
    " in which `verify` finds none, and bring that back if nothing that came since is in the way."
)

file_argument = click.argument("file", type=click.Path(path_type=Path, dir_okay=False))


def _holds(examined: Examined) -> Saying:
    found = {"responses": examined.responses, "version": examined.version}
    if not examined.unreadable:
        return Saying(_("{responses} responses, version {version}, whole"), **found)
    rows = "; ".join(said(row, speaks()) for row in examined.unreadable)
    return Saying(
        _("{responses} responses, version {version}, whole, but for rows that cannot be read: {rows}"),
        rows=rows,
        **found,
    )


def _told_of(examined: Examined) -> bool:
    """Say what to do about rows that cannot be read; tell whether there are any."""
    if examined.unreadable:
        tell(UNREADABLE, err=True)
    return bool(examined.unreadable)


@click.command("backup")
@file_argument
@said_plainly
def make_backup(file: Path) -> None:
    """Copy the store to FILE, of one moment, while the service runs.

    The copy is on disk and was read whole when this ends; until then an earlier one at FILE stays as it was.
    """
    settings = Settings.from_environ(os.environ)
    made_at = utc_now()
    examined = backup(settings.database_url, file)
    if examined.version == newest_migration():  # an older store is copied as it is, before anything changes in it
        store = open_store(settings.database_url)
        try:
            store.copies.note(made_at)
        finally:
            store.close()
    tell("{file}: {holds}", file=file, holds=_holds(examined))
    _told_of(examined)
    if settings.secret_key is None:
        secret = settings.data / "secret.key"
        tell(_("Without {secret} its receipts open no more: keep that too, in another place."), err=True, secret=secret)


@click.command("restore")
@file_argument
@click.option("--replace", is_flag=True, help="Lose what the store holds now, and put FILE in its place.")
@said_plainly
def bring_back(file: Path, replace: bool) -> None:
    """Bring back FILE, a backup, as the store, while no service runs.

    What was withdrawn after the backup was made is erased again, and mail that waited then is not sent by itself: it
    may have gone out since.
    """
    settings = Settings.from_environ(os.environ)
    examined = restore(settings.database_url, file, Tombstones(settings.data / TOMBSTONES).bury, replace=replace)
    store = open_retention(settings, restored=True).store
    try:
        letters = store.outbox.hold_back(RESTORED)
        store.sessions.end_all()  # one that was ended since the copy was made must not go on
        let_in = [f"{account.address} ({account.role})" for account in store.accounts.all() if not account.ended_at]
        store.accounts.drop_links()  # nor is one good again that was used or withdrawn since
        store.wipe()
    finally:
        store.close()
    now = copier_of(settings.database_url).examine_store() or examined
    erased = examined.responses - now.responses
    sentence = _("{file}: {holds}, restored; {erased} withdrawn since are erased again")
    tell(sentence, file=file, holds=_holds(examined), erased=erased)
    _told_of(examined)
    if letters:
        sentence = _("{count} letters waited then: `send-mail --dead` lists them, `send-mail --again` sends them")
        tell(sentence, count=letters)
    if let_in:
        sentence = _(
            "As then, these may come in at the desk: {people}. `accounts ADDRESS --remove` lets somebody in no more"
        )
        tell(sentence, people=", ".join(let_in))


@click.command("verify")
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False))
@said_plainly
def verify(file: Path | None) -> None:
    """Read the whole store and run frictionless over every package in the data folder; with FILE, read that backup.

    Each package is held against its hashes and against the store, too. Leaves with 1 when one does not hold; the
    others are read all the same.
    """
    settings = Settings.from_environ(os.environ)
    copier = copier_of(settings.database_url)
    if file:
        copy = copier.examine(file)
        tell("{file}: {holds}", file=file, holds=_holds(copy))
        sys.exit(int(_told_of(copy)))
    store = copier.examine_store()
    unreadable = False
    if store:
        tell(_("store: {holds}"), holds=_holds(store))
        unreadable = _told_of(store)
    descriptors = descriptors_in(settings.data)
    whole = all([_is_valid(descriptor) for descriptor in descriptors])
    if store and store.version == newest_migration():
        whole = _agrees(settings) and whole
    if not descriptors:
        sentence = _("There is no package in {folder}: run `python -m forms_server export` first.")
        tell(sentence, err=True, folder=settings.data)
    if unreadable or not whole or not descriptors:
        sys.exit(1)


def _is_valid(descriptor: Path) -> bool:
    try:
        validate_package(descriptor)
    except FormsError as error:
        click.echo(told_of(error, speaks()), err=True)
        return False
    tell(_("{path}: valid"), path=descriptor)
    return True


def _agrees(settings: Settings) -> bool:
    """Hold the packages against the store; name those that hold who was erased, and those that nobody knows."""
    agrees = True
    store = open_store(settings.database_url)
    try:
        with store.snapshot() as snapshot:
            for name in snapshot.forms():
                if erased := standing(snapshot, name, settings.data / "packages" / name).erased:
                    sentence = _("{form}: {count} responses in the package are erased: export {form} again")
                    tell(sentence, err=True, form=name, count=erased)
                    agrees = False
        for path in strangers(settings.data, store):
            tell(STRANGE, err=True, path=path)
            agrees = False
    finally:
        store.close()
    return agrees


COMMANDS = (make_backup, bring_back, verify)
