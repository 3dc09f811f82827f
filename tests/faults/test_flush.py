"""What is answered is on disk: the flush is seen to end before the answer begins."""

from __future__ import annotations

import http.client
import re
import secrets
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.faults.house import PATIENCE, House, Launcher, free_port
from tests.faults.postgresql import Postgresql

TRACE = ("strace", "-f", "--seccomp-bpf", "-qq", "-y", "-ttt", "-T", "-s", "24")
CALLS = ("-e", "trace=fdatasync,fsync,pwrite64,write,sendto")
LINE = re.compile(r"\d+ +(?P<at>\d+\.\d+) (?P<call>\w+)\((?P<said>.*?)(?:\) += (?P<gave>\S+).*<(?P<took>[\d.]+)>)?$")
RESUMED = re.compile(r"(?P<pid>\d+) +(?P<at>\d+\.\d+) <\.\.\. (?P<call>\w+) resumed>.* = \d+ ")


def moments(trace: str, call: str, about: str) -> list[tuple[float, float]]:
    """Give when the calls of a trace that are about something began and ended."""
    found = []
    unfinished: dict[str, float] = {}
    for line in trace.splitlines():
        pid = line.partition(" ")[0]
        if resumed := RESUMED.match(line):
            if pid in unfinished:
                found.append((unfinished.pop(pid), float(resumed["at"])))
        elif (match := LINE.match(line)) and re.fullmatch(call, match["call"]) and about in match["said"]:
            began = float(match["at"])
            if match["took"]:
                found.append((began, began + float(match["took"])))
            else:
                unfinished[pid] = began
    return found


def is_flushed_first(trace: str, database: str, log: str, sent_at: float) -> bool:
    """Tell whether the database's log was flushed between the sending of a response and its answer.

    Args:
        trace: the calls of the service.
        database: the calls of whoever writes the log.
        log: what its path has in it.
        sent_at: when the response was sent.
    """
    answers = [began for began, _ in moments(trace, "sendto|write", "HTTP/1.1 303") if began > sent_at]
    assert len(answers) == 1, trace[-4000:]
    written = [ended for began, ended in moments(database, "pwrite64|write", log) if sent_at < began < answers[0]]
    flushed = [(began, ended) for began, ended in moments(database, "fdatasync|fsync", log) if began > sent_at]
    return bool(written) and any(began >= max(written) and ended <= answers[0] for began, ended in flushed)


def post(house: House, port: int) -> float:
    """Send a response; give when."""
    sent_at = time.time()
    body = urlencode({"segno": "a", "consenso": "true", "_lang": "it", "_key": secrets.token_urlsafe(24)})
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://127.0.0.1:{port}"}
    connection.request("POST", "/forms/prova", body, headers)
    assert connection.getresponse().status == 303
    connection.close()
    return sent_at


@pytest.fixture
def traced(tmp_path: Path) -> Iterator[Launcher]:
    launcher = Launcher([*TRACE, *CALLS, "-o", str(tmp_path / "trace")])
    yield launcher
    launcher.close()


def test_sqlite_is_flushed_before_the_answer_and_an_early_answer_is_seen(traced: Launcher, tmp_path: Path) -> None:
    for bug in ("", "acknowledge-early"):
        house = House(tmp_path / (bug or "sound"), traced)
        service = house.serve(free_port(), bug=bug)
        sent_at = post(house, service.port)
        time.sleep(0.2)
        service.stop()
        trace = (tmp_path / "trace").read_text(errors="replace")
        assert is_flushed_first(trace, trace, "forms.db-wal", sent_at) is not bool(bug)


@pytest.mark.parametrize("durable", [True, False], ids=["durable", "fsync=off"])
def test_postgresql_is_flushed_before_the_answer_and_one_that_is_not_is_seen(
    traced: Launcher, tmp_path: Path, durable: bool
) -> None:
    postgresql = Postgresql(durable=durable, before=(*TRACE, *CALLS, "-o", "trace"))
    try:
        house = House(tmp_path / "house", traced, postgresql.url)
        service = house.serve(free_port())
        sent_at = post(house, service.port)
        time.sleep(0.2)
        service.stop()
        trace = (tmp_path / "trace").read_text(errors="replace")
        database = (postgresql.folder / "trace").read_text(errors="replace")
        assert is_flushed_first(trace, database, "pg_wal/", sent_at) is durable
    finally:
        postgresql.close()
