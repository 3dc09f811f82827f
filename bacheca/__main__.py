"""The command of an installed Bacheca: those of the portal and those of the service, by one name.

`bacheca check` is `python build.py check`, and `bacheca run` is `python -m forms_server run`.
"""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

import click

from bacheca import __version__
from bacheca.one_command import run_one
from bacheca.portal.commands.build import Commands
from bacheca.portal.commands.build import main as portal
from forms_server.__main__ import main as service
from forms_server.__main__ import writing_for_oneself

BUILD = click.Command("build", params=portal.params, callback=portal.callback, help=portal.help)


class AllCommands(Commands):
    """The commands of the portal, those of the service, and `build`, which is what happens when none is named."""

    locales: ClassVar[tuple[Path, ...]] = (*Commands.locales, *type(service).locales)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name all of them."""
        return sorted({"build", *super().list_commands(ctx), *service.list_commands(ctx)})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Find one by its name; None where there is none."""
        if cmd_name == "build":
            return self.speaking(BUILD)
        return super().get_command(ctx, cmd_name) or service.get_command(ctx, cmd_name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the one that is asked for."""
        if args[0] in service.list_commands(ctx):
            ctx.with_resource(writing_for_oneself())
        return super().resolve_command(ctx, args)


main = AllCommands(
    "bacheca",
    params=list(portal.params),
    callback=portal.callback,
    help=portal.help,
    invoke_without_command=True,
)
click.version_option(__version__, prog_name="bacheca")(main)


def run() -> None:
    """Be the command `bacheca`."""
    run_one(main, "bacheca")


if __name__ == "__main__":
    run()
