"""Asks whether anything that is pinned has a known vulnerability, and says plainly when nobody can be asked.

Usage: python tests/system/audit.py [--if-reachable] [LOCK…]. Leaves with 0 when none is known, with 1 when one is, with
2 when no service of vulnerabilities answers; with --if-reachable that is said too, and leaves with 0.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
LOCKS = (ROOT / "requirements.lock", ROOT / "requirements-dev.lock")
SERVICES = ("pypi", "osv")
PROBE = "pip==22.0"
"""A release with known vulnerabilities: whoever does not know of them cannot be asked about others."""

PATIENCE = 5
"""How long to wait for an answer, in seconds."""

PINNED = re.compile(r"^([A-Za-z0-9][\w.\-\[\]]*==[^\s;\\]+)", re.MULTILINE)
Found = dict[str, list[str]]
Audit = Callable[[str, Path], Any]


def pip_audit(service: str, requirements: Path) -> Any:
    """Run pip-audit; give its JSON, or None when it got no answer."""
    command = [sys.executable, "-m", "pip_audit", "--vulnerability-service", service, "--requirement", requirements]
    options = ["--disable-pip", "--no-deps", "--format", "json", "--progress-spinner", "off", "--timeout", PATIENCE]
    done = subprocess.run([*map(str, [*command, *options])], capture_output=True, text=True, check=False)
    try:
        return json.loads(done.stdout)
    except ValueError:
        return None


def vulnerabilities(service: str, pins: Sequence[str], audit: Audit = pip_audit) -> Found | None:
    """Ask a service about pinned packages.

    Args:
        service: one of `SERVICES`.
        pins: them, as `name==version`.
        audit: asks.

    Returns:
        The vulnerabilities of each that has any; None where the service did not answer about all of them.
    """
    with tempfile.TemporaryDirectory() as folder:
        requirements = Path(folder) / "requirements.txt"
        requirements.write_text("".join(f"{pin}\n" for pin in pins), encoding="utf-8")
        said = audit(service, requirements)
    if said is None or any("skip_reason" in package for package in said["dependencies"]):
        return None
    return {
        f"{package['name']} {package['version']}": [vuln["id"] for vuln in package["vulns"]]
        for package in said["dependencies"]
        if package["vulns"]
    }


def main(arguments: Sequence[str], audit: Audit = pip_audit) -> int:
    """Audit the lock files; give the status to leave with."""
    words = [word for word in arguments if not word.startswith("-")]
    locks = [Path(word) for word in words] or LOCKS
    pins = sorted({pin for lock in locks for pin in PINNED.findall(lock.read_text(encoding="utf-8"))})
    for service in SERVICES:
        if not vulnerabilities(service, [PROBE], audit):
            continue
        found = vulnerabilities(service, pins, audit)
        if found is None:
            continue
        for package, names in sorted(found.items()):
            print(f"{package}: {', '.join(names)} — pin a later release, then make audit again")
        print(f"{len(pins)} packages asked about at {service}: {len(found)} with known vulnerabilities")
        return 1 if found else 0
    print(f"NOT AUDITED: no service of vulnerabilities ({', '.join(SERVICES)}) answers from here.", file=sys.stderr)
    return 0 if "--if-reachable" in arguments else 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
