"""The crash protocol for as long as somebody is patient, and slow clients measured: `make soak`.

Prints a report. Leaves with 1 when an invariant did not hold.
"""

from __future__ import annotations

import random
import secrets
import sys
import tempfile
from pathlib import Path

import click

from tests.faults.house import House, Launcher, free_port
from tests.faults.nginx import Nginx
from tests.faults.postgresql import Postgresql
from tests.faults.protocol import EXPORT_POINTS, SERVICE_POINTS, Protocol, Report
from tests.faults.slow import SlowPeople, measure

AT_ONCE = 50
"""After how many kills everything begins anew, with another store."""

SQLITE = {
    "service": 20,
    "first": 10,
    "part": 30,
    **dict.fromkeys(SERVICE_POINTS, 10),
    "exporter": 10,
    **dict.fromkeys(EXPORT_POINTS, 7),
}
POSTGRESQL = SQLITE | {"postgresql": 40}
"""What is killed, and how often in proportion."""


def kills(launcher: Launcher, count: int, seed: int, *, on_postgresql: bool) -> Report:
    """Run one part of the protocol."""
    chosen = random.Random(seed)
    weights = POSTGRESQL if on_postgresql else SQLITE
    order = chosen.choices(list(weights), list(weights.values()), k=count)
    with tempfile.TemporaryDirectory() as folder:
        if not on_postgresql:
            return Protocol(House(Path(folder), launcher), seed, moments=(0.05, 1.5)).run(order)
        database = Postgresql()
        try:
            house = House(Path(folder), launcher, database.url)
            return Protocol(house, seed, postgresql=database, moments=(0.05, 1.5)).run(order)
        finally:
            database.close()


def slow_clients(launcher: Launcher, seconds: float) -> None:
    """Measure how people fare while two hundred others dribble."""
    with tempfile.TemporaryDirectory() as folder:
        house = House(Path(folder), launcher)
        site = Path(folder) / "site"
        site.mkdir()
        service = house.serve(free_port())
        nginx = Nginx([service.port], site)
        try:
            for name, port in (("without nginx", service.port), ("behind nginx", nginx.port)):
                measure(port, 1)
                quiet = measure(port, seconds)
                slow = SlowPeople(port)
                slow.start()
                slow.ready.wait()
                held = measure(port, seconds)
                slow.end()
                click.echo(
                    f"200 slow clients, {name}: p99 {quiet.p99 * 1000:.0f} ms quiet, {held.p99 * 1000:.0f} ms with them"
                    f" (x {held.p99 / quiet.p99:.2f}), longest {held.longest * 1000:.0f} ms,"
                    f" {quiet.answered} then {held.answered} answered, {quiet.failed + held.failed} failed"
                )
        finally:
            nginx.close()
            service.stop()


@click.command()
@click.option("--kills", "count", default=1000, show_default=True, help="How many processes are killed.")
@click.option("--slow", default=15.0, show_default=True, help="How long slow clients are measured, in seconds.")
@click.option("--seed", type=int, help="Makes the same choices again.")
def main(count: int, slow: float, seed: int | None) -> None:
    """Kill, and see that nothing is lost; then let two hundred people dribble."""
    seed = secrets.randbelow(10**6) if seed is None else seed
    launcher = Launcher()
    total = Report()
    part = 0
    while total.kills < count and not total.found:
        on_postgresql = part % 2 == 1
        report = kills(launcher, min(AT_ONCE, count - total.kills), seed + part, on_postgresql=on_postgresql)
        click.echo(f"seed {seed + part}, {'PostgreSQL' if on_postgresql else 'SQLite'}: {report}")
        total.add(report)
        part += 1
    click.echo(f"All: {total}")
    for fault in total.found[:20]:
        click.echo(f"  {fault}", err=True)
    if slow:
        slow_clients(launcher, slow)
    launcher.close()
    sys.exit(1 if total.found else 0)


if __name__ == "__main__":
    main()
