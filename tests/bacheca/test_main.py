"""`bacheca`: every command of the portal and of the service, by one name."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from bacheca import __version__
from bacheca.__main__ import main
from bacheca.portal.commands import build
from forms_server.__main__ import COMMANDS


def test_no_name_means_two_things() -> None:
    assert not set(build.COMMANDS) & set(COMMANDS)


@pytest.mark.parametrize("name", sorted({"build", *build.COMMANDS, *COMMANDS}))
def test_every_command_is_there_and_says_what_it_does(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # where no community is, whose language it would be
    said = CliRunner().invoke(main, [name, "--help"], prog_name="bacheca")
    assert said.exit_code == 0, said.output
    assert f"Usage: bacheca {name} " in said.output


def test_it_says_which_release_it_is() -> None:
    assert CliRunner().invoke(main, ["--version"], prog_name="bacheca").output == f"bacheca, version {__version__}\n"
