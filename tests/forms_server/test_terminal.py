"""Whatever a command prints of people's words can only be read."""

from __future__ import annotations

import json

import click
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from forms_server.__main__ import COMMANDS, main
from forms_server.commands.base import said_plainly
from forms_server.terminal import visible

HOSTILE = "\x1b[2Jrosso\x9b31m \u202etxt.exe\u202c\u2066\u200b\ufeff\r\x07\x00\u2028\U000e0041"


def test_what_commands_a_terminal_or_cannot_be_seen_is_spelled_out() -> None:
    assert visible("\x1b[31m") == r"\u001b[31m"
    assert visible("\x9b31m\x85") == r"\u009b31m\u0085"
    assert visible("a\u202eb\u2066\u200b\r") == r"a\u202eb\u2066\u200b\u000d"
    assert visible("perché\tsì\n👨\u200d👩") == "perché\tsì\n👨\u200d👩"


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_json_that_is_printed_stays_the_same_json(text: str) -> None:
    assert json.loads(visible(json.dumps({"testo": text}, ensure_ascii=False))) == {"testo": text}


@click.command()
@click.argument("way")
@said_plainly
def tell(way: str) -> None:
    """Say something hostile in one of the ways in which commands speak."""
    if way == "fails":
        raise FileNotFoundError(2, "No such file", f"{HOSTILE}.eml")
    click.echo(HOSTILE, err=way == "err")


@pytest.mark.parametrize("way", ["out", "err", "fails"])
def test_nothing_that_a_command_prints_moves_the_cursor(way: str) -> None:
    said = CliRunner().invoke(tell, [way], color=True).output
    assert r"\u001b[2Jrosso\u009b31m \u202etxt.exe\u202c\u2066\u200b\ufeff\u000d\u0007\u0000\u2028" in said
    assert not set(said) & set(HOSTILE) - set("[2Jrosso31m txt.exe")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_speaks_through_it(name: str) -> None:
    assert isinstance(main, click.Group)
    command = main.get_command(click.Context(main), name)
    assert command is not None
    assert command.callback is not None
    assert command.callback.__code__ is tell.callback.__code__  # type: ignore[union-attr]
