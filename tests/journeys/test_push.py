"""A push to a bare repository publishes, under a user who can read no answer; what is pushed runs no code there."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.forms_server.test_posting import SURVEY
from tests.journeys.service import ROOT, Service

NOBODY = 65534
SETTINGS = """\
site_name: Prova
site_url: https://prova.example.org/
docs_dir: content/it
theme: {name: material, language: it}
nav: [index.md]
extra: {community: {name: Prova, email: prova@example.org}}
"""
HOME = "---\ntitle: Prova\ndescription: Una prova.\n---\nCiao.\n\n/// form | sondaggio\n///\n"
SPY = 'from pathlib import Path\nPath("{mark}").write_text("x")\n'


class Server:
    """A machine with a bare repository that a user without rights of any other sort publishes from."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.site = folder / "public" / "site"
        self.bare = folder / "portal.git"
        self.editor = folder / "editor"
        self.data = folder / "data"
        self.data.mkdir(mode=0o700)
        (folder / "public").mkdir()
        self.git("init", "-q", "--bare", "-b", "main", str(self.bare), cwd=folder)
        shutil.copy(ROOT / "deploy/post-receive", self.bare / "hooks/post-receive")
        self.git("config", "bacheca.site", str(self.site), cwd=self.bare)
        self.git("init", "-q", "-b", "main", str(self.editor), cwd=folder)
        self.write("mkdocs.yml", SETTINGS)
        self.write("content/it/index.md", HOME)
        self.write("content/forms/sondaggio.yaml", SURVEY)
        self.as_user = self._user_who_can_run()
        self.git("config", "bacheca.command", str(folder / "bacheca"), cwd=self.bare)
        if self.as_user:
            for path in (self.bare, *self.bare.rglob("*"), folder / "public"):
                os.chown(path, NOBODY, NOBODY)

    def _user_who_can_run(self) -> list[str]:
        """Install the command; give what runs a program as a user without rights, where that may read this Python."""
        packages = f"{ROOT}:{sysconfig.get_path('purelib')}"
        as_user = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"] if os.geteuid() == 0 else []
        command = self.folder / "bacheca"
        for python, user in ((sys.executable, as_user), ("/usr/bin/python3", as_user), (sys.executable, [])):
            command.write_text(f'#!/bin/sh\nPYTHONPATH={packages} exec {python} -m bacheca "$@"\n')
            command.chmod(0o755)
            if self.run(*user, str(command), "--version").returncode == 0:
                return user
        raise AssertionError("there is no Python")

    def run(self, *command: str, **more: str) -> subprocess.CompletedProcess[str]:
        environ = {**os.environ, "HOME": str(self.folder), "GIT_CONFIG_NOSYSTEM": "1", **more}
        return subprocess.run(command, cwd="/", env=environ, capture_output=True, text=True, check=False)

    def git(self, *words: str, cwd: Path) -> None:
        identity = ["-c", "user.name=Prova", "-c", "user.email=prova@example.org", "-c", "safe.directory=*"]
        subprocess.run(["git", *identity, *words], cwd=cwd, check=True, capture_output=True)

    def write(self, path: str, text: str) -> None:
        file = self.editor / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def push(self, message: str, service: str, *, branch: str = "main") -> str:
        """Commit what is written, push it, and give what the pusher reads."""
        self.git("add", "-A", "-f", cwd=self.editor)
        self.git("commit", "-q", "--allow-empty", "-m", message, cwd=self.editor)
        self.run(*self.as_user, "git", "-C", str(self.bare), "config", "bacheca.service", service)
        git = ["git", "-c", "safe.directory=*", "-C", str(self.editor), "push", str(self.bare), f"HEAD:{branch}"]
        done = self.run(
            *self.as_user, *git, BACHECA_ALLOW="hooks,tags,plugins,extensions,theme", PYTHONPATH=str(self.editor)
        )
        assert done.returncode == 0, done.stderr
        return done.stderr

    @property
    def shown(self) -> str:
        return (self.site / "index.html").read_text(encoding="utf-8")


@pytest.fixture
def server() -> Iterator[Server]:
    folder = Path(tempfile.mkdtemp(prefix="bacheca-push-"))  # one that others may enter
    folder.chmod(0o755)
    umask = os.umask(0o022)  # that of whoever runs the tests may be closer
    try:
        yield Server(folder)
    finally:
        os.umask(umask)
        shutil.rmtree(folder)


@pytest.fixture
def service(server: Server) -> Iterator[Service]:
    running = Service(server.site, server.data, own_forms=True, FORMS_LANGUAGE="it")
    yield running
    running.stop()


def test_a_push_is_live_or_says_what_is_wrong_and_runs_no_code(server: Server, service: Service) -> None:
    server.write("build/cache/planted", "x")  # as if a build had left it
    said = server.push("Ciao", service.url)
    assert "Ciao: live after" in said, said
    assert "Ciao." in server.shown
    with urllib.request.urlopen(f"{service.url}/forms/sondaggio") as answer:
        assert "Dove lavori?" in answer.read().decode()
    assert not (server.bare / "publish/tree/build/cache/planted").exists()

    mark = server.folder / "public/ran"
    server.write("spia.py", SPY.format(mark=mark))
    server.write("mkdocs.py", SPY.format(mark=mark))  # what a search for modules would find here
    server.write("mkdocs.yml", SETTINGS + "hooks: [spia.py]\nx: !!python/object/apply:os.system [touch x]\n")
    assert "mkdocs.yml:8: SETTING_CODE" in server.push("Codice", service.url)
    server.write("mkdocs.yml", SETTINGS + "hooks: [spia.py]\n")
    said = server.push("Ganci", service.url)
    assert "mkdocs.yml:7: SETTING_CODE" in said
    assert "NOT published" in said
    assert not mark.exists()

    server.write("mkdocs.yml", SETTINGS)
    swapped = "{value: ufficio, label: Casa}, {value: casa, label: Ufficio}"
    edited = SURVEY.replace("{value: ufficio, label: Ufficio}, {value: casa, label: Casa}", swapped)
    server.write("content/forms/sondaggio.yaml", edited)
    said = server.push("Scambio", service.url)
    assert "content/forms/sondaggio.yaml:7: FORM_REFUSED" in said, said
    server.write("content/forms/sondaggio.yaml", SURVEY)
    assert "live" not in server.push("Altrove", service.url, branch="prova")
    assert "Ciao." in server.shown

    server.write("content/it/index.md", HOME.replace("Ciao.", "Salve."))
    assert "Salve: live after" in server.push("Salve", service.url)
    assert "Salve." in server.shown
    one, two = (server.folder / "public/site.kept" / str(number) for number in (1, 2))
    assert all(os.path.samefile(one / path, two / path) for path in ("404.html", "robots.txt"))
    assert not mark.exists()
    if server.as_user:
        assert {path.stat().st_uid for path in server.site.rglob("*")} == {NOBODY}
        assert server.run(*server.as_user, "ls", str(server.data)).returncode != 0
    assert service.faults == []
