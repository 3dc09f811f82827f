"""The command of the portal: it builds the portal, or does what the commands of this folder are for.

Where nothing has changed nobody wants to wait. So what builds is loaded only once it is needed.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any, ClassVar

import click

from bacheca.portal.cache.unchanged import Record
from bacheca.portal.choices import ENGINES, SOURCE
from bacheca.portal.commands.options import SETTINGS, config_file, lang
from bacheca.spoken_help import SpokenGroup

COMMANDS = {
    "init": "init",
    "import-site": "import_site",
    "upgrade": "upgrade",
    "check": "check",
    "translated": "check",
    "translations": "translations",
    "walk": "preview",
    "serve": "preview",
    "digest": "new",
    "new": "new",
    "publish": "publish",
    "rollback": "publish",
    "schema": "schema",
    "qr": "qr",
    "import-xlsform": "xlsform",
    "export-xlsform": "xlsform",
}
"""Each command and the module of this folder that has it."""


class Commands(SpokenGroup):
    """Commands whose problems are sentences, never tracebacks.

    Each is imported when it is asked for: workbooks alone take half a second to load.
    """

    locales: ClassVar[tuple[Path, ...]] = (Path(__file__).parents[1] / "locale",)

    def help_language(self) -> str:
        """Give the language of the community whose folder this is, else that of the terminal."""
        from bacheca.portal.commands.base import language_here  # noqa: PLC0415

        return language_here(SETTINGS)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name all of them."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Find one by its name; None where there is none."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"{__package__}.{COMMANDS[cmd_name]}")
        commands: dict[str, click.Command] = {command.name: command for command in module.COMMANDS}
        return self.speaking(commands[cmd_name])

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except (click.exceptions.Exit, click.Abort, click.ClickException):
            raise
        except Exception as error:
            from bacheca.portal.commands.base import complain_of  # noqa: PLC0415

            complain_of(error, ctx)
        return None


@click.group(cls=Commands, invoke_without_command=True)
@config_file
@click.option("--site-dir", type=click.Path(path_type=Path), default="site", help="Where the site goes.")
@lang
@click.option("--full", is_flag=True, help="Begin from nothing: no file of an earlier build is used.")
@click.option("--engine", type=click.Choice(list(ENGINES)), default="mkdocs", help="What renders the pages.")
@click.option(
    "--results",
    default=SOURCE,
    metavar="URL",
    help="The folder, or the address of the service, that results come from.",
)
@click.pass_context
def main(
    ctx: click.Context,
    *,
    config_file: Path,
    site_dir: Path,
    lang: str,
    full: bool,
    engine: str,
    results: str,
) -> None:
    """Build the portal: check, stage, render, finish."""
    if ctx.invoked_subcommand:
        given = {"config_file": config_file, "lang": lang, "site_dir": site_dir}
        ctx.default_map = dict.fromkeys(COMMANDS, given)
        return
    folder = config_file.absolute().parent
    asked = {"settings": str(config_file.absolute()), "lang": lang, "engine": engine, "results": results}
    record = Record(folder / "build", site_dir, asked)
    if not full and (said := record.nothing_changed()):
        click.echo(said)
        return
    record.begin(folder)
    _build(ctx, config_file, site_dir, lang=lang, full=full, engine=engine, results=results, record=record)


def _build(
    ctx: click.Context,
    config_file: Path,
    site_dir: Path,
    *,
    lang: str,
    full: bool,
    engine: str,
    results: str,
    record: Record,
) -> None:
    """Go the whole way."""
    from bacheca.portal.build.pipeline import build  # noqa: PLC0415
    from bacheca.portal.commands.base import opened, tell_in  # noqa: PLC0415
    from bacheca.portal.messages import SAYINGS, say  # noqa: PLC0415

    portal = opened(ctx, config_file, lang, lang)
    language = ctx.meta["language"]
    record.say(say(SAYINGS["unchanged"], language, folder=site_dir))
    build(portal, site_dir, tell_in(language), engine=engine, full=full, results=results, record=record)
