"""`make` says in one sentence what is missing, and installs only what it may and needs to."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
Program = Callable[[str, str], Path]
EVERYTHING = {"chromium-headless-shell", "initdb", "nginx", "strace", "fiu-run", "faketime", "npm", "soffice"}
EVERYTHING |= {"it_IT.dic", "en_GB.dic", "systemd-analyze"}


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """Put a program into a folder of its own, which is all the PATH a script sees."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("sh", "ls"):
        (folder / name).symlink_to(shutil.which(name) or name)

    def put(name: str, text: str) -> Path:
        path = folder / name
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(0o755)
        return path

    return put


def run(script: str, *words: str, path: Path) -> subprocess.CompletedProcess[str]:
    """Run a script of this folder with the PATH given."""
    command = [shutil.which("sh") or "sh", str(HERE / script), *words]
    environment = os.environ | {"PATH": str(path)}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def without_packages(folder: Path, text: str) -> str:
    """Return the text of packages.sh with the places where Debian puts programs led elsewhere."""
    for place in ("/usr/sbin:/sbin", "/usr/lib/postgresql", "/usr/share/hunspell"):
        text = text.replace(place, str(folder))
    return text


@pytest.fixture
def packages(tmp_path: Path) -> Callable[[], subprocess.CompletedProcess[str]]:
    """Run packages.sh as on a machine that has none of the programs but those of the test."""
    script = tmp_path / "packages.sh"
    script.write_text(without_packages(tmp_path / "bin", (HERE / "packages.sh").read_text()))
    return lambda: run(str(script), path=tmp_path / "bin")


def test_an_old_python_is_named_with_the_remedy(program: Program) -> None:
    old = program("python3", '[ "$1" = --version ] && echo Python 3.9.2 || exit 1')
    done = run("venv.sh", "python3", "never-made", path=old.parent)
    assert done.returncode == 1
    assert "this is Python 3.9.2" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_missing_python_is_one_sentence(program: Program) -> None:
    folder = program("true", "").parent
    done = run("venv.sh", "python3", "never-made", path=folder)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "Python 3.11 or later" in done.stderr


def test_a_missing_venv_names_debians_package(program: Program) -> None:
    bare = program("python3", 'case "$2" in *ensurepip*) exit 1 ;; *) exit 0 ;; esac')
    done = run("venv.sh", "python3", "never-made", path=bare.parent)
    assert done.returncode == 1
    assert "apt-get install python3-venv" in done.stderr


def test_the_environment_is_made_where_it_is_asked(tmp_path: Path, program: Program) -> None:
    program("python3", f'case $* in *" venv "*) set -- "$@" --without-pip;; esac; exec "{sys.executable}" "$@"')
    done = run("venv.sh", "python3", str(tmp_path / "venv"), path=tmp_path / "bin")
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "venv" / "bin" / "python3").exists()


def test_root_on_debian_gets_only_what_is_missing(
    tmp_path: Path, program: Program, packages: Callable[[], subprocess.CompletedProcess[str]]
) -> None:
    for name in EVERYTHING - {"initdb", "fiu-run"}:
        program(name, "")
    program("id", "echo 0")
    program("apt-get", f'echo "$*" >> {tmp_path}/asked')
    done = packages()
    assert done.returncode == 0, done.stderr
    assert "The tests need postgresql fiu-utils" in done.stdout
    update, install = (tmp_path / "asked").read_text().splitlines()
    assert update.startswith("update")
    assert install.endswith("--no-install-recommends postgresql fiu-utils")


def test_anybody_else_is_told_how_in_one_line(
    program: Program, packages: Callable[[], subprocess.CompletedProcess[str]]
) -> None:
    program("id", "echo 1000")
    program("apt-get", "exit 99")
    done = packages()
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    wanted = "chromium-headless-shell postgresql hunspell-it hunspell-en-gb nginx strace fiu-utils faketime npm"
    assert f"sudo apt-get install --no-install-recommends {wanted}" in done.stderr


def test_nothing_is_asked_when_nothing_is_missing(
    program: Program, packages: Callable[[], subprocess.CompletedProcess[str]]
) -> None:
    for name in EVERYTHING:
        program(name, "")
    program("apt-get", "exit 99")
    done = packages()
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_ci_runs_the_test_command_and_nothing_cleverer() -> None:
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    assert (ROOT / ".ci" / "run").read_text().splitlines()[-1] == "exec make test"
