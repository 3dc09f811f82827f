"""Mail at the desk: why a letter is not there, sent once more or given up, once."""

from __future__ import annotations

import re

import pytest

from forms_server.context import Service
from forms_server.desk.screens.decisions import mail as module
from forms_server.mail.composer import KINDS
from forms_server.messages import ABOUT
from tests.forms_server.desk.keeper import BASE, command, keeper
from tests.forms_server.desk.screens.decisions.test_comments import said
from tests.forms_server.samples import Respondent, link
from tests.forms_server.test_posting import KEY

ADA = "ada.prova@example.org"


def dead(service: Service, fault: str = "550", **changes: str) -> str:
    """Have somebody sign up whose letter cannot be delivered; give its id."""
    Respondent(service).sign_up(**changes)
    mail = service.store.outbox.take(service.intake.now())
    assert mail
    service.store.outbox.bury(mail.id, fault)
    return mail.id


def test_a_letter_stands_there_with_why_and_to_whom_once_that_is_asked_for(service: Service) -> None:
    ada = keeper(service, "secretary")
    dead(service)
    assert "E-mail che non si possono consegnare: 1" in said(ada.get("/desk/"))
    page = ada.get("/desk/mail/")
    assert "chiede di confermare un’iscrizione" in said(page)
    assert "Il nostro server di posta la rifiuta per sempre (550)" in said(page)
    assert "a…@example.org" in said(page)
    assert ADA not in page.text
    assert ADA in said(ada.post("/desk/mail/open"))
    assert [entry.action for entry in service.store.desk_log.newest(9)].count("mail") == 1


def test_a_letter_is_sent_again_or_given_up_by_whoever_comes_first(service: Service) -> None:
    ada, eva = keeper(service, "secretary"), keeper(service, "administrator")
    letter = {"letter": dead(service)}
    page = said(ada.post("/desk/mail/again", letter))
    assert "Si riprova a inviarla." in page
    assert "1 e-mail aspetta di essere riprovata" in page
    assert service.store.outbox.in_states() == {"waiting": 1}
    late = eva.post("/desk/mail/again", letter)
    assert (late.status_code, "Nel frattempo qualcun altro" in said(late)) == (409, True)
    sure = ada.post("/desk/mail/give-up", letter)
    assert "Rinunciare a questa e-mail?" in said(sure)
    assert "chiede di confermare un’iscrizione, Gruppo, a…@example.org, 23 nov 2026, 13:00" in said(sure)
    assert "Non parte più." in said(ada.post("/desk/mail/give-up", ada.hidden(sure)))
    assert eva.post("/desk/mail/give-up", letter | {"sure": "yes"}).status_code == 409
    assert service.store.outbox.in_states() == {}
    assert Respondent(service).mails()[-1]["To"] == "administrator@example.org"
    assert "does not wait" in command(service, "mail", "--again", letter["letter"], LANGUAGE="en")


def test_what_is_said_where_nothing_failed_for_good_is_true(service: Service) -> None:
    ada, outbox = keeper(service, "secretary"), service.store.outbox
    whole = "Finora tutte le e-mail si sono potute consegnare"
    assert whole in said(ada.get("/desk/mail/"))
    Respondent(service).sign_up()
    assert whole in said(ada.get("/desk/mail/"))  # it goes out now
    mail = outbox.take(service.intake.now())
    assert mail
    outbox.delay(mail.id, service.intake.now(), "451")
    page = said(ada.get("/desk/mail/"))
    assert whole not in page
    assert "1 e-mail aspetta di essere riprovata" in page
    assert "chiede di riprovare più tardi (451)" in page
    outbox.sent(mail.id)
    outbox.come_back(mail.id, ADA, "5.2.2", service.intake.now())
    page = said(ada.get("/desk/mail/"))
    assert (whole in page, "1 e-mail è tornata indietro" in page) == (False, True)
    letter = {"letter": dead(service, _key=KEY + "y"), "sure": "yes"}
    page = said(ada.post("/desk/mail/give-up", letter))
    assert (whole in page, "1 e-mail tolta dalla spedizione" in page) == (False, True)


def test_whoever_a_letter_came_back_from_is_said_beside_the_next_one(service: Service) -> None:
    ada = keeper(service, "secretary")
    Respondent(service).sign_up()
    mails = Respondent(service).mails()
    name = str(mails[-1]["Message-ID"])[1:].partition("@")[0]
    assert service.store.outbox.come_back(name, ADA, "5.2.2", service.intake.now())
    assert "La casella è piena (5.2.2)." in said(ada.get("/desk/mail/?state=bounced"))
    assert "l’e-mail del 23 nov 2026" in said(ada.post("/desk/people/find", {"address": ADA}))
    dead(service, "451", _key=KEY + "x")
    assert "un’e-mail precedente è tornata indietro" not in said(ada.get("/desk/mail/"))


def test_every_kind_of_mail_is_called_something() -> None:
    assert set(ABOUT) == set(KINDS)


def test_pages_of_letters_follow_each_other(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ON_A_PAGE", 2)
    ada = keeper(service, "secretary")
    for number in range(5):
        dead(service, _key=f"{KEY}{number}", email=f"p{number}@example.org")
    shown: list[str] = []
    where = "/desk/mail/"
    for _ in range(4):
        page = ada.get(where).text
        shown += re.findall(r'mail/again"><input type="hidden" name="letter" value="([^"]*)"', page)
        more = re.search(r'href="([^"]*after=[^"]*)"', page)
        if not more:
            break
        where = more[1].replace("&amp;", "&")
    assert len(shown) == len(set(shown)) == 5
    assert ada.get("/desk/mail/?state=x&after=x").status_code == 200
    assert ada.post("/desk/mail/again", {"letter": "x"}).status_code == 409


def returned(service: Service, fault: str = "5.1.1") -> dict[str, str]:
    """Have somebody sign up whose letter comes back; give what names it."""
    Respondent(service).sign_up()
    name = str(Respondent(service).mails()[-1]["Message-ID"])[1:].partition("@")[0]
    assert service.store.outbox.come_back(name, ADA, fault, service.intake.now())
    return {"letter": name}


def test_a_letter_that_came_back_goes_out_once_more_to_the_same_address(service: Service) -> None:
    ada, letter = keeper(service, "secretary"), returned(service, "5.2.2")
    assert 'action="/desk/mail/returned"' in ada.get("/desk/mail/?state=bounced").text
    asked = ada.post("/desk/mail/returned", letter)
    assert f'value="{ADA}"' in asked.text
    assert "parte adesso" in said(ada.post("/desk/mail/returned", letter | {"address": ADA.upper()}))
    assert service.store.outbox.in_states() == {"waiting": 1}
    assert Respondent(service).mails()[-1]["To"].lower() == ADA
    late = ada.post("/desk/mail/returned", letter | {"address": ADA})
    assert (late.status_code, "non è più tra quelle tornate indietro o non" in said(late)) == (409, True)
    assert [entry.action for entry in service.store.desk_log.newest(9)].count("mail-again") == 1


def test_the_right_address_takes_the_place_of_the_one_that_a_letter_came_back_from(service: Service) -> None:
    ada, letter = keeper(service, "secretary"), returned(service)
    wrong = ada.post("/desk/mail/returned", letter | {"address": "ada"})
    assert (wrong.status_code, 'value="ada"' in wrong.text) == (422, True)
    told = ada.post("/desk/mail/returned", letter | {"address": "ada@example.net"})
    assert "L’indirizzo è corretto" in said(told)
    mail = Respondent(service).mails()[-1]
    assert (mail["To"], service.store.outbox.in_states()) == ("ada@example.net", {})
    assert service.store.counts("gruppo") == {"pending": 1}
    Respondent(service).post(link(mail, "confirm", BASE))
    assert service.store.counts("gruppo") == {"kept": 1}


def test_the_right_address_is_typed_for_a_letter_that_was_refused_too(service: Service) -> None:
    ada, letter = keeper(service, "secretary"), {"letter": dead(service), "state": "dead"}
    assert "A un altro indirizzo" in said(ada.get("/desk/mail/"))
    asked = ada.post("/desk/mail/returned", letter)
    assert f'value="{ADA}"' in asked.text
    assert "parte adesso" in said(ada.post("/desk/mail/returned", letter | {"address": ADA}))
    mail = service.store.outbox.take(service.intake.now())
    assert mail
    service.store.outbox.bury(mail.id, "550")
    told = ada.post("/desk/mail/returned", letter | {"letter": mail.id, "address": "ada@example.net"})
    assert "L’indirizzo è corretto" in said(told)
    assert Respondent(service).mails()[-1]["To"] == "ada@example.net"
    assert service.store.outbox.in_states() == {}


def test_the_command_sends_a_letter_that_came_back_too(service: Service) -> None:
    first, other = returned(service)["letter"], ("--to", "ada@example.net")
    told = command(service, "mail", "--again", first, LANGUAGE="en")
    assert told == f"{first}: The letter is written once more and goes out now.\n"
    assert "does not wait" in command(service, "mail", "--again", first, *other, LANGUAGE="en")
    (waiting,) = service.store.outbox.listed("waiting", 9)
    service.store.outbox.sent(waiting.id)
    assert service.store.outbox.come_back(waiting.id, ADA, "5.1.1", service.intake.now())
    assert "The address is corrected" in command(service, "mail", "--again", waiting.id, *other, LANGUAGE="en")
    assert [mail.recipient for mail in service.store.outbox.listed("waiting", 9)] == ["ada@example.net"]
    command(service, "mail", "--again", first, first, *other, code=2)


def test_a_letter_that_would_say_what_is_so_no_more_is_not_sent_again(service: Service) -> None:
    Respondent(service).sign_up()
    mail = Respondent(service).mails()[-1]
    name = str(mail["Message-ID"])[1:].partition("@")[0]
    Respondent(service).post(link(mail, "confirm"))
    assert service.store.outbox.come_back(name, ADA, "5.1.1", service.intake.now())
    refused = keeper(service, "secretary").post("/desk/mail/returned", {"letter": name, "address": ADA})
    assert (refused.status_code, "non si conserva" in said(refused)) == (422, True)
    assert service.store.outbox.in_states() == {"bounced": 1}
