"""By a receipt's link, and by nothing else, a respondent sees, corrects and withdraws what is kept."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from sqlalchemy import URL

from forms_server.context import Service
from forms_server.privacy.data_subjects import DataSubjects
from forms_server.privacy.subject_report import copy_of
from tests.forms_server.http.views.conftest import Everything
from tests.forms_server.samples import ADA, Respondent, link, running
from tests.forms_server.stored import responses_in
from tests.forms_server.test_posting import GOOD, KEY, OWN


def answers(service: Service, form: str = "sondaggio") -> list[dict[str, str]]:
    return [dict(response.answers) for response in responses_in(service.store, form, 1)]


def test_a_receipt_says_how_long_the_answers_stay_and_offers_to_correct_and_withdraw(ada: Respondent) -> None:
    receipt = ada.answer_survey()
    page = ada.browser.get(receipt)
    assert "23 novembre 2028" in page.text
    assert f'href="{receipt}/correct?lang=it"' in page.text
    assert f'href="{receipt}/withdraw?lang=it"' in page.text


def test_a_receipt_can_be_copied_printed_and_sent_to_oneself(ada: Respondent) -> None:
    receipt = ada.answer_survey()
    page = ada.browser.get(receipt).text
    whole = f"http://localhost{receipt.partition('?')[0]}"
    assert f'data-copy="{whole}"' in page
    assert re.search(r"<button [^>]*data-copy[^>]* hidden>Copia l’indirizzo<", page), "without a script nobody sees it"
    assert re.search(r"<button [^>]*data-print hidden>Stampa<", page)
    (mail,) = re.findall(r'href="(mailto:\?[^"]*)"', page)
    assert parse_qs(mail.replace("&amp;", "&").partition("?")[2])["body"] == [whole]
    (calendar,) = re.findall(r'href="(/forms/sondaggio/closes.ics\?lang=it)"', page)
    file = ada.browser.get(calendar)
    assert file.content_type.startswith("text/calendar")
    assert "SUMMARY:Ultimo giorno per rispondere: Sondaggio" in file.text
    assert receipt.rpartition("/")[2] not in file.text, "calendars are shared: the secret stays out"
    assert ada.browser.get("/forms/gruppo/closes.ics").status_code == 404


def test_looking_changes_nothing(ada: Respondent, everything: Everything) -> None:
    survey, group = ada.answer_survey(), ada.sign_up()
    mail = link(ada.mails()[0], "confirm")
    before = everything()
    for receipt in (survey, group):
        for page in ("", "/correct", "/withdraw", "?lang=en"):
            for ask in (ada.browser.get, ada.browser.head):
                assert ask(receipt + page).status_code == 200
    assert ada.browser.get(mail).status_code == 200
    assert ada.browser.get("/forms/gruppo/withdrawn").status_code == 200
    assert everything() == before


@pytest.mark.parametrize("page", ["", "/correct", "/withdraw"])
def test_every_page_of_a_receipt_is_private(ada: Respondent, page: str) -> None:
    answer = ada.browser.get(ada.sign_up() + page)
    assert answer.headers["Cache-Control"] == "no-store"
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert answer.headers["Referrer-Policy"] == "strict-origin"


def test_a_receipt_shows_contact_data_masked(ada: Respondent) -> None:
    page = ada.browser.get(ada.sign_up()).text
    assert "a•••@example.org" in page
    assert "ada.prova" not in page
    assert "Ada Prova" not in page


def test_the_form_to_correct_holds_the_answers_that_are_kept(ada: Respondent) -> None:
    page = ada.browser.get(ada.answer_survey() + "/correct").text
    assert 'value="casa" checked' in page
    assert "Salva la correzione</button>" in page
    assert "Invia le risposte" not in page
    assert "perché sì</textarea>" in page


def test_a_correction_takes_the_place_of_the_answers(ada: Respondent, service: Service, everything: Everything) -> None:
    receipt = ada.answer_survey()
    assert ada.post(f"{receipt}/correct", {"luogo": "ufficio", "commento": ""}) == receipt
    assert answers(service) == [{"luogo": "ufficio", "commento": ""}]
    assert "Ufficio" in ada.browser.get(receipt).text
    assert len(everything()["corrections"]) == 1
    assert "perché sì" not in str(everything())


CONDITIONAL = """\
- {name: ore, title: Ore, type: integer, form:section: Di più}
- name: aiuto
  title: Aiuto?
  type: string
  form:section: {title: Aiuti, form:showIf: {field: ore, atLeast: 10}}
- name: quale
  title: Quale?
  type: string
  form:showIf: {not: {field: aiuto, answered: false}}
  constraints: {required: true}
"""


def test_a_correction_forgets_what_is_asked_no_more_and_asks_what_now_is(tmp_path: Path, sqlite_url: URL) -> None:
    noon = datetime(2026, 11, 23, 12, tzinfo=UTC)
    with running(tmp_path, sqlite_url, lambda: noon, lambda form: form + CONDITIONAL) as service:
        ada = Respondent(service)
        ada.sign_up(ore="12", aiuto="Un corso", quale="Breve")
        ada.post(link(ada.mails()[0], "confirm"))
        receipt = link(ada.mails()[-1], "receipt").partition("?")[0]
        page = ada.browser.get(f"{receipt}/correct").text
        assert 'value="Un corso"' in page
        assert 'data-show-if="{&#34;atLeast' in page

        ada.post(f"{receipt}/correct", {**ADA, "ore": "9", "aiuto": "Un corso", "quale": "Breve"})
        (kept,) = answers(service, "gruppo")
        assert (kept["ore"], kept["aiuto"], kept["quale"]) == ("9", "not-shown", "not-shown")
        assert "Un corso" not in ada.browser.get(f"{receipt}/correct").text

        refused = ada.browser.post(f"{receipt}/correct", data={**ADA, "ore": "10", "aiuto": "Un libro"}, headers=OWN)
        assert refused.status_code == 422
        assert "Rispondi a «Quale?»" in refused.text
        ada.post(f"{receipt}/correct", {**ADA, "ore": "10", "aiuto": "Un libro", "quale": "Lungo"})
        (kept,) = answers(service, "gruppo")
        assert (kept["ore"], kept["aiuto"], kept["quale"]) == ("10", "Un libro", "Lungo")


def test_a_correction_with_problems_keeps_the_answers_as_they_were(
    ada: Respondent, service: Service, everything: Everything
) -> None:
    receipt = ada.answer_survey()
    before = everything()
    for bad in ({"luogo": "mare", "commento": "tengo"}, {"_version": "0" * 16, "commento": "tengo"}):
        answer = ada.browser.post(f"{receipt}/correct", data=bad, headers=OWN)
        assert answer.status_code == 422
        assert "<title>Errore: " in answer.text
        assert "tengo</textarea>" in answer.text
    raw = ada.browser.post(
        f"{receipt}/correct", data=b"commento=a%00", content_type="application/x-www-form-urlencoded", headers=OWN
    )
    assert raw.status_code == 422
    assert ada.browser.post(f"{receipt}/correct", data=b"x", content_type="text/plain", headers=OWN).status_code == 415
    assert everything() == before


def test_a_correction_that_leaves_no_answer_is_told_to_withdraw(
    ada: Respondent, service: Service, everything: Everything
) -> None:
    receipt = ada.answer_survey()
    before = everything()
    answer = ada.browser.post(f"{receipt}/correct", data={"luogo": "", "commento": " "}, headers=OWN)
    assert answer.status_code == 422
    (summary,) = re.findall(r'<div class="form-summary".*?</div>', answer.text, re.DOTALL)
    assert "Non resta nessuna risposta" in summary
    assert f'<a href="{receipt}/withdraw?lang=it">Ritira quello che hai inviato</a>' in summary
    assert ada.browser.get(f"{receipt}/withdraw?lang=it").status_code == 200
    assert everything() == before


def test_a_closed_form_is_corrected_no_more_but_withdrawn_still(
    ada: Respondent, service: Service, now: list[datetime]
) -> None:
    receipt = ada.answer_survey()
    now[0] = datetime(2027, 7, 1, tzinfo=UTC)
    assert f"{receipt}/correct" not in ada.browser.get(receipt).text
    assert ada.browser.get(f"{receipt}/correct").status_code == 410
    assert ada.browser.post(f"{receipt}/correct", data={"luogo": "ufficio"}, headers=OWN).status_code == 410
    assert answers(service) == [{"luogo": "casa", "commento": "perché sì"}]
    ada.post(f"{receipt}/withdraw")
    assert answers(service) == []


def test_withdrawing_takes_a_button_and_then_the_receipt_opens_no_more(
    ada: Respondent, service: Service, everything: Everything
) -> None:
    receipt = ada.answer_survey()
    page = ada.browser.get(f"{receipt}/withdraw").text
    assert re.search(r'<form[^>]* method="post" action="[^"]*/withdraw\?lang=it"', page)
    where = ada.post(f"{receipt}/withdraw")
    assert "Ritirato" in ada.browser.get(where).text
    for method, then in (("GET", ""), ("GET", "/correct"), ("POST", "/correct"), ("POST", "/withdraw")):
        assert ada.browser.open(receipt + then, method=method, headers=OWN, data={}).status_code == 404
    assert service.store.counts("sondaggio") == {"withdrawn": 1}
    assert "perché sì" not in str(everything())


def test_what_is_withdrawn_stands_in_no_file_of_the_service(ada: Respondent, service: Service, tmp_path: Path) -> None:
    receipt = ada.answer_survey(commento="canary-4711")
    ada.post(f"{receipt}/withdraw")
    held = [file for file in tmp_path.rglob("*") if file.is_file() and b"canary-4711" in file.read_bytes()]
    assert held == []


def test_a_mail_programs_one_click_withdraws(ada: Respondent, service: Service) -> None:
    ada.sign_up()
    (mail,) = ada.mails()
    where = str(mail["List-Unsubscribe"]).strip("<>").removeprefix("http://localhost")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    answer = ada.browser.post(where, data={"List-Unsubscribe": "One-Click"})  # no Origin: it is no page
    assert answer.status_code == 200
    assert service.store.counts("gruppo") == {"withdrawn": 1}


def test_of_an_answer_that_nobody_writes_to_no_moment_is_kept(ada: Respondent, everything: Everything) -> None:
    receipt = ada.answer_survey()
    before = everything()
    assert "mail a tutte" not in ada.browser.get(receipt).text
    assert ada.browser.get(f"{receipt}/letters").status_code == 404
    for where in ("letters", "letters/again"):
        assert ada.browser.post(f"{receipt}/{where}", headers=OWN).status_code == 404
    assert everything() == before


@pytest.mark.parametrize("page", ["/correct", "/withdraw"])
def test_another_site_can_send_nothing_to_a_receipt(ada: Respondent, everything: Everything, page: str) -> None:
    receipt = ada.answer_survey()
    before = everything()
    foreign = {"Origin": "https://elsewhere.example"}
    assert ada.browser.post(receipt + page, data={"luogo": "ufficio"}, headers=foreign).status_code == 403
    assert everything() == before


def tampered(receipt: str) -> dict[str, str]:
    head, token = receipt.rsplit("/", 1)
    other = "A" if token[9] != "A" else "B"
    return {
        "unknown": f"{head}/{'x' * 43}",
        "tampered": f"{head}/{token[:9]}{other}{token[10:]}",
        "cut": f"{head}/{token[:-1]}",
        "foreign": f"{head.replace('sondaggio', 'gruppo')}/{token}",
        "of no form": f"{head.replace('sondaggio', 'niente')}/{token}",
        "with odd bytes": f"{head}/%01%ff'\"<",
    }


@pytest.mark.parametrize("fault", tampered("/forms/sondaggio/receipt/" + "a" * 43))
def test_a_receipt_that_is_none_gets_one_clear_page_and_changes_nothing(
    ada: Respondent, everything: Everything, fault: str
) -> None:
    where = tampered(ada.answer_survey())[fault]
    before = everything()
    for page, method in (
        ("", "GET"),
        ("/correct", "GET"),
        ("/withdraw", "GET"),
        ("/correct", "POST"),
        ("/withdraw", "POST"),
    ):
        answer = ada.browser.open(where + page, method=method, data=GOOD if method == "POST" else None, headers=OWN)
        assert answer.status_code == 404
        assert "non c’è una ricevuta" in answer.text
    assert everything() == before


def test_a_link_that_confirms_opens_no_receipt(ada: Respondent) -> None:
    ada.sign_up()
    where = link(ada.mails()[0], "confirm")
    assert ada.browser.get(where.replace("/confirm/", "/receipt/")).status_code == 404


def test_the_reference_is_the_same_by_either_link(ada: Respondent) -> None:
    own = ada.sign_up()
    mailed = link(ada.mails()[0], "receipt")
    found = [re.search(r'form-reference">([^<]+)<', ada.browser.get(where).text) for where in (own, mailed)]
    assert found[0] is not None
    assert found[1] is not None
    assert found[0][1] == found[1][1]


def test_another_address_is_confirmed_from_there_and_the_first_ones_mail_opens_nothing(
    ada: Respondent, service: Service, now: list[datetime]
) -> None:
    ada.sign_up()
    old = ada.mails()[0]
    mine = ada.post(link(old, "confirm")).partition("?")[0]
    now[0] += timedelta(days=100)
    answer = ada.browser.post(f"{mine}/correct", data=ADA | {"email": "nuova@example.org"}, headers=OWN)
    assert answer.status_code == 200
    assert "Conferma dal nuovo indirizzo" in answer.text
    assert service.store.counts("gruppo") == {"pending": 1}
    assert ada.browser.get(mine).status_code == 404
    new = ada.mails()[-1]
    assert new["To"] == "nuova@example.org"
    for purpose in ("confirm", "receipt"):
        assert ada.browser.get(link(old, purpose)).status_code == 404
    ada.post(link(new, "confirm"))
    assert [row["email"] for row in answers(service, "gruppo")] == ["nuova@example.org"]


def test_a_receipt_still_opens_and_withdraws_when_its_form_is_served_no_more(ada: Respondent, service: Service) -> None:
    receipt = ada.answer_survey()
    service.forms._forms.pop("sondaggio")
    assert ada.browser.get(receipt).status_code == 200
    assert ada.browser.get(f"{receipt}/correct").status_code == 410
    ada.post(f"{receipt}/withdraw")
    assert service.store.counts("sondaggio") == {"withdrawn": 1}


def test_a_withdrawal_that_cannot_be_written_down_erases_nothing(ada: Respondent, service: Service) -> None:
    receipt = ada.answer_survey()
    (service.settings.data / "tombstones.log").mkdir(parents=True)
    assert ada.browser.post(f"{receipt}/withdraw", headers=OWN).status_code == 503
    assert len(answers(service)) == 1


def test_answers_that_were_withdrawn_can_be_sent_anew(ada: Respondent, service: Service) -> None:
    ada.post(f"{ada.answer_survey()}/withdraw")
    ada.answer_survey(_key=KEY)
    assert service.store.counts("sondaggio") == {"kept": 1, "withdrawn": 1}


ENGLISH = """\
title: Group
fields:
- {name: nome, title: Name}
- {name: email, title: E-mail}
- {name: consenso, title: I agree, "form:notice": You may write to me.}
"""


def test_pages_and_mails_speak_the_language_of_the_last_answers_not_that_of_the_browser(
    tmp_path: Path, sqlite_url: URL
) -> None:
    noon = datetime(2026, 11, 23, 12, tzinfo=UTC)
    (tmp_path / "forms").mkdir()
    (tmp_path / "forms/gruppo.en.yaml").write_text(ENGLISH, encoding="utf-8")
    with running(tmp_path, sqlite_url, lambda: noon) as service:
        ada = Respondent(service)
        ada.sign_up()
        confirm = link(ada.mails()[0], "confirm")
        asked = ada.browser.get(confirm.partition("?")[0], headers={"Accept-Language": "en"}).text
        assert '<html lang="it"' in asked
        ada.post(confirm)
        receipt = link(ada.mails()[-1], "receipt").partition("?")[0]
        ada.post(f"{receipt}/correct", ADA | {"nome": "Ada Byron", "_lang": "en"})
        assert '<html lang="en"' in ada.browser.get(receipt, headers={"Accept-Language": "it"}).text
        (stored,) = responses_in(service.store, "gruppo", 1)
        assert stored.language == "en"


def test_a_form_that_is_no_longer_in_the_language_of_the_answers_is_shown_in_its_own(
    tmp_path: Path, sqlite_url: URL
) -> None:
    noon = datetime(2026, 11, 23, 12, tzinfo=UTC)
    with running(tmp_path, sqlite_url, lambda: noon) as service:
        receipt = Respondent(service).sign_up()
        (tmp_path / "forms/gruppo.en.yaml").write_text(ENGLISH, encoding="utf-8")
    with running(tmp_path, sqlite_url, lambda: noon) as service:
        in_english = Respondent(service).sign_up(_lang="en", _key=KEY + "2", email="eva@example.org")
    (tmp_path / "forms/gruppo.en.yaml").unlink()
    with running(tmp_path, sqlite_url, lambda: noon) as service:
        for page in (in_english, f"{in_english}/correct", f"{in_english}/withdraw"):
            assert Respondent(service).browser.get(page).status_code == 200
    with running(tmp_path, sqlite_url, lambda: noon, FORMS_LANGUAGE="de") as service:
        ada = Respondent(service)
        opened = ada.browser.get(receipt)
        assert (opened.status_code, '<html lang="de"' in opened.text) == (200, True)
        assert ada.browser.get(f"{receipt}/correct").status_code == 200
        held = DataSubjects(service.retention, service.secret).find(ADA["email"])
        assert "Ada Prova" in str(copy_of(held, service.forms, service.settings.content, noon))
        assert ada.mails()
