"""`bacheca.folder_record`: a folder remembers what made it, and an older Bacheca leaves it alone."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from bacheca import __version__
from bacheca.folder_record import MADE, WRITTEN, Record, RecordRefused, read_record, write_record
from bacheca.portal.authoring.new_portal import Community, answers_of, community_of, new_portal, write_first_files
from bacheca.portal.commands.build import main as portal
from forms_server.__main__ import main as service

CHOIR = Community("Coro di Bologna", ("it", "en"), colours=("#0b5c8a",), today=dt.date(2026, 11, 29))


def test_a_new_folder_remembers_all_that_it_was_told_and_all_that_was_written(tmp_path: Path) -> None:
    written = new_portal(tmp_path / "coro", CHOIR)
    record = read_record(tmp_path / "coro")
    assert record
    assert (record.version, community_of(record.answers)) == (__version__, CHOIR)
    assert record.files == {path.as_posix(): (tmp_path / "coro" / path).read_text("utf-8") for path in written}
    assert (tmp_path / "coro" / WRITTEN).stat().st_size < 150_000
    (tmp_path / "again").mkdir()
    assert write_first_files(tmp_path / "again", community_of(record.answers)) == record.files


def test_the_same_files_make_the_same_record(tmp_path: Path) -> None:
    for folder in (tmp_path / "a", tmp_path / "b"):
        folder.mkdir()
        write_record(folder, Record("0.2.0", answers_of(CHOIR), {"README.md": "# Coro\n"}))
    assert (tmp_path / "a" / WRITTEN).read_bytes() == (tmp_path / "b" / WRITTEN).read_bytes()


def test_a_folder_without_a_record_remembers_nothing(tmp_path: Path) -> None:
    assert read_record(tmp_path) is None


@pytest.mark.parametrize("made", ["", "[]", '{"version": "newest", "answers": {}}', '{"version": "0.2.0"}'])
def test_a_record_that_cannot_be_read_is_told(tmp_path: Path, made: str) -> None:
    (tmp_path / MADE).parent.mkdir()
    (tmp_path / MADE).write_text(made)
    with pytest.raises(RecordRefused, match="bring it back from git"):
        read_record(tmp_path)


def test_files_of_a_record_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    write_record(tmp_path, Record("0.2.0"))
    (tmp_path / WRITTEN).write_bytes(b"no zip")
    with pytest.raises(RecordRefused, match=r"written\.zip cannot be read"):
        read_record(tmp_path)


@pytest.mark.parametrize("newer", ["99.0.0", "99.0.0.dev0"])
def test_every_command_leaves_a_folder_of_a_newer_version_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, newer: str
) -> None:
    new_portal(tmp_path / "coro", Community("Coro", sections=()))
    monkeypatch.chdir(tmp_path / "coro")
    (tmp_path / "coro" / MADE).write_text(json.dumps({"version": newer, "answers": {}}))
    before = sorted(tmp_path.rglob("*"))
    for command in ([], ["check"], ["new", "page", "x"], ["publish"]):
        said = CliRunner().invoke(portal, command)
        assert said.exit_code == 2, said.output
        assert f"{MADE}:1: FOLDER_NEWER [errore] Questa cartella è di Bacheca {newer}" in said.output
    for word in ("run", "export", "purge"):
        told = CliRunner().invoke(service, [word])
        assert told.exit_code == 1
        assert f"is of Bacheca {newer}, and this is {__version__}: install {newer} or a newer one" in told.output
    assert [path for path in sorted(tmp_path.rglob("*")) if path not in before and "build" not in path.parts] == []
