"""The service is several processes: any of them may be killed, and together they count and end as one."""

from __future__ import annotations

import http.client
import os
import re
import secrets
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.faults.house import PATIENCE, SURVEY, House, Launcher, Service, free_port, wait_until_free
from tests.faults.invariants import broken


@pytest.fixture
def house(launcher: Launcher, tmp_path: Path) -> House:
    return House(tmp_path, launcher)


@pytest.fixture
def service(house: House) -> Iterator[Service]:
    started = house.serve(free_port(), FORMS_RATE_LIMIT="1000/day")
    yield started
    started.stop()


def post(port: int, form: str = "prova") -> int:
    """Send a response by a connection of its own; give the status, or 0 when nobody answers."""
    answers = {"segno": "a", "consenso": "true", "_lang": "it", "_key": secrets.token_urlsafe(24)}
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://127.0.0.1:{port}"}
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("POST", f"/forms/{form}", urlencode(answers), headers)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()


def measured(port: int, name: str) -> float:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    connection.request("GET", "/metrics")
    text = connection.getresponse().read().decode()
    connection.close()
    return sum(float(value) for value in re.findall(rf"^{name}(?:{{.*?}})? (\S+)$", text, re.MULTILINE))


@pytest.mark.parametrize(
    ("which", "number"),
    [(0, signal.SIGKILL), (1, signal.SIGTERM), (2, signal.SIGKILL), (2, signal.SIGTERM)],
    ids=["one that answers", "told to stop", "that of the jobs", "that told to stop"],
)
def test_a_part_that_ends_has_a_successor_and_the_service_goes_on(service: Service, which: int, number: int) -> None:
    parts = service.program.parts()
    assert len(parts) == 3
    os.kill(parts[which], number)
    deadline = time.monotonic() + PATIENCE
    while len(set(service.program.parts()) - set(parts)) < 1:
        assert time.monotonic() < deadline, "it has no successor"
        time.sleep(0.02)
    while post(service.port) != 303:
        assert time.monotonic() < deadline, "the service does not go on"
        time.sleep(0.02)
    assert [post(service.port) for _ in range(20)] == [303] * 20
    assert service.program.poll() is None


def test_all_parts_count_together(service: Service) -> None:
    assert [post(service.port) for _ in range(30)] == [303] * 30
    for _ in range(6):  # whichever answers
        assert measured(service.port, "bacheca_posts_accepted_total") == 30
    assert measured(service.port, "bacheca_request_seconds_count") >= 30


def test_the_limit_of_posts_holds_for_all_parts(house: House) -> None:
    service = house.serve(free_port(), FORMS_RATE_LIMIT="5/day")
    try:
        assert sorted(post(service.port) for _ in range(8)) == [303] * 5 + [429] * 3
    finally:
        service.stop()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_told_to_stop_all_of_them_end(house: House, number: int) -> None:
    service = house.serve(free_port())
    parts = service.program.parts()
    assert post(service.port) == 303
    service.program.signal_all(number)  # as a terminal does
    assert service.program.wait() == 0
    assert not [part for part in parts if Path(f"/proc/{part}").exists()]
    assert not [line for line in house.log.read_text().splitlines() if '"level": "error"' in line]
    assert broken(house, house.folder / "no-ledgers") == ["I2 nobody sent: a"]


def test_when_the_first_is_killed_the_others_end(house: House) -> None:
    service = house.serve(free_port())
    parts = service.program.parts()
    service.program.signal(signal.SIGKILL)
    assert service.program.wait() == -signal.SIGKILL
    wait_until_free(service.port)
    deadline = time.monotonic() + PATIENCE
    while any(Path(f"/proc/{part}").exists() for part in parts):
        assert time.monotonic() < deadline, "they go on"
        time.sleep(0.02)


def test_all_parts_notice_forms_that_come_break_and_go(house: House, service: Service) -> None:
    def everywhere(form: str, status: int) -> None:
        deadline = time.monotonic() + PATIENCE
        while [post(service.port, form) for _ in range(12)] != [status] * 12:  # by whichever part
            assert time.monotonic() < deadline, f"{form} is never {status} everywhere"
            time.sleep(0.1)

    file = house.folder / "forms" / "nuovo.yaml"
    assert post(service.port, "nuovo") == 404
    file.write_text(SURVEY.replace("name: prova", "name: nuovo"), encoding="utf-8")
    everywhere("nuovo", 303)
    (house.folder / "forms" / "prova.yaml").write_text("title: [", encoding="utf-8")
    file.unlink()
    everywhere("nuovo", 410)
    everywhere("prova", 303)  # as it was
    parts = service.program.parts()
    os.kill(parts[0], signal.SIGKILL)
    deadline = time.monotonic() + PATIENCE
    while not set(service.program.parts()) - set(parts):
        assert time.monotonic() < deadline, "it has no successor"
        time.sleep(0.02)
    everywhere("prova", 303)  # whoever starts now finds the broken file alone
    assert service.program.poll() is None
