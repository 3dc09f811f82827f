"""Whatever is killed at whatever moment: what was acknowledged is kept once and whole, and the package is valid."""

from __future__ import annotations

import random
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.house import House, Launcher
from tests.faults.invariants import read_package
from tests.faults.postgresql import Postgresql
from tests.faults.protocol import Protocol

pytestmark = pytest.mark.long

SQLITE = {
    "service": 1,
    "first": 1,
    "part": 2,
    "before-insert": 1,
    "before-commit": 1,
    "before-answer": 1,
    "exporter": 1,
    "mid-csv": 1,
    "before-rename": 1,
    "after-rename": 1,
}
POSTGRESQL = {
    "service": 1,
    "part": 1,
    "postgresql": 2,
    "before-insert": 1,
    "before-commit": 1,
    "before-answer": 1,
    "mid-csv": 1,
}
"""What is killed, and how often; `make soak` kills a thousand."""


@pytest.fixture
def postgresql() -> Iterator[Postgresql]:
    started = Postgresql()
    yield started
    started.close()


def shuffled(kills: dict[str, int], seed: int) -> list[str]:
    order = [kill for kill, times in kills.items() for _ in range(times)]
    random.Random(seed).shuffle(order)
    return order


def test_nothing_acknowledged_is_lost_on_sqlite(launcher: Launcher, tmp_path: Path) -> None:
    seed = secrets.randbelow(10**6)
    report = Protocol(House(tmp_path, launcher), seed).run(shuffled(SQLITE, seed))
    print(f"seed {seed}: {report}")
    assert report.found == [], f"seed {seed}"
    assert report.kills == sum(SQLITE.values())
    assert report.acknowledged > 10 * report.kills
    assert House(tmp_path, launcher).run("verify") == 0


def test_nothing_acknowledged_is_lost_on_postgresql(launcher: Launcher, tmp_path: Path, postgresql: Postgresql) -> None:
    seed = secrets.randbelow(10**6)
    house = House(tmp_path, launcher, postgresql.url)
    report = Protocol(house, seed, postgresql=postgresql).run(shuffled(POSTGRESQL, seed))
    print(f"seed {seed}: {report}")
    assert report.found == [], f"seed {seed}"
    assert report.kills == sum(POSTGRESQL.values())
    assert house.run("verify") == 0


@pytest.mark.parametrize(
    ("bug", "kills", "invariant"),
    [
        ("acknowledge-early", ["service"] * 8, "I1 lost"),
        ("check-then-insert", ["service"] * 8, "I1 2 times"),
    ],
)
def test_a_fault_made_on_purpose_is_found(
    launcher: Launcher, tmp_path: Path, bug: str, kills: list[str], invariant: str
) -> None:
    report = Protocol(House(tmp_path, launcher), 1, bug=bug).run(kills)
    print(f"{bug}: {report}: {report.found[:3]}")
    assert any(fault.startswith(invariant) for fault in report.found), report


@pytest.mark.parametrize("bug", ["", "descriptor-first"])
def test_an_exporter_that_dies_at_any_rename_leaves_a_valid_package_or_none(
    launcher: Launcher, tmp_path: Path, bug: str
) -> None:
    house = House(tmp_path, launcher)
    assert house.run("export") == 0  # which makes the store
    found: list[str] = []
    passages = 0
    code = -9
    while code == -9:
        shutil.rmtree(house.data / "packages")
        passages += 1
        code = house.start("export", "prova", failpoint=("after-rename", passages), bug=bug).wait()
        read_package(house.data / "packages" / "prova", found)
    assert code == 0
    assert passages > 3
    assert bool(found) is bool(bug), found
