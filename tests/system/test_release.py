"""A release is made of what is committed, has its words, and passed everything."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("release.sh")


class Checkout:
    """A repository with a version, and a `make` that writes down what it was asked for."""

    def __init__(self, folder: Path):
        self.folder = folder
        (folder / "bin").mkdir()
        (folder / "bin/make").write_text('#!/bin/sh\necho "$1" >> "$ASKED"\n[ "$1" != "$FAILS" ]\n')
        (folder / "bin/make").chmod(0o755)
        (folder / "repo/bacheca").mkdir(parents=True)
        self.write("bacheca/__init__.py", '__version__ = "1.2.0"\n')
        self.write("CHANGELOG.md", "## Unreleased\n\n## 1.2.0, 2026-11-30\n\n- New.\n")
        self.write(".gitignore", "dist/\n__pycache__/\n")
        self.write("LICENSE", "MIT\n")
        self.write(
            "pyproject.toml",
            '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n'
            '[project]\nname = "bacheca"\nversion = "1.2.0"\n',
        )
        self.git("init", "--quiet")
        self.commit()

    def write(self, name: str, text: str) -> None:
        (self.folder / "repo" / name).write_text(text, encoding="utf-8")

    def git(self, *words: str) -> str:
        command = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org", *words]
        return subprocess.run(command, cwd=self.folder / "repo", check=True, capture_output=True, text=True).stdout

    def commit(self) -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", "change")

    def release(self, fails: str = "") -> tuple[int, str]:
        environ = os.environ | {
            "PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}",
            "ASKED": str(self.folder / "asked"),
            "FAILS": fails,
            **{f"GIT_{who}_{what}": "a@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
        }
        command = ["sh", str(SCRIPT), sys.executable]
        ran = subprocess.run(
            command, cwd=self.folder / "repo", env=environ, capture_output=True, text=True, check=False
        )
        return ran.returncode, ran.stderr

    def made(self) -> tuple[list[str], list[str]]:
        """The files in `dist/`, and the tags."""
        return sorted(file.name for file in self.folder.glob("repo/dist/*")), self.git("tag").split()


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


def test_it_runs_everything_then_makes_the_files_and_the_tag(checkout: Checkout) -> None:
    assert checkout.release()[0] == 0
    assert (checkout.folder / "asked").read_text().split() == ["test", "soak", "server", "audit"]
    assert checkout.made() == (["bacheca-1.2.0-py2.py3-none-any.whl", "bacheca-1.2.0.tar.gz"], ["v1.2.0"])


@pytest.mark.parametrize("fails", ["test", "soak", "server", "audit"])
def test_where_something_fails_there_is_no_release(checkout: Checkout, fails: str) -> None:
    assert checkout.release(fails)[0] != 0
    assert checkout.made() == ([], [])


def test_what_keeps_it_from_being_one_is_said_before_anything_runs(checkout: Checkout) -> None:
    checkout.write("LICENSE", "another\n")
    assert checkout.release() == (1, "Some files are not committed: commit them first (git status names them).\n")
    checkout.write("CHANGELOG.md", "## Unreleased\n\n- New.\n")
    checkout.commit()
    assert "CHANGELOG.md has no heading" in checkout.release()[1]
    checkout.git("tag", "v1.2.0")
    assert "write the next version into bacheca/__init__.py" in checkout.release()[1]
    assert not (checkout.folder / "asked").exists()
