"""The options that several commands have."""

from __future__ import annotations

from pathlib import Path

import click

SETTINGS = Path("mkdocs.yml")
"""The settings of the portal in this folder."""

config_file = click.option(
    "--config-file", type=click.Path(path_type=Path), default=str(SETTINGS), help="Settings of the main language."
)
lang = click.option("--lang", default="", metavar="LANG", help="Build only this language, and speak it.")
speak = click.option("--lang", default="", metavar="LANG", help="Speak this language.")
