"""Work spread over the processors."""

from __future__ import annotations

import errno
import os

import pytest

from bacheca.portal.rendering import workers
from bacheca.portal.rendering.workers import WorkerDied, WorkFailed, spread


@pytest.fixture(autouse=True, params=[1, 2, 3])
def processors(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """Work on one processor, on two, on three."""
    monkeypatch.setattr(workers, "processors", lambda: request.param)
    return int(request.param)


def test_what_is_found_is_in_the_order_of_the_items_whoever_found_it(processors: int) -> None:
    found = spread(list(range(100)), lambda number: [number * number, os.getpid()])
    assert [square for square, _ in found] == [number * number for number in range(100)]
    assert len({process for _, process in found}) == processors


def test_few_items_start_no_process() -> None:
    assert spread([1, 2], lambda _: os.getpid()) == [os.getpid()] * 2
    assert spread([], lambda _: os.getpid()) == []


def test_what_goes_wrong_with_an_item_is_told() -> None:
    with pytest.raises(WorkFailed, match="ZeroDivisionError"):
        spread(list(range(-50, 50)), lambda number: 1 / number)


@pytest.mark.parametrize("items", [1, 100])
def test_a_worker_that_dies_ends_alone_and_its_item_is_known(items: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "can_fork", lambda: True)  # whatever threads run the tests
    me = os.getpid()
    worst = items // 2

    def work(number: int) -> str:
        if number == worst and os.getpid() != me:
            os.kill(os.getpid(), 9)
        return "x" * 1000

    with pytest.raises(WorkerDied, match="ended with 9") as death:
        spread(list(range(items)), work, apart=True)
    assert death.value.place == worst


@pytest.mark.parametrize("items", [1, 40])
def test_a_disk_without_room_is_told_as_that_by_whoever_finds_it(items: int) -> None:
    def full(item: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "build/cache/x")

    with pytest.raises(OSError, match="build/cache/x") as told:
        spread(range(items), full)
    assert told.value.errno == errno.ENOSPC
