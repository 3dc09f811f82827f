"""A PostgreSQL of the tests' own, from Debian's package, gone when they end."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import URL

REMEDY = "The tests need PostgreSQL: sh tests/system/packages.sh installs it on Debian (as root)."


def program(name: str) -> str:
    """Find a program of PostgreSQL's, which Debian keeps out of the path."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    found = shutil.which(name, path=os.pathsep.join([*map(str, folders), os.environ.get("PATH", "")]))
    if not found:
        raise RuntimeError(REMEDY)
    return found


def unprivileged() -> str | None:
    """Name the user to run as, since PostgreSQL refuses root; `None`: whoever runs the tests."""
    if os.geteuid() != 0:
        return None
    names = {user.pw_name for user in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


@contextmanager
def cluster(*, durable: bool = False) -> Iterator[URL]:
    """Start a cluster on a socket in a folder of its own; give the address of its first database.

    Args:
        durable: whether it waits for the disk, which most tests need not.
    """
    user = unprivileged()
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    try:
        if user:
            shutil.chown(folder, user)
        data = folder / "data"
        subprocess.run(
            [program("initdb"), "--auth=trust", "--username=bacheca", "--encoding=UTF8", "--no-sync", data],
            user=user,
            cwd=folder,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        log = (folder / "log").open("wb")
        settings = ["listen_addresses=", f"fsync={durable}", "autovacuum=off", "wal_level=minimal", "max_wal_senders=0"]
        server = subprocess.Popen(
            [program("postgres"), "-D", data, "-k", folder, *(f"--{setting}" for setting in settings)],
            user=user,
            cwd=folder,
            stdout=log,
            stderr=log,
        )
        try:
            url = URL.create("postgresql+psycopg", username="bacheca", database="postgres", query={"host": str(folder)})
            _wait(server, folder)
            yield url
        finally:
            server.send_signal(signal.SIGINT)  # without waiting for clients that a failed test left
            try:
                server.wait(60)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
            log.close()
    finally:
        shutil.rmtree(folder)


def _wait(server: subprocess.Popen[bytes], folder: Path) -> None:
    for _ in range(600):
        if server.poll() is not None:
            break
        try:
            psycopg.connect(host=str(folder), user="bacheca", dbname="postgres").close()
        except psycopg.OperationalError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError((folder / "log").read_text(errors="replace"))
