"""Two hundred people on bad lines hold nobody up, with nginx in front and without."""

from __future__ import annotations

from pathlib import Path

from tests.faults.house import House, Launcher, free_port
from tests.faults.invariants import broken
from tests.faults.nginx import Nginx
from tests.faults.slow import SlowPeople, measure, reset_after_the_body

STALL = 10
"""How long nobody may wait, in seconds: not a measure of speed, which `make soak` prints, but of standing still."""


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
            speed = measure(port, 2.5)
            slow.end()
            print(f"{name}: {speed}, {slow.sent} bytes sent slowly")
            assert slow.sent > 200
            assert speed.failed == 0
            assert speed.longest < STALL
            assert speed.answered >= 20
        assert broken(house, tmp_path / "no-ledgers") == ["I2 nobody sent: a"]
    finally:
        nginx.close()
        service.stop()
