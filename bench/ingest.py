"""How many responses a second the service takes, each durable before it is acknowledged.

Peer: a Flask view that reads the same form and answers 303 without keeping anything, under gunicorn with two
processes of sixteen threads; and the same view under our own server, which tells what the server costs and what
keeping costs. Every post has a key of its own; at the end the store must hold as many responses as were acknowledged.

Run it as `python -m bench.ingest [--seconds 20] [--clients 1,8,32] [--only no-op,SQLite]`.
"""

from __future__ import annotations

import argparse
import os
import secrets
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from urllib.parse import urlencode

from bacheca.forms.community import FIRST
from bench._load import Load, run_load
from bench._servers import ROOT, Server, served
from forms_server.store import open_store
from tests.forms_server.postgresql import cluster

SECONDS = 20.0
CLIENTS = (1, 8, 32)
FORM = "responsabili-comunita"
ANSWERS = {
    "_lang": "it",
    "struttura": "servizio-clienti",
    "specializzazione": "collaborazione",
    "criteri": "Leggiamo tutto ogni settimana, con una griglia di temi e di toni: perché conta chi parla, e a chi.",
}
SQLITE, POSTGRESQL = "service, SQLite", "service, PostgreSQL"
GUNICORN, OURS = "no-op, gunicorn gthread 2x16", "no-op, our server"
AIMS = {SQLITE: 0.5, POSTGRESQL: 0.4}
"""The least share of gunicorn's no-op rate that is accepted durably, at the most clients."""
SLOWER, MEGABYTES = 2.0, 150.0
"""How many times the no-op's p99 the service's may be, and the most memory of all its processes."""

RUN = ["-m", "forms_server", "run", "--port", "PORT"]
PEERS = {
    GUNICORN: [
        *("-m", "gunicorn", "--no-control-socket", "-b", "127.0.0.1:PORT"),
        *("-k", "gthread", "-w", "2", "--threads", "16", "bench._noop:app"),
    ],
    OURS: ["-m", "bench._noop", "PORT"],
}


@dataclass(frozen=True)
class Measured:
    """What one server did with one number of clients.

    Args:
        load: what was measured.
        accepted: how many posts it took, those to warm up included.
        megabytes: the resident memory of its processes.
        processor: the time of the processor that they used, in seconds.
    """

    load: Load
    accepted: int
    megabytes: float
    processor: float


def requests(port: int) -> Callable[[], bytes]:
    """Give a function that makes posts to the form, each with a key of its own."""
    numbers, run = count(), secrets.token_urlsafe(16)
    head = (
        f"POST /forms/{FORM} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1:{port}\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\nAccept: text/html\r\nContent-Length: "
    )
    answers = urlencode(ANSWERS)

    def next_request() -> bytes:
        body = f"_key={run}{next(numbers):010}&{answers}"
        return f"{head}{len(body)}\r\n\r\n{body}".encode()

    return next_request


def measure(server: Server, clients: int, seconds: float) -> Measured:
    """Load a server with some clients, after a moment to warm up."""
    warming = run_load(server.port, clients, min(2.0, seconds / 4), requests(server.port))
    before = server.processor_seconds()
    load = run_load(server.port, clients, seconds, requests(server.port))
    used = server.processor_seconds() - before
    return Measured(load, warming.accepted + load.accepted, server.megabytes(), used)


def settings(database: str, data: Path) -> dict[str, str]:
    """Give the environment of the service: everything as it comes, but no limit of posts."""
    return {
        "FORMS_DATABASE_URL": database,
        "FORMS_DATA": str(data),
        "FORMS_CONTENT": str(ROOT / "content" / "forms"),
        "FORMS_LANGUAGE": FIRST.language,
        "FORMS_ZONE": FIRST.zone.key,
        "FORMS_SITE": "",
        "FORMS_RATE_LIMIT": "off",
        "FORMS_SECRET_KEY": secrets.token_hex(32),
    }


@contextmanager
def databases(folder: Path, names: list[str]) -> Iterator[Mapping[str, str]]:
    """Give the address of an empty database for each kind of service."""
    with ExitStack() as opened:
        found = {}
        if SQLITE in names:
            found[SQLITE] = f"sqlite:///{folder}/forms.db"
        if POSTGRESQL in names:
            url = opened.enter_context(cluster(durable=True))
            found[POSTGRESQL] = url.render_as_string(hide_password=False)
        yield found


def run_all(names: list[str], clients: tuple[int, ...], seconds: float) -> dict[tuple[str, int], Measured]:
    """Measure each server with each number of clients, the servers in turn so that all meet the same machine."""
    found: dict[tuple[str, int], Measured] = {}
    with tempfile.TemporaryDirectory() as name, databases(Path(name), names) as urls, ExitStack() as running:
        servers = {
            name: running.enter_context(
                served(
                    PEERS.get(name, RUN),
                    settings(urls[name], Path(folder) / "data") if name in urls else {},
                    Path(folder) / "log",
                )
            )
            for name in names
            if (folder := running.enter_context(tempfile.TemporaryDirectory()))
        }
        for number in clients:
            for server in names:
                found[server, number] = measure(servers[server], number, seconds)
                show(server, number, found[server, number])
        for server, url in urls.items():
            check(url, sum(found[server, number].accepted for number in clients))
    return found


def check(url: str, accepted: int) -> None:
    """See that the store holds what was acknowledged, and nothing else.

    Raises:
        AssertionError: it does not.
    """
    store = open_store(url)
    held = store.counts(FORM)["kept"]
    store.close()
    assert held == accepted, f"{accepted} were acknowledged and {held} are there"


def show(server: str, clients: int, measured: Measured) -> None:
    """Print a line of the table."""
    load = measured.load
    odd = {status: times for status, times in load.statuses.items() if status != 303}
    figures = f"{load.rate:.0f} | {load.milliseconds(0.5):.1f} | {load.milliseconds(0.99):.1f}"
    cost = f"{measured.processor / load.accepted * 1000:.2f} | {measured.megabytes:.0f}"
    print(f"| {server} | {clients} | {figures} | {cost} |", flush=True)
    if odd or load.broken:
        print(f"  answered otherwise: {odd}; connections closed by the server: {load.broken}", flush=True)


def judge(found: Mapping[tuple[str, int], Measured], clients: int) -> bool:
    """Print the ratios at the most clients, and tell whether all hold."""
    peer = found[GUNICORN, clients].load
    hold = True
    for server, aim in AIMS.items():
        if (server, clients) not in found:
            continue
        ours = found[server, clients]
        rate = ours.load.rate / peer.rate
        slower = ours.load.milliseconds(0.99) / peer.milliseconds(0.99)
        print(f"{server}, {clients} clients: {rate:.2f} of the no-op's rate (aim: at least {aim}),", end=" ")
        print(f"p99 {slower:.2f} times its (aim: at most {SLOWER}),", end=" ")
        print(f"{ours.megabytes:.0f} MB loaded (aim: at most {MEGABYTES:.0f})")
        hold &= rate >= aim and slower <= SLOWER and ours.megabytes <= MEGABYTES
    return hold


def main(arguments: Sequence[str] = ()) -> int:
    """Measure, print the table and the ratios, and tell whether they hold."""
    parser = argparse.ArgumentParser(prog="python -m bench.ingest", description="Responses taken a second.")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="for how long each number of clients sends")
    parser.add_argument("--clients", default=",".join(map(str, CLIENTS)), help="numbers of clients, with commas")
    parser.add_argument("--only", default="", help="parts of the names of the servers to measure, with commas")
    chosen = parser.parse_args(arguments)
    clients = tuple(map(int, chosen.clients.split(",")))
    parts = chosen.only.split(",")
    names = [name for name in (GUNICORN, OURS, SQLITE, POSTGRESQL) if any(part in name for part in parts)]
    print(f"{os.cpu_count()} cores; load before: {os.getloadavg()[0]:.1f}; {chosen.seconds:.0f} s each")
    print("| server | clients | a second | p50 ms | p99 ms | processor ms | MB |\n|---|---|---|---|---|---|---|")
    found = run_all(names, clients, chosen.seconds)
    print(f"load after: {os.getloadavg()[0]:.1f}")
    return 0 if GUNICORN not in names or judge(found, max(clients)) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
