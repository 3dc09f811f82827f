"""What every command needs: the settings, the store and the forms, and a way to say plainly what is wrong."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import ParamSpec

import click

from bacheca.folder_record import RecordRefused, refuse_newer
from bacheca.forms import Form, FormsError
from bacheca.forms.catalogues import marked as _
from forms_server.clock import utc_now
from forms_server.commands.speaking import speaks, told_of, word
from forms_server.errors import ServiceProblem
from forms_server.form_registry import ServedForms
from forms_server.known_forms import KnownForms, known_forms
from forms_server.messages import said
from forms_server.privacy.retention import Retention, open_retention
from forms_server.settings import Settings
from forms_server.terminal import visible_output

P = ParamSpec("P")

identity_option = click.option(
    "--identity",
    "identities",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A file of a secret key, to open what is sealed.",
)


def said_plainly(command: Callable[P, None]) -> Callable[P, None]:
    """Say what is wrong in a sentence and leave with 1, without a traceback; show nothing that commands a terminal."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        with visible_output():
            try:
                refuse_newer(Path.cwd())
                command(*args, **kwargs)
            except (FormsError, ServiceProblem, RecordRefused) as error:
                click.echo(told_of(error, speaks()), err=True)
                sys.exit(1)
            except BrokenPipeError:
                raise  # whoever read what is said has read enough, as `head` does
            except OSError as error:
                click.echo(f"{error.filename or ''}: {error.strerror or error}", err=True)
                sys.exit(1)

    return run


@dataclass(frozen=True)
class Opened:
    """What a command works on: the settings, the store with what is erased, and the forms."""

    settings: Settings
    retention: Retention
    known: KnownForms

    @property
    def forms(self) -> ServedForms:
        """The forms that can be answered."""
        return self.known.served

    def now(self) -> datetime:
        """Give the time, by the clocks of the community."""
        return utc_now().astimezone(self.settings.community.zone)

    def form(self, name: str) -> Form:
        """Find a form that anything is held of, served or not.

        Raises:
            click.UsageError: there is none.
        """
        found = self.known.all
        if name not in found:
            raise no_form(name, found)
        return found[name]


def no_form(name: str, found: Iterable[str]) -> click.UsageError:
    """Say that there is no form with a name, and which there are."""
    said = word(_("There is no form {name}. The forms are: {forms}."), name=name, forms=", ".join(found))
    return click.UsageError(said)


@contextmanager
def opened() -> Iterator[Opened]:
    """Open the store and load the forms, as the environment of this process says.

    A form file that cannot be used is named and stops nothing: what is held of that form is there as before.
    """
    settings = Settings.from_environ(os.environ)
    retention = open_retention(settings)
    try:
        known = known_forms(settings.content, retention.store, retention.today, settings.community)
        for fault in known.faults:
            click.echo(said(fault, speaks()), err=True)
        yield Opened(settings, retention, known)
    finally:
        retention.store.close()
