"""A process beats while it gets on, and not because a clock says so."""

from __future__ import annotations

import threading
import time

import pytest

from forms_server.serving import pulse
from forms_server.serving.pulse import SILENT, STARTING, Beats, Pulse


def quiet(monkeypatch: pytest.MonkeyPatch, patience: int = 20) -> Pulse:
    """A pulse whose own thread does nothing: the test asks instead."""
    monkeypatch.setattr(Pulse, "_run", lambda _: None)
    return Pulse(lambda: None, patience)


def test_looks_in_a_row_without_a_beat_are_counted_for_each_process() -> None:
    beats = Beats(2)
    beats.begin(0)
    beats.begin(1)
    for looks in range(1, SILENT + 1):
        beats.beat(1)
        assert (beats.silent(0), beats.silent(1)) == (looks, 0)
    beats.beat(0)
    assert beats.silent(0) == 0


def test_256_beats_between_two_looks_would_be_none_and_a_successor_begins_anew() -> None:
    beats = Beats(1)
    for _ in range(255):
        beats.beat(0)
    assert [beats.silent(0), beats.silent(0)] == [0, 1]
    beats.begin(0)
    assert beats.silent(0) == 1


def test_a_loop_that_turns_may_wait_between_two_turns_and_not_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    found = quiet(monkeypatch)
    found._waited = STARTING
    assert found.gets_on()  # it starts
    found.turn()
    found._waited = 20
    assert found.gets_on()
    found._waited = 21
    assert not found.gets_on()
    found.turn()
    assert found.gets_on()


def test_work_counts_and_waiting_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulse, "LOOK", 0.005)
    found = quiet(monkeypatch)
    states: list[bool] = []

    def work() -> None:
        with found.at_work():
            time.sleep(0.2)
            states.append(found.gets_on())
            while time.thread_time() < 0.1:  # of the processor
                pass
            states.append(found.gets_on())
        states.append(found.gets_on())

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(60)
    assert states == [True, False, True]


def test_a_process_that_gets_on_beats_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulse, "LOOK", 0.01)
    beaten = threading.Event()
    Pulse(beaten.set, 20)
    assert beaten.wait(60)
