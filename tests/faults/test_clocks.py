"""A clock that jumps by a day, to and fro: nothing is lost or kept twice, and every receipt opens."""

from __future__ import annotations

import csv
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.clients import Crowd, read_ledgers
from tests.faults.house import PATIENCE, House, Launcher, free_port
from tests.faults.invariants import broken

LIBRARY = "libfaketime.so.1"
CLIENTS = 6


@pytest.fixture
def clock(tmp_path: Path) -> Path:
    """The file that says what time it is, by how much it is off."""
    path = tmp_path / "clock"
    path.write_text("+0d")
    return path


@pytest.fixture
def house(tmp_path: Path, clock: Path) -> Iterator[House]:
    found = sorted(Path("/usr/lib").glob(f"**/faketime/{LIBRARY}"))
    assert found, "The tests need faketime: sh tests/system/packages.sh installs it on Debian (as root)."
    environ = {
        "LD_PRELOAD": str(found[0]),
        "FAKETIME_TIMESTAMP_FILE": str(clock),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    launcher = Launcher(environ=environ)
    yield House(tmp_path, launcher)
    launcher.close()


def wait_for_more(crowd: Crowd) -> None:
    """Wait until so many more are kept that some of them were sent after this began."""

    def kept() -> int:
        return sum(sent.state == "kept" for sent in read_ledgers(crowd.folder))

    enough = kept() + 2 * CLIENTS
    deadline = time.monotonic() + PATIENCE
    while kept() < enough:
        assert time.monotonic() < deadline, "nothing is kept any more"
        time.sleep(0.05)


def test_a_clock_that_jumps_changes_days_and_nothing_else(house: House, clock: Path) -> None:
    port = free_port()
    service = house.serve(port)
    crowd = Crowd(house.folder / "ledgers", lambda _: port, seed=1, clients=CLIENTS)
    try:
        crowd.start()
        for jump in ("+1d", "-1d", "+0d"):
            wait_for_more(crowd)
            clock.write_text(jump)  # while it runs
            wait_for_more(crowd)
            service.program.kill()
            service = house.serve(port)
        crowd.rest()
        assert broken(house, crowd.folder) == []
        assert crowd.faults == []
    finally:
        crowd.end()
        service.stop()
    with (house.data / "packages/prova/responses.csv").open(encoding="utf-8", newline="") as file:
        days = {row["received_on"] for row in csv.DictReader(file)}
    assert len(days) >= 3
