"""`bacheca.portal.errors`: what the system refuses is said of its place, with its remedy, in the reader's language."""

from __future__ import annotations

import errno
import os
import shutil
from collections import namedtuple
from pathlib import Path

import pytest

from bacheca.portal.errors import PortalProblem, problem_of_system

Usage = namedtuple("Usage", "total used free")


def test_of_a_full_disk_its_folder_is_said_and_to_make_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    free = {tmp_path / "a": 9, tmp_path / "b": 0}
    for folder in free:
        folder.mkdir()
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: Usage(9, 0, free[folder]))
    for code in (errno.ENOSPC, errno.EDQUOT):
        unnamed = OSError(code, os.strerror(code))
        found = problem_of_system(unnamed, Path("mkdocs.yml"), *(folder / "not/yet" for folder in free))
        assert found.line_of_text("it") == (
            f"{tmp_path}/b:1: DISK_FULL In {tmp_path}/b non c’è più spazio — fai spazio su quel disco, poi riprova"
        )
        named = OSError(code, os.strerror(code), str(tmp_path / "a/x/y"))
        assert problem_of_system(named, Path("mkdocs.yml")).path == str(tmp_path / "a")
        copied = OSError(code, os.strerror(code), str(tmp_path / "a/x"), None, str(tmp_path / "b/x"))
        assert problem_of_system(copied, Path("mkdocs.yml")).path == str(tmp_path / "b")


def test_of_anything_else_its_file_is_said_or_that_of_the_settings() -> None:
    refused = PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    assert problem_of_system(refused, Path("a/mkdocs.yml")).line_of_text("de") == (
        "a/mkdocs.yml:1: FILE Das lässt sich nicht lesen oder schreiben: die Rechte dazu fehlen"
        " — sieh nach der Datei, ihrem Ordner und ihren Rechten"
    )
    refused.filename = "b.md"
    assert problem_of_system(refused, Path("a/mkdocs.yml")).path == "b.md"


@pytest.mark.parametrize("language", ["en", "it", "de", "fr", "es"])
def test_what_the_system_says_is_said_in_the_language_of_all_else(language: str) -> None:
    for code in ("FILE", "SITE_DIR", "PAGE_FILE", "SETTINGS_FILE"):
        reason = os.strerror(errno.EISDIR)
        problem = PortalProblem(code, "x", 1, values={"reason": reason, "folder": "x"})
        assert reason not in problem.sentence(language)
    assert "qualcosa" in PortalProblem("FILE", "x", 1, values={"reason": "qualcosa"}).sentence(language)
