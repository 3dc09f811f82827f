"""The month for the board: whole numbers for those who read answers, and for others what everybody can see."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, datetime, timedelta

from forms_server.context import Service
from forms_server.publishing.growth import write_progress
from forms_server.publishing.month import Month
from forms_server.publishing.results import publish, published
from forms_server.publishing.traffic import Traffic, write_traffic
from forms_server.store.desk.requests import Request
from tests.forms_server.desk.keeper import command, keeper
from tests.forms_server.desk.screens.decisions.test_comments import said
from tests.forms_server.samples import Respondent, link
from tests.forms_server.test_posting import KEY
from tests.forms_server.test_results import answer

OWN = {"Origin": "http://localhost"}


def november(service: Service, now: list[datetime]) -> None:
    """Have people answer and sign up in November, and look at pages; then it is December."""
    ada = Respondent(service)
    for number in range(12):
        ada.answer_survey(_key=f"{KEY}{number}")
    ada.sign_up()
    ada.browser.post(link(ada.mails()[-1], "confirm"), headers=OWN)
    views = Counter({(date(2026, 11, 3), "/"): 1234, (date(2026, 12, 1), "/"): 9})
    sites = Counter({(date(2026, 11, 3), "example.net"): 7})
    write_traffic(service.settings.data / "traffic", Traffic(views, sites))
    now[0] += timedelta(days=30)
    with service.store.snapshot() as snapshot:
        forms = [served.form for served in service.forms.values()]
        write_progress(service.settings.data / "progress", snapshot, forms, service.settings.data, now[0])


def numbers(text: str) -> list[str]:
    return re.findall(r"<td>([^<]*)</td>", text)


def test_the_page_and_the_command_say_the_same(service: Service, now: list[datetime]) -> None:
    november(service, now)
    page = keeper(service, "analyst").get("/desk/month/2026-11")
    assert "novembre 2026" in said(page)
    assert numbers(page.text) == ["1", "1", "12", "1.234", "1.234", "7"]
    assert "da un link su example.net" in said(page)
    assert "la prima pagina 1.234" in " ".join(said(page).split())
    assert "Quanto si impiega a rispondere non si sa" in said(page)
    told = command(service, "month", "2026-11", "--lang", "it")
    assert told.startswith("novembre 2026\n")
    assert re.findall(r": ([\d.]+)$", told, re.MULTILINE) == numbers(page.text)
    assert "1,234" in command(service, "month", "2026-11", "--lang", "en")


def test_any_month_is_chosen_and_this_one_is_there_so_far(service: Service) -> None:
    reader = keeper(service, "reader")
    page = reader.get("/desk/month/").text
    assert "<h1>ottobre 2026</h1>" in page
    assert '<option value="2026-11">novembre 2026 – finora</option>' in page
    assert '<option value="2026-10" selected>' in page
    assert "<h1>novembre 2026</h1>" in reader.get("/desk/month/?month=2026-11").text
    assert '<option value="2023-01" selected>' in reader.get("/desk/month/?month=2023-01").text
    assert reader.get("/desk/month/?month=2027-01").status_code == 404


def test_no_difference_tells_a_reader_of_a_person(service: Service, now: list[datetime]) -> None:
    november(service, now)
    reader = keeper(service, "reader")
    before = said(reader.get("/desk/month/2026-11"))
    assert "10" in before
    assert "12" not in before.replace("2026", "").replace("1.234", "").partition("Visite")[0].partition("dicembre")[2]
    assert "Richieste delle persone" not in before
    Respondent(service).answer_survey(_key=KEY + "later")
    command(service, "export-person", "ada.prova@example.org")
    for month in ("", "2026-11", "2026-12"):
        once = said(reader.get(f"/desk/month/{month}"))
        Respondent(service).answer_survey(_key=f"{KEY}z{month}")
        assert said(reader.get(f"/desk/month/{month}")) == once
    assert said(reader.get("/desk/month/2026-11")) == before
    public = command(service, "month", "2026-11", "--public", "--lang", "it")
    assert re.findall(r": ([\d.]+)$", public, re.MULTILINE) == numbers(reader.get("/desk/month/2026-11").text)


def test_what_is_not_shown_or_not_counted_is_not_said_to_be_none(polled: Service) -> None:
    reader = keeper(polled, "reader")
    assert "Visite Le visite qui non si contano" in said(reader.get("/desk/month/2026-11"))
    answer(polled, "voto", 20)
    form, data = polled.forms["voto"].form, polled.settings.data
    publish(polled.store, form, data, polled.intake.now(), early=True)
    write_traffic(data / "traffic", Traffic(Counter({(date(2026, 10, 3), "/"): 9}), Counter()))
    page = said(reader.get("/desk/month/2026-11"))
    assert "non si contano" not in page
    shown = published(data, form)
    assert shown
    assert shown.value("responses") is None
    assert "Strumenti: pubblicati, senza dire quante persone hanno risposto." in page


def test_requests_are_counted_for_those_who_may_read_answers(service: Service, now: list[datetime]) -> None:
    Respondent(service).sign_up()
    command(service, "export-person", "ada.prova@example.org")
    this_month = f"{datetime.now().astimezone():%Y-%m}"  # a command goes by the clock of the machine
    told = command(service, "month", this_month, "--lang", "en")
    assert "Copies of their data given to people who asked: 1" in told
    assert "Requests that" not in told
    store, today = service.store, datetime.now().astimezone().date()
    store.requests.add(Request("r1", "access", "subject", "", "sealed", today, today, ""))
    store.requests.add(Request("r2", "access", "subject", "", "sealed", today, today, ""))
    store.requests.close(["r1"], "done", "", datetime.now().astimezone())
    told = command(service, "month", this_month, "--lang", "en")
    assert re.findall(r"Requests that (\w+ ?\w*): (\d)", told) == [("came", "2"), ("were answered", "1")]


def test_what_is_no_month_is_said(service: Service) -> None:
    ada = keeper(service, "reader")
    for month in ("2026-13", "x", "2099-01", "1999-01", "2026-1"):
        assert ada.get(f"/desk/month/{month}").status_code == 404
    assert "Write the month as 2026-11." in command(service, "month", "nonsense", "--lang", "en", code=1)
    assert str(Month(date(2026, 12, 1)).next) == "2027-01"
    assert str(Month(date(2026, 1, 1)).before) == "2025-12"
