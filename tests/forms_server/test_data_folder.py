"""Nobody but the service's own user sees anything in the data folder."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from bacheca.__main__ import main as all_commands
from forms_server.__main__ import main
from forms_server.data_folder import is_writable, keep_private
from forms_server.errors import SettingsProblem
from tests.forms_server.test_posting import SURVEY


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_folder_that_others_could_open_is_closed_with_what_lies_in_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    data, elsewhere = tmp_path / "data", tmp_path / "elsewhere"
    for name in ("packages", "outbox", "publications", "reviews"):
        (data / name).mkdir(parents=True)
        (data / name).chmod(0o755)
    for name in ("secret.key", "tombstones.log", "forms.db"):
        (data / name).write_text("x")
        (data / name).chmod(0o664)
    elsewhere.mkdir()
    elsewhere.chmod(0o755)
    (data / "linked").symlink_to(elsewhere)
    data.chmod(0o777)
    keep_private(data)
    assert mode(data) == 0o700
    assert {mode(path) for path in data.iterdir() if not path.is_symlink()} == {0o700, 0o600}
    assert mode(elsewhere) == 0o755
    assert sum("now it cannot" in record.message for record in caplog.records) == 8
    caplog.clear()
    keep_private(data)
    assert caplog.records == []


def test_a_folder_that_is_not_there_is_made_for_its_user_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        keep_private(tmp_path / "a" / "data")
    finally:
        os.umask(before)
    assert mode(tmp_path / "a" / "data") == 0o700


@pytest.mark.parametrize(("given", "refused"), [(0o755, True), (0o701, True), (0o770, False), (0o700, False)])
def test_a_folder_of_somebody_else_s_is_refused_when_everybody_may_open_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: int, refused: bool, caplog: pytest.LogCaptureFixture
) -> None:
    tmp_path.chmod(given)

    def not_mine(*_: object, **__: object) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "chmod", not_mine)
    if refused:
        with pytest.raises(SettingsProblem, match="chmod 700"):
            keep_private(tmp_path)
        return
    keep_private(tmp_path)
    assert len(caplog.records) == (given != 0o700)


@pytest.mark.parametrize("command", [main, all_commands])
def test_whatever_a_command_writes_is_its_user_s_alone(tmp_path: Path, command: click.Command) -> None:
    """As long as it runs: a package, and what a new folder has in it."""
    (tmp_path / "forms").mkdir()
    (tmp_path / "forms" / "sondaggio.yaml").write_text(SURVEY, encoding="utf-8")
    (tmp_path / "data").mkdir(mode=0o755)
    environ = {
        "FORMS_CONTENT": str(tmp_path / "forms"),
        "FORMS_DATA": str(tmp_path / "data"),
        "FORMS_DATABASE_URL": f"sqlite:///{tmp_path}/data/forms.db",
    }
    before = os.umask(0o022)
    try:
        done = CliRunner().invoke(command, ["export"], env=environ)
    finally:
        after = os.umask(before)
    assert done.exit_code == 0, done.output
    assert after == 0o022
    written = [path for path in (tmp_path / "data").rglob("*")]
    assert any(path.name == "datapackage.json" for path in written)
    assert [path for path in (tmp_path / "data", *written) if mode(path) & 0o077] == []


def test_a_folder_is_writable_when_it_takes_a_file(tmp_path: Path) -> None:
    assert is_writable(tmp_path / "new")
    (tmp_path / "file").touch()
    assert not is_writable(tmp_path / "file")
    assert not list((tmp_path / "new").iterdir())
