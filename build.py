"""The command of the portal: builds it, checks it, previews it, begins new pages, articles and forms."""

from __future__ import annotations

import datetime as dt
import shlex
import sys
from pathlib import Path
from typing import Any

import click

from bacheca.forms import FormProblems, load_form
from bacheca.forms.definition.json_schema import form_schema, translation_schema
from bacheca.portal.authoring.json_schema import as_json, write_schemas
from bacheca.portal.authoring.mark_translated import find_form, mark_translations
from bacheca.portal.authoring.new_form import QUESTIONS, Plan, as_understood, plan_by_asking
from bacheca.portal.authoring.new_page import MAKERS, SURVEY, check_form_name, new_form
from bacheca.portal.build.engine import ENGINES
from bacheca.portal.build.fetch_results import SOURCE
from bacheca.portal.build.pipeline import build, check
from bacheca.portal.build.read import read_content
from bacheca.portal.build.reload import tell_problems
from bacheca.portal.checks.form_changes import FormChange, changes_against
from bacheca.portal.checks.release import check_release
from bacheca.portal.checks.translations import mark_page
from bacheca.portal.errors import ContentProblems, PortalError, PortalProblem, SettingsProblems
from bacheca.portal.generated.progress import digest
from bacheca.portal.messages import SAYINGS, say
from bacheca.portal.settings import Portal, language_of, load_portal, read_portal

config_file = click.option(
    "--config-file", type=click.Path(path_type=Path), default="mkdocs.yml", help="Settings of the main language."
)
lang = click.option("--lang", default="", metavar="LANG", help="Build only this language, and speak it.")
speak = click.option("--lang", default="", metavar="LANG", help="Speak this language.")


class Command(click.Group):
    """A group whose problems are sentences, never tracebacks."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except PortalError as error:
            complain(error, ctx)
        except OSError as error:
            values = {"reason": error.strerror or error}
            complain(PortalError(PortalProblem("FILE", str(error.filename or "build.py"), 1, values=values)), ctx)
        return None


def complain(error: PortalError, ctx: click.Context) -> None:
    """Print every problem of an error and leave with its code."""
    language = ctx.find_root().meta.get("language") or ctx.params.get("lang") or "it"
    for problem in error.problems:
        click.echo(problem.line_of_text(language))
    if error.problems:
        click.echo(say(SAYINGS["problems"], language, count=len(error.problems)), err=True)
    sys.exit(error.exit_code)


def tell_in(language: str) -> Any:
    """Make what prints the progress of a command, in a language."""

    def tell(saying: str, seconds: float | None, **values: object) -> None:
        line = say(SAYINGS[saying], language, **values)
        timed = "" if seconds is None else say(SAYINGS["seconds"], language, seconds=seconds)
        click.echo(f"{line:<58}{timed:>8}".rstrip())
        sys.stdout.flush()

    return tell


def opened(ctx: click.Context, config_file: Path, lang: str, only: str = "") -> Portal:
    """Read the settings; from here on the command speaks `lang`, or the portal's main language."""
    meta = ctx.find_root().meta
    meta["language"] = lang or language_of(config_file)
    portal = load_portal(config_file, only)
    meta["language"] = lang or portal.main.code
    return portal


@click.group(cls=Command, invoke_without_command=True)
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
@click.option("--live", default="", hidden=True)
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
    live: str,
) -> None:
    """Build the portal: check, stage, render, finish."""
    if ctx.invoked_subcommand:
        ctx.default_map = {name: {"config_file": config_file, "lang": lang} for name in main.commands}
        return
    try:
        portal = opened(ctx, config_file, lang, lang)
        build(portal, site_dir, tell_in(ctx.meta["language"]), engine=engine, full=full, live=live, results=results)
    except PortalError as error:
        if live:
            tell_problems(site_dir, live, ctx.meta.get("language") or lang or "it", error.problems)
        raise


@main.command("check")
@config_file
@speak
@click.option("--against", default="", metavar="GITREF", help="Say what edits of forms mean for answers already kept.")
@click.option("--release", is_flag=True, help="Fail while anything has still to be filled in.")
@click.pass_context
def check_command(ctx: click.Context, config_file: Path, lang: str, against: str, *, release: bool) -> None:
    """Say everything that is wrong with pages, forms and settings."""
    meta = ctx.find_root().meta
    meta["language"] = lang or language_of(config_file)
    portal, unsettled = read_portal(config_file)
    if portal is None:
        raise SettingsProblems(*unsettled)
    meta["language"] = lang or portal.main.code
    content, problems = read_content(portal, spelling=True)
    changes: list[FormChange] = []
    try:
        changes += changes_against(portal.forms, against, content.forms) if against else []
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
    for warning in content.warnings:
        click.echo(warning.line_of_text(ctx.find_root().meta["language"]))
    if any(change.refused for change in changes):
        sys.exit(1)
    saying = "warnings" if content.warnings else "releasable" if release else "sound"
    values = {"count": len(content.warnings), "pages": pages, "forms": forms}
    click.echo(say(SAYINGS[saying], ctx.find_root().meta["language"], **values), err=bool(content.warnings))


@main.command("translated")
@click.argument("name")
@config_file
@speak
@click.pass_context
def translated(ctx: click.Context, name: str, config_file: Path, lang: str) -> None:
    """Mark the translations of the form NAME, or the page NAME (its file), as being of the words as they are now."""
    portal = opened(ctx, config_file, lang)
    marked = [mark_page(portal, Path(name))] if name.endswith(".md") else mark_translations(portal.forms, name)
    for path in marked:
        click.echo(say(SAYINGS["translated"], ctx.find_root().meta["language"], path=path))


@main.command("schema")
@config_file
@speak
@click.option("--translation", is_flag=True, help="The schema of translations instead.")
@click.option("--write", is_flag=True, help="Write both schemas to docs/, where forms point at them.")
@click.pass_context
def schema_command(ctx: click.Context, config_file: Path, lang: str, *, translation: bool, write: bool) -> None:
    """Print the JSON Schema of form files, for editors that complete and check what is typed."""
    portal = opened(ctx, config_file, lang)
    language = ctx.find_root().meta["language"]
    if write:
        for file in write_schemas(portal, language):
            click.echo(say(SAYINGS["written"], language, path=file))
        return
    click.echo(as_json(translation_schema(language) if translation else form_schema(language)))


@main.command("walk")
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
    from bacheca.portal.simulation.report import lines_of  # noqa: PLC0415
    from bacheca.portal.simulation.run import walk  # noqa: PLC0415  it brings the whole service with it

    portal = opened(ctx, config_file, lang)
    language = ctx.find_root().meta["language"]
    content = check(portal)
    walks = walk([find_form(portal.forms, name) for name in names or (*content.forms, *content.examples)], count, seed)
    for one in walks:
        for line in lines_of(one, language):
            click.echo(line)
    if not all(one.sound for one in walks):
        sys.exit(1)


@main.command("serve")
@config_file
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@lang
@click.pass_context
def serve_command(ctx: click.Context, config_file: Path, port: int, lang: str) -> None:
    """Preview the portal with its forms, and build it again at every change."""
    from bacheca.portal.preview.server import preview  # noqa: PLC0415  what watches files is of use here alone

    portal = opened(ctx, config_file, lang, lang)
    preview(portal, port, lang, tell_in(ctx.find_root().meta["language"]))


@main.command("digest")
@click.argument("month", metavar="2026-11")
@config_file
@click.option("--lang", default="", metavar="LANG", help="The language to write in.")
@click.pass_context
def digest_command(ctx: click.Context, month: str, config_file: Path, lang: str) -> None:
    """Write how the community did in a month, as Markdown for the newsletter."""
    portal = opened(ctx, config_file, "")
    language = load_portal(config_file, lang).main
    content = check(portal)
    click.echo(digest(portal, language, content.pages[language.code], content.forms, month))


@main.command("new")
@click.argument("kind", type=click.Choice(list(MAKERS)))
@click.argument("name")
@config_file
@click.option("--lang", default="", metavar="LANG", help="The language of a page.")
@click.option("--title", default="", help="The title of a form.")
@click.option("--for", "purpose", default=SURVEY.kind, metavar="KIND", help="A form for: survey, signup, poll.")
@click.option("--keep", default=SURVEY.keep, metavar="TIME", help="How long a form keeps answers: 24 months.")
@click.option("--closes", default="", metavar="DAY", help="The last day of a form: 2027-06-30.")
@click.option("--places", default="", metavar="NUMBER", help="How many may sign up.")
@click.option("--ask", multiple=True, metavar="QUESTION", help=f"A question of a form: {', '.join(QUESTIONS)}.")
@click.pass_context
def new(
    ctx: click.Context,
    *,
    kind: str,
    name: str,
    config_file: Path,
    lang: str,
    title: str,
    purpose: str,
    keep: str,
    closes: str,
    places: str,
    ask: tuple[str, ...],
) -> None:
    """Begin a page, an article, an event or a form (NAME goes into the address), or add an entry to the glossary (term)
    or the FAQ (NAME as people read it). On a terminal, what a form is to be is asked, unless options say it.
    """
    portal = opened(ctx, config_file, "")
    language = load_portal(config_file, lang).main
    speaks = ctx.find_root().meta["language"] = lang or portal.main.code
    if kind == "form":
        check_form_name(portal, name)
        plan = Plan(title, purpose, keep, closes, places, ask or SURVEY.questions)
        if sys.stdin.isatty():
            plan = ask_for(plan, speaks, name)
        plan = as_understood(plan)
        file = new_form(portal, language, name, dt.date.today(), plan)
    else:
        file = MAKERS[kind](portal, language, name, dt.date.today())
    click.echo(say(SAYINGS["added" if kind in ("term", "faq") else "created"], speaks, path=file, name=name))


def ask_for(plan: Plan, speaks: str, name: str) -> Plan:
    """Ask for a plan on the terminal; whoever leaves is told how to go on with what was said."""
    said: dict[str, str] = {}

    def ask(what: str, usual: str) -> str:
        answer: str = click.prompt(say(SAYINGS[what], speaks), usual, show_default=bool(usual))
        said[OPTIONS.get(what.removeprefix("ask_"), what.removeprefix("ask_"))] = answer
        return answer

    def again(what: str) -> None:
        click.echo(say(SAYINGS[what], speaks, allowed=", ".join(QUESTIONS)))

    try:
        return plan_by_asking(plan, ask, again)
    except click.Abort:
        options = " ".join(f"--{key} {shlex.quote(value)}" for key, value in said.items() if value and key != "ask")
        command = f"python build.py new form {name} {options}".rstrip()
        click.echo("\n" + say(SAYINGS["left"], speaks, command=command), err=True)
        sys.exit(1)


OPTIONS = {"kind": "for", "questions": "ask"}
"""The options of what is asked for, where they are called otherwise."""


@main.command("import-xlsform")
@click.argument("workbook", type=click.Path(path_type=Path), metavar="FILE.xlsx")
@click.option("--name", default="", metavar="NAME", help="What to call the form.")
@config_file
@speak
@click.pass_context
def import_xlsform_command(ctx: click.Context, workbook: Path, name: str, config_file: Path, lang: str) -> None:
    """Make a form of an XLSForm; what a form cannot say is refused, by sheet, row and name."""
    from bacheca.portal.authoring.xlsform import import_xlsform  # noqa: PLC0415  workbooks take half a second to load

    portal = opened(ctx, config_file, lang)
    language = ctx.find_root().meta["language"]
    files, remarks = import_xlsform(portal, workbook, name)
    for remark in remarks:
        click.echo(remark.line_of_text(language))
    for file in files:
        click.echo(say(SAYINGS["created"], language, path=file))


@main.command("export-xlsform")
@click.argument("name")
@click.option("--to", type=click.Path(path_type=Path), metavar="FILE.xlsx", help="Where it goes.  [default: NAME.xlsx]")
@config_file
@speak
@click.pass_context
def export_xlsform_command(ctx: click.Context, name: str, to: Path | None, config_file: Path, lang: str) -> None:
    """Write a form as an XLSForm, for ODK, Kobo and others; it can come back as the same form."""
    from bacheca.portal.authoring.xlsform import export_xlsform  # noqa: PLC0415  workbooks take half a second to load

    portal = opened(ctx, config_file, lang)
    target = to or Path(f"{name}.xlsx")
    try:
        form = load_form(find_form(portal.forms, name))
    except FormProblems as error:
        raise ContentProblems(*error.problems) from None
    export_xlsform(form, target)
    click.echo(say(SAYINGS["exported"], ctx.find_root().meta["language"], path=target))


if __name__ == "__main__":
    main()
