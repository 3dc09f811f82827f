"""The commands of the service: `python -m forms_server COMMAND`."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import ClassVar

import click

from bacheca.one_command import run_one
from bacheca.spoken_help import SpokenGroup

COMMANDS = {
    "run": "service",
    "send-mail": "service",
    "purge": "service",
    "raise-rate-limit": "service",
    "load-form": "service",
    "export": "packages",
    "reconcile": "packages",
    "backup": "backups",
    "restore": "backups",
    "verify": "backups",
    "move-to": "moving",
    "publish-results": "results",
    "comments": "results",
    "approve": "results",
    "reject": "results",
    "undecide": "results",
    "traffic": "results",
    "progress": "results",
    "import-mail": "letters",
    "mail": "letters",
    "evidence": "data_subjects",
    "export-person": "data_subjects",
    "erase-person": "data_subjects",
    "audit": "data_subjects",
    "correct": "data_subjects",
    "requests": "data_subjects",
    "quarantine": "quarantine",
    "secret-keys": "secret_keys",
    "new-key": "seals",
    "keys": "seals",
    "reseal": "seals",
    "sign-ups": "people.sign_ups",
    "resend": "people.sign_ups",
    "add-sign-up": "people.sign_ups",
    "confirm": "people.sign_ups",
    "withdraw": "people.sign_ups",
    "no-letters": "people.sign_ups",
    "offer": "people.sign_ups",
    "write-to": "people.write_to",
    "invite": "accounts",
    "accounts": "accounts",
    "desk-log": "accounts",
    "schedule": "status",
    "status": "status",
    "month": "status",
}
"""Each command and the module of `forms_server.commands` that has it."""


class Commands(SpokenGroup):
    """Commands of which each is imported when it is asked for: what the others need would take it a second to load."""

    locales: ClassVar[tuple[Path, ...]] = (Path(__file__).parent / "locale",)

    def help_language(self) -> str:
        """Give the language that its commands speak."""
        from forms_server.commands.speaking import speaks  # noqa: PLC0415

        return speaks()

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name all of them."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Find one by its name; None where there is none."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"forms_server.commands.{COMMANDS[cmd_name]}")
        commands: dict[str, click.Command] = {command.name: command for command in module.COMMANDS}
        return self.speaking(commands[cmd_name])


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Take answers to the forms and hand them over as data packages.

    Settings are environment variables that begin with FORMS_; the README lists them.
    """
    click.get_current_context().with_resource(writing_for_oneself())


@contextmanager
def writing_for_oneself() -> Iterator[None]:
    """Let whatever is written until this ends be its user's alone."""
    umask = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(umask)


if __name__ == "__main__":
    run_one(main, "python -m forms_server")
