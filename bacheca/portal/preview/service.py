"""The service behind a preview's forms: a process of its own, with answers of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

from bacheca.portal.build.engine import CODE
from bacheca.portal.errors import PortalProblem, RenderFailed


def is_free(port: int) -> bool:
    """Tell whether a port of 127.0.0.1 can be served on: nobody waits for a build to hear that it cannot."""
    with socket.socket() as tried:
        if os.name == "posix":  # elsewhere it would let two have one port
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind(("127.0.0.1", port))
            tried.listen()
        except OSError:
            return False
    return True


class Service:
    """The process that serves a preview; it sees by itself when forms change.

    Args:
        data: the folder of its answers.
        port: the port of 127.0.0.1 that it serves on.
    """

    def __init__(self, data: Path, port: int):
        self._data, self._port = data, port
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, site: Path, forms: Path | None) -> None:
        """Serve a site, in the place of the one before.

        Args:
            site: its folder.
            forms: the folder of its form files; None, or a folder that is not there, for no forms.
        """
        self.stop()
        none = self._data / "no-forms"
        none.mkdir(parents=True, exist_ok=True)
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(filter(None, [str(CODE), os.environ.get("PYTHONPATH", "")])),
            "FORMS_SITE": str(site.resolve()),
            "FORMS_CONTENT": str((forms if forms and forms.is_dir() else none).resolve()),
            "FORMS_DATA": str(self._data.resolve()),
            "FORMS_DATABASE_URL": f"sqlite:///{self._data.resolve()}/forms.db",
        }
        command = [sys.executable, "-m", "forms_server", "run", "--port", str(self._port)]
        self._process = subprocess.Popen(command, env=environment)  # noqa: S603  our own interpreter and module

    def check(self) -> None:
        """Make sure that it runs.

        Raises:
            RenderFailed: it stopped by itself.
        """
        if self._process and self._process.poll() is not None:
            raise RenderFailed(PortalProblem("PORT", "mkdocs.yml", 1, values={"reason": self._process.returncode}))

    def stop(self) -> None:
        """End it, and wait until it has ended."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None
