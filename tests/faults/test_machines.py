"""Two machines behind nginx over one PostgreSQL, one of which dies: nobody notices, and nothing is lost."""

from __future__ import annotations

import http.client
import os
import secrets
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.faults.clients import Crowd, read_ledgers
from tests.faults.house import PATIENCE, House, Launcher, free_port
from tests.faults.invariants import broken
from tests.faults.nginx import Nginx
from tests.faults.postgresql import Postgresql


@pytest.fixture
def house(launcher: Launcher, tmp_path: Path) -> Iterator[House]:
    postgresql = Postgresql()
    yield House(tmp_path, launcher, postgresql.url, {"FORMS_PROXIES": "1"})
    postgresql.close()


def post(port: int, key: str, text: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    answers = {"segno": "stessa", "testo": text, "consenso": "true", "_lang": "it", "_key": key}
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://127.0.0.1:{port}"}
    connection.request("POST", "/forms/prova", urlencode(answers), headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status, answer.headers.get("Location", "")


def test_one_of_two_machines_dies_under_load_and_nobody_loses_anything(house: House, tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    ports = free_port(), free_port()
    services = [house.serve(port) for port in ports]
    nginx = Nginx(ports, site)
    crowd = Crowd(house.folder / "ledgers", lambda _: nginx.port, seed=1)
    try:
        crowd.start()
        for turn in range(4):
            time.sleep(0.3)
            services[turn % 2].program.kill()
            time.sleep(0.3)
            services[turn % 2] = house.serve(ports[turn % 2])
        crowd.rest()
        assert broken(house, house.folder / "ledgers") == []
        assert crowd.faults == []
        key = secrets.token_urlsafe(24)
        first, second = (post(port, key, "uguale") for port in ports)
        assert first == second
        assert first[0] == 303
        assert post(ports[1], key, "altro")[0] == 409
        for service in services:
            service.stop()
        services = [house.serve(port, FORMS_RATE_LIMIT="6/day") for port in ports]
        statuses = [post(port, secrets.token_urlsafe(24), "")[0] for _ in range(5) for port in ports]
        assert statuses == [303] * 6 + [429] * 4
    finally:
        crowd.end()
        nginx.close()
        for service in services:
            service.stop()
    known = read_ledgers(house.folder / "ledgers")
    never = [sent for sent in known if sent.state == "sent"]
    print(f"4 kills: {crowd.requests} requests, {len(known) - len(never)} answered, {len(never)} never answered")
    assert len(never) < len(known) / 10  # nginx asks the other machine


def test_a_process_that_dies_while_the_database_is_away_has_a_successor_that_waits_for_it(
    launcher: Launcher, tmp_path: Path
) -> None:
    postgresql = Postgresql()
    house = House(tmp_path, launcher, postgresql.url)
    service = house.serve(free_port())
    deadline = time.monotonic() + PATIENCE
    try:
        parts = service.program.parts()
        postgresql.kill()
        for part in (parts[0], parts[-1]):  # one that answers, and the one that does the jobs
            with suppress(ProcessLookupError):  # it may have gone by itself
                os.kill(part, signal.SIGKILL)
        while house.log.read_text().count('"message": "the store is not available"') < 3:
            assert time.monotonic() < deadline, house.log.read_text()
            time.sleep(0.1)
        assert service.program.poll() is None
        postgresql.start()
        while len(service.program.parts()) < len(parts) or post(service.port, secrets.token_urlsafe(24), "x")[0] != 303:
            assert time.monotonic() < deadline, house.log.read_text()
            time.sleep(0.1)
        assert service.program.poll() is None
    finally:
        service.stop()
        postgresql.close()
