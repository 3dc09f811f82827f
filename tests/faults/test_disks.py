"""A disk that is full, or fails: answers are refused rather than lost, and the service comes back by itself."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.clients import Crowd, read_ledgers
from tests.faults.house import PATIENCE, House, Launcher, answers, free_port
from tests.faults.invariants import broken, read_package

UNSHARE = ["unshare", "-m"] if os.geteuid() == 0 else ["unshare", "-rm"]
SIZE = "3m"
MOUNT = f'mount -t tmpfs -o size={SIZE},mode=0777 tmpfs "$0" && exec "$@"'


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[House]:
    """A house whose data lies on a disk of three megabytes, which only its own processes see mounted."""
    data = tmp_path / "data"
    data.mkdir()
    launcher = Launcher([*UNSHARE, "sh", "-c", MOUNT, str(data)])
    assert launcher.order(ready=True)  # it is mounted
    yield House(Path(f"/proc/{launcher.pid}/root{tmp_path}"), launcher)
    launcher.close()


@pytest.fixture
def failing_disk(tmp_path: Path) -> Iterator[House]:
    """A house whose calls to the disk can be made to fail (libfiu)."""
    assert shutil.which("fiu-run"), "The tests need fiu-utils: sh tests/system/packages.sh installs it (as root)."
    launcher = Launcher(["fiu-run", "-x", "-f", ""])  # it listens to signals alone, and leaves no pipes behind
    yield House(tmp_path, launcher)
    launcher.close()


def until(port: int, *statuses: int) -> None:
    """Wait until `/readyz` answers with one of some statuses; 0 is no answer."""
    deadline = time.monotonic() + PATIENCE
    while answers(port, "/readyz") not in statuses:
        assert time.monotonic() < deadline, f"never {statuses}"
        time.sleep(0.02)


def test_on_a_full_disk_answers_are_refused_until_there_is_room(small_disk: House, tmp_path: Path) -> None:
    house = small_disk
    ballast = house.data / "ballast"
    ballast.write_bytes(bytes(2 * 2**20))
    assert int(subprocess.check_output(["stat", "-f", "-c", "%b", house.data])) * 4096 < 4 * 2**20
    port = free_port()
    service = house.serve(port)
    crowd = Crowd(tmp_path / "ledgers", lambda _: port, seed=1)
    try:
        crowd.start()
        until(port, 503, 0)
        time.sleep(0.3)
        before = len([sent for sent in read_ledgers(crowd.folder) if sent.state == "kept"])
        ballast.unlink()
        if service.program.poll() is not None:  # it may end itself, for a supervisor to start it again
            service = house.serve(port)
        until(port, 200)
        crowd.rest()
        assert len([sent for sent in read_ledgers(crowd.folder) if sent.state == "kept"]) > before
        service.program.kill()
        # SQLite follows links, and would find another folder than the one that only those processes see.
        copy = House(tmp_path / "copy", house.launcher)
        shutil.copytree(house.data, copy.data, dirs_exist_ok=True)
        assert broken(copy, crowd.folder) == []
        assert crowd.faults == []
    finally:
        crowd.end()
        service.stop()


@pytest.mark.parametrize("call", ["posix/io/sync/*", "posix/io/rw/pwrite"])
def test_a_disk_that_fails_ends_the_service_and_loses_nothing(failing_disk: House, call: str) -> None:
    house = failing_disk
    port = free_port()
    service = house.serve(port, fails=f"{call}:0.1")
    crowd = Crowd(house.folder / "ledgers", lambda _: port, seed=1)
    try:
        crowd.start()
        for _ in range(2):
            time.sleep(0.3)
            service.program.signal_all(signal.SIGUSR1)
            assert service.program.wait() == 1, "it should say that the disk failed, and end"
            service = house.serve(port, fails=f"{call}:0.1")
        crowd.rest()
        assert broken(house, crowd.folder) == []
        assert crowd.faults == []
        assert "The disk failed under the database" in house.log.read_text()
    finally:
        crowd.end()
        service.stop()


def test_an_export_that_cannot_be_put_in_its_place_leaves_the_one_before(failing_disk: House) -> None:
    house = failing_disk
    assert house.run("export") == 0
    folder = house.data / "packages" / "prova"
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    house.log.unlink()
    assert house.start("export", fails="posix/io/dir/rename:1", failing=True).wait() == 1
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    said = house.log.read_text()
    assert "Traceback" not in said
    assert "Input/output error" in said
    found: list[str] = []
    read_package(folder, found)
    assert found == []


def test_a_backup_that_cannot_be_brought_back_leaves_the_store_as_it_was(failing_disk: House) -> None:
    house = failing_disk
    port = free_port()
    service = house.serve(port)
    crowd = Crowd(house.folder / "ledgers", lambda _: port, seed=1)
    try:
        assert house.run("backup", str(house.folder / "early")) == 0
        crowd.start()
        time.sleep(0.5)
        crowd.rest()
    finally:
        crowd.end()
        service.stop()
    for share in ("1", "0.2"):
        fails = f"posix/io/rw/pwrite:{share}"
        assert house.start("restore", str(house.folder / "early"), "--replace", fails=fails, failing=True).wait() == 1
        assert broken(house, crowd.folder) == []
    assert house.start("backup", str(house.folder / "early"), fails="posix/io/sync/*:1", failing=True).wait() == 1
    assert house.run("verify", str(house.folder / "early")) == 0
    assert "Traceback" not in house.log.read_text()
