"""The server process ends itself when its database cannot be trusted any more."""

from __future__ import annotations

import os
import signal
from types import SimpleNamespace
from typing import Any

import pytest

from forms_server.serving.supervisor import ending_when_lost


@pytest.mark.parametrize(("lost", "signals"), [(False, []), (True, [signal.SIGTERM])], ids=["sound", "lost"])
def test_the_process_ends_after_an_answer_only_when_the_store_is_lost(
    monkeypatch: pytest.MonkeyPatch, lost: bool, signals: list[int]
) -> None:
    sent: list[int] = []
    monkeypatch.setattr(os, "kill", lambda process, number: sent.append(number))
    store: Any = SimpleNamespace(lost=lost)
    app = ending_when_lost(lambda environ, start_response: [b"answered"], store)
    assert list(app({}, lambda *said: lambda data: None)) == [b"answered"]
    assert sent == signals
