"""Servers to measure: started as operators start them, on free ports, and gone when the measuring ends."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Server:
    """A running server: the process that was started and the port it listens on."""

    process: subprocess.Popen[bytes]
    port: int

    def megabytes(self) -> float:
        """Give the resident memory of the process and of all it started, each page counted once (PSS)."""
        return sum(map(resident, tree_of(self.process.pid))) / 1024

    def processor_seconds(self) -> float:
        """Give the time of the processor that they have used."""
        return sum(map(_processor, tree_of(self.process.pid)))


@contextmanager
def served(command: list[str], environ: Mapping[str, str], log: Path) -> Iterator[Server]:
    """Start a server and wait until it answers.

    Args:
        command: what to run; `PORT` in it stands for the port.
        environ: variables to set besides those of this process.
        log: where its output goes.
    """
    port = free_port()
    words = [word.replace("PORT", str(port)) for word in command]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, *words], cwd=ROOT, env={**os.environ, **environ}, stdout=output, stderr=output
        )
        try:
            _wait(process, port, log)
            yield Server(process, port)
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    for _ in range(600):
        if process.poll() is not None:
            break
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=10) as probe:
                probe.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                if probe.recv(64).startswith(b"HTTP/1.1 200"):
                    return
        except OSError:
            pass
        time.sleep(0.1)
    raise RuntimeError(f"{process.args!r} does not answer:\n{log.read_text(errors='replace')}")


def tree_of(root: int) -> list[int]:
    found = [root]
    for process in found:
        for thread in Path(f"/proc/{process}/task").glob("*/children"):
            found += map(int, thread.read_text().split())
    return found


def resident(process: int) -> int:
    pages = Path(f"/proc/{process}/smaps_rollup").read_text()
    return next((int(line.split()[1]) for line in pages.splitlines() if line.startswith("Pss:")), 0)


def _processor(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
