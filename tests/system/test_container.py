"""The container of `deploy/` is built from Debian's packages and the wheel, and reaches nothing but its data folder.

It takes minutes and Debian's podman and mmdebstrap, so it runs where it is asked for: `make server`.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.faults.house import free_port

ROOT = Path(__file__).parents[2]
DEBIAN_PYTHON = "3.11.2"
DEBIAN = "localhost/bacheca-debian"
IMAGE = "localhost/bacheca-tried"
NAME = "bacheca-tried"
MISSING = [program for program in ("podman", "mmdebstrap", "unshare") if not shutil.which(program)]

pytestmark = pytest.mark.skipif(
    "BACHECA_CONTAINER" not in os.environ or bool(MISSING),
    reason=f"`make server` builds one; missing here: {', '.join(MISSING) or 'nothing'}",
)


def run(*words: str | Path, check: bool = True) -> subprocess.CompletedProcess[str]:
    done = subprocess.run([str(word) for word in words], cwd=ROOT, capture_output=True, text=True, check=False)
    assert not check or done.returncode == 0, done.stdout + done.stderr
    return done


def podman(*words: str | Path, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run podman; one hierarchy of cgroups is all it sees, as its crun wants it, on machines that mix two as well."""
    if Path("/sys/fs/cgroup/cgroup.controllers").exists():
        return run("podman", *words, check=check)
    alone = 'umount -l /sys/fs/cgroup; mount -t cgroup2 none /sys/fs/cgroup; exec podman "$@"'
    return run("unshare", "--mount", "sh", "-c", alone, "-", *words, check=check)


def wheels(folder: Path) -> None:
    """Put Bacheca's wheel and all that the lock pins for Debian's Python into a folder."""
    chosen = []
    for block in re.split(r"\n(?=\w)", (ROOT / "requirements.lock").read_text(encoding="utf-8")):
        pinned = Requirement(block.partition(" \\\n")[0])
        if pinned.marker is None or pinned.marker.evaluate({"python_full_version": DEBIAN_PYTHON}):
            chosen.append(re.sub(r" ; python_full_version [^\\]*", " ", block))
    lock = folder / "debian.lock"
    lock.write_text("\n".join(chosen))
    words = ("--quiet", "--no-deps", "--require-hashes", "--dest", folder, "--requirement", lock)
    run(sys.executable, "-m", "pip", "download", *words)
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder)


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    context = tmp_path_factory.mktemp("context")
    wheels(context)
    shutil.copy(ROOT / "requirements.lock", context)
    if podman("image", "exists", DEBIAN, check=False).returncode:
        tar = tmp_path_factory.mktemp("debian") / "debian.tar"
        run("mmdebstrap", "--quiet", "--variant=minbase", "--include=ca-certificates", "bookworm", tar)
        podman("import", "--quiet", tar, DEBIAN)
        tar.unlink()
    given = ("--build-arg", f"DEBIAN={DEBIAN}", "--build-arg", "PIP_NO_INDEX=1")
    how = ("--isolation", "chroot", "--network", "host", "--format", "docker")
    podman("build", "--quiet", *how, *given, "-f", ROOT / "deploy/Containerfile", "-t", IMAGE, context)
    yield IMAGE
    podman("rmi", "--force", IMAGE, check=False)


@pytest.fixture(scope="module")
def address(image: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A running container with a portal mounted read-only."""
    portal = tmp_path_factory.mktemp("portal")
    run(sys.executable, "-m", "bacheca", "init", portal, "--name", "Coro", "--language", "it")
    subprocess.run(
        [sys.executable, "-m", "bacheca"], cwd=portal, env=os.environ | {"PYTHONPATH": str(ROOT)}, check=True
    )
    for path in (portal, *portal.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    port = str(free_port())
    limits = ("--ulimit", "nofile=4096:4096", "--ulimit", "nproc=4096:4096", "--cgroups=disabled", "--network", "host")
    safe = ("--read-only", "--tmpfs", "/tmp", "--cap-drop", "all", "--security-opt", "no-new-privileges")
    podman("run", "-d", "--name", NAME, *limits, *safe, "-v", f"{portal}:/portal:ro", image, "run", "--port", port)
    at = f"http://127.0.0.1:{port}"
    try:
        for _ in range(120):
            try:
                urllib.request.urlopen(f"{at}/readyz", timeout=5)
                break
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.5)
        else:
            pytest.fail(podman("logs", NAME, check=False).stderr)
        yield at
    finally:
        podman("rm", "--force", "--volumes", NAME, check=False)


def test_the_portal_and_its_forms_are_served(address: str) -> None:
    with urllib.request.urlopen(address, timeout=10) as page:
        assert b"Coro" in page.read()


def test_nobody_inside_is_root_and_nothing_but_the_answers_can_be_written(address: str) -> None:
    assert podman("exec", NAME, "id", "-u").stdout.strip() == "10001"
    written = podman(
        "exec", NAME, "sh", "-c", "for d in / /opt /portal /data; do touch $d/x && echo $d; done", check=False
    )
    assert written.stdout.split() == ["/data"]


def test_its_health_is_what_it_says_of_itself(image: str) -> None:
    assert "/readyz" in podman("image", "inspect", image, "--format", "{{.HealthCheck}}").stdout
