"""A PostgreSQL that can be killed as a machine that loses power is, and started again."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import psycopg
from sqlalchemy import URL

from tests.faults.house import PATIENCE
from tests.forms_server.postgresql import program, unprivileged


class Postgresql:
    """A cluster on a socket in a folder of its own, run as nobody in particular.

    Args:
        durable: whether it waits for the disk.
        before: what its command begins with.
    """

    def __init__(self, *, durable: bool = True, before: tuple[str, ...] = ()):
        self._user = unprivileged()
        self.folder = Path(tempfile.mkdtemp(prefix="pg-"))
        if self._user:
            shutil.chown(self.folder, self._user)
        self._before = before
        self._durable = durable
        self._log = (self.folder / "log").open("ab")
        subprocess.run(
            [program("initdb"), "--auth=trust", "--username=bacheca", "--encoding=UTF8", "--no-sync", self._data],
            user=self._user,
            cwd=self.folder,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        self._server = self._start()

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    @property
    def url(self) -> URL:
        """The address of its database."""
        host = {"host": str(self.folder)}
        return URL.create("postgresql+psycopg", username="bacheca", database="postgres", query=host)

    def _start(self) -> subprocess.Popen[bytes]:
        options = ("-c", "listen_addresses=", "-c", f"fsync={self._durable}", "-c", "max_connections=150")
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            server = subprocess.Popen(
                [*self._before, program("postgres"), "-D", str(self._data), "-k", str(self.folder), *options],
                user=self._user,
                cwd=self.folder,
                stdout=self._log,
                stderr=self._log,
            )
            # It refuses while a process of the one before is still dying.
            while server.poll() is None and time.monotonic() < deadline:
                try:
                    psycopg.connect(host=str(self.folder), user="bacheca", dbname="postgres").close()
                except psycopg.OperationalError:
                    time.sleep(0.02)
                else:
                    return server
        raise AssertionError((self.folder / "log").read_text(errors="replace")[-4000:])

    def kill(self) -> None:
        """Kill all of its processes at once: nothing is flushed and nobody is told."""
        first = self._server.pid
        os.kill(first, signal.SIGSTOP)  # so that it starts no more of them meanwhile
        for process in (*map(int, Path(f"/proc/{first}/task/{first}/children").read_text().split()), first):
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        self._server.wait()

    def start(self) -> None:
        """Start it again; it recovers from its log."""
        self._server = self._start()

    def close(self) -> None:
        """End it, and forget it."""
        if self._server.poll() is None:
            self.kill()
        self._log.close()
        shutil.rmtree(self.folder, ignore_errors=True)
