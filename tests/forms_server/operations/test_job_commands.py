"""What a timer starts and what the running service does by itself are never done twice at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import URL

from forms_server.__main__ import main
from forms_server.context import Service
from forms_server.database import job_lock
from forms_server.mail.sender import sender_of
from forms_server.operations.jobs import Caretaker
from forms_server.store import Job
from tests.forms_server.samples import Respondent, running, with_property

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def results(form: str) -> str:
    return form if "kind: signup" in form else with_property("form:publish: results")(form)


@pytest.fixture
def service(tmp_path: Path, database_url: URL) -> Iterator[Service]:
    with running(tmp_path, database_url, lambda: NOW, results) as made:
        yield made


TIMERS = {
    "send-mail": (Job.MAIL, "The mail is being sent"),
    "purge": (Job.RETENTION, "What was kept long enough is being erased"),
    "publish-results sondaggio": (Job.RESULTS, "Results are being published"),
    "progress": (Job.GROWTH, "The growth of the community is being counted"),
    "export": (Job.EXPORT, "Packages are being written"),
}


@pytest.mark.parametrize("words", TIMERS)
def test_a_command_says_in_a_sentence_that_another_process_does_the_job_now(
    service: Service, database_url: URL, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    job, doing = TIMERS[words]
    monkeypatch.setattr(job_lock, "PATIENCE", 0.05)
    environ = {
        "FORMS_DATABASE_URL": database_url.render_as_string(hide_password=False),
        "FORMS_DATA": str(service.settings.data),
        "FORMS_CONTENT": str(service.settings.content),
        "FORMS_SECRET_KEY": "k" * 32,
        "FORMS_MAIL_FROM": "redazione@example.org",
    }
    with service.store.alone_at(job):
        told = CliRunner().invoke(main, words.split(), env=environ)
    assert (told.exit_code, told.output) == (1, f"{doing} by another process now. Try again when that has ended.\n")
    done = CliRunner().invoke(main, words.split(), env=environ)
    assert (done.exit_code, done.exception) == (0, None), done.output


def test_a_job_that_another_process_does_holds_up_none_of_the_others(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job_lock, "PATIENCE", 0.05)
    Respondent(service).sign_up()
    outbox = sender_of(service.settings, service.secret, service.pages.shell, service.store, service.intake.now)
    caretaker = Caretaker(service, outbox)
    letters = service.settings.data / "outbox"
    with service.store.alone_at(Job.RETENTION), service.store.alone_at(Job.RESULTS):
        with service.store.alone_at(Job.MAIL):
            caretaker.round()
            assert not letters.exists()
        caretaker.round()
        assert len(list(letters.glob("*.eml"))) == 1
