"""What every command of the portal needs: its settings, and a way to say plainly what is wrong."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import click

from bacheca.forms import USUAL
from bacheca.forms.locales import language_of_terminal
from bacheca.portal.commands.options import SETTINGS
from bacheca.portal.errors import PortalError, marked_line, problem_of_system
from bacheca.portal.messages import SAYINGS, say
from bacheca.portal.settings import Portal, language_of, load_portal


def complain(error: PortalError, ctx: click.Context) -> None:
    """Print every problem of an error and leave with its code."""
    say_problems(error, ctx.find_root().meta.get("language") or ctx.params.get("lang") or language_here(SETTINGS))
    sys.exit(error.exit_code)


def say_problems(error: PortalError, language: str) -> None:
    """Print every problem of an error, and how many there are."""
    for problem in error.problems:
        click.echo(marked_line(problem, language))
    stopping = sum(problem.stops for problem in error.problems)
    for saying, count in (("problems", stopping), ("warnings", len(error.problems) - stopping)):
        if count:
            click.echo(say(SAYINGS[saying], language, count=count), err=True)


def complain_of(error: Exception, ctx: click.Context) -> None:
    """Print what stopped a command, where it is something that people can mend.

    Raises:
        Exception: the error itself, where it is a fault of ours.
    """
    if isinstance(error, PortalError):
        complain(error, ctx)
    elif isinstance(error, OSError):
        settings = Path(ctx.params.get("config_file") or SETTINGS)
        site = Path(ctx.params.get("site_dir") or "site")
        folders = (settings.parent / "build", site, Path(tempfile.gettempdir()))
        complain(PortalError(problem_of_system(error, settings, *folders)), ctx)
    raise error


def tell_in(language: str) -> Any:
    """Make what prints the progress of a command, in a language."""

    def tell(saying: str, seconds: float | None, **values: object) -> None:
        line = say(SAYINGS[saying], language, **values)
        timed = "" if seconds is None else say(SAYINGS["seconds"], language, seconds=seconds)
        click.echo(f"{line:<58}{timed:>8}".rstrip())
        sys.stdout.flush()

    return tell


def language_here(config_file: Path) -> str:
    """Give the language of a community by its settings, or where there are none that of the terminal."""
    if config_file.is_file():
        return language_of(config_file)
    return language_of_terminal(os.environ) or USUAL.language


def opened(ctx: click.Context, config_file: Path, lang: str, only: str = "") -> Portal:
    """Read the settings; from here on the command speaks `lang`, or the portal's main language."""
    meta = ctx.find_root().meta
    meta["language"] = lang or language_here(config_file)
    portal = load_portal(config_file, only)
    meta["language"] = lang or portal.main.code
    return portal
