"""QR codes of pages and forms, as files to put wherever they are printed."""

from __future__ import annotations

import posixpath
from pathlib import Path

import click

from bacheca.forms.atomic_file import overwrite
from bacheca.portal.build.read import read_content
from bacheca.portal.clock import build_moment
from bacheca.portal.commands.base import complain, opened
from bacheca.portal.commands.options import config_file, speak
from bacheca.portal.errors import PortalProblem, SettingsProblems
from bacheca.portal.invitations.posters import Posters, code_file
from bacheca.portal.messages import SAYINGS, say


@click.command("qr")
@config_file
@speak
@click.option("--to", "to", type=click.Path(dir_okay=False, path_type=Path), help="The file; else NAME.svg, here.")
@click.argument("page")
@click.pass_context
def qr_command(ctx: click.Context, config_file: Path, lang: str, *, to: Path | None, page: str) -> None:
    """Write the QR code of PAGE as SVG: the name of a form, the address of a page, or its file."""
    portal = opened(ctx, config_file, lang)
    content, _ = read_content(portal)
    for language in portal.languages:
        posters = Posters(language, content.sound(language.code), content.forms, build_moment())
        written = page.removeprefix(portal.url).strip("/").removeprefix(language.prefix)
        poster = posters.find(_within(written, portal.root, language.content))
        if poster:
            break
    else:
        near = Posters(portal.main, content.sound(portal.main.code), content.forms, build_moment()).nearest(page)
        values = {"name": page, "near": near}
        complain(SettingsProblems(PortalProblem("POSTER_UNKNOWN", "mkdocs.yml", 1, values=values)), ctx)
        return
    name = posixpath.basename(page.rstrip("/")).partition(".")[0] or "home"
    to = to or Path(f"{name}.svg")
    overwrite(to, code_file(poster.url))
    click.echo(say(SAYINGS["written"], ctx.find_root().meta["language"], path=to))
    click.echo(poster.url)


def _within(page: str, root: Path, content: Path) -> str:
    """Give the path of a page in its language's tree where its file is named; else what was written."""
    for path in (Path.cwd() / page, root / page, content.parent / page):
        if path.is_file() and path.resolve().is_relative_to(content.resolve()):
            return path.resolve().relative_to(content.resolve()).as_posix()
    return page


COMMANDS = (qr_command,)
