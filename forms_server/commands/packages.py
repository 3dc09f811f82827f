"""The commands that write the packages and account for what is in them."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

import click

from bacheca.forms.catalogues import marked as _
from bacheca.forms.package.formats import COPIES, Copy
from forms_server.clock import utc_now
from forms_server.commands.base import identity_option, opened, said_plainly
from forms_server.commands.speaking import tell, word
from forms_server.crypto.sealing import read_keyring
from forms_server.crypto.tokens import open_secret
from forms_server.known_forms import strangers
from forms_server.publishing.export import Exported, export_forms
from forms_server.publishing.reconciliation import reconcile as accounts

STRANGE = _(
    "{path}: neither the store nor a form file knows it; look through it, then delete it, or bring back the copy of"
    " the store it belongs to"
)

STAYED_OPEN = _(
    "{form}: opened with a key before, and left as it was, without whoever was erased since; give --identity to write"
    " it again, or --sealed to close it"
)

COPIED = {
    (False, False): _("{path}: whole"),
    (False, True): _("{path}: some is left out"),
    (True, False): _("{path}: {count} texts were too long for it and end where they say so"),
    (True, True): _("{path}: {count} texts were too long for it and end where they say so, some is left out"),
}
"""How a copy is, by whether texts were cut, and whether something is not in it."""


@click.command()
@click.argument("names", nargs=-1)
@click.option("--sav", is_flag=True, help="Also write SPSS files, with labels.")
@click.option("--xlsx", is_flag=True, help="Also write a workbook for Excel: in words, then in codes.")
@click.option("--excel-csv", is_flag=True, help="Also write a copy in words for Excel, in the form’s language.")
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
        raise click.UsageError(word(_("Give either --identity or --sealed.")))
    with opened() as work:
        for name in set(names).difference(work.retention.store.forms()):
            work.form(name)
        copies = [kind for kind in COPIES if asked[kind.replace("-", "_")]]
        keys = read_keyring(identities) if identities else None
        data, store = work.settings.data, work.retention.store
        wanted = names or tuple(store.forms())
        secret = open_secret(work.settings)
        done = export_forms(store, wanted, data, utc_now(), copies, keys=keys, sealed=sealed, secret=secret)
        whole = say_exported(done)
        if not names:
            for path in strangers(data, store):
                tell(STRANGE, err=True, path=path)
    if not whole:
        sys.exit(1)


def say_exported(done: Iterable[Exported]) -> bool:
    """Say what became of each package, what is wrong on stderr; tell whether all of it was written."""
    whole = True
    for exported in done:
        whole = whole and exported.is_whole
        if exported.failed:
            sentence = _("{form}: not written, and as it was before: {reason}")
            tell(sentence, err=True, form=exported.form, reason=exported.failed)
            continue
        path = exported.folder / "datapackage.json"
        tell(_("{path}: {count} responses"), path=path, count=exported.responses)
        if exported.stayed_open:
            tell(STAYED_OPEN, form=exported.form)
        for reason in exported.left_out:
            tell(_("{form}: left out: {reason}"), err=True, form=exported.form, reason=reason)
        for copy in exported.copies:
            _say_copied(copy)
        for path in exported.others:
            tell(_("{path}: not ours, and left as it is: it may hold what was withdrawn since"), path=path)
    return whole


def _say_copied(copy: Copy) -> None:
    if copy.failed:
        tell(_("{path}: not written: {reason}"), err=True, path=copy.path, reason=copy.failed)
        return
    tell(COPIED[bool(copy.cut), bool(copy.left_out or copy.unlike)], path=copy.path, count=copy.cut)
    for lost in copy.left_out:
        tell("{path}: {lost}", err=True, path=copy.path, lost=lost)
    for lost in copy.unlike:
        tell("{path}: {lost}", path=copy.path, lost=lost)


@click.command()
@said_plainly
def reconcile() -> None:
    """Account for every response that was received; leave with 1 when something does not agree."""
    agree = True
    with opened() as work:
        data, store = work.settings.data, work.retention.store
        for account in accounts(store, store.forms(), data):
            tell(account.line())
            for difference in account.differences():
                tell("  {difference}", difference=difference)
                agree = False
        for path in strangers(data, store):
            tell(STRANGE, path=path)
            agree = False
    if not agree:
        sys.exit(1)


COMMANDS = (export, reconcile)
