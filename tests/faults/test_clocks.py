"""A clock that jumps by a day, to and fro: nothing is lost or kept twice, and every receipt opens."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from pysqlite3 import dbapi2 as sqlite

from tests.faults.clients import Crowd
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
        "FAKETIME_CACHE_DURATION": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    launcher = Launcher(environ=environ)
    yield House(tmp_path, launcher)
    launcher.close()


def days(house: House) -> set[str]:
    """Give the days on which responses came."""
    with closing(sqlite.connect(str(house.url.database))) as connection:
        return {day for (day,) in connection.execute("SELECT DISTINCT received_on FROM responses")}


def wait_for_another_day(house: House, known: set[str]) -> None:
    """Wait until a response has come on a day that none came on before."""
    deadline = time.monotonic() + PATIENCE
    while not days(house) - known:
        assert time.monotonic() < deadline, "the clock has not jumped, or nothing is kept any more"
        time.sleep(0.1)


def test_a_clock_that_jumps_changes_days_and_nothing_else(house: House, clock: Path) -> None:
    port = free_port()
    service = house.serve(port)
    crowd = Crowd(house.folder / "ledgers", lambda _: port, seed=1, clients=CLIENTS)
    try:
        crowd.start()
        wait_for_another_day(house, set())
        for jump in ("+1d", "-1d"):
            before = days(house)
            clock.write_text(jump)  # while it runs
            wait_for_another_day(house, before)
            service.program.kill()
            service = house.serve(port)
        clock.write_text("+0d")
        crowd.rest()
        assert broken(house, crowd.folder) == []
        assert crowd.faults == []
    finally:
        crowd.end()
        service.stop()
    assert len(days(house)) >= 3
