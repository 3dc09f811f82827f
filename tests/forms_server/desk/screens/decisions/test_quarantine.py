"""Quarantine at the desk: what it says, why it was doubted, let in or discarded once."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from werkzeug.test import TestResponse

from forms_server.context import Service
from tests.forms_server.desk.keeper import Keeper, command, keeper
from tests.forms_server.desk.screens.decisions.test_comments import said
from tests.forms_server.samples import Respondent
from tests.forms_server.test_posting import KEY
from tests.forms_server.test_quarantine import TRAP


def doubt(service: Service, *, key: str = KEY) -> None:
    """Answer the survey as a program does that fills in whatever it finds."""
    answers = {"luogo": "casa", "commento": "una nota", **TRAP}
    answer = Respondent(service).browser.post("/forms/sondaggio", json=answers, headers={"Idempotency-Key": key})
    assert answer.status_code == 201, answer.text


def read(somebody: Keeper) -> TestResponse:
    return somebody.post("/desk/quarantine/sondaggio/read")


def first(page: TestResponse) -> dict[str, str]:
    found = re.search(r'name="response" value="([0-9a-f]{32})"', page.text)
    assert found, page.text
    return {"response": found[1]}


def test_an_answer_stands_there_in_words_with_why_it_was_doubted(service: Service) -> None:
    doubt(service)
    ada = keeper(service, "secretary")
    assert "In quarantena: 1" in said(ada.get("/desk/"))
    page = read(ada)
    assert "È stato compilato un campo che le persone non vedono." in said(page)
    assert "una nota" in said(page)
    whole = ada.get(f"/desk/forms/sondaggio/{first(page)['response']}")
    assert whole.status_code == 200
    assert f'href="{whole.request.path}"' in page.text
    assert "casa" not in said(page)  # its label stands there, not its code
    assert "quarantine" in {entry.action for entry in service.store.desk_log.newest(3)}
    assert "(È stato compilato un campo" in command(service, "quarantine", "sondaggio", LANGUAGE="it")
    assert "È ammessa." in said(ada.post("/desk/quarantine/sondaggio/release", first(page)))
    assert service.store.counts("sondaggio") == {"kept": 1}
    assert service.store.quarantine.doubts("sondaggio", [first(page)["response"]]) == {}
    assert "In quarantena non c’è niente." in said(ada.get("/desk/quarantine/"))


def test_what_is_discarded_is_asked_about_once_more_and_gone(service: Service) -> None:
    doubt(service)
    ada = keeper(service, "secretary")
    named = first(read(ada))
    sure = ada.post("/desk/quarantine/sondaggio/discard", named)
    assert "Scartare questa risposta?" in said(sure)
    assert service.store.counts("sondaggio") == {"quarantined": 1}
    assert "È scartata." in said(ada.post("/desk/quarantine/sondaggio/discard", ada.hidden(sure)))
    assert service.store.counts("sondaggio") == {"withdrawn": 1}


@pytest.mark.parametrize(
    ("done", "becomes", "told"),
    [("release", "kept", "qualcun altro l’ha ammessa"), ("discard", "withdrawn", "qualcun altro l’ha scartata")],
)
def test_who_decides_second_is_told_and_changes_nothing(service: Service, done: str, becomes: str, told: str) -> None:
    doubt(service)
    ada, eva = keeper(service, "secretary"), keeper(service, "administrator")
    named = first(read(ada)) | {"sure": "yes"}
    ada.post(f"/desk/quarantine/sondaggio/{done}", named)
    for other in ("release", "discard"):
        late = eva.post(f"/desk/quarantine/sondaggio/{other}", named)
        assert (late.status_code, told in said(late)) == (409, True), said(late)
    assert service.store.counts("sondaggio") == {becomes: 1}


def test_whatever_is_not_there_is_no_fault(service: Service) -> None:
    ada = keeper(service, "secretary")
    for done in ("release", "discard"):
        assert ada.post(f"/desk/quarantine/niente/{done}").status_code == 404
        assert ada.post(f"/desk/quarantine/sondaggio/{done}", {"response": "x"}).status_code == 409
    assert ada.post("/desk/quarantine/sondaggio/read", {"after": "2026-13-41 x"}).status_code == 200


def test_why_it_was_sent_too_soon_is_kept(service: Service, now: list[datetime]) -> None:
    trap, secret = service.spam_trap, service.secret
    key = secret.new_signed_key("sondaggio", int(now[0].timestamp()))
    assert trap.quarantines("sondaggio", key, {}) == "at-once"
    now[0] += timedelta(seconds=3)
    assert trap.quarantines("sondaggio", key, {}) == ""
