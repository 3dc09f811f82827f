"""A service of the tests' own: its forms, its data, and its processes, which may be killed at any moment."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import URL, make_url

ROOT = Path(__file__).parents[2]
PATIENCE = 60
"""The longest that anything is waited for, in seconds: a bound on a hang, not a measure."""

SURVEY = """\
$schema: https://datapackage.org/profiles/2.0/tableschema.json
name: prova
title: Prova
form:kind: survey
fields:
- name: segno
  title: Un segno
  type: string
  constraints: {required: true, maxLength: 40}
- name: testo
  title: Un testo
  type: string
  form:widget: textarea
  constraints: {maxLength: 400}
- name: consenso
  title: Va bene
  type: boolean
  form:widget: consent
  form:notice: Potete usare ciò che scrivo.
  constraints: {required: true}
"""
SIGNUP = """\
$schema: https://datapackage.org/profiles/2.0/tableschema.json
name: gruppo
title: Gruppo
form:kind: signup
fields:
- name: segno
  title: Nome
  type: string
  form:privacy: personal
  constraints: {required: true}
- name: email
  title: E-mail
  type: string
  format: email
  constraints: {required: true}
- name: consenso
  title: Acconsento
  type: boolean
  form:widget: consent
  form:notice: Potete scrivermi.
  constraints: {required: true}
"""


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Launcher:
    """The process that the others are forks of (`tests.faults.launcher`).

    Args:
        before: what its command begins with: a program that changes what the machine is like.
        environ: what its environment has besides.
    """

    def __init__(self, before: Sequence[str] = (), environ: dict[str, str] | None = None):
        self._lock = threading.Lock()
        self._process = subprocess.Popen(
            [*before, sys.executable, "-m", "tests.faults.launcher"],
            cwd=ROOT,
            env=os.environ | (environ or {}),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    @property
    def pid(self) -> int:
        """Its process."""
        return self._process.pid

    def order(self, **order: Any) -> Any:
        """Give an order, and its answer."""
        assert self._process.stdin
        assert self._process.stdout
        with self._lock:
            self._process.stdin.write(json.dumps(order) + "\n")
            self._process.stdin.flush()
            answer = self._process.stdout.readline()
        assert answer, "the launcher has ended"
        return json.loads(answer)

    def close(self) -> None:
        """End it; what it started ends by itself or was ended."""
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(PATIENCE)
        assert self._process.stdout
        self._process.stdout.close()


@dataclass
class Program:
    """A process that the launcher started, with those that it starts itself."""

    launcher: Launcher
    pid: int

    def poll(self) -> int | None:
        """Give its exit code, negative for a signal; `None` while it runs."""
        code: int | None = self.launcher.order(poll=self.pid)
        return code

    def wait(self, seconds: float = PATIENCE) -> int:
        """Wait for its end; give the exit code."""
        deadline = time.monotonic() + seconds
        while (code := self.poll()) is None:
            if time.monotonic() > deadline:
                os.killpg(self.pid, signal.SIGKILL)
                raise AssertionError(f"process {self.pid} did not end")
            time.sleep(0.005)
        return code

    def signal(self, number: int) -> None:
        """Send it a signal, if it is still there."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def signal_all(self, number: int) -> None:
        """Send a signal to it and to all that it started, if it is still there."""
        if self.poll() is None:
            os.killpg(self.pid, number)

    def kill(self) -> int:
        """Kill all of it at once."""
        self.signal_all(signal.SIGKILL)
        return self.wait()

    def parts(self) -> list[int]:
        """Give the processes that it started itself, the oldest first."""
        try:
            return [int(part) for part in Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()]
        except FileNotFoundError:
            return []


@dataclass
class House:
    """The folder of a service, and how to start its programs.

    Args:
        folder: where everything is.
        launcher: what starts them.
        database: where it keeps responses; a SQLite file in the folder by default.
        settings: further settings.
    """

    folder: Path
    launcher: Launcher | None
    database: URL | None = None
    settings: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        content = self.folder / "forms"
        content.mkdir(parents=True, exist_ok=True)
        self.log.touch()
        for name, text in (("prova", SURVEY), ("gruppo", SIGNUP)):
            (content / f"{name}.yaml").write_text(text, encoding="utf-8")
        self.data.mkdir(exist_ok=True)

    @property
    def data(self) -> Path:
        """Its data folder."""
        return self.folder / "data"

    @property
    def log(self) -> Path:
        """What its programs print."""
        return self.folder / "service.log"

    @property
    def url(self) -> URL:
        """Its database."""
        return self.database or make_url(f"sqlite:///{self.data / 'forms.db'}")

    @property
    def environ(self) -> dict[str, str]:
        """The settings of its programs."""
        return {
            "FORMS_DATABASE_URL": self.url.render_as_string(hide_password=False),
            "FORMS_CONTENT": str(self.folder / "forms"),
            "FORMS_DATA": str(self.data),
            "FORMS_SITE": "",
            "FORMS_SECRET_KEY": "k" * 32,
            "FORMS_RATE_LIMIT": "off",
        } | self.settings

    def start(
        self,
        *args: str,
        failpoint: tuple[str | int, ...] | None = None,
        look: float = 0,
        bug: str = "",
        fails: str = "",
        failing: bool = False,
        **settings: str,
    ) -> Program:
        """Start a command.

        Args:
            args: the command and its arguments.
            failpoint: where it kills itself, and at which passage; what else it does, and the file that says it did.
            look: seconds between two looks at whether its processes get on.
            bug: a fault made on purpose.
            fails: which call to the disk fails, and how often, once it gets SIGUSR1.
            failing: whether it fails from the start.
            settings: further settings.
        """
        order = {
            "args": args,
            "environ": self.environ | settings,
            "log": str(self.log),
            "failing": failing,
            "look": look,
        }
        assert self.launcher
        return Program(
            self.launcher, self.launcher.order(start={**order, "failpoint": failpoint, "bug": bug, "fails": fails})
        )

    def run(self, *args: str) -> int:
        """Run a command to its end; give the exit code."""
        return self.start(*args).wait()

    def serve(self, port: int, **faults: Any) -> Service:
        """Start the service, and wait until it answers (or has died of the fault it was given)."""
        wait_until_free(port)  # those whose first process was killed are still ending
        service = Service(self.start("run", "--port", str(port), "--workers", "2", **faults), port)
        service.wait_until_up(self.log)
        return service


@dataclass
class Service:
    """The service as a process on a port."""

    program: Program
    port: int

    def wait_until_up(self, log: Path) -> None:
        """Wait until it answers."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if answers(self.port):
                return
            code = self.program.poll()
            if code is not None and code != -signal.SIGKILL:
                break
            if code is not None:
                return
            time.sleep(0.01)
        raise AssertionError(f"the service did not start:\n{log.read_text(errors='replace')[-4000:]}")

    def stop(self) -> int:
        """End it as a supervisor does."""
        self.program.signal(signal.SIGTERM)
        return self.program.wait()


def wait_until_free(port: int) -> None:
    """Wait until nobody listens on a port."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            socket.create_server(("127.0.0.1", port)).close()
        except OSError:
            assert time.monotonic() < deadline, f"somebody still listens on {port}"
            time.sleep(0.01)
        else:
            return


def answers(port: int, path: str = "/healthz") -> int:
    """Ask a service how it is; give the status, or 0 when it does not answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()
