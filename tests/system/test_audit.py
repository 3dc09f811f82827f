"""What the product is made of is listed, and what is known of it is asked, by every run that can."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.system.audit import PROBE, main

ROOT = Path(__file__).parents[2]
LOCK = (
    "annotated==1.0 \\\n    --hash=sha256:00\nbrotto[extra]==2.0 ; sys_platform != 'win32' \\\n    --hash=sha256:00\n"
)


class Service:
    """A service of vulnerabilities, as pip-audit tells of it."""

    def __init__(self, *answers: str, vulnerable: str = "") -> None:
        self.answers = answers
        self.vulnerable = vulnerable
        self.asked: list[tuple[str, list[str]]] = []

    def __call__(self, service: str, requirements: Path) -> Any:
        pins = requirements.read_text().split()
        self.asked.append((service, pins))
        if service not in self.answers:
            return None if service == "osv" else {"dependencies": [{"name": "x", "skip_reason": "not found"}]}
        bad = {PROBE, self.vulnerable}
        packages = [(pin, *re.split(r"(?:\[.*\])?==", pin)) for pin in pins]
        return {
            "dependencies": [
                {"name": name, "version": version, "vulns": [{"id": "CVE-1"}] if pin in bad else []}
                for pin, name, version in packages
            ]
        }


@pytest.fixture
def lock(tmp_path: Path) -> str:
    path = tmp_path / "requirements.lock"
    path.write_text(LOCK)
    return str(path)


def test_a_known_vulnerability_fails(lock: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--if-reachable", lock], Service("pypi", vulnerable="brotto[extra]==2.0")) == 1
    assert capsys.readouterr().out.startswith("brotto 2.0: CVE-1 — pin a later release")


def test_every_pinned_package_is_asked_about(lock: str) -> None:
    service = Service("pypi")
    assert main([lock], service) == 0
    assert service.asked == [("pypi", [PROBE]), ("pypi", ["annotated==1.0", "brotto[extra]==2.0"])]


def test_another_service_is_asked_where_the_first_knows_nothing(lock: str) -> None:
    assert main([lock], Service("osv", vulnerable="annotated==1.0")) == 1


@pytest.mark.parametrize(("arguments", "status"), [((), 2), (("--if-reachable",), 0)])
def test_when_nobody_answers_it_is_said_and_only_asked_for_it_fails(
    lock: str, arguments: tuple[str, ...], status: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*arguments, lock], Service()) == status
    assert capsys.readouterr().err.startswith("NOT AUDITED: no service of vulnerabilities (pypi, osv) answers")


def test_the_bill_of_materials_lists_every_pinned_package() -> None:
    written = ROOT / "build/sbom.json"  # by `make test`, a moment ago
    if not written.exists() or written.stat().st_mtime < (ROOT / "requirements.lock").stat().st_mtime:
        subprocess.run(["sh", ROOT / "tests/system/sbom.sh", sys.executable, written], cwd=ROOT, check=True)
    listed = {(part["name"], part["version"]) for part in json.loads(written.read_text())["components"]}
    pinned = re.findall(r"^([\w.-]+)(?:\[.*\])?==([^\s;]+)", (ROOT / "requirements.lock").read_text(), re.MULTILINE)
    assert len(pinned) > 50
    assert listed == set(pinned)


def test_the_bill_is_no_part_of_the_product() -> None:
    assert "/build/" in (ROOT / ".gitignore").read_text().split()
    make = (ROOT / "Makefile").read_text()
    assert "build/sbom.json: requirements.lock" in make
    assert "audit.py --if-reachable" in make
