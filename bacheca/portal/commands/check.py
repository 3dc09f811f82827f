"""What is said of content: all that is wrong with it, and that a translation has been looked over."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from bacheca.portal.authoring.mark_translated import mark_translations
from bacheca.portal.build.read import read_content
from bacheca.portal.cache.store import Cache
from bacheca.portal.catalogue_status import said_in_english
from bacheca.portal.checks.form_changes import FormChange, changes_against
from bacheca.portal.checks.release import check_release
from bacheca.portal.checks.translations import mark_page
from bacheca.portal.commands.base import language_here, opened
from bacheca.portal.commands.options import config_file, speak
from bacheca.portal.errors import ContentProblems, SettingsProblems, marked_line
from bacheca.portal.messages import SAYINGS, say
from bacheca.portal.settings import Portal, read_portal


@click.command("check")
@config_file
@speak
@click.option("--against", default="", metavar="GITREF", help="Say what edits of forms mean for answers already kept.")
@click.option("--release", is_flag=True, help="Fail while anything has still to be filled in.")
@click.pass_context
def check_command(ctx: click.Context, config_file: Path, lang: str, against: str, *, release: bool) -> None:
    """Say everything that is wrong with pages, forms and settings."""
    meta = ctx.find_root().meta
    meta["language"] = lang or language_here(config_file)
    portal, unsettled = read_portal(config_file)
    if portal is None:
        raise SettingsProblems(*unsettled)
    meta["language"] = lang or portal.main.code
    content, problems = read_content(portal, spelling=True, kept=_cache_of(portal))
    changes: list[FormChange] = []
    try:
        changes += changes_against(portal.forms, against, content.forms, portal.usual) if against else []
    except SettingsProblems as error:
        unsettled += error.problems
    for change in changes:
        click.echo(change.line_of_text(meta["language"]))
    if unsettled:
        raise SettingsProblems(*unsettled, *problems)
    if release and (unfinished := list(check_release(portal))):
        raise ContentProblems(*problems, *unfinished)
    if any(problem.stops for problem in problems):
        raise ContentProblems(*problems)
    pages = sum(map(len, content.pages.values()))
    forms = len(content.forms) + len(content.examples)
    if content.rescheduled:
        click.echo(say(SAYINGS["days_set"], meta["language"], names=", ".join(content.rescheduled)))
    for warning in content.warnings:
        click.echo(marked_line(warning, ctx.find_root().meta["language"]))
    for language in portal.languages:
        count, total = said_in_english(language.code)
        if count:
            values = {"language": language.name, "count": count, "total": total}
            click.echo(say(SAYINGS["said_in_english"], meta["language"], **values), err=True)
    if any(change.refused for change in changes):
        sys.exit(1)
    saying = "warnings" if content.warnings else "releasable" if release else "sound"
    values = {"count": len(content.warnings), "pages": pages, "forms": forms}
    click.echo(say(SAYINGS[saying], ctx.find_root().meta["language"], **values), err=bool(content.warnings))


def _cache_of(portal: Portal) -> Cache | None:
    """Give what builds keep; None where nothing can be kept, as in a folder that is only read."""
    try:
        return Cache(portal.build / "cache")
    except OSError:
        return None


@click.command("translated")
@click.argument("names", nargs=-1, required=True)
@config_file
@speak
@click.pass_context
def translated(ctx: click.Context, names: tuple[str, ...], config_file: Path, lang: str) -> None:
    """Mark the translations of the forms NAMES, or the pages NAMES (files), as being of the words as they are now."""
    portal = opened(ctx, config_file, lang)
    for name in names:
        is_page = name.endswith(".md")
        marked = [mark_page(portal, Path(name))] if is_page else mark_translations(portal.forms, name, portal.usual)
        for path in marked:
            click.echo(say(SAYINGS["translated"], ctx.find_root().meta["language"], path=path))


COMMANDS = (check_command, translated)
