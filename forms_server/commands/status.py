"""The command that says how everything stands, as the first page of the desk does."""

from __future__ import annotations

import click

from bacheca.forms.catalogues import marked as _
from forms_server.commands.base import opened, said_plainly
from forms_server.commands.speaking import tell, word
from forms_server.messages import Saying
from forms_server.operations.health import signs_of
from forms_server.publishing.overview import CLOSED, EARLY, OPEN, FormStanding, standing_of


@click.command("status")
@said_plainly
def status() -> None:
    """Say how each form stands, what waits, and how the service does."""
    with opened() as work:
        store, retention = work.retention.store, work.retention
        for served in work.forms.values():
            _tell_of(standing_of(store, served.form, retention.now))
        for sign in signs_of(store, work.settings, retention.today, retention.now()):
            said = Saying(sign.sentence, **sign.values)
            tell(_("ok {sign}: {said}") if sign.well else _("LOOK {sign}: {said}"), sign=Saying(sign.called), said=said)


STATES = {EARLY: _("not open yet"), OPEN: _("open"), CLOSED: _("closed")}
"""Whether a form takes answers."""


def _tell_of(standing: FormStanding) -> None:
    kept = _("{count} kept") if standing.places is None else _("{count} kept of {places} places")
    parts = [
        word(kept, count=standing.kept or 0, places=standing.places),
        word(_("{count} to be confirmed"), count=standing.pending),
        word(_("{count} waiting"), count=standing.waiting),
        word(_("{count} in quarantine"), count=standing.doubted),
        *([word(_("the last on {day}"), day=standing.last)] if standing.last else []),
    ]
    tell(
        "{form}: {state}, {parts}",
        form=standing.form.name,
        state=Saying(STATES[standing.state]),
        parts=", ".join(parts),
    )


COMMANDS = (status,)
