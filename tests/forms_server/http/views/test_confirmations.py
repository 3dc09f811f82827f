"""A sign-up is pending until the button of the page that its mail opens is pressed."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import URL

from forms_server.context import Service
from tests.forms_server.http.views.conftest import Everything
from tests.forms_server.samples import ADA, Respondent, link, running
from tests.forms_server.stored import responses_in
from tests.forms_server.test_posting import KEY, OWN


def test_a_sign_up_is_pending_until_the_button_is_pressed(ada: Respondent, service: Service) -> None:
    receipt = ada.sign_up()
    page = ada.browser.get(receipt).text
    assert "<strong>in attesa</strong>" in page
    assert "7 dicembre 2026" in page
    where = link(ada.mails()[0], "confirm")
    assert "a•••@example.org" in ada.browser.get(where).text
    assert list(responses_in(service.store, "gruppo", 1)) == []
    then = ada.post(where)
    assert "Abbiamo registrato i tuoi dati" in ada.browser.get(then).text
    assert "in attesa" not in ada.browser.get(receipt).text
    (member,) = responses_in(service.store, "gruppo", 1)
    assert member.answers["email"] == "ada.prova@example.org"


def test_the_mail_begins_with_who_writes_and_has_the_reference_of_the_receipt(ada: Respondent) -> None:
    receipt = ada.browser.get(ada.sign_up()).text
    (reference,) = re.findall(r'form-reference">([\w-]{9})<', receipt)
    body = ada.mails()[0].get_body(("plain",))
    assert body is not None
    said = body.get_content()
    assert said.startswith("redazione@example.org – Gruppo")  # a portal's name, where it has one
    assert reference in said


def test_what_the_service_says_of_a_sign_up_is_true_of_any(ada: Respondent) -> None:
    receipt = ada.sign_up()
    pages = [ada.browser.get("/forms/gruppo").text, ada.browser.get(receipt).text]
    pages += [ada.browser.get(f"{receipt}/withdraw").text]
    body = ada.mails()[0].get_body(("plain",))
    assert body is not None
    pages += [body.get_content()]
    ada.post(link(ada.mails()[0], "confirm"))
    pages += [ada.browser.get(receipt).text]
    for own in ("tuo interesse", "non fai parte", "il gruppo nasce", "Qualcuno"):
        assert [page for page in pages if own in page] == []


def test_a_survey_is_kept_at_once_and_sends_no_mail(ada: Respondent, service: Service) -> None:
    ada.answer_survey()
    assert service.store.counts("sondaggio") == {"kept": 1}
    assert ada.mails() == []


def test_the_same_sign_up_sent_twice_writes_one_mail(ada: Respondent) -> None:
    assert ada.sign_up() == ada.sign_up()
    assert len(ada.mails()) == 1


def test_confirming_twice_says_so_and_changes_nothing(ada: Respondent, everything: Everything) -> None:
    ada.sign_up()
    where = link(ada.mails()[0], "confirm")
    ada.post(where)
    before = everything()
    for answer in (ada.browser.get(where), ada.browser.post(where, headers=OWN)):
        assert answer.status_code == 200
        assert "Sei già nell’elenco" in answer.text
    assert everything() == before


def test_a_known_address_gets_the_same_page_and_its_owner_a_mail(ada: Respondent, service: Service) -> None:
    first = ada.sign_up()
    fresh = ada.browser.get(first)
    (mail,) = ada.mails()
    ada.post(link(mail, "confirm"))
    second = ada.sign_up(_key=KEY + "2", email="Ada.Prova@EXAMPLE.org")
    again = ada.browser.get(second)

    def without_own(page: str, receipt: str) -> str:
        reference = page.split('form-reference">')[1][:9]
        return page.replace(receipt, "").replace(reference, "").replace("A•••", "a•••")

    assert without_own(again.text, second) == without_own(fresh.text, first)
    told = ada.mails()[-1]
    assert "Sei già nell’elenco" in told["Subject"]
    assert service.store.counts("gruppo") == {"kept": 1, "pending": 1}
    assert "Abbiamo registrato i tuoi dati" in ada.browser.get(link(told, "receipt")).text
    ada.post(link(told, "receipt").replace("?", "/withdraw?"))
    assert service.store.counts("gruppo") == {"pending": 1, "withdrawn": 1}


def test_a_second_link_to_a_member_is_of_no_more_use(ada: Respondent, service: Service) -> None:
    ada.sign_up()
    ada.sign_up(_key=KEY + "2")
    links = [link(mail, "confirm") for mail in ada.mails()]
    ada.post(links[1])
    assert "Sei già nell’elenco" in ada.browser.post(links[0], headers=OWN).text
    assert service.store.counts("gruppo") == {"kept": 1, "pending": 1}


@pytest.mark.parametrize(("days", "status"), [(14, 303), (15, 404)])
def test_a_link_is_good_for_14_days(
    ada: Respondent, service: Service, now: list[datetime], days: int, status: int
) -> None:
    ada.sign_up()
    where = link(ada.mails()[0], "confirm")
    now[0] += timedelta(days=days)
    assert ada.browser.get(where).status_code == (200 if status == 303 else status)
    assert ada.browser.post(where, headers=OWN).status_code == status
    assert service.store.counts("gruppo") == {"kept" if status == 303 else "pending": 1}


def without_group(service: Service) -> None:
    """Take the form of the group away, as a folder without its file does."""
    service.forms.replace({name: served for name, served in service.forms.items() if name != "gruppo"})


def test_a_sign_up_to_a_form_that_is_gone_cannot_be_confirmed_and_its_owner_reads_what_becomes_of_it(
    ada: Respondent, service: Service, now: list[datetime], everything: Everything
) -> None:
    own = ada.sign_up()
    (mail,) = ada.mails()
    without_group(service)
    before = everything()
    where = link(mail, "confirm")
    for answer in (ada.browser.get(where), ada.browser.post(where, headers=OWN)):
        assert answer.status_code == 410
        assert "Questo modulo non è più aperto" in answer.text
        assert "non si può più confermare" in answer.text
        assert "7 dicembre 2026" in answer.text
    for receipt in (own, link(mail, "receipt")):
        page = ada.browser.get(receipt)
        assert page.status_code == 200
        assert "non si può più confermare" in page.text
        assert "Puoi confermare fino" not in page.text
        assert "7 dicembre 2026" in page.text
    assert ada.browser.get(own + "/correct").status_code == 410
    assert everything() == before
    (withdraw,) = re.findall(r'href="(/forms/gruppo/receipt/\S+/withdraw\?lang=it)"', answer.text)
    assert ada.browser.get(withdraw).status_code == 200
    assert ada.browser.get(ada.post(withdraw)).status_code == 200
    assert service.store.counts("gruppo") == {"withdrawn": 1}
    assert ada.browser.get(where).status_code == 404


def test_the_one_click_of_a_mail_program_withdraws_from_a_form_that_is_gone(ada: Respondent, service: Service) -> None:
    ada.sign_up()
    (mail,) = ada.mails()
    without_group(service)
    answer = ada.browser.post(mail["List-Unsubscribe"].strip("<>"), data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert service.store.counts("gruppo") == {"withdrawn": 1}


def test_what_nobody_confirmed_of_a_form_that_is_gone_is_erased_in_its_time(
    ada: Respondent, service: Service, now: list[datetime]
) -> None:
    ada.sign_up()
    where = link(ada.mails()[0], "confirm")
    without_group(service)
    now[0] += timedelta(days=15)
    assert ada.browser.get(where).status_code == 404
    service.retention.purge([served.form for served in service.forms.values()])
    assert service.store.counts("gruppo") == {"expired": 1}


def test_a_member_of_a_group_whose_form_is_gone_still_sees_and_withdraws(ada: Respondent, service: Service) -> None:
    ada.sign_up()
    (mail,) = ada.mails()
    ada.post(link(mail, "confirm"))
    without_group(service)
    for answer in (ada.browser.get(link(mail, "confirm")), ada.browser.post(link(mail, "confirm"), headers=OWN)):
        assert answer.status_code == 200
        assert "Sei già nell’elenco" in answer.text
    page = ada.browser.get(link(mail, "receipt")).text
    assert "Sei nell’elenco" in page
    assert "/correct" not in page
    ada.post(link(mail, "receipt").replace("?", "/withdraw?"))
    assert service.store.counts("gruppo") == {"withdrawn": 1}


def test_a_form_that_comes_back_confirms_again(ada: Respondent, service: Service) -> None:
    ada.sign_up()
    where = link(ada.mails()[0], "confirm")
    forms = dict(service.forms.items())
    without_group(service)
    assert ada.browser.post(where, headers=OWN).status_code == 410
    service.forms.replace(forms)
    ada.post(where)
    assert service.store.counts("gruppo") == {"kept": 1}


def test_a_link_that_confirms_nothing_gets_one_clear_page_and_changes_nothing(
    ada: Respondent, everything: Everything
) -> None:
    receipt = ada.sign_up()
    good = link(ada.mails()[0], "confirm")
    before = everything()
    token = good.split("/")[-1].partition("?")[0]
    bad = [
        good.replace(token, "x" * 43),
        good.replace(token, token[:-1]),
        good.replace(token, ("A" if token[0] != "A" else "B") + token[1:]),
        good.replace("/gruppo/", "/sondaggio/"),
        good.replace("/gruppo/", "/niente/"),
        good.replace(token, receipt.rsplit("/", 1)[1]),
    ]
    for where in bad:
        for answer in (ada.browser.get(where), ada.browser.post(where, headers=OWN)):
            assert answer.status_code == 404
            assert "non conferma niente" in answer.text
    assert ada.browser.post(good, headers={"Origin": "https://elsewhere.example"}).status_code == 403
    assert everything() == before


def test_what_was_withdrawn_can_be_confirmed_no_more(ada: Respondent, service: Service) -> None:
    receipt = ada.sign_up()
    where = link(ada.mails()[0], "confirm")
    ada.post(f"{receipt}/withdraw")
    assert ada.browser.post(where, headers=OWN).status_code == 404
    assert service.store.counts("gruppo") == {"withdrawn": 1}


def test_a_withdrawal_takes_the_mail_along_that_has_not_been_sent(ada: Respondent) -> None:
    ada.post(f"{ada.sign_up()}/withdraw")
    assert ada.mails() == []


def test_a_full_form_says_so_and_keeps_nothing(tmp_path: Path, sqlite_url: URL, now: list[datetime]) -> None:
    def one_place(form: str) -> str:
        return form.replace("form:kind: signup", "form:kind: signup\nform:places: 1")

    with running(tmp_path, sqlite_url, lambda: now[0], one_place) as service:
        ada = Respondent(service)
        ada.sign_up()
        other = ADA | {"_key": KEY + "2", "email": "b@example.org"}
        answer = ada.browser.post("/forms/gruppo", data=other, headers=OWN)
        assert answer.status_code == 409
        assert "Tutti i posti sono occupati" in answer.text
        assert service.store.counts("gruppo") == {"pending": 1}


def test_nothing_of_a_survey_can_be_joined_with_a_sign_up(ada: Respondent, everything: Everything) -> None:
    ada.answer_survey()
    ada.sign_up()
    by_form: dict[object, set[object]] = {}
    for row in everything()["responses"]:
        shared = {"kept", "pending", "web", "it"}
        values: set[object] = {value for value in row if isinstance(value, str) and value not in shared}
        by_form[row[1]] = values
    assert by_form["sondaggio"] & by_form["gruppo"] == set()
