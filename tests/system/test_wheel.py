"""The wheel holds all that a portal needs: in a folder of a community's own files, with no checkout around."""

from __future__ import annotations

import os
import subprocess
import sys
import urllib.request
import zipfile
from pathlib import Path

import pytest

from bacheca import __version__
from tests.faults.house import free_port

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what `pip install` makes of the wheel; the dependencies are those of the tests."""
    folder = tmp_path_factory.mktemp("installed")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    subprocess.run([*pip, "--no-deps", "--no-index", "--no-compile", "--target", folder, wheel], check=True)
    return folder


class Community:
    """A folder with a community's own files, and the command that the wheel brought."""

    def __init__(self, installed: Path, folder: Path):
        self.folder = folder
        self._command = str(installed / "bin" / "bacheca")
        kept = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        self._environ = kept | {"PYTHONPATH": str(installed), "PYTHONSAFEPATH": "1"}

    def run(self, *args: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, self._command, *args],
            cwd=self.folder,
            env=self._environ,
            capture_output=True,
            text=True,
            check=False,
        )

    def start(self, *args: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, self._command, *args],
            cwd=self.folder,
            env=self._environ,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )


@pytest.fixture(scope="module")
def community(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Community:
    """A community of its own, in three languages of which none is Italian, and without a file of a checkout."""
    made = Community(installed, tmp_path_factory.mktemp("community"))
    spoken = [word for language in ("de", "fr", "en") for word in ("--language", language)]
    begun = made.run("init", ".", "--name", "Bibliothek der Dinge", *spoken, "--zone", "Europe/Berlin")
    assert begun.returncode == 0, begun.stdout + begun.stderr
    return made


def test_every_file_of_the_product_is_in_it(wheel: Path) -> None:
    listed = [
        "git",
        "-C",
        str(ROOT),
        "ls-files",
        "--cached",
        "--others",
        "--exclude-standard",
        "bacheca",
        "forms_server",
    ]
    known = subprocess.run(listed, capture_output=True, text=True, check=True).stdout.split()
    wanted = {name for name in known if (ROOT / name).is_file()} | {"bacheca/requirements.lock"}
    with zipfile.ZipFile(wheel) as opened:
        held = {name for name in opened.namelist() if ".dist-info/" not in name}
    assert held == wanted


def test_it_builds_and_serves_a_portal(community: Community) -> None:
    assert community.run("--version").stdout == f"bacheca, version {__version__}\n"
    created = community.run("new", "page", "tools").stdout
    assert "`bacheca check`" in created
    assert "build.py" not in created
    built = community.run("build")
    assert built.returncode == 0, built.stdout + built.stderr
    port = free_port()
    service = community.start("run", "--port", str(port))
    try:
        assert service.stderr
        assert any("serving on" in line for line in service.stderr)
        pages = ("/", "/mitmachen/umfrage/", "/fr/participer/enquete/", "/en/take-part/survey/")
        for path in (*pages, "/forms/umfrage", "/forms/umfrage?lang=fr"):
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}") as answer:
                assert answer.status == 200
    finally:
        service.terminate()
        service.communicate()
    assert service.returncode == 0
