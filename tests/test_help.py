"""The help of the commands, in the language of the community or of the terminal."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from babel.messages.pofile import read_po
from click.testing import CliRunner

from bacheca.__main__ import main as everything
from bacheca.portal.commands.build import main
from bacheca.spoken_help import OF_CLICK
from forms_server.__main__ import main as service

ROOT = Path(__file__).parents[1]
LANGUAGES = ("it", "de", "fr", "es")
IN_EVERY_HELP = {"Usage:", "Options", "Commands", "Show this message and exit.", "Show the version and exit."}
"""What click says in every help."""


def told(command: click.Command) -> Iterator[str]:
    """Give what the help of a command says, and of those below it."""
    yield from (" ".join(part.split()) for part in (command.help or "").split("\n\n"))
    options = (option for option in command.params if isinstance(option, click.Option))
    for option in options:
        said, _, mark = (option.help or "").partition("  [")
        yield said
        yield from re.findall(r"^default: (.* .*)\]$", mark)
        yield from (f"[{one}" for one in re.findall(r"^(?!default: ).* .*", mark))
    if isinstance(command, click.Group):
        for name in command.list_commands(click.Context(command)):
            yield from told(command.get_command(click.Context(command), name) or click.Command(name))


def known(folder: str, language: str) -> set[str]:
    """Give the sentences of a catalogue of helps that are said in its language."""
    with (ROOT / folder / "locale" / language / "LC_MESSAGES/help.po").open("rb") as file:
        return {str(message.id) for message in read_po(file, locale=language) if message.id and message.string}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("folder", "commands"), [("bacheca/portal", main), ("forms_server", service)])
def test_all_that_a_help_says_is_in_the_catalogue_and_nothing_else(
    folder: str, commands: click.Command, language: str
) -> None:
    assert (set(told(commands)) - {""}) ^ known(folder, language) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_click_says_in_every_help_is_in_the_catalogue_of_both(language: str) -> None:
    assert known("bacheca/forms", language) == IN_EVERY_HELP | set(OF_CLICK)


@pytest.mark.parametrize("command", [["run"], []])
def test_the_help_of_the_service_speaks_as_the_terminal_does(
    command: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANGUAGE", "it")
    said = " ".join(CliRunner().invoke(service, [*command, "--help"]).output.split())
    assert said.startswith("Uso: ")
    assert "Serve il portale e i suoi moduli" in said
    assert "-h, --help Mostra questo messaggio ed esce." in said


@pytest.mark.parametrize(
    ("settings", "usage", "init"),
    [
        ("theme: {language: de}\n", "Aufruf: ", "Beginnt ein eigenes Portal in DIR"),
        ("", "Utilisation\u202f: ", "Commence un portail à vous dans DIR"),
    ],
)
def test_a_help_speaks_as_the_community_does_or_else_the_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: str, usage: str, init: str
) -> None:
    monkeypatch.chdir(tmp_path)
    if settings:
        Path("mkdocs.yml").write_text(settings, encoding="utf-8")
    monkeypatch.setenv("LANGUAGE", "fr")
    for arguments in (["init", "--help"], ["--help"]):
        said = CliRunner().invoke(everything, arguments).output
        assert said.startswith(usage)
        assert init[:30] in " ".join(said.split())


def test_where_there_is_no_portal_a_command_speaks_as_the_terminal_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LANGUAGE", "es")
    said = CliRunner().invoke(main, ["check"]).output
    assert "mkdocs.yml:1: SETTINGS_FILE [error] Los ajustes no se pueden leer" in said


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("chek", "Fehler: Den Befehl „chek“ gibt es nicht.\n"),
        ("qr", "Hilfe gibt „bacheca qr --help“.\n\nFehler: „PAGE“ fehlt."),
        ("walk --conut", "Fehler: Die Option „--conut“ gibt es nicht. Meintest du „--count“?"),
        ("walk --count", "Fehler: Die Option „--count“ braucht einen Wert."),
        ("walk --count x", "„--count“ stimmt nicht: „x“ ist keine ganze Zahl in einem Bereich."),
        ("run --workers 0", "„--workers“ stimmt nicht: 0 liegt nicht im Bereich x>=1."),
        ("invite a@example.org", "Fehler: Die Option „--role“ fehlt. Wähl aus:\n\treader,"),
        ("export --identity nenio", "Fehler: „--identity“ stimmt nicht: Die Datei „nenio“ gibt es nicht."),
        ("status a b", "Fehler: Das ist zu viel: a b\n"),
        ("desk-log --help", "[ohne Angabe: 50; x>=1]"),
        ("run --help", "einer"),
        ("publish --help", "[der Dienst]"),
    ],
)
def test_what_is_wrong_with_how_a_command_is_typed_is_said_in_the_language(
    typed: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LANGUAGE", "de")
    done = CliRunner().invoke(everything, typed.split(), prog_name="bacheca")
    assert said in done.output
    assert done.exit_code == (0 if "--help" in typed else 2)
    assert "Project-Id-Version" not in done.output
