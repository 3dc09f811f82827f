"""A portal of one's own."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from bacheca.forms import USUAL
from bacheca.forms.locales import language_of_terminal
from bacheca.portal.authoring.new_portal import FORGES, SECTIONS, Community, new_portal, what_is_wrong
from bacheca.portal.errors import SettingsProblems
from bacheca.portal.messages import SAYINGS, say
from bacheca.portal.setting_names import is_language

ASKED = {"url": "address", "colours": "colour"}
"""What a question calls something that the community has by another name."""


EMPTY = {"colours": ""}
"""What may stay without an answer."""


def parted(answer: str) -> tuple[str, ...]:
    """Take an answer apart at its commas."""
    return tuple(part.strip() for part in answer.split(",") if part.strip())


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
    meta = ctx.find_root().meta
    terminal = ctx.find_root().params.get("lang") or language_of_terminal(os.environ)
    meta["language"] = language[0] if language else terminal or USUAL.language
    asks = sys.stdin.isatty()
    if asks and (taken := what_is_wrong(folder)):
        raise SettingsProblems(*taken)

    def wanted(field: str, given: str, usual: str, read: Callable[[str], Any] = str) -> Any:
        """Give what an option says, or what somebody answers, who is asked again until it can be."""
        if given or not asks:
            return read(given or usual)
        question = say(SAYINGS[f"ask_init_{ASKED.get(field, field)}"], meta["language"])
        while True:
            answer = click.prompt(question, usual or EMPTY.get(field), show_default=bool(usual))
            problems = what_is_wrong(folder, **{field: read(answer)})
            if not problems:
                return read(answer)
            for problem in problems:
                click.echo(problem.line_of_text(meta["language"]))

    def several(field: str, given: tuple[str, ...], usual: tuple[str, ...]) -> tuple[str, ...]:
        answer: tuple[str, ...] = wanted(field, ", ".join(given), ", ".join(usual), parted)
        return answer

    usual = Community("")
    known = terminal if is_language(terminal) else terminal.partition("-")[0]
    languages = several("languages", language, (known if is_language(known) else USUAL.language,))
    meta["language"] = languages[0] if languages else meta["language"]
    speaks = meta["language"]
    community = Community(
        name=wanted("name", name, ""),
        languages=languages,
        url=wanted("url", address, usual.url),
        email=wanted("email", email, usual.email),
        zone=wanted("zone", zone, usual.zone),
        colours=several("colours", colour, ()),
        sections=several("sections", section, SECTIONS),
        forge=wanted("forge", forge, usual.forge),
    )
    files = new_portal(folder, community)
    click.echo(say(SAYINGS["init_done"], speaks, folder=folder, count=len(files)))


COMMANDS = (init,)
