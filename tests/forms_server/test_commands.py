"""Each command is found by its name, and loads what it needs and no more."""

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import click

from forms_server import commands
from forms_server.__main__ import COMMANDS, main

EXPORT = """
import sys
from forms_server.__main__ import main
main(["export", "--help"], standalone_mode=False)
print(*sorted({name.partition(".")[0] for name in sys.modules}))
"""
SLOW_TO_LOAD = {
    "flask",
    "waitress",
    "werkzeug",
    "psycopg",
    "frictionless",
    "phonenumbers",
    "email_validator",
    "xlsxwriter",
}


def test_every_command_of_a_module_is_found_there_by_its_name() -> None:
    modules = {path.stem for path in Path(commands.__path__[0]).glob("*.py")} - {"__init__", "base"}
    there = {
        command.name: module
        for module in modules
        for command in import_module(f"forms_server.commands.{module}").COMMANDS
    }
    assert there == COMMANDS
    context = click.Context(main)
    assert isinstance(main, click.Group)
    assert [main.get_command(context, name) is not None for name in main.list_commands(context)] == [True] * len(there)
    assert main.get_command(context, "exprot") is None


def test_an_export_loads_nothing_that_only_other_commands_need() -> None:
    done = subprocess.run([sys.executable, "-c", EXPORT], check=True, capture_output=True, text=True)
    loaded = set(done.stdout.splitlines()[-1].split())
    assert "sqlalchemy" in loaded
    assert not loaded & SLOW_TO_LOAD
