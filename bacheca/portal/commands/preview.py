"""What starts the service: the preview, and synthetic people who answer."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from bacheca.portal.authoring.mark_translated import find_form
from bacheca.portal.build.pipeline import check
from bacheca.portal.commands.base import opened, say_problems, tell_in
from bacheca.portal.commands.options import config_file, lang, speak
from bacheca.portal.preview.server import Preview
from bacheca.portal.simulation.report import lines_of
from bacheca.portal.simulation.run import walk


@click.command("walk")
@click.argument("names", nargs=-1)
@click.option("--count", type=click.IntRange(1, 100_000), default=200, show_default=True, help="How many people.")
@click.option("--seed", type=int, default=1, show_default=True, help="Another number makes up other people.")
@config_file
@speak
@click.pass_context
def walk_command(
    ctx: click.Context, names: tuple[str, ...], *, count: int, seed: int, config_file: Path, lang: str
) -> None:
    """Let synthetic people answer the forms NAMES (or all, the examples too) through the real service."""
    portal = opened(ctx, config_file, lang)
    language = ctx.find_root().meta["language"]
    content = check(portal)
    paths = [find_form(portal.forms, name) for name in names or (*content.forms, *content.examples)]
    walks = walk(paths, count, seed, portal.usual)
    for one in walks:
        for line in lines_of(one, language):
            click.echo(line)
    if not all(one.sound for one in walks):
        sys.exit(1)


@click.command("serve")
@config_file
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@lang
@click.pass_context
def serve_command(ctx: click.Context, config_file: Path, port: int, lang: str) -> None:
    """Preview the portal with its forms, and show every change as it is saved."""
    portal = opened(ctx, config_file, lang, lang)
    language = ctx.find_root().meta["language"]
    Preview(portal, port, lang, tell_in(language), lambda error: say_problems(error, language)).run()


COMMANDS = (walk_command, serve_command)
