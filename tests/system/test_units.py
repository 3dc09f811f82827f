"""The units of `deploy/` are read by systemd without a complaint, and leave a service little of the machine."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

DEPLOY = Path(__file__).parents[2] / "deploy"
SERVICES = sorted(DEPLOY.glob("*.service"))
TIMERS = sorted(DEPLOY.glob("*.timer"))
THRESHOLD = "30"
"""What `systemd-analyze security` calls OK, in tenths: at most 3.0 of 10."""


def analyze(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["systemd-analyze", *map(str, words)], capture_output=True, text=True, check=False)


@pytest.fixture
def installed(tmp_path: Path) -> list[Path]:
    """All units, where the environment of the server is a Python that this machine has."""
    units = []
    for unit in (*SERVICES, *TIMERS):
        text = unit.read_text(encoding="utf-8").replace("/srv/bacheca/.venv/bin/python", "/bin/true")
        units.append(tmp_path / unit.name)
        units[-1].write_text(text, encoding="utf-8")
    return units


def test_systemd_reads_every_unit_without_a_complaint(installed: list[Path]) -> None:
    read = analyze("verify", "--man=no", *installed)
    assert (read.returncode, read.stderr) == (0, "")


def test_a_setting_that_systemd_does_not_know_is_noticed(installed: list[Path]) -> None:
    installed[0].write_text(installed[0].read_text().replace("ProtectHome=", "ProtectHouse="))
    assert "ProtectHouse" in analyze("verify", "--man=no", *installed).stderr


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.stem)
def test_systemd_calls_what_a_service_may_do_ok(unit: Path) -> None:
    read = analyze("security", "--offline=true", f"--threshold={THRESHOLD}", unit)
    assert read.returncode == 0, read.stdout.splitlines()[-1]


@pytest.mark.parametrize("timer", TIMERS, ids=lambda timer: timer.stem)
def test_every_timer_starts_a_service_that_is_there(timer: Path) -> None:
    assert timer.with_suffix(".service") in SERVICES
