"""The command about the keys that sign: what was made with each."""

from __future__ import annotations

from collections import Counter

import click

from forms_server.commands.base import opened, said_plainly
from forms_server.crypto.tokens import open_secret
from forms_server.privacy.data_subjects import AUDITED


@click.command("secret-keys")
@said_plainly
def secret_keys() -> None:
    """Count what was made with today's secret key and with each of the old ones, to know which may go.

    An old key of which nothing is left can be left out of FORMS_OLD_SECRET_KEYS. What was made before keys had names
    counts as the oldest one's.
    """
    with opened() as work:
        secret = open_secret(work.settings)
        with work.retention.store.snapshot() as snapshot:
            hanging = list(snapshot.hanging_on_keys())
    found: dict[int, Counter[str]] = {number: Counter() for number in range(len(secret.all))}
    lost: Counter[str] = Counter()
    for kind, form, name, count in hanging:
        names = [one.name(form or AUDITED) for one in secret.all]
        number = names.index(name) if name in names else len(names) - 1
        (found[number] if not name or name in names else lost)[kind] += count
    for number, counts in found.items():
        click.echo(f"{f'old key {number}' if number else 'today’s key'}: {_said(counts)}")
    if lost:
        click.echo(f"keys that are not set: {_said(lost)}; put them into FORMS_OLD_SECRET_KEYS")


def _said(counts: Counter[str]) -> str:
    return ", ".join(f"{count} {kind}" for kind, count in counts.items()) or "nothing"


COMMANDS = (secret_keys,)
