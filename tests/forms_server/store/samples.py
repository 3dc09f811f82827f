"""Responses to keep in the tests."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bacheca.forms.definition.allotment import Places
from bacheca.forms.definition.places import Quota
from forms_server.database import group_commit
from forms_server.greenlet_wait import result_of
from forms_server.store import Consent, Kept, OutboxMail, Store

DAY = date(2026, 11, 23)
MOMENT = datetime(2026, 11, 23, 10, 15, 30, 999_999, tzinfo=UTC)
CONSENT = Consent("privacy", "hash-of-notice", "it", "Ho letto l'informativa", MOMENT)
MAIL = OutboxMail("mail-1", "confirm", "ada@example.org", "it", {"nome": "Ada", "riga": 2}, MOMENT)


def response(number: int = 1, **changes: Any) -> Kept:
    """Give a response to the form `gruppo`, another one for each number."""
    sample = Kept(
        response_id=f"{number * 2654435761 % 2**32:032x}",
        form="gruppo",
        version="v1",
        language="it",
        channel="web",
        received_on=DAY,
        key_hash=f"key-{number}",
        token_hash=f"token-{number}",
        content_hash=f"content-{number}",
        answers={"nome": f"Ada {number}", "motivo": ""},
    )
    return replace(sample, **changes)


def places(count: int, waiting: int = 0) -> Places:
    """Give so many places, at `MOMENT`."""
    return Places((Quota("", "", count),), lambda: MOMENT, waiting)


def register(store: Store, version: str = "v1", resource: int = 1, form: str = "gruppo") -> None:
    """Register a version of a form."""
    store.register_version(form, version, resource, '{"fields": []}', DAY)


@contextmanager
def those_who_wait() -> Iterator[list[object]]:
    """Note whoever waits until what they brought is written."""
    waiting: list[object] = []

    def wait(future: Any, *seconds: float) -> Any:
        waiting.append(future)
        return result_of(future, *seconds)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(group_commit, "result_of", wait)
        yield waiting


def wait_for(happened: Callable[[], bool]) -> None:
    """Wait until something has happened."""
    deadline = time.monotonic() + 60
    while not happened():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.002)
