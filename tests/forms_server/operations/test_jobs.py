"""While it serves, the service sends its mail and looks after the data once a day, whatever goes wrong."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import URL

from forms_server.context import Service
from forms_server.database.tables import outbox
from forms_server.errors import StoreUnavailable
from forms_server.mail.sender import sender_of
from forms_server.operations import jobs as module
from forms_server.operations.jobs import Caretaker
from tests.forms_server.samples import Respondent, running, with_property
from tests.forms_server.store.test_store import rows
from tests.forms_server.test_posting import KEY

START = datetime(2026, 11, 23, 12, tzinfo=UTC)
Run = Callable[..., Service]


@pytest.fixture
def now() -> list[datetime]:
    return [START]


def caretaker(service: Service) -> Caretaker:
    box = sender_of(service.settings, service.secret, service.pages.shell, service.store, service.intake.now)
    return Caretaker(service, box)


@pytest.fixture(params=["each", "daily"])
def service(
    request: pytest.FixtureRequest, tmp_path: Path, database_url: URL, now: list[datetime]
) -> Iterator[Service]:
    promise = with_property(f"form:notify: {request.param}\nform:keep: 6 months")
    with running(tmp_path, database_url, lambda: now[0], promise) as made:
        yield made


def subjects(service: Service) -> list[str]:
    return [str(mail["Subject"]) for mail in Respondent(service).mails() if mail["To"] == "redazione@example.org"]


def test_the_secretariat_is_told_of_each_response_or_once_a_day(
    service: Service, now: list[datetime], request: pytest.FixtureRequest
) -> None:
    each = "[each" in request.node.name
    ada = Respondent(service)
    keeper = caretaker(service)
    for number in range(2):
        ada.answer_survey(_key=f"{KEY}{number}", commento="canary-4711")
    keeper.round()
    assert subjects(service) == (["Una nuova risposta: Sondaggio"] * 2 if each else [])
    for _ in range(2):
        now[0] += timedelta(days=1)
        for _again in range(2):
            keeper.round()
        caretaker(service).round()  # after a restart, or on another machine
    digest = [] if each else ["Risposte del 23 novembre 2026: Sondaggio"]
    assert subjects(service) == (["Una nuova risposta: Sondaggio"] * 2 if each else []) + digest
    assert all(b"canary" not in file.read_bytes() for file in (service.settings.data / "outbox").iterdir())


def test_what_is_over_is_erased_once_a_day(service: Service, now: list[datetime]) -> None:
    Respondent(service).answer_survey()
    keeper = caretaker(service)
    keeper.round()
    now[0] += timedelta(days=200)
    keeper.round()
    assert service.store.counts("sondaggio") == {"expired": 1}


def test_mail_that_is_stuck_is_warned_of_once_a_day(service: Service, now: list[datetime]) -> None:
    Respondent(service).sign_up()
    mail = service.store.outbox.take(now[0])
    assert mail is not None
    service.store.outbox.bury(mail.id, "550")
    keeper = caretaker(service)
    for _ in range(3):
        keeper.round()
    warned = [subject for subject in subjects(service) if "hanno bisogno di te" in subject]
    assert len(warned) == 1


def test_what_waits_in_quarantine_is_told_until_somebody_decides(service: Service) -> None:
    ada = Respondent(service)
    headers = {"Idempotency-Key": KEY}
    sent = ada.browser.post("/forms/sondaggio", json={"luogo": "casa", "_homepage": "x"}, headers=headers)
    assert sent.status_code == 201
    caretaker(service).round()
    (mail,) = ada.mails()
    body = mail.get_body(("plain",))
    assert body is not None
    assert "Risposte che sembrano di un programma e aspettano: 1." in " ".join(body.get_content().split())


@pytest.mark.parametrize("setting", ["2", "off"])
def test_a_backup_that_is_overdue_is_warned_of(
    tmp_path: Path, database_url: URL, now: list[datetime], setting: str
) -> None:
    with running(
        tmp_path, database_url, lambda: now[0], with_property("form:notify: daily"), FORMS_BACKUP_DAYS=setting
    ) as made:
        keeper = caretaker(made)
        now[0] += timedelta(days=30)
        keeper.round()  # nothing was ever answered
        assert subjects(made) == []
        Respondent(made).answer_survey()

        def warned_after(days: int) -> bool:
            now[0] += timedelta(days=days)
            before = len([subject for subject in subjects(made) if "hanno bisogno" in subject])
            keeper.round()
            return len([subject for subject in subjects(made) if "hanno bisogno" in subject]) > before

        assert not warned_after(2)
        assert warned_after(1) is (setting == "2")
        made.store.copies.note(now[0])
        assert not warned_after(2)
        assert warned_after(1) is (setting == "2")
        bodies = [mail.get_body(("plain",)) for mail in Respondent(made).mails()]
        said = [body.get_content() for body in bodies if body and "python -m forms_server backup" in body.get_content()]
        assert len(said) == (2 if setting == "2" else 0)
        assert all("da 3 giorni" in text for text in said)


def test_a_disk_that_takes_no_writing_is_warned_of_past_the_outbox(
    service: Service, monkeypatch: pytest.MonkeyPatch, database_url: URL
) -> None:
    monkeypatch.setattr(module, "is_writable", lambda folder: False)
    caretaker(service).round()
    (warning,) = subjects(service)
    assert "hanno bisogno di te" in warning
    assert rows(database_url, outbox) == []


def test_the_thread_goes_on_after_a_fault_and_ends_when_told(
    service: Service, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "EVERY", 0.01)
    keeper = caretaker(service)
    faults: list[Exception] = [StoreUnavailable("busy"), ValueError("canary-4711")]
    real = keeper.round

    def trip() -> None:
        if faults:
            raise faults.pop(0)
        real()

    monkeypatch.setattr(keeper, "round", trip)
    Respondent(service).sign_up()
    keeper.start()
    deadline = time.monotonic() + 30
    while not list(service.settings.data.glob("outbox/*.eml")) and time.monotonic() < deadline:
        time.sleep(0.02)
    keeper.stop()
    assert list(service.settings.data.glob("outbox/*.eml"))
    assert {record.message for record in caplog.records} >= {"the store is not available", "the caretaker failed"}
