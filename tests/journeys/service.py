"""The portal built as editors build it, and the service run as operators run it."""

from __future__ import annotations

import fcntl
import json
import os
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import closing
from email import message_from_bytes, policy
from pathlib import Path

from tests.portal import PORTAL

ROOT = Path(__file__).parents[2]
START_SECONDS = 60


def build_once(folder: Path, portal: Path = PORTAL) -> Path:
    """Build a portal with `build.py`, once however many workers ask for it.

    Args:
        folder: a folder that all workers share.
        portal: where its settings are.

    Returns:
        The built portal.

    Raises:
        AssertionError: the build failed; the message is what it printed.
    """
    name = f"site-of-{portal.name}"
    site, built = folder / name, folder / f"{name}-built"
    with (folder / f"{name}-lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not built.exists():
            command = [sys.executable, str(ROOT / "build.py"), "--site-dir", str(site)]
            done = subprocess.run(command, cwd=portal, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stdout + done.stderr
            built.touch()
    return site


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Service:
    """`python -m forms_server run` as a process of its own, with a store of its own.

    Args:
        site: the portal that it serves.
        data: where it keeps what it keeps.
        own_forms: whether it serves the form files kept with the site, instead of those of the tests' portal.
        settings: what else is set.
    """

    def __init__(self, site: Path, data: Path, *, own_forms: bool = False, **settings: str) -> None:
        self.data = data
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.settings = {
            "FORMS_DATABASE_URL": f"sqlite:///{data / 'forms.db'}",
            "FORMS_DATA": str(data),
            "FORMS_SITE": str(site),
            "FORMS_CONTENT": str(PORTAL / "content/forms"),
            "FORMS_RATE_LIMIT": "off",
            **settings,
        }
        if own_forms:
            del self.settings["FORMS_CONTENT"]
        self.log_file = data / "service.log"
        with self.log_file.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "forms_server", "run", "--port", str(self.port)],
                cwd=ROOT,
                env=os.environ | self.settings,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self._wait_until_ready()

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.url}/readyz", timeout=5):
                    return
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.1)  # the process is starting; there is nothing else to wait on
        self.stop()
        raise AssertionError(f"the service did not start:\n{self.log}")

    @property
    def log(self) -> str:
        """Everything the service has printed so far."""
        return self.log_file.read_text(encoding="utf-8", errors="replace")

    @property
    def faults(self) -> list[str]:
        """The lines of the log that tell of something unexpected."""
        signs = ("Traceback", '"level": "error"')
        return [line for line in self.log.splitlines() if any(sign in line for sign in signs)]

    def stop(self) -> None:
        """End the process and wait for its end; nothing happens when it has ended already."""
        self.process.terminate()
        self.process.wait(timeout=30)

    def export(self, *options: str) -> Path:
        """Export every package as an operator does, beside the running service.

        Args:
            options: further options of the command.

        Returns:
            The folder of the packages.
        """
        command = [sys.executable, "-m", "forms_server", "export", *options]
        done = subprocess.run(
            command, cwd=ROOT, env=os.environ | self.settings, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return self.data / "packages"

    def letter_to(self, address: str) -> str:
        """Wait for the mail to somebody, which the service writes to a file when no mail server is set.

        Args:
            address: whom it is for.

        Returns:
            Its plain text.

        Raises:
            AssertionError: none was written in time.
        """
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            for file in sorted(self.data.glob("outbox/*.eml")):
                letter = message_from_bytes(file.read_bytes(), policy=policy.default)
                body = letter.get_body(("plain",))
                if address in str(letter["To"]) and body is not None:
                    text: str = body.get_content()
                    return text
            time.sleep(0.2)  # the service looks at its outbox every few seconds
        raise AssertionError(f"no mail to {address}")

    def stored(self, form: str, mark: str = "") -> list[dict[str, str]]:
        """Read the responses of a form out of the store, beside the running service.

        Args:
            form: the form's name.
            mark: only responses that hold this text in one of their answers; all of them without.

        Returns:
            One dict a response: `language`, `channel` and its answers.
        """
        rows = []
        with closing(sqlite3.connect(f"file:{self.data / 'forms.db'}?mode=ro", uri=True)) as store:
            for language, channel, text in store.execute(
                "SELECT language, channel, answers FROM responses WHERE form = ?", [form]
            ):
                answers: dict[str, str] = json.loads(text)
                if any(mark in answer for answer in answers.values()):
                    rows.append({"language": language, "channel": channel, **answers})
        return rows
