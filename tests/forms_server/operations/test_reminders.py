"""Whoever has confirmed is reminded once, in time, and nobody else is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from sqlalchemy import URL

from bacheca.forms.definition.privacy import Period
from bacheca.forms.published import Event
from forms_server.context import Service
from forms_server.operations.reminders import due_from, remind_all
from tests.forms_server.operations.test_jobs import caretaker
from tests.forms_server.samples import Respondent, link, running, with_property
from tests.forms_server.test_posting import KEY
from tests.forms_server.told import ENGLISH, EVENT, entry_in, tell

DUE = datetime(2027, 3, 28, 16, tzinfo=UTC)
"""Two days before, at the same hour by clocks that are moved in the night between."""

IN_ENGLISH = """\
title: Group
fields:
- {name: nome, title: Name}
- {name: email, title: E-mail}
- {name: consenso, title: I agree, form:notice: Write to me.}
"""


def reminding(form: str) -> str:
    return with_property("form:remind: 2 days")(form) if "signup" in form else form


@pytest.fixture
def now() -> list[datetime]:
    return [datetime(2027, 3, 20, 12, tzinfo=UTC)]


@pytest.fixture
def service(tmp_path: Path, database_url: URL, now: list[datetime]) -> Iterator[Service]:
    (tmp_path / "forms").mkdir()
    (tmp_path / "forms" / "gruppo.en.yaml").write_text(IN_ENGLISH, encoding="utf-8")
    with running(tmp_path, database_url, lambda: now[0], reminding, FORMS_SITE=tell(tmp_path, EVENT, ENGLISH)) as made:
        yield made


def member(service: Service, name: str, language: str = "it") -> str:
    """Sign somebody up, and confirm; give the receipt that was mailed."""
    ada = Respondent(service)
    address = f"{name}@example.org"
    ada.sign_up(_key=KEY + name, email=address, _lang=language)
    mail = next(mail for mail in ada.mails() if mail["To"] == address)
    return ada.post(link(mail, "confirm"))


def reminders(service: Service) -> dict[str, EmailMessage]:
    found = [mail for mail in Respondent(service).mails() if str(mail["Subject"]).startswith(("Promemoria", "Remind"))]
    assert len({mail["To"] for mail in found}) == len(found), "nobody gets two"
    return {str(mail["To"]): mail for mail in found}


def test_the_confirmed_are_reminded_once_in_their_language(service: Service, now: list[datetime]) -> None:
    member(service, "ada")
    member(service, "bea", "en")
    Respondent(service).sign_up(_key=KEY + "c", email="pending@example.org")
    keeper = caretaker(service)
    now[0] = DUE - timedelta(minutes=1)
    keeper.round()
    assert reminders(service) == {}
    now[0] = DUE
    for _ in range(3):
        keeper.round()
        caretaker(service).round()  # after a restart, or on another machine
        now[0] += timedelta(minutes=1)
    found = reminders(service)
    assert {to: mail["Subject"] for to, mail in found.items()} == {
        "ada@example.org": "Promemoria: La festa di maggio",
        "bea@example.org": "Reminder: The May party",
    }
    text = found["ada@example.org"].get_body(("plain",))
    assert text is not None
    for part in (EVENT.when, "Il cortile", "Via Roma 1, Biella", EVENT.online, EVENT.url, "Ritira l’iscrizione"):
        assert part in text.get_content()
    assert ENGLISH.when in found["bea@example.org"].as_string()


def test_whoever_withdrew_hears_nothing(service: Service, now: list[datetime]) -> None:
    ada, receipt = Respondent(service), member(service, "ada")
    member(service, "bea")
    ada.post(f"{receipt.split('?')[0]}/withdraw?lang=it")
    now[0] = DUE
    remind_all(service, now[0])
    bea = next(mail for mail in ada.mails() if mail["To"] == "bea@example.org")
    ada.post(link(bea, "receipt").replace("?", "/withdraw?"))
    assert "ada@example.org" not in reminders(service)
    assert remind_all(service, now[0]) == {}


def test_whoever_withdraws_takes_the_reminder_along_that_waits(service: Service, now: list[datetime]) -> None:
    receipt = member(service, "ada")
    now[0] = DUE
    assert remind_all(service, now[0]) == {"gruppo": 1}
    Respondent(service).post(f"{receipt.split('?')[0]}/withdraw?lang=it")
    assert reminders(service) == {}


def test_whoever_confirms_late_is_reminded_until_it_begins(service: Service, now: list[datetime]) -> None:
    now[0] = EVENT.starts - timedelta(minutes=1)
    member(service, "ada")
    assert remind_all(service, now[0]) == {"gruppo": 1}
    member(service, "bea")
    assert remind_all(service, EVENT.starts) == {}


@pytest.mark.parametrize("told", [(), (replace(EVENT, cancelled=True),)], ids=["no event", "cancelled"])
def test_nobody_is_reminded_of_nothing(service: Service, tmp_path: Path, told: tuple[Event, ...]) -> None:
    member(service, "ada")
    tell(tmp_path, *told)
    assert remind_all(service, DUE) == {}


def test_a_reminder_says_what_was_so_when_it_was_due_and_brings_the_calendar(
    service: Service, tmp_path: Path, now: list[datetime]
) -> None:
    member(service, "ada")
    now[0] = DUE
    remind_all(service, now[0])
    tell(tmp_path)  # a site without the page takes the place of the one that told of it
    mail = reminders(service)["ada@example.org"]
    (file,) = mail.iter_attachments()
    assert (file.get_content_type(), file.get_filename()) == ("text/calendar", "event.ics")
    entry = entry_in(file.get_content())
    assert entry["dtstart"].dt == EVENT.starts
    assert str(entry["uid"]) == EVENT.url
    assert mail["List-Unsubscribe"] is None  # one click would end nothing but the sign-up


def test_a_day_is_a_day_though_the_clocks_are_moved() -> None:
    assert due_from(Period(2, "day"), EVENT) == DUE
    assert due_from(Period(3, "day"), EVENT) == datetime(2027, 3, 27, 17, tzinfo=UTC)
    whole = replace(EVENT, all_day=True, starts=datetime(2027, 3, 29, 22, tzinfo=UTC))
    assert due_from(Period(1, "day"), whole) == datetime(2027, 3, 29, 7, tzinfo=UTC), "at nine in the morning"
