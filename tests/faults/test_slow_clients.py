"""Two hundred people on bad lines hold nobody up, with nginx in front and without."""

from __future__ import annotations

from pathlib import Path

from tests.faults.house import House, Launcher, free_port
from tests.faults.invariants import broken
from tests.faults.nginx import Nginx
from tests.faults.slow import PEOPLE, SlowPeople, measure, reset_after_the_body
from tests.faults.test_stuck import until

EACH = 3
"""How many answers each of those who are well sends: how fast is no matter of this test, `make soak` prints it."""


def test_two_hundred_slow_and_half_closed_connections_stall_nobody(launcher: Launcher, tmp_path: Path) -> None:
    house = House(tmp_path, launcher)
    site = tmp_path / "site"
    site.mkdir()
    service = house.serve(free_port())
    nginx = Nginx([service.port], site)
    try:
        for name, port in (("alone", service.port), ("behind nginx", nginx.port)):
            slow = SlowPeople(port)
            slow.start()
            assert slow.ready.wait(60)
            for _ in range(20):
                reset_after_the_body(port)
            speed = measure(port, times=EACH)
            until(lambda: slow.sent > 200, "the slow ones send nothing")  # noqa: B023
            slow.end()
            print(f"{name}: {speed}, {slow.sent} bytes sent slowly")
            assert (speed.answered, speed.failed) == (EACH * PEOPLE, 0)
        assert broken(house, tmp_path / "no-ledgers") == ["I2 nobody sent: a"]
    finally:
        nginx.close()
        service.stop()
