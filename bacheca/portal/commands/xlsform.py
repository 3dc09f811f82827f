"""Forms from and for programs that know XLSForm: ODK, Kobo and others."""

from __future__ import annotations

from pathlib import Path

import click

from bacheca.forms import FormProblems, load_form
from bacheca.portal.authoring.mark_translated import find_form
from bacheca.portal.authoring.xlsform import export_xlsform, import_xlsform
from bacheca.portal.commands.base import opened
from bacheca.portal.commands.options import config_file, speak
from bacheca.portal.errors import ContentProblems
from bacheca.portal.messages import SAYINGS, say


@click.command("import-xlsform")
@click.argument("workbook", type=click.Path(path_type=Path), metavar="FILE.xlsx")
@click.option("--name", default="", metavar="NAME", help="What to call the form.")
@config_file
@speak
@click.pass_context
def import_xlsform_command(ctx: click.Context, workbook: Path, name: str, config_file: Path, lang: str) -> None:
    """Make a form of an XLSForm; what a form cannot say is refused, by sheet, row and name."""
    portal = opened(ctx, config_file, lang)
    language = ctx.find_root().meta["language"]
    files, remarks = import_xlsform(portal, workbook, name)
    for remark in remarks:
        click.echo(remark.line_of_text(language))
    for file in files:
        click.echo(say(SAYINGS["created"], language, path=file))


@click.command("export-xlsform")
@click.argument("name")
@click.option("--to", type=click.Path(path_type=Path), metavar="FILE.xlsx", help="Where it goes.  [default: NAME.xlsx]")
@config_file
@speak
@click.pass_context
def export_xlsform_command(ctx: click.Context, name: str, to: Path | None, config_file: Path, lang: str) -> None:
    """Write a form as an XLSForm, for ODK, Kobo and others; it can come back as the same form."""
    portal = opened(ctx, config_file, lang)
    target = to or Path(f"{name}.xlsx")
    try:
        form = load_form(find_form(portal.forms, name), portal.usual)
    except FormProblems as error:
        raise ContentProblems(*error.problems) from None
    export_xlsform(form, target)
    click.echo(say(SAYINGS["exported"], ctx.find_root().meta["language"], path=target))


COMMANDS = (import_xlsform_command, export_xlsform_command)
