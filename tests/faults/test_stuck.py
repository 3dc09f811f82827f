"""A part of the service that is stuck is replaced like one that dies, and one that merely waits is left alone."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from forms_server.serving.pulse import SILENT
from tests.faults.clients import Crowd
from tests.faults.house import PATIENCE, House, Launcher, Service, answers, free_port
from tests.faults.invariants import broken

LOOK = 0.1
"""Seconds from one look to the next: in these tests a part is stuck after one second instead of ten."""

SLOWER = 0.3
"""The same where nobody is to be found stuck, however much else this machine has to do."""


@pytest.fixture
def house(launcher: Launcher, tmp_path: Path) -> House:
    return House(tmp_path, launcher)


def until(happened: Callable[[], object], what: str) -> None:
    """Wait for something."""
    deadline = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < deadline, what
        time.sleep(0.02)


def is_replaced(service: Service, parts: list[int], which: int) -> bool:
    """Tell whether another process is where one of these was."""
    now = service.program.parts()
    return parts[which] not in now and len(now) == len(parts)


@contextmanager
def answering(house: House, service: Service) -> Iterator[None]:
    """Let people answer meanwhile; see afterwards that the service answers them, and that nothing was lost."""
    crowd = Crowd(house.folder / "ledgers", lambda _: service.port, seed=1, clients=4)
    crowd.start()
    try:
        yield
        until(lambda: [answers(service.port) for _ in range(10)] == [200] * 10, "it does not answer again")
        crowd.rest()
        assert crowd.faults == []
        assert broken(house, crowd.folder) == []
    finally:
        crowd.end()
        service.stop()


def test_a_part_that_is_stopped_is_replaced(house: House) -> None:
    service = house.serve(free_port(), look=LOOK)
    with answering(house, service):
        for which in (0, 2):  # one that answers, the one that does the jobs
            parts = service.program.parts()
            os.kill(parts[which], signal.SIGSTOP)
            until(lambda: is_replaced(service, parts, which), "it is stuck and stays")  # noqa: B023
    assert house.log.read_text().count("a process of the service is stuck") >= 2


@pytest.mark.parametrize("point", ["before-commit", "before-answer"], ids=["writes", "answers"])
def test_a_part_that_works_at_one_thing_for_ever_is_replaced(house: House, point: str) -> None:
    spins = house.folder / "spins"
    service = house.serve(free_port(), look=LOOK, failpoint=(point, 20, "spin", str(spins)))
    with answering(house, service):
        until(spins.exists, "nothing is stuck")
        until(lambda: "a process of the service has ended" in house.log.read_text(), "it is stuck and stays")
    assert "a process of the service is stuck" in house.log.read_text()


def test_a_part_that_waits_for_its_disk_is_left_alone(house: House) -> None:
    waits = house.folder / "waits"
    service = house.serve(free_port(), look=SLOWER, failpoint=("before-commit", 20, "wait", str(waits)))
    with answering(house, service):
        until(waits.exists, "nobody waits")
        parts = service.program.parts()
        time.sleep(2 * SILENT * SLOWER)
        assert service.program.parts() == parts
    assert "stuck" not in house.log.read_text()


def test_a_service_that_was_stopped_as_a_whole_goes_on_and_ends_although_a_part_is_stuck(house: House) -> None:
    """The first as when a machine is suspended, or a container paused."""
    service = house.serve(free_port(), look=SLOWER)
    parts = service.program.parts()
    service.program.signal_all(signal.SIGSTOP)
    time.sleep(2 * SILENT * SLOWER)
    service.program.signal_all(signal.SIGCONT)
    time.sleep(3 * SLOWER)
    assert answers(service.port) == 200
    assert service.program.parts() == parts
    os.kill(parts[0], signal.SIGSTOP)
    service.program.signal(signal.SIGTERM)
    assert service.program.wait() == 0
