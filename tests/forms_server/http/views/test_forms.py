"""What the page of a form says before anybody has typed anything."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import URL

from forms_server.errors import StoreUnavailable
from tests.forms_server.samples import Respondent, running
from tests.forms_server.test_posting import KEY, SIGNUP


def two_places(form: str) -> str:
    return form.replace("fields:\n", "form:places: 2\nfields:\n") if form == SIGNUP else form


def test_a_form_without_places_left_says_so_before_anybody_types(
    tmp_path: Path, database_url: URL, now: list[datetime], monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(tmp_path, database_url, lambda: now[0], two_places) as service:
        ada = Respondent(service)
        receipt = ada.sign_up()
        assert "<form" in ada.browser.get("/forms/gruppo").text
        ada.sign_up(_key=KEY + "2", email="eva@example.org")
        page = ada.browser.get("/forms/gruppo")
        assert page.status_code == 200
        assert "Tutti i posti sono occupati." in page.text
        assert "<form" not in page.text
        with monkeypatch.context() as patched:
            patched.setattr(service.store.waiting_list, "ledger", away)
            assert "<form" in ada.browser.get("/forms/gruppo").text  # nobody knows: the post will tell
        ada.post(f"{receipt}/withdraw")
        assert "<form" in ada.browser.get("/forms/gruppo").text


def away(*_: object) -> None:
    raise StoreUnavailable("away")
