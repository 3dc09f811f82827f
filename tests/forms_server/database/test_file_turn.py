"""One writer at a time, of all the threads and processes that share a database."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from forms_server.database.file_turn import FileTurn
from forms_server.errors import StoreUnavailable

HOLDER = """
import sys
from pathlib import Path
from forms_server.database.file_turn import FileTurn
with FileTurn(Path(sys.argv[1]), 60).held():
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "forms.db-lock"


@contextmanager
def held_by_another_process(path: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", HOLDER, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_whoever_waits_too_long_for_another_process_is_told(path: Path) -> None:
    turn = FileTurn(path, 0.05)
    with held_by_another_process(path), pytest.raises(StoreUnavailable, match="busy"), turn.held():
        pass
    with turn.held():
        pass
    turn.close()


def test_the_turn_of_a_process_that_is_killed_is_free(path: Path) -> None:
    turn = FileTurn(path, 60)
    with held_by_another_process(path) as process:
        process.kill()
        with turn.held():
            pass
    turn.close()


def test_threads_have_it_one_at_a_time(path: Path) -> None:
    turn, other = FileTurn(path, 60), FileTurn(path, 60)  # as of two processes
    inside: list[int] = []
    most: list[int] = []

    def work(turn: FileTurn) -> None:
        for _ in range(20):
            with turn.held():
                inside.append(1)
                most.append(len(inside))
                inside.pop()

    threads = [threading.Thread(target=work, args=(each,)) for each in (turn, turn, other, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert most == [1] * 80
    turn.close()
    other.close()


def test_a_file_that_cannot_be_made_is_a_store_that_does_not_write(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="ENOENT"), FileTurn(tmp_path / "away" / "lock", 1).held():
        pass


def test_the_file_is_its_owners_alone(path: Path) -> None:
    turn = FileTurn(path, 1)
    with turn.held():
        assert path.stat().st_mode & 0o777 == 0o600
    turn.close()
