"""The first page: numbers for those who may read answers, and for others what everybody may see."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest

from forms_server.context import Service
from forms_server.store.desk.schedules import Schedule
from tests.forms_server.desk.keeper import Keeper, keeper
from tests.forms_server.desk.screens.decisions.test_mail import dead
from tests.forms_server.samples import Respondent
from tests.forms_server.test_posting import KEY


def words(somebody: Keeper) -> str:
    """Give what stands on the page, without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", somebody.get("/desk/").text.partition("<main")[2]).split())


def test_each_form_stands_there_with_its_numbers(service: Service, now: list[datetime]) -> None:
    ada = Respondent(service)
    ada.answer_survey(_key=KEY + "a")
    now[0] += timedelta(days=1)
    ada.answer_survey(_key=KEY + "b")
    ada.sign_up(_key=KEY + "c")
    said = words(keeper(service, "analyst"))
    assert "2 risposte" in said
    assert "0 confermate" in said
    assert "1 da confermare" in said
    assert "1 oggi" in said
    now[0] += timedelta(days=1)
    assert "L’ultima è arrivata il 24 novembre 2026" in words(keeper(service, "analyst", "anna@example.org"))


def test_what_came_day_by_day_is_a_line_for_whoever_may_read_answers(service: Service, now: list[datetime]) -> None:
    Respondent(service).answer_survey(_key=KEY + "a")
    now[0] += timedelta(days=1)
    analyst = keeper(service, "analyst").get("/desk/").text
    assert 'aria-label="1 nelle ultime quattro settimane, giorno per giorno"' in analyst
    assert " 270,4 280,40 " in analyst.replace(".0", "").replace("269.6", "270")  # yesterday one, today none
    assert 'href="/desk/forms/sondaggio/"' in analyst
    reader = keeper(service, "reader").get("/desk/").text
    assert "<polyline" not in reader
    assert 'href="/desk/forms/sondaggio/"' not in reader


def test_forms_are_parted_by_whether_they_take_answers(service: Service) -> None:
    service.store.schedules.set(Schedule("sondaggio", shut_at=service.intake.now()))
    service.watch.look()
    somebody = keeper(service, "reader")
    closed = somebody.get("/desk/?state=closed").text
    assert ("Sondaggio" in closed, "Gruppo" in closed) == (True, False)
    assert "Chiusi, 1" in closed
    assert closed.count("come deciso dal banco") == 1
    assert "Gruppo" in somebody.get("/desk/?state=%00").text


def test_a_form_with_something_to_confirm_does_not_say_that_nothing_came(service: Service) -> None:
    somebody = keeper(service, "analyst")
    before = words(somebody).count("Non ne è ancora arrivata nessuna")
    Respondent(service).sign_up()
    assert words(somebody).count("Non ne è ancora arrivata nessuna") == before - 1


def test_a_backup_is_missed_as_soon_as_there_is_an_account(service: Service) -> None:
    ada = keeper(service, "reader")
    assert "mai fatta" in words(ada)
    assert "mai fatta: scaricane una qui" in words(keeper(service, "administrator"))
    assert 'class="unwell"' in ada.get("/desk/").text


def test_no_difference_tells_a_reader_of_an_answer(service: Service, now: list[datetime]) -> None:
    somebody, ada = keeper(service, "reader"), Respondent(service)
    before = words(somebody)
    for number in range(12):
        ada.answer_survey(_key=f"{KEY}{number}")
        ada.sign_up(_key=f"{KEY}x{number}", email=f"ada{number}@example.org")
        assert words(somebody) == before
    assert "Non sono ancora pubblicati risultati." in before


def test_what_is_wrong_stands_there_with_its_remedy(service: Service, now: list[datetime]) -> None:
    Respondent(service).answer_survey(_key=KEY + "a")
    somebody = keeper(service, "reader")
    assert "niente è fermo" in words(somebody)
    now[0] += timedelta(days=8)
    somebody.come_in()
    said = words(somebody)
    assert "Non se ne fa una da 8 giorni: chiedi a chi amministra il banco" in said
    assert "python" not in said
    ada = keeper(service, "administrator")
    assert "Nessuna da 8 giorni: scaricane una qui." in words(ada)
    assert "python" not in words(ada)


@pytest.mark.parametrize(("role", "remedy"), [("reader", "Chiedi alla segreteria"), ("secretary", "Guardale in Posta")])
def test_each_role_is_told_what_it_can_do_about_letters_that_failed(service: Service, role: str, remedy: str) -> None:
    dead(service)
    assert f"E-mail che non si possono consegnare: 1. {remedy}" in words(keeper(service, role))


def test_what_waits_is_counted_for_whoever_may_decide(service: Service) -> None:
    secretary, reader = keeper(service, "secretary"), keeper(service, "reader")
    assert "Niente: è tutto deciso." in words(secretary)
    answers = {"luogo": "casa", "_homepage": "https://spam.example"}
    answer = Respondent(service).browser.post("/forms/sondaggio", json=answers, headers={"Idempotency-Key": KEY})
    assert answer.status_code == 201, answer.text
    assert "1" in words(secretary).partition("Salute")[0]
    assert "In quarantena: 1" in words(secretary)
    assert "quarantine" not in words(reader)
