"""Every response that was received is accounted for, and what does not agree is named."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import URL

from forms_server.__main__ import main
from forms_server.context import Service
from forms_server.database.engine import Work
from forms_server.database.tables import erased, responses
from forms_server.publishing.export import export_forms
from forms_server.publishing.reconciliation import Reconciled, reconcile
from tests.forms_server.samples import Respondent, link, running
from tests.forms_server.stored import beside
from tests.forms_server.test_posting import KEY

START = datetime.now(UTC) - timedelta(minutes=1)  # the commands go by the real time


@pytest.fixture
def now() -> list[datetime]:
    return [START]


@pytest.fixture
def service(tmp_path: Path, database_url: URL, now: list[datetime]) -> Iterator[Service]:
    with running(tmp_path, database_url, lambda: now[0], ever_open) as made:
        yield made


def ever_open(form: str) -> str:
    return form.replace('form:closes: "2027-06-30"\n', "")


def account(service: Service, form: str = "gruppo") -> Reconciled:
    (found,) = reconcile(service.store, (form,), service.settings.data)
    return found


def export(service: Service) -> None:
    list(export_forms(service.store, ("gruppo", "sondaggio"), service.settings.data, START))


def lives(service: Service, now: list[datetime]) -> None:
    """Let one sign-up be confirmed, one withdrawn, one expire and one wait."""
    ada = Respondent(service)
    receipts = [ada.sign_up(_key=f"{KEY}{n}", email=f"{n}@example.org") for n in range(3)]
    first = next(mail for mail in ada.mails() if mail["To"] == "0@example.org")
    ada.post(link(first, "confirm"))
    ada.post(f"{receipts[1]}/withdraw")
    now[0] += timedelta(days=15)
    service.retention.purge([])
    ada.sign_up(_key=f"{KEY}9", email="9@example.org")


def test_what_was_received_is_what_became_of_it(service: Service, now: list[datetime]) -> None:
    lives(service, now)
    export(service)
    found = account(service)
    line = "gruppo: 4 received = 1 exported + 1 pending + 1 withdrawn + 1 expired + 0 quarantined"
    assert found.line() == line
    assert list(found.differences()) == []


def test_what_is_not_exported_yet_is_named(service: Service) -> None:
    Respondent(service).answer_survey()
    assert "1 kept and not exported yet" in next(account(service, "sondaggio").differences())


def test_what_was_erased_since_the_export_is_named(service: Service) -> None:
    ada = Respondent(service)
    receipt = ada.answer_survey()
    export(service)
    ada.post(f"{receipt}/withdraw")
    assert "1 still in the package" in next(account(service, "sondaggio").differences())
    export(service)
    assert list(account(service, "sondaggio").differences()) == []


def test_a_row_taken_out_of_a_file_is_named(service: Service) -> None:
    ada = Respondent(service)
    for number in range(3):
        ada.answer_survey(_key=f"{KEY}{number}", commento="una riga\ncon un a capo")
    export(service)
    assert account(service, "sondaggio").exported == 3
    file = service.settings.data / "packages" / "sondaggio" / "responses.csv"
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text("".join(lines[:-2]), encoding="utf-8")
    assert "1 kept and not exported yet" in next(account(service, "sondaggio").differences())


def test_a_response_that_vanished_from_the_database_is_named(service: Service) -> None:
    Respondent(service).answer_survey()
    with beside(service.settings.database_url, Work.WRITE) as connection:
        connection.execute(responses.delete())
    assert "1 received and no longer in the database" in next(account(service, "sondaggio").differences())


def test_what_is_counted_as_erased_and_has_no_tombstone_is_named(service: Service) -> None:
    with beside(service.settings.database_url, Work.WRITE) as connection:
        connection.execute(erased.insert(), {"form": "sondaggio", "state": "expired", "shard": "a", "count": 2})
    assert "2 erased and not counted, or counted" in next(account(service, "sondaggio").differences())


def command(service: Service, *arguments: str) -> Result:
    settings = service.settings
    environ = {
        "FORMS_DATABASE_URL": settings.database_url.render_as_string(hide_password=False),
        "FORMS_CONTENT": str(settings.content),
        "FORMS_DATA": str(settings.data),
        "FORMS_SITE": "",
        "FORMS_SECRET_KEY": "k" * 32,
        "FORMS_MAIL_FROM": "redazione@example.org",
    }
    return CliRunner().invoke(main, list(arguments), env=environ)


def test_the_commands_say_what_they_did_and_reconcile_leaves_with_1_on_a_difference(service: Service) -> None:
    ada = Respondent(service)
    ada.answer_survey()
    ada.sign_up()
    outcome = command(service, "reconcile")
    assert outcome.exit_code == 1
    assert "  1 kept and not exported yet" in outcome.output
    assert command(service, "export").exit_code == 0
    outcome = command(service, "reconcile")
    assert outcome.exit_code == 0
    assert "sondaggio: 1 received = 1 exported + 0 pending" in outcome.output
    assert command(service, "send-mail").output == "1 sent, 0 delayed, 0 cannot be delivered\n"
    assert command(service, "send-mail", "--dead").output == ""
    assert command(service, "purge").output == "gruppo: 0 erased\nsondaggio: 0 erased\n"


def test_a_dead_letter_is_listed_without_its_address_and_tried_again(service: Service) -> None:
    Respondent(service).sign_up()
    mail = service.store.outbox.take(START)
    assert mail is not None
    service.store.outbox.bury(mail.id, "550")
    listed = command(service, "send-mail", "--dead").output
    assert listed == f"{mail.id}: confirm, written {START:%Y-%m-%d}, 550\n"
    assert command(service, "send-mail", "--again").output.startswith("1 letters are tried once more\n1 sent")
