"""The preview: a build beside the published one, served with its forms, made again whenever a file changes.

The service and each build run as processes of their own, so that a change of the code counts as well.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from queue import Empty, Queue

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

from bacheca.portal.build.engine import CODE
from bacheca.portal.build.pipeline import Tell
from bacheca.portal.build.reload import first_page
from bacheca.portal.errors import PortalProblem, RenderFailed
from bacheca.portal.settings import Portal

QUIET = 0.3
"""How many seconds nothing may change before a build begins."""

CHANGES = frozenset(("created", "modified", "moved", "deleted"))
"""The events that change something: opening and closing a file are events too."""

EVERYTHING = "*"

IGNORED = ("__pycache__", ".git", "~", ".swp", ".pyc")


class Changes(FileSystemEventHandler):
    """Hands changed files to a queue.

    Args:
        queue: the queue.
        names: the pattern of the files' names.
    """

    def __init__(self, queue: Queue[Path], names: str):
        self.queue = queue
        self.names = names

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Take note of an event of the file system."""
        path = os.fsdecode(event.dest_path or event.src_path)
        if event.event_type not in CHANGES or event.is_directory or is_ignored(path):
            return
        if Path(path).match(self.names):
            self.queue.put(Path(path))


def is_ignored(path: str) -> bool:
    """Tell whether a file is one that an editor's program leaves beside what it saves."""
    return any(part.startswith(".#") or part.endswith(IGNORED) for part in Path(path).parts)


def preview(portal: Portal, port: int, language: str, tell: Tell) -> None:
    """Serve the preview until it is interrupted or told to end.

    Args:
        portal: the portal; its configuration file is read again at every build.
        port: the port of 127.0.0.1 to serve it on.
        language: the language to build and speak, or empty for all.
        tell: is told what happens.

    Raises:
        RenderFailed: the service stopped by itself.
    """
    site, data = portal.build / "preview", portal.build / "preview-data"
    shutil.rmtree(site, ignore_errors=True)
    config_file = portal.main.config_file
    command = [sys.executable, str(CODE / "build.py"), "--config-file", str(config_file), "--site-dir", str(site)]
    command += ["--lang", language] if language else []

    def rebuild() -> bool:
        stamp = str(time.time_ns())
        return subprocess.run([*command, "--live", stamp], check=False).returncode == 0  # noqa: S603

    built = rebuild()
    changed: Queue[Path] = Queue()
    observer = Observer()
    for folder, names in watched(portal).items():
        observer.schedule(Changes(changed, names), str(folder), recursive=names == EVERYTHING)
    observer.start()
    service = _start_service(portal, site if built else first_page(site), data, port, forms=built)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        tell("serving", None, port=port, folder=data)
        while True:
            paths = _wait(changed, service)
            tell("changed", None, path=", ".join(sorted({path.name for path in paths})))
            # The service reads forms and code as it starts: it starts again only with sound ones.
            if rebuild() and (not built or any(path.suffix in (".py", ".yaml") for path in paths)):
                _stop(service)
                service = _start_service(portal, site, data, port)
                built = True
    except KeyboardInterrupt:
        return
    finally:
        observer.stop()
        observer.join()
        _stop(service)


def watched(portal: Portal) -> dict[Path, str]:
    """Give the folders to watch, each with the pattern of its files; `EVERYTHING` goes for its folders too."""
    config_file = portal.main.config_file
    folders = (portal.main.content.parent, CODE / "bacheca")
    return {portal.root: f"{config_file.name.partition('.')[0]}*{config_file.suffix}"} | dict.fromkeys(
        folders, EVERYTHING
    )


def _wait(changed: Queue[Path], service: subprocess.Popen[bytes]) -> set[Path]:
    """Wait for changes, then for quiet, while the service runs."""
    paths: set[Path] = set()
    while True:
        try:
            paths.add(changed.get(timeout=QUIET))
        except Empty:
            _check_service(service)
            if paths:
                return paths


def _start_service(portal: Portal, site: Path, data: Path, port: int, *, forms: bool = True) -> subprocess.Popen[bytes]:
    none = data / "no-forms"
    none.mkdir(parents=True, exist_ok=True)
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(filter(None, [str(CODE), os.environ.get("PYTHONPATH", "")])),
        "FORMS_SITE": str(site.resolve()),
        "FORMS_CONTENT": str((portal.forms if forms else none).resolve()),
        "FORMS_DATA": str(data.resolve()),
        "FORMS_DATABASE_URL": f"sqlite:///{data.resolve()}/forms.db",
    }
    command = [sys.executable, "-m", "forms_server", "run", "--port", str(port)]
    return subprocess.Popen(command, env=environment)  # noqa: S603  our own interpreter and module


def _check_service(service: subprocess.Popen[bytes]) -> None:
    if service.poll() is not None:
        raise RenderFailed(PortalProblem("PORT", "build.py", 1, values={"reason": service.returncode}))


def _stop(service: subprocess.Popen[bytes]) -> None:
    service.terminate()
    try:
        service.wait(timeout=10)
    except subprocess.TimeoutExpired:
        service.kill()
        service.wait()
