"""The commands about the keys that personal answers are sealed to."""

from __future__ import annotations

import os
from pathlib import Path

import click

from bacheca.forms.published import RECIPIENTS
from forms_server.commands.base import opened, said_plainly
from forms_server.crypto.sealing import make_key, read_keyring, read_recipients, reseal
from forms_server.settings import Settings


@click.command("new-key")
@click.argument("path", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--name", required=True, help="Whose key it is.")
@said_plainly
def new_key(path: Path, name: str) -> None:
    """Make an editor's key: the secret part in PATH, the public part in the list of recipients."""
    content = Settings.from_environ(os.environ).written
    click.echo(make_key(path, name, content))
    click.echo(
        f"{path} is the secret part: keep it off the server, with a copy in another place."
        f" {content / RECIPIENTS} has the public part: commit it, then build the portal.",
        err=True,
    )


@click.command("keys")
@said_plainly
def keys() -> None:
    """Say how many keys there are, and how many responses are sealed to them or still to others."""
    with opened() as work:
        recipients = read_recipients(work.settings.content)
        counts = work.retention.store.seals.counts()
    others = sum(count for mark, count in counts.items() if mark != recipients.mark)
    click.echo(f"{len(recipients.keys)} keys: " + (", ".join(recipients.keys) or "none"))
    click.echo(f"{counts.get(recipients.mark, 0)} responses sealed to them, {others} to others")
    if others:
        click.echo("Run `python -m forms_server reseal --identity FILE` with a key that opens those.")


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
    click.echo(f"{done} responses sealed anew, to {len(recipients.keys)} keys")


COMMANDS = (new_key, keys, reseal_)
