"""What writes for editors: new pages, forms and entries, and the digest of a month."""

from __future__ import annotations

import datetime as dt
import shlex
import sys
from pathlib import Path

import click

from bacheca.forms.catalogues import as_typed
from bacheca.portal.authoring.new_form import QUESTIONS, Plan, as_understood, plan_by_asking
from bacheca.portal.authoring.new_page import MAKERS, SURVEY, check_form_name, new_form
from bacheca.portal.build.pipeline import check
from bacheca.portal.commands.base import opened
from bacheca.portal.commands.options import config_file
from bacheca.portal.generated.progress import digest
from bacheca.portal.messages import SAYINGS, say
from bacheca.portal.settings import load_portal


@click.command("digest")
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


@click.command("new")
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
    or the FAQ (NAME as people read it), or an override of a template (NAME as partials/footer.html). On a terminal,
    what a form is to be is asked, unless options say it.
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
        command = as_typed(f"python build.py new form {name} {options}".rstrip())
        click.echo("\n" + say(SAYINGS["left"], speaks, command=command), err=True)
        sys.exit(1)


OPTIONS = {"kind": "for", "questions": "ask"}
"""The options of what is asked for, where they are called otherwise."""


COMMANDS = (digest_command, new)
