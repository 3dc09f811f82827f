"""What is answered on the thread of the event loop waits for no database."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import URL, Connection, Engine, event
from werkzeug.test import create_environ

from forms_server.app import is_quick
from tests.forms_server.samples import Respondent, running, with_property


@pytest.mark.parametrize(
    ("form", "old", "quick"),
    [("gruppo", "", True), ("novita", "", False), ("gruppo", "o" * 32, False), ("places", "", False)],
    ids=["plain", "unknown", "older key", "places"],
)
def test_a_post_that_asks_the_database_first_is_not_quick(
    tmp_path: Path, sqlite_url: URL, form: str, old: str, quick: bool
) -> None:
    def change(text: str) -> str:
        return with_property("form:places: 9")(text) if form == "places" and "kind: signup" in text else text

    now = datetime(2026, 11, 23, 12, tzinfo=UTC)
    with running(tmp_path, sqlite_url, lambda: now, change, FORMS_OLD_SECRET_KEYS=old) as service:
        path = "/forms/gruppo" if form == "places" else f"/forms/{form}"
        assert is_quick(service, create_environ(path, method="POST")) is quick
        assert not is_quick(service, create_environ(path))
        asked: list[int] = []

        def ask(_: Connection) -> None:
            asked.append(threading.get_ident())

        event.listen(Engine, "begin", ask)
        if form == "novita":
            Respondent(service).browser.post(path)
        else:
            Respondent(service).sign_up()
        event.remove(Engine, "begin", ask)
        assert (threading.get_ident() not in asked) is quick
