"""Whoever signs up somebody else's address learns nothing of them, and agrees to nothing for them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL

from forms_server.context import Service
from forms_server.privacy.data_subjects import DataSubjects
from forms_server.privacy.subject_report import evidence_of
from tests.forms_server.samples import ADA, Respondent, link, running
from tests.forms_server.stored import responses_in
from tests.forms_server.test_posting import KEY, OWN

NEWS = """\
- name: novita
  title: Vuoi anche la lettera?
  type: boolean
  form:widget: consent
  form:notice: Voglio ricevere la lettera ogni mese.
- name: telefono
  title: Telefono
  type: string
  form:widget: tel
"""
MINE = ADA | {"nome": "Ada Vera", "telefono": "+39 02 1234567"}
ADDRESS = "ada.prova@example.org"


@pytest.fixture
def service(tmp_path: Path, database_url: URL, now: list[datetime]) -> Iterator[Service]:
    more: Callable[[str], str] = lambda form: form.rstrip() + "\n" + NEWS if "signup" in form else form  # noqa: E731
    with running(tmp_path, database_url, lambda: now[0], more) as made:
        yield made


@pytest.fixture
def someone(service: Service) -> Respondent:
    """Whoever types in Ada's address first."""
    return Respondent(service)


@pytest.fixture
def ada(service: Service) -> Respondent:
    """The owner of the address, who reads its mail."""
    return Respondent(service)


def consents(service: Service, address: str = ADDRESS) -> dict[str, tuple[bool, bool]]:
    """Give each consent that stands in the evidence, and whether it is confirmed and withdrawn."""
    person = DataSubjects(service.retention, service.secret).find(address)
    told = evidence_of(person, service.forms, service.settings.content, service.intake.now())
    return {
        f"{consent['purpose']} {consent['number']}": (bool(consent["confirmed_at"]), bool(consent["withdrawn_at"]))
        for response in told["responses"]
        for consent in response["consents"]
    }


def test_after_the_confirmation_the_receipt_of_whoever_sent_it_shows_and_changes_nothing(
    someone: Respondent, ada: Respondent, service: Service
) -> None:
    receipt = someone.sign_up()
    (mail,) = ada.mails()
    mine = ada.post(link(mail, "confirm")).partition("?")[0]
    assert someone.sign_up() == receipt  # the same once more is the same receipt, which opens nothing
    ada.post(f"{mine}/correct", MINE)
    before = dict(responses_in(service.store, "gruppo", 1).__next__().answers)
    page = someone.browser.get(receipt)
    assert (page.status_code, "Confermato" in page.text) == (200, True)
    for where in (f"{receipt}/correct", f"{receipt}/withdraw"):
        for method in ("GET", "POST"):
            answer = someone.browser.open(where, method=method, data=ADA | {"novita": "true"}, headers=OWN)
            assert answer.status_code == 403
            for shown in (page, answer):
                assert not re.search(r"Ada|Vera|ada\.|234567|•", shown.text.split("<main>")[1])
    assert dict(responses_in(service.store, "gruppo", 1).__next__().answers) == before
    assert "novita 1" not in consents(service)
    assert "A•••" in ada.browser.get(mine).text
    assert re.search(r'form-reference">([^<]+)<', page.text)[1] in ada.browser.get(mine).text  # type: ignore[index]


def test_a_withdrawal_that_meets_the_confirmation_is_its_owners_alone(
    service: Service, someone: Respondent, ada: Respondent, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = someone.sign_up().partition("?")[0]
    (mail,) = someone.mails()
    withdraw, turns = service.store.changes.withdraw, iter([True])

    def confirmed_meanwhile(*which: Any, **more: Any) -> bool:
        if next(turns, False):
            ada.post(link(mail, "confirm"))
        return withdraw(*which, **more)

    monkeypatch.setattr(service.store.changes, "withdraw", confirmed_meanwhile)
    assert someone.browser.post(f"{mine}/withdraw", headers=OWN).status_code == 403
    assert service.store.counts("gruppo") == {"kept": 1}
    assert service.retention.replay() == 0  # nothing was written down either
    ada.post(f"{link(mail, 'receipt').partition('?')[0]}/withdraw")
    assert service.store.counts("gruppo") == {"withdrawn": 1}


def test_pressing_twice_withdraws_once(service: Service, someone: Respondent, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = someone.sign_up().partition("?")[0]
    withdraw = service.store.changes.withdraw

    def withdrawn_meanwhile(*which: Any, **more: Any) -> bool:
        withdraw(*which, **more)
        return withdraw(*which, **more)

    monkeypatch.setattr(service.store.changes, "withdraw", withdrawn_meanwhile)
    assert someone.browser.post(f"{mine}/withdraw", headers=OWN).status_code == 303
    assert service.store.counts("gruppo") == {"withdrawn": 1}


def test_the_page_that_confirms_shows_the_answers_and_the_texts_agreed_to(
    someone: Respondent, ada: Respondent, service: Service
) -> None:
    someone.post("/forms/gruppo", MINE | {"novita": "true"})
    page = ada.browser.get(link(ada.mails()[0], "confirm")).text
    for shown in ("Ada Vera", ADDRESS, "+39021234567", "Voglio ricevere la lettera ogni mese."):
        assert shown in page
    assert consents(service) == {"consenso 1": (False, False), "novita 1": (False, False)}
    ada.post(link(ada.mails()[0], "confirm"))
    assert consents(service) == {"consenso 1": (True, False), "novita 1": (True, False)}


def test_what_is_added_after_the_mail_is_confirmed_only_by_who_has_seen_it(
    someone: Respondent, ada: Respondent, service: Service
) -> None:
    receipt = someone.sign_up()
    where = link(ada.mails()[0], "confirm")
    opened = re.search(r'name="_seen" value="([\w-]+)"', ada.browser.get(where).text)
    assert opened
    someone.post(f"{receipt}/correct", ADA | {"novita": "true"})
    for data in ({}, {"_seen": opened[1]}, {"_seen": "x"}):
        answer = ada.browser.post(where, data=data, headers=OWN)
        assert answer.status_code == 200
        assert "Voglio ricevere la lettera" in answer.text
        assert service.store.counts("gruppo") == {"pending": 1}
    seen = re.search(r'name="_seen" value="([\w-]+)"', answer.text)
    assert seen
    ada.post(where, {"_seen": seen[1]})
    assert consents(service) == {"consenso 1": (True, False), "novita 1": (True, False)}


def test_the_owner_adds_and_takes_back_consents_by_the_mailed_link(
    someone: Respondent, ada: Respondent, service: Service, now: list[datetime]
) -> None:
    someone.sign_up()
    mine = ada.post(link(ada.mails()[0], "confirm")).partition("?")[0]
    now[0] += timedelta(days=1)
    ada.post(f"{mine}/correct", MINE | {"novita": "true"})
    assert consents(service) == {"consenso 1": (True, False), "novita 1": (True, False)}
    ada.post(f"{mine}/correct", MINE)
    assert consents(service)["novita 1"] == (True, True)


def test_another_address_is_its_owners_own(
    someone: Respondent, ada: Respondent, service: Service, now: list[datetime]
) -> None:
    receipt = someone.sign_up()
    first = ada.mails()[0]
    mine = ada.post(link(first, "confirm")).partition("?")[0]
    now[0] += timedelta(days=1)
    bea = ADA | {"email": "bea@example.org", "novita": "true"}
    assert ada.browser.post(f"{mine}/correct", data=bea, headers=OWN).status_code == 200
    assert consents(service, "bea@example.org") == {
        "consenso 1": (True, True),  # the one before gave it, and for that address
        "consenso 2": (False, False),
        "novita 1": (False, False),
    }
    hers = Respondent(service).post(link(ada.mails()[-1], "confirm")).partition("?")[0]
    assert hers != mine
    for dead in (mine, link(first, "confirm"), link(first, "receipt"), f"{mine}/correct"):
        assert ada.browser.get(dead).status_code == 404
    assert "Confermato" in someone.browser.get(receipt).text
    assert consents(service, "bea@example.org")["consenso 2"] == (True, False)


def test_what_waits_is_corrected_by_whoever_sent_it_and_another_address_confirms(
    someone: Respondent, ada: Respondent, service: Service
) -> None:
    receipt = someone.sign_up()
    first = ada.mails()[0]
    assert someone.post(f"{receipt}/correct", ADA | {"email": "bea@example.org"}) == receipt
    for purpose in ("confirm", "receipt"):
        assert ada.browser.get(link(first, purpose)).status_code == 404
    second = ada.mails()[-1]
    assert second["To"] == "bea@example.org"
    ada.post(link(second, "confirm"))
    assert "Confermato" in someone.browser.get(receipt).text


def test_a_sign_up_that_nobody_confirmed_in_time_opens_no_more(
    someone: Respondent, service: Service, now: list[datetime]
) -> None:
    receipt = someone.sign_up()
    now[0] += timedelta(days=14)
    assert "7 dicembre 2026" in someone.browser.get(receipt).text
    now[0] += timedelta(days=1)
    assert someone.browser.get(receipt).status_code == 404
    assert someone.browser.post(f"{receipt}/correct", data=ADA | {"nome": "x"}, headers=OWN).status_code == 404


def test_the_mail_to_a_corrected_address_says_the_day_that_was_said_first(
    someone: Respondent, now: list[datetime]
) -> None:
    receipt = someone.sign_up()
    now[0] += timedelta(days=5)
    someone.post(f"{receipt}/correct", ADA | {"email": "bea@example.org", "_key": KEY})
    body = someone.mails()[-1].get_body(("plain",))
    assert body is not None
    assert "7 dicembre 2026" in body.get_content()
