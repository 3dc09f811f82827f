"""Bringing a site over from another tool."""

from __future__ import annotations

import os
from pathlib import Path

import click

from bacheca.forms.locales import language_of_terminal
from bacheca.portal.importing.into_portal import REPORT, import_site
from bacheca.portal.messages import SAYINGS, say


@click.command("import-site", context_settings={"allow_extra_args": True})
@click.argument("source", type=click.Path(path_type=Path), metavar="DIR")
@click.option(
    "--to",
    "folder",
    type=click.Path(path_type=Path),
    default=Path(),
    help="Where the portal goes: an empty folder; this one where none is given.",
)
@click.option(
    "--name", default="", help="What the community is called; what the other site is called where none is given."
)
@click.option("--address", default="", metavar="URL", help="Where the portal will be.")
@click.option("--email", default="", help="Where people write to the community.")
@click.option("--zone", default="", help="Its time zone, such as Europe/Lisbon; this machine’s where none is given.")
@click.pass_context
def import_from(
    ctx: click.Context, *, source: Path, folder: Path, name: str, address: str, email: str, zone: str
) -> None:
    """Make a portal of the site in DIR: a folder of MkDocs, Hugo, Jekyll or Docusaurus. What cannot be kept is told."""
    asked = ctx.find_root().params.get("lang") or language_of_terminal(os.environ)
    speaks = ctx.find_root().meta["language"] = asked or "en"
    if ctx.args:
        raise click.UsageError(say(SAYINGS["import_to"], speaks, source=source, folder=" ".join(ctx.args)), ctx)
    given = {"name": name, "url": address, "email": email, "zone": zone}
    done = import_site(source, folder, {key: value for key, value in given.items() if value}, speaks)
    values = {"tool": done.tool, "pages": done.pages, "files": done.files, "redirects": done.redirects}
    click.echo(say(SAYINGS["import_done"], speaks, folder=folder, **values))
    if done.drafts:
        click.echo(say(SAYINGS["import_drafts"], speaks, count=done.drafts))
    click.echo(say(SAYINGS["import_onward"], speaks, count=len(done.notes), report=(folder / REPORT).as_posix()))


COMMANDS = (import_from,)
