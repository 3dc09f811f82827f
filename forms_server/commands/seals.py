"""The commands about the keys that personal answers are sealed to."""

from __future__ import annotations

import os
from pathlib import Path

import click

from bacheca.forms.catalogues import marked as _
from bacheca.forms.published import RECIPIENTS
from forms_server.commands.base import opened, said_plainly
from forms_server.commands.speaking import tell, word
from forms_server.crypto.sealing import make_key, read_keyring, read_recipients, reseal, to_be_sealed
from forms_server.settings import Settings

MADE = _(
    "{path} is the secret part: keep it off the server, with a copy in another place. {recipients} has the public part:"
    " commit it, then build the portal."
)


@click.command("new-key")
@click.argument("path", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--name", required=True, help="Whose key it is.")
@said_plainly
def new_key(path: Path, name: str) -> None:
    """Make an editor's key: the secret part in PATH, the public part in the list of recipients."""
    content = Settings.from_environ(os.environ).written
    click.echo(make_key(path, name, content))
    tell(MADE, err=True, path=path, recipients=content / RECIPIENTS)


@click.command("keys")
@said_plainly
def keys() -> None:
    """Say how many keys there are, and how many responses are sealed to them or still to others."""
    with opened() as work:
        recipients = read_recipients(work.settings.content)
        seals = work.retention.store.seals
        counts, clear = seals.counts(), seals.count_in_the_clear(to_be_sealed(work.retention.store))
        once = seals.count_as_once()
    others = sum(count for mark, count in counts.items() if mark != recipients.mark)
    named = ", ".join(recipients.keys) or word(_("none"))
    tell(_("{count} keys: {keys}"), count=len(recipients.keys), keys=named)
    sentence = _("{count} responses sealed to them, {others} to others")
    tell(sentence, count=counts.get(recipients.mark, 0), others=others)
    if clear:
        tell(_("{count} of them hold in the clear what is sealed today"), count=clear)
    if once:
        tell(_("{count} were sealed by an older version: lengths and hashes tell which answers are alike"), count=once)
    if others or clear or once:
        tell(_("Run `python -m forms_server reseal --identity FILE` with a key that opens those."))


@click.command("reseal")
@click.option(
    "--identity",
    "identities",
    multiple=True,
    required=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A file of a secret key that opens what is sealed now.",
)
@said_plainly
def reseal_(identities: tuple[Path, ...]) -> None:
    """Seal what is sealed to other keys to those of today's list: after a key is lost, or somebody joins or leaves."""
    with opened() as work:
        recipients = read_recipients(work.settings.content)
        done = reseal(work.retention.store, read_keyring(identities), recipients)
    tell(_("{count} responses sealed anew, to {keys} keys"), count=done, keys=len(recipients.keys))


COMMANDS = (new_key, keys, reseal_)
