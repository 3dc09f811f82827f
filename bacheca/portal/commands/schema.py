"""The JSON Schema of form files."""

from __future__ import annotations

from pathlib import Path

import click

from bacheca.forms.form_files.json_schema import form_schema, translation_schema
from bacheca.portal.authoring.json_schema import as_json, write_schemas
from bacheca.portal.commands.base import opened
from bacheca.portal.commands.options import config_file, speak
from bacheca.portal.messages import SAYINGS, say


@click.command("schema")
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


COMMANDS = (schema_command,)
