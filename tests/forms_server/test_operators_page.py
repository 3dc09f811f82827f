"""What `docs/operators.md` and `docs/publishing.md` tell to type is typed, from an empty machine to a restored one.

Every block is run, in the order of the pages, on a machine of paper (`tests/command_blocks.py`), unless
`ELSEWHERE` says why it is not. In between people answer, and the disk is lost.
"""

from __future__ import annotations

import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import ClassVar
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy import URL

from forms_server.app import make_app, make_service
from forms_server.settings import Settings
from tests.command_blocks import ELSEWHERE, ROOT, TOLD_WHOLE, PaperMachine, blocks, is_executable
from tests.forms_server.postgresql import program
from tests.forms_server.test_posting import OWN

ANSWERS = {"satisfaction": "7", "most_wanted": "news", "comment": ""}
ENVIRONMENT = "etc/bacheca.env"


class Portal:
    """The portal on a machine of paper, and those who answer its survey."""

    def __init__(self, machine: PaperMachine, monkeypatch: pytest.MonkeyPatch):
        self.machine = machine
        self.folder = machine.folder / "srv/bacheca"
        self._monkeypatch = monkeypatch
        self.receipts: dict[str, str] = {}

    @contextmanager
    def served(self, **settings: str) -> Iterator[FlaskClient]:
        """Serve it with the settings that the machine has, and others."""
        lines = (self.machine.folder / ENVIRONMENT).read_text(encoding="utf-8").splitlines()
        given = {name: value.strip("'") for name, _, value in (line.partition("=") for line in lines)}
        with self._monkeypatch.context() as there:
            there.chdir(self.folder)
            service = make_service(Settings.from_environ(given | settings))
            try:
                yield make_app(service).test_client()
            finally:
                service.store.close()

    def answer(self, *names: str) -> None:
        """Let people answer."""
        with self.served() as client:
            for name in names:
                key = {"Idempotency-Key": secrets.token_urlsafe(24)}
                sent = client.post("/forms/sondaggio", json=ANSWERS | {"comment": name}, headers=key)
                assert sent.status_code == 201, sent.text
                self.receipts[name] = urlsplit((sent.json or {})["receipt"]).path

    def withdraw(self, name: str) -> None:
        with self.served() as client:
            assert client.post(f"{self.receipts[name]}/withdraw", headers=OWN).status_code == 303

    def opened(self, **settings: str) -> set[str]:
        """Name those whose receipts open."""
        with self.served(**settings) as client:
            return {name for name, receipt in self.receipts.items() if client.get(receipt).status_code == 200}


def exported(data: Path) -> set[str]:
    """Name those whose answers are in the package."""
    rows = (data / "packages/sondaggio/responses.csv").read_text(encoding="utf-8").splitlines()[1:]
    return {row.rpartition(",")[2] for row in rows}


@pytest.fixture
def forge(tmp_path: Path) -> Path:
    """Where the community's folder is kept in git."""
    made = tmp_path / "forge"
    words = ["--name", "Coro", "--language", "it", "--zone", "Europe/Rome", "--address", "https://portal.example"]
    words += ["--email", "coro@example.org", "--section", "survey", "--forge", "none"]
    subprocess.run([sys.executable, "-m", "bacheca", "init", made, *words], cwd=ROOT, check=True, capture_output=True)
    commit(made, "init", "-q", "-b", "main")
    commit(made, "add", "-A")
    commit(made, "commit", "-qm", "Begin")
    return made


def commit(folder: Path, *words: str) -> None:
    who = ("-c", "user.name=Prova", "-c", "user.email=prova@example.org")
    subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True)


def test_whatever_operators_are_told_to_type_does_what_it_says(
    tmp_path: Path, forge: Path, postgresql: URL, monkeypatch: pytest.MonkeyPatch
) -> None:
    socket = postgresql.query["host"]
    here = {
        "https://forge.example/portal.git": str(forge),
        "2026-11-23": f"{date.today():%Y-%m-%d}",
        "bacheca@127.0.0.1/bacheca": f"bacheca@/bacheca?host={socket}",
    }
    with PaperMachine(tmp_path / "machine", here) as machine:
        machine.program("createdb", f'exec {program("createdb")} --host {socket} --username bacheca "$@"')
        portal = Portal(machine, monkeypatch)
        story = Story(machine, portal, forge, f"postgresql://bacheca@/bacheca?host={socket}")
        told = [block for block in blocks(*TOLD_WHOLE) if block.name not in ELSEWHERE]
        for block in told:
            at = block.name.partition(": ")[2]
            if before := story.BEFORE.get(at):
                before(story)
            if at in story.FILES:
                path, mode = story.FILES[at]
                machine.write(path, block.text, mode)
                said = ""
            else:
                said = machine.run(block, "srv/bacheca" if at in story.IN_THE_FOLDER else ".")
            if after := story.AFTER.get(at):
                after(story, said)
        assert {*story.BEFORE, *story.FILES, *story.IN_THE_FOLDER, *story.AFTER} <= {
            block.name.partition(": ")[2] for block in told
        }


class Story:
    """What happens before and after the blocks, by their first lines."""

    def __init__(self, machine: PaperMachine, portal: Portal, forge: Path, postgresql: str):
        self.machine, self.portal, self.forge, self.postgresql = machine, portal, forge, postgresql
        self.folder = portal.folder

    def installed(self, _: str) -> None:
        assert "Coro" in (self.folder / "site/index.html").read_text(encoding="utf-8")
        assert (self.folder / "data").stat().st_mode & 0o777 == 0o700
        assert "pip install --require-hashes -r requirements.txt" in self.machine.done

    def units_are_there(self, _: str) -> None:
        units = {path.name for path in (self.machine.folder / "etc/systemd/system").iterdir()}
        assert units == {"bacheca.service", "bacheca-backup.service", "bacheca-backup.timer"}
        assert (self.machine.folder / "srv/copies").is_dir()

    def an_editor_writes(self) -> None:
        page = self.forge / "content/it/index.md"
        page.write_text(page.read_text(encoding="utf-8") + "\nUna riga nuova.\n", encoding="utf-8")
        commit(self.forge, "commit", "-qam", "Write")

    def it_is_shown(self, _: str) -> None:
        assert "Una riga nuova." in (self.folder / "site/index.html").read_text(encoding="utf-8")

    def nginx_has_its_file(self, _: str) -> None:
        assert (self.machine.folder / "etc/nginx/conf.d/bacheca.conf").read_bytes() == (
            ROOT / "deploy/nginx.conf"
        ).read_bytes()
        assert "nginx -t" in self.machine.done

    def logs_have_an_end(self, _: str) -> None:
        (written,) = (self.machine.folder / "etc/systemd/journald.conf.d").iterdir()
        assert written.read_text(encoding="utf-8") == "[Journal]\nSystemMaxUse=500M\nMaxRetentionSec=30day\n"

    def people_answer(self) -> None:
        self.portal.answer("ada", "bea", "cleo", "dora")
        self.portal.withdraw("bea")

    def one_is_withdrawn_and_the_disk_is_lost(self, said: str) -> None:
        assert "3 responses" in said
        self.portal.withdraw("cleo")
        self.portal.answer("emma")
        away = self.machine.folder / "srv/elsewhere"
        away.mkdir()
        (copy,) = (self.machine.folder / "srv/copies").iterdir()
        for kept in (copy, self.folder / "data/secret.key", self.folder / "data/tombstones.log"):
            shutil.copy(kept, away)
        for lost in self.folder.glob("data/forms.db*"):
            lost.unlink()

    def what_was_withdrawn_stays_so(self, said: str) -> None:
        assert "1 withdrawn since are erased again" in said
        assert self.portal.opened() == {"ada", "dora"} == exported(self.folder / "data")

    def the_same_in_the_drill(self, said: str) -> None:
        drill = self.machine.folder / "srv/drill"
        settings = {
            "FORMS_DATA": str(drill),
            "FORMS_DATABASE_URL": f"sqlite:///{drill}/forms.db",
            "FORMS_SECRET_KEY": (self.machine.folder / "srv/elsewhere/secret.key").read_text().strip(),
        }
        assert "valid" in said
        assert self.portal.opened(**settings) == {"ada", "dora"} == exported(drill)

    def it_is_moved(self, said: str) -> None:
        assert "2 of them responses" in said
        key = (self.folder / "data/secret.key").read_text().strip()
        self.set_to(FORMS_DATABASE_URL=self.postgresql, FORMS_SECRET_KEY=key)

    def it_goes_on_in_postgresql(self, said: str) -> None:
        assert "sondaggio: 4 received = 2 exported" in said
        assert self.portal.opened() == {"ada", "dora"}

    def the_editor_sets_the_keys(self) -> None:
        old = (self.folder / "data/secret.key").read_text().strip()
        lines = f"FORMS_SECRET_KEY='{'n' * 64}'\\nFORMS_OLD_SECRET_KEYS='{old}'\\n"
        self.machine.program("editor", f'printf "{lines}" >> "$1"')

    def receipts_outlive_the_key(self, said: str) -> None:
        assert "today’s key: nothing" in said
        assert self.portal.opened() == {"ada", "dora"}

    def set_to(self, **settings: str) -> None:
        with (self.machine.folder / ENVIRONMENT).open("a", encoding="utf-8") as file:
            file.writelines(f"{name}='{value}'\n" for name, value in settings.items())

    def the_hook_is_there(self, _: str) -> None:
        assert is_executable(self.machine.folder / "srv/publish/portal.git/hooks/post-receive")

    FILES: ClassVar = {
        "#!/bin/sh": ("usr/local/bin/bacheca", 0o755),
        "FORMS_PROXIES='1'": (ENVIRONMENT, 0o600),
    }
    """The blocks that are files."""

    IN_THE_FOLDER = ("openssl rand -hex 32",)
    """The blocks that are typed where the portal is."""

    BEFORE: ClassVar = {
        "cd /srv/bacheca && runuser -u bacheca -- git pull --ff-only": an_editor_writes,
        "systemctl list-timers bacheca-backup": people_answer,
        "openssl rand -hex 32": the_editor_sets_the_keys,
    }
    AFTER: ClassVar = {
        "apt-get update": installed,
        "cp deploy/bacheca.service deploy/bacheca-backup.* /etc/systemd/system/": units_are_there,
        "cd /srv/bacheca && runuser -u bacheca -- git pull --ff-only": it_is_shown,
        "apt-get install --no-install-recommends certbot": nginx_has_its_file,
        "install -d /etc/systemd/journald.conf.d": logs_have_an_end,
        "systemctl list-timers bacheca-backup": one_is_withdrawn_and_the_disk_is_lost,
        "systemctl stop bacheca": what_was_withdrawn_stays_so,
        "install -d -o bacheca -g bacheca -m 700 /srv/drill": the_same_in_the_drill,
        "apt-get install --no-install-recommends postgresql": it_is_moved,
        "systemctl start bacheca bacheca-backup.timer": it_goes_on_in_postgresql,
        "openssl rand -hex 32": receipts_outlive_the_key,
        "adduser --system --group --home /srv/publish --shell /usr/bin/git-shell publish": the_hook_is_there,
    }
