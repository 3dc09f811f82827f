"""Bringing a community's folder to this version."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from bacheca.portal.commands.base import language_here
from bacheca.portal.commands.options import config_file, speak
from bacheca.portal.messages import SAYINGS, say
from bacheca.portal.upgrading.upgrade import Plan, plan_upgrade
from bacheca.portal.upgrading.upgrade import upgrade as do_upgrade


@click.command("upgrade")
@config_file
@speak
@click.option("--dry-run", is_flag=True, help="Show what will change, and change nothing.")
@click.option("--yes", is_flag=True, help="Do it without asking.")
@click.option("--keep", multiple=True, metavar="FILE", help="Leave FILE as it is, whatever this version changes in it.")
@click.option("--take", multiple=True, metavar="FILE", help="Let FILE be what this version writes.")
@click.pass_context
def upgrade(
    ctx: click.Context,
    *,
    config_file: Path,
    lang: str,
    dry_run: bool,
    yes: bool,
    keep: tuple[str, ...],
    take: tuple[str, ...],
) -> None:
    """Bring this folder to the version that is installed: show what changes, ask, then do all of it or nothing."""
    speaks = ctx.find_root().meta["language"] = lang or language_here(config_file)
    plan = plan_upgrade(config_file.absolute().parent, keep, take)
    _show(plan, speaks)
    asks = sys.stdin.isatty() and not yes
    if dry_run or (plan.changes and not yes and not asks):
        click.echo(say(SAYINGS["upgrade_not_done"], speaks), err=True)
    elif not asks or not plan.writes or click.confirm(say(SAYINGS["ask_upgrade"], speaks)):
        kept = do_upgrade(plan)
        values = {"version": plan.record.version, "folder": kept.relative_to(plan.folder) if kept else ""}
        click.echo(say(SAYINGS["upgrade_done" if kept else "upgrade_nothing"], speaks, **values))
    if plan.open_questions:
        sys.exit(1)


def _show(plan: Plan, language: str) -> None:
    """Say of every file what becomes of it, and show the difference."""
    if not plan.record.answers:
        click.echo(say(SAYINGS["upgrade_unknown"], language), err=True)
    for change in plan.changes:
        click.echo(say(SAYINGS[f"upgrade_{change.how}"], language, path=change.path))
        if change.how in ("merged", "renamed", "decide"):
            click.echo(change.diff.encode("utf-8", "replace").decode())


COMMANDS = (upgrade,)
