"""Each command is found by its name, and loads what it needs and no more."""

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from bacheca.forms.locales import language_of_terminal
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
    folder = Path(commands.__path__[0])
    files = [file.relative_to(folder).with_suffix("") for file in folder.rglob("*.py") if file.stem != "__init__"]
    modules = {".".join(file.parts) for file in files} - {"base", "speaking"}
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


@pytest.mark.parametrize(
    ("environ", "language"),
    [
        ({}, ""),
        ({"LANG": "C.UTF-8"}, ""),
        ({"LANG": "POSIX"}, ""),
        ({"LANG": "de_AT.UTF-8"}, "de-AT"),
        ({"LANG": "ca_ES@valencia"}, "ca-ES"),
        ({"LANG": "it_IT.UTF-8", "LC_MESSAGES": "fr_FR"}, "fr-FR"),
        ({"LANG": "it_IT.UTF-8", "LC_ALL": "C"}, ""),
        ({"LANG": "it_IT.UTF-8", "LC_ALL": "", "LANGUAGE": "es:it"}, "es"),
    ],
)
def test_the_language_of_a_terminal_is_its_locale(environ: dict[str, str], language: str) -> None:
    assert language_of_terminal(environ) == language


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        (
            {"LANGUAGE": "de_AT"},
            "FORMS_PROXIES: '-1' ist keine Anzahl von Proxys; schreib 0",
        ),
        ({"LANGUAGE": "", "LANG": "es_MX.UTF-8"}, "FORMS_PROXIES: '-1' no es un número de proxies"),
        ({"LANGUAGE": "tlh"}, "FORMS_PROXIES: '-1' is not a number of proxies"),
    ],
)
def test_a_command_speaks_the_language_of_its_terminal(environ: dict[str, str], said: str) -> None:
    assert said in CliRunner().invoke(main, ["keys"], env={"FORMS_PROXIES": "-1", **environ}).stderr


def test_at_a_terminal_of_no_language_it_speaks_that_of_the_community(tmp_path: Path) -> None:
    environ = {"LANGUAGE": "", "LANG": "C.UTF-8", "FORMS_LANGUAGE": "fr", "FORMS_DATA": str(tmp_path)}
    told = CliRunner().invoke(main, ["move-to", "postgresql://a:b@c/d"], env=environ)
    assert "tout le monde sur cette machine peut lire ce mot de passe" in told.stderr
