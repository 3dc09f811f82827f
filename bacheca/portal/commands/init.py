"""A portal of one's own."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from bacheca.forms.locales import language_of_terminal
from bacheca.portal.authoring.new_portal import FORGES, SECTIONS, Community, new_portal
from bacheca.portal.messages import SAYINGS, say


@click.command("init")
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option("--name", default="", help="What the community is called.")
@click.option("--language", multiple=True, metavar="LANG", help="A language, as it or en; the first is the main one.")
@click.option("--address", default="", metavar="URL", help="Where the portal will be.")
@click.option("--email", default="", help="Where people write to the community.")
@click.option("--zone", default="", help="Its time zone, such as Europe/Lisbon; this machine’s where none is given.")
@click.option("--colour", multiple=True, metavar="COLOUR", help="The colour of links and buttons, and a second one.")
@click.option("--section", multiple=True, metavar="SECTION", help=f"What it begins with: {', '.join(SECTIONS)}.")
@click.option("--forge", default="", metavar="FORGE", help=f"Where it is kept in git: {', '.join(FORGES)}.")
@click.pass_context
def init(
    ctx: click.Context,
    *,
    folder: Path,
    name: str,
    language: tuple[str, ...],
    address: str,
    email: str,
    zone: str,
    colour: tuple[str, ...],
    section: tuple[str, ...],
    forge: str,
) -> None:
    """Begin a portal of your own in DIR: settings, first pages, two forms, legal pages. What is not given is asked."""
    speaks = ctx.find_root().meta["language"] = (
        language[0] if language else ctx.find_root().params.get("lang") or language_of_terminal(os.environ) or "en"
    )
    asks = sys.stdin.isatty()

    def wanted(what: str, given: str, usual: str) -> str:
        if given or not asks:
            return given or usual
        empty = "" if what == "colour" else None
        answer: str = click.prompt(say(SAYINGS[f"ask_init_{what}"], speaks), usual or empty, show_default=bool(usual))
        return answer

    def several(what: str, given: tuple[str, ...], usual: tuple[str, ...]) -> tuple[str, ...]:
        answer = wanted(what, ", ".join(given), ", ".join(usual))
        return tuple(part.strip() for part in answer.split(",") if part.strip())

    usual = Community("")
    languages = several("languages", language, ("en",))
    speaks = ctx.find_root().meta["language"] = languages[0] if languages else speaks
    community = Community(
        name=wanted("name", name, ""),
        languages=languages,
        url=wanted("address", address, usual.url),
        email=wanted("email", email, usual.email),
        zone=wanted("zone", zone, usual.zone),
        colours=several("colour", colour, ()),
        sections=several("sections", section, SECTIONS),
        forge=wanted("forge", forge, usual.forge),
    )
    files = new_portal(folder, community)
    click.echo(say(SAYINGS["init_done"], speaks, folder=folder, count=len(files)))


COMMANDS = (init,)
