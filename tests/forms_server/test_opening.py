"""A form with a first day: nothing is kept before it, and whoever comes is told when to come back."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from flask.testing import FlaskClient
from sqlalchemy import URL

from bacheca.forms.submission.mail_template import mail_lines, mail_text
from forms_server.app import make_app
from forms_server.submission.mail_import import MailImport
from tests.forms_server.samples import running
from tests.forms_server.submission.test_mail_import import letter, refused
from tests.forms_server.test_posting import KEY, OWN
from tests.forms_server.told import entry_in

OPENS = datetime(2026, 11, 30, 23, 0, tzinfo=UTC)
"""The first moment of 1 December in Rome."""

GOOD = {"luogo": "casa", "_key": KEY}


def opening(form: str) -> str:
    return form.replace("fields:", 'form:opens: "2026-12-01"\nfields:')


def test_a_form_takes_answers_from_its_first_day_on(tmp_path: Path, database_url: URL) -> None:
    now = [OPENS - timedelta(seconds=1)]
    with running(tmp_path, database_url, lambda: now[0], opening) as service:
        client: FlaskClient = make_app(service).test_client()
        assert "dal 1 dicembre 2026" in client.get("/forms/sondaggio").text
        answer = client.post("/forms/sondaggio", data=GOOD, headers=OWN)
        assert answer.status_code == 403
        assert "non raccoglie ancora risposte" in answer.text
        assert "raccoglie risposte dal 1 dicembre 2026" in answer.text
        assert 'href="/forms/sondaggio"' in answer.text
        said = client.post("/forms/sondaggio", json={"luogo": "casa"}, headers={"Idempotency-Key": KEY})
        assert (said.status_code, said.get_json()["type"]) == (403, "urn:bacheca:early")
        assert "dal 1 dicembre 2026" in said.get_json()["detail"]
        assert service.store.counts("sondaggio") == {}
        now[0] = OPENS
        assert "1 dicembre" not in client.get("/forms/sondaggio").text
        assert client.post("/forms/sondaggio", data=GOOD, headers=OWN).status_code == 303
        assert service.store.counts("sondaggio") == {"kept": 1}


def test_a_letter_that_comes_before_the_first_day_is_not_kept(tmp_path: Path, database_url: URL) -> None:
    with running(tmp_path, database_url, lambda: OPENS, opening) as service:
        desk = MailImport(service.intake, service.forms, "http://localhost")
        text = mail_text(mail_lines(service.forms["sondaggio"].form, "it", {"luogo": ["casa"]}))
        assert refused(desk, letter(text, Date="Mon, 30 Nov 2026 23:59:59 +0100")) == ("early", [])
        assert desk.keep(letter(text, Date="Tue, 01 Dec 2026 00:00:00 +0100")).is_new


def test_the_first_day_can_be_put_into_a_calendar(tmp_path: Path, sqlite_url: URL) -> None:
    with running(tmp_path, sqlite_url, lambda: OPENS - timedelta(days=9), opening) as service:
        client: FlaskClient = make_app(service).test_client()
        assert 'href="/forms/sondaggio/opens.ics?lang=it"' in client.get("/forms/sondaggio").text
        answer = client.get("/forms/sondaggio/opens.ics?lang=it")
        assert answer.content_type.startswith("text/calendar")
        entry = entry_in(answer.data)
        assert entry["dtstart"].dt == date(2026, 12, 1)
        assert entry["dtend"].dt == date(2026, 12, 2)
        assert str(entry["summary"]) == "Da oggi si può rispondere: Sondaggio"
        assert str(entry["url"]) == "http://localhost/forms/sondaggio?lang=it"
        assert client.get("/forms/niente/opens.ics").status_code == 404
        assert client.get("/forms/sondaggio/event.ics").status_code == 404


def test_a_calendar_leads_to_the_public_address_whatever_host_was_asked(tmp_path: Path, sqlite_url: URL) -> None:
    public = "https://moduli.example.org"
    with running(tmp_path, sqlite_url, lambda: OPENS - timedelta(days=9), opening, FORMS_PUBLIC_URL=public) as service:
        client: FlaskClient = make_app(service).test_client()
        entry = entry_in(client.get("/forms/sondaggio/opens.ics?lang=it", headers={"Host": "evil.example"}).data)
        assert str(entry["url"]) == f"{public}/forms/sondaggio?lang=it"
