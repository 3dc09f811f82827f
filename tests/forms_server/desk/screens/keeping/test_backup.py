"""A copy of the store, taken away from the desk."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from forms_server.context import Service
from forms_server.desk.screens.keeping import backup
from tests.forms_server.desk.keeper import command, keeper
from tests.forms_server.samples import Respondent


def test_a_copy_is_handed_out_that_verify_finds_whole_and_none_stays(
    service: Service, now: list[datetime], monkeypatch: pytest.MonkeyPatch
) -> None:
    Respondent(service).answer_survey()
    ada, eva = keeper(service, "administrator"), keeper(service, "secretary")
    assert "/desk/backup" in ada.get("/desk/").text
    assert "/desk/backup" not in eva.get("/desk/").text
    answer = ada.post("/desk/backup")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="bacheca-2026-11-23.backup"'
    path = service.settings.data / "elsewhere.backup"
    path.write_bytes(answer.data)
    assert "1 responses" in command(service, "verify", str(path))
    assert [found for found in (service.settings.data / "downloads").rglob("*") if found.is_file()] == []
    assert service.store.copies.last() == now[0].date()
    assert "mai fatta" not in ada.get("/desk/").text
    monkeypatch.setattr(backup, "MOST", 0)
    assert ada.post("/desk/backup").status_code == 409
    now[0] += timedelta(minutes=6)
    assert ada.post("/desk/backup").status_code == 403
