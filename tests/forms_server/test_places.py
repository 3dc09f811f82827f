"""Places, and those who wait for one: at the door, by mail, and as the clock goes on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from sqlalchemy import URL

from forms_server.context import Service
from forms_server.operations.offers import offer_places
from forms_server.publishing.export import counts_of
from tests.forms_server.desk.keeper import keeper
from tests.forms_server.samples import ADA, Respondent, link, running
from tests.forms_server.test_posting import KEY, OWN

SESSIONS = """\
- name: sessione
  title: A quale sessione vieni?
  type: string
  categories:
  - {value: mattina, label: Mattina, form:places: 1}
  - {value: sera, label: Sera, form:places: 12}
  constraints: {required: true}
"""


class Crowd:
    """Several people with a mailbox each, and the jobs that go on meanwhile."""

    def __init__(self, service: Service, now: list[datetime]):
        self.service, self.now = service, now
        self.anybody = Respondent(service)

    def send(self, name: str, session: str = "mattina") -> tuple[int, str]:
        """Sign up; give the status, and the receipt's address or the page that came instead."""
        data = ADA | {"_key": f"{KEY}{name}", "nome": name, "email": f"{name}@example.org", "sessione": session}
        answer = self.anybody.browser.post("/forms/gruppo", data=data, headers=OWN)
        return answer.status_code, answer.headers.get("Location") or answer.text

    def mails(self, name: str) -> list[EmailMessage]:
        """Give the mails that somebody got, the oldest first."""
        return [mail for mail in self.anybody.mails() if mail["To"] == f"{name}@example.org"]

    def press(self, name: str) -> tuple[int, str]:
        """Press the button that the last mail with a link to confirm leads to."""
        mail = [mail for mail in self.mails(name) if "/confirm/" in said(mail)][-1]
        answer = self.anybody.browser.post(link(mail, "confirm"), headers=OWN)
        return answer.status_code, answer.text

    def jobs(self) -> int:
        """Do what the jobs do with places; give how many were told something."""
        return offer_places(self.service)

    def withdraw(self, name: str) -> None:
        self.anybody.post(link(self.mails(name)[0], "receipt").replace("?", "/withdraw?"))

    def counts(self) -> dict[str, int]:
        return dict(self.service.store.counts("gruppo"))

    def page(self) -> str:
        return self.anybody.browser.get("/forms/gruppo?lang=it").text


def said(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return " ".join(body.get_content().split())


@contextmanager
def crowd(folder: Path, url: URL, now: list[datetime], head: str) -> Iterator[Crowd]:
    def edit(form: str) -> str:
        if "signup" not in form:
            return form
        return form.replace("fields:\n", f"{head}fields:\n").replace("- name: consenso", f"{SESSIONS}- name: consenso")

    with running(folder, url, lambda: now[0], edit, FORMS_PUBLIC_URL="http://localhost") as service:
        yield Crowd(service, now)


@pytest.fixture
def waiting(tmp_path: Path, database_url: URL, now: list[datetime]) -> Iterator[Crowd]:
    """A form with one place in the morning, twelve in the evening, and a waiting list of two."""
    with crowd(tmp_path, database_url, now, "form:places: 13\nform:waiting: 2\nform:hold: 12 hours\n") as made:
        yield made


@pytest.fixture
def strict(tmp_path: Path, sqlite_url: URL, now: list[datetime]) -> Iterator[Crowd]:
    """The same without a waiting list."""
    with crowd(tmp_path, sqlite_url, now, "") as made:
        yield made


def test_a_full_choice_cannot_be_made_and_says_so(strict: Crowd) -> None:
    assert "disabled" not in strict.page()
    assert strict.send("ada")[0] == 303
    page = strict.page()
    assert 'value="mattina" disabled data-shut' in page
    assert "posti esauriti" in page
    status, page = strict.send("bea")
    assert status == 409
    assert "per Mattina i posti sono esauriti" in page
    assert 'value="bea"' in page  # nothing that was written is lost
    assert strict.counts() == {"pending": 1}
    assert strict.send("bea", "sera")[0] == 303


def test_a_program_is_told_which_choice_is_full(strict: Crowd) -> None:
    strict.send("ada")
    sent = {"nome": "B", "email": "b@example.org", "sessione": "mattina", "consenso": True}
    answer = strict.anybody.browser.post("/forms/gruppo", json=sent, headers={"Idempotency-Key": f"{KEY}b"})
    problem = answer.get_json()
    assert (answer.status_code, problem["type"]) == (409, "urn:bacheca:full")
    assert [(error["field"], error["code"]) for error in problem["errors"]] == [("sessione", "no-place")]


def test_what_is_left_is_told_in_bands_to_pages_of_every_origin(waiting: Crowd) -> None:
    waiting.send("ada")
    answer = waiting.anybody.browser.get("/forms/state.json", headers={"Origin": "https://elsewhere.example"})
    told = {"places": {"": "many", "sessione=mattina": "none", "sessione=sera": "many"}, "waiting": True}
    assert answer.get_json()["forms"] == {"gruppo": told}
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.cache_control.public
    assert answer.cache_control.max_age == 15
    for number in range(4):
        waiting.send(f"n{number}", "sera")
    bands = waiting.anybody.browser.get("/forms/state.json").get_json()["forms"]["gruppo"]["places"]
    assert (bands[""], bands["sessione=sera"]) == ("fewer-than-ten", "fewer-than-ten")


def test_whoever_finds_no_place_waits_and_the_next_is_refused(waiting: Crowd) -> None:
    assert [waiting.send(name)[0] for name in ("ada", "bea", "cleo", "dora")] == [303, 303, 303, 409]
    receipt = waiting.anybody.browser.get(waiting.send("bea")[1] + "?lang=it").text
    assert "una lista d’attesa" in receipt
    assert "hai davanti 1" not in receipt  # the position goes to the address alone
    assert waiting.counts() == {"pending": 3}
    for name in ("ada", "bea", "cleo"):
        assert "lista d’attesa" in said(waiting.mails(name)[0]) or name == "ada"
        assert waiting.press(name)[0] == 303
    assert waiting.counts() == {"kept": 1, "waiting": 2}
    assert "hai davanti 1 persona" in said(waiting.mails("cleo")[-1])
    with waiting.service.store.snapshot() as snapshot:
        counts = counts_of(snapshot, "gruppo")
    assert (counts["received"], counts["exported"], counts["pending"]) == (3, 1, 2)


def test_a_freed_place_is_offered_to_the_first_and_a_look_takes_nothing(waiting: Crowd) -> None:
    for name in ("ada", "bea", "cleo"):
        waiting.send(name)
        waiting.press(name)
    assert waiting.jobs() == 0
    waiting.withdraw("ada")
    assert waiting.send("dora")[0] == 409  # whoever waits comes first, even before they are told
    assert waiting.jobs() == 1
    assert waiting.jobs() == 0
    assert waiting.counts() == {"offered": 1, "waiting": 1, "withdrawn": 1}
    offer = waiting.mails("bea")[-1]
    assert offer["Subject"] == "C’è un posto per te, se lo prendi: Gruppo"
    page = waiting.anybody.browser.get(link(offer, "confirm")).text
    assert "Prendi il posto" in page
    assert waiting.counts()["offered"] == 1
    assert waiting.press("bea")[0] == 303
    assert waiting.counts() == {"kept": 1, "waiting": 1, "withdrawn": 1}


def test_an_offer_that_nobody_takes_goes_to_the_next(waiting: Crowd) -> None:
    for name in ("ada", "bea", "cleo"):
        waiting.send(name)
        waiting.press(name)
    waiting.withdraw("ada")
    waiting.jobs()
    waiting.now[0] += timedelta(hours=12)
    status, _ = waiting.press("bea")  # by the clock, even where no job has come by
    assert status == 404
    assert waiting.jobs() == 2
    assert waiting.counts() == {"offered": 1, "expired": 1, "withdrawn": 1}
    assert waiting.mails("bea")[-1]["Subject"] == "Stavolta non c’è un posto per te: Gruppo"
    assert waiting.press("cleo")[0] == 303


def test_an_unconfirmed_sign_up_holds_its_place_by_the_clock(waiting: Crowd) -> None:
    waiting.send("ada")
    waiting.now[0] += timedelta(hours=11)
    waiting.send("bea")
    assert waiting.counts() == {"pending": 2}
    assert "posti esauriti" in waiting.page()
    waiting.now[0] += timedelta(hours=1)
    assert waiting.press("bea")[0] == 303  # the place is free now, and nobody confirmed stands before
    assert waiting.counts() == {"kept": 1, "pending": 1}
    assert waiting.press("ada")[0] == 303  # later than it was held, within the fourteen days: the queue
    assert waiting.counts() == {"kept": 1, "waiting": 1}
    assert "sei la prima persona della lista" in said(waiting.mails("ada")[-1])


def test_whoever_confirms_late_and_finds_all_full_is_told_so_and_may_try_again(strict: Crowd) -> None:
    strict.send("ada")
    strict.now[0] += timedelta(hours=48)
    assert strict.send("bea")[0] == 303
    status, page = strict.press("ada")
    assert status == 409
    assert "Il tuo posto è andato a un’altra persona" in page
    strict.withdraw("bea")
    assert strict.press("ada")[0] == 303


def test_a_correction_frees_a_place_at_once_and_takes_none_that_is_gone(waiting: Crowd) -> None:
    waiting.send("ada")
    _, bea = waiting.send("bea", "sera")
    changed = ADA | {"nome": "bea", "email": "bea@example.org", "sessione": "mattina"}
    answer = waiting.anybody.browser.post(f"{bea}/correct", data=changed, headers=OWN)
    assert answer.status_code == 409
    assert "per Mattina i posti sono esauriti" in answer.text
    mine = waiting.anybody.browser.get(f"{bea}/correct").text
    assert 'value="mattina" disabled' in mine
    assert 'value="sera" checked' in mine
    ada = f"{KEY}ada"
    receipt = f"/forms/gruppo/receipt/{waiting.service.intake.receipt_of('gruppo', ada).token}"
    changed = ADA | {"nome": "ada", "email": "ada@example.org", "sessione": "sera"}
    assert waiting.anybody.browser.post(f"{receipt}/correct", data=changed, headers=OWN).status_code == 303
    assert waiting.send("cleo")[0] == 303
    assert "We hold" in said(waiting.mails("cleo")[0]) or "Ti teniamo il posto" in said(waiting.mails("cleo")[0])


def test_whoever_waits_when_the_form_closes_is_told_and_erased(
    tmp_path: Path, sqlite_url: URL, now: list[datetime]
) -> None:
    with crowd(tmp_path, sqlite_url, now, 'form:waiting: 2\nform:closes: "2026-11-30"\n') as people:
        for name in ("ada", "bea"):
            people.send(name)
            people.press(name)
        now[0] += timedelta(days=10)
        assert people.jobs() == 1
        assert people.counts() == {"expired": 1, "kept": 1}
        assert "si è chiuso" in said(people.mails("bea")[-1])


def test_a_form_closed_by_mistake_keeps_its_waiting_list_for_an_hour(waiting: Crowd) -> None:
    for name in ("ada", "bea"):
        waiting.send(name)
        waiting.press(name)
    ada, dates = keeper(waiting.service, "administrator", base="http://localhost"), "/desk/forms/gruppo/dates/"
    asked = ada.post(f"{dates}close").text
    assert "In attesa di un posto: 1." in asked
    assert "Da questo momento nessuno può rispondere." in asked
    assert ada.post(f"{dates}close", {"sure": "yes"}).status_code == 303
    waiting.now[0] += timedelta(minutes=59)
    assert waiting.jobs() == 0
    ada.come_in()
    assert ada.post(f"{dates}open", {"endless": "yes"}).status_code == 303
    assert waiting.counts() == {"kept": 1, "waiting": 1}
    assert ada.post(f"{dates}close", {"sure": "yes"}).status_code == 303
    waiting.now[0] += timedelta(hours=1)
    assert waiting.jobs() == 1
    assert waiting.counts() == {"expired": 1, "kept": 1}
    assert ada.post(f"{dates}close", {"sure": "yes"}).status_code == 403  # proved who they are too long ago
