"""The command that says how everything stands, as the first page of the desk does."""

from __future__ import annotations

import click

from forms_server.commands.base import opened, said_plainly
from forms_server.messages import say
from forms_server.operations.health import signs_of
from forms_server.publishing.overview import FormStanding, standing_of


@click.command("status")
@said_plainly
def status() -> None:
    """Say how each form stands, what waits, and how the service does."""
    with opened() as work:
        store, retention = work.retention.store, work.retention
        for served in work.forms.values():
            click.echo(_line(standing_of(store, served.form, retention.now)))
        for sign in signs_of(store, work.settings, retention.today, retention.now()):
            mark = "ok" if sign.well else "LOOK"
            click.echo(f"{mark} {sign.called}: {say(sign.sentence, 'en', **sign.values)}")


def _line(standing: FormStanding) -> str:
    counts = {
        "kept": standing.kept or 0,
        "to be confirmed": standing.pending,
        "waiting": standing.waiting,
        "in quarantine": standing.doubted,
    }
    places = f" of {standing.places} places" if standing.places is not None else ""
    said = ", ".join(f"{count} {name}{places if name == 'kept' else ''}" for name, count in counts.items())
    last = f", the last on {standing.last}" if standing.last else ""
    return f"{standing.form.name}: {standing.state}, {said}{last}"


COMMANDS = (status,)
