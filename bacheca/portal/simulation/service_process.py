"""The service as a process, for walking forms: nothing of it is imported, and nothing it keeps stays."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from bacheca.forms import Community
from bacheca.portal.build.engine import CODE
from bacheca.portal.errors import PortalProblem, RenderFailed

PATIENCE = 60
"""How long the service may take to start, in seconds."""


@dataclass(frozen=True)
class WalkService:
    """A running service.

    Args:
        port: its port of 127.0.0.1.
        data: the folder of its answers, packages and letters.
        environment: what it was started with.
    """

    port: int
    data: Path
    environment: dict[str, str]

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def run(self, *arguments: str) -> list[str]:
        """Run a command of the service beside it, and give what it says where it fails."""
        done = subprocess.run(  # noqa: S603  our own interpreter and module
            [sys.executable, "-m", "forms_server", *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        said = (done.stdout + done.stderr).strip()
        return [f"{' '.join(arguments)}: {said}"] if done.returncode else []


@contextmanager
def walk_service(content: Path, data: Path, community: Community, keys: Sequence[Path] = ()) -> Iterator[WalkService]:
    """Run the service.

    Args:
        content: the folder of the form files.
        data: an empty folder for whatever it keeps.
        community: whose forms they are.
        keys: where to put the secret parts of the editors' keys that sealed forms are sealed to.

    Raises:
        RenderFailed: it did not start.
    """
    others = {name: value for name, value in os.environ.items() if not name.startswith("FORMS_")}
    environment = {
        **others,
        "PYTHONPATH": os.pathsep.join(filter(None, [str(CODE), os.environ.get("PYTHONPATH", "")])),
        "FORMS_CONTENT": str(content),
        "FORMS_DATA": str(data),
        "FORMS_DATABASE_URL": f"sqlite:///{data}/forms.db",
        "FORMS_SITE": "",
        "FORMS_LANGUAGE": community.language,
        "FORMS_ZONE": community.zone.key,
        "FORMS_MAIL_FROM": "walk@example.org",
        "FORMS_RATE_LIMIT": "off",
    }
    service = WalkService(_free_port(), data, environment)
    for key in keys:
        service.run("new-key", str(key), "--name", key.stem)
    command = [sys.executable, "-m", "forms_server", "run", "--port", str(service.port)]
    with (data / "service.log").open("w") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)  # noqa: S603
    try:
        _wait(service, process)
        yield service
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait(service: WalkService, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < deadline:
        connection = HTTPConnection("127.0.0.1", service.port, timeout=5)
        try:
            connection.request("GET", "/readyz")
            if connection.getresponse().status == 200:
                return
        except (HTTPException, OSError):
            pass  # it is starting
        finally:
            connection.close()
        time.sleep(0.1)
    said = (service.data / "service.log").read_text(encoding="utf-8", errors="replace").strip()
    raise RenderFailed(PortalProblem("PORT", "mkdocs.yml", 1, values={"reason": said or process.returncode}))
