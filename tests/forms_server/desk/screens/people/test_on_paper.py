"""Who signed up on paper: added by the form that all answer, once, with the evidence of how they agreed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import URL

from forms_server.store.lifecycle import State
from tests.forms_server.desk.keeper import Keeper, command, keeper
from tests.forms_server.desk.screens.people.test_sign_ups import PLACES, id_of, logged, state_of
from tests.forms_server.test_places import Crowd, crowd, said

BEGIN = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)  # the commands go by the real time
ADD = "/desk/sign-ups/gruppo/add"
FAY = {"nome": "fay", "email": "fay@example.org", "sessione": "mattina", "consenso": "true", "_how": "paper"}
ENGLISH = """\
title: Group
fields:
- {name: nome, title: Name}
- {name: email, title: Address}
- name: sessione
  title: Session
  categories: [{value: mattina, label: Morning}, {value: sera, label: Evening}]
- {name: consenso, title: I agree, form:notice: You may write to me.}
"""
NOTE = {"_note": "Ha firmato il foglio il 3 maggio."}


@pytest.fixture
def now() -> list[datetime]:
    return [BEGIN]


@pytest.fixture
def people(tmp_path: Path, sqlite_url: URL, now: list[datetime]) -> Iterator[Crowd]:
    """One place in the morning, twelve in the evening, and a queue."""
    with crowd(tmp_path, sqlite_url, now, PLACES) as made:
        yield made


@pytest.fixture
def eva(people: Crowd) -> Keeper:
    """The secretary."""
    return keeper(people.service, "secretary", base="http://localhost")


def page(eva: Keeper, more: Mapping[str, str] | None = None) -> dict[str, str]:
    """Give what a browser sends of an empty page, filled in with these."""
    return {**eva.hidden(eva.get(ADD)), **(more or {})}


def test_who_signed_on_paper_is_in_the_list_once_with_a_letter_and_the_evidence(people: Crowd, eva: Keeper) -> None:
    sent = page(eva, FAY | NOTE)
    done = eva.post(ADD, sent)
    assert (done.status_code, "un’e-mail glielo dice" in done.text) == (200, True), done.text
    assert 'value="fay"' not in done.text  # the page is ready for the next one, and keeps the note
    assert NOTE["_note"] in done.text
    assert eva.hidden(done)["_key"] != sent["_key"]
    assert state_of(people, "fay") == State.KEPT
    assert "era già stata inviata" in eva.post(ADD, sent).text
    assert "con altre risposte" in eva.post(ADD, sent | {"nome": "gil", "email": "gil@example.org"}).text
    assert people.counts() == {"kept": 1}
    (letter,) = people.mails("fay")
    assert "come ci hai detto tu" in said(letter)
    told = json.loads(command(people.service, "evidence", "fay@example.org"))["responses"][0]
    assert (told["channel"], told["attested"][0]["note"]) == ("web", NOTE["_note"])
    assert told["consents"][0]["confirmed_at"] == people.now[0].isoformat()
    assert logged(people, "add") == {id_of(people, "fay")}
    again = eva.post(ADD, page(eva, FAY | NOTE | {"nome": "Fay anche"}))
    assert (again.status_code, "è già nell’elenco" in again.text) == (422, True)
    assert 'value="Fay anche"' in again.text
    assert len(people.mails("fay")) == 1  # whoever is in the list is told nothing of it
    people.withdraw("fay")
    assert people.counts() == {"withdrawn": 1}


def test_places_count_on_paper_as_for_anybody(people: Crowd, eva: Keeper) -> None:
    assert "un’e-mail glielo dice" in eva.post(ADD, page(eva, FAY | NOTE)).text
    gil = {"nome": "gil", "email": "gil@example.org"}
    assert "resta in attesa" in eva.post(ADD, page(eva, FAY | NOTE | gil)).text
    assert state_of(people, "gil") == State.WAITING
    assert len(people.mails("gil")) == 1


def test_what_is_wrong_is_said_and_what_was_typed_is_kept(people: Crowd, eva: Keeper) -> None:
    hostile = '<script>alert("a")</script>'
    wrong = eva.post(ADD, page(eva, FAY | NOTE | {"email": hostile, "nome": "ليلى"}))
    assert wrong.status_code == 422
    assert 'value="ليلى"' in wrong.text
    assert hostile not in wrong.text
    for changes in ({"_note": " "}, {"_how": ""}, {"_note": "x" * 501}, {"_key": "short"}):
        answer = eva.post(ADD, page(eva, FAY | changes))
        assert (answer.status_code, 'value="fay"' in answer.text) == (422, True), changes
        assert f">{changes.get('_note', '')}</textarea>" in answer.text
    assert "Il modulo è cambiato" in eva.post(ADD, page(eva, FAY | NOTE | {"_version": "0" * 12})).text
    assert people.counts() == {}
    assert logged(people, "add") == set()


def test_without_paper_a_letter_asks_them_to_confirm(people: Crowd, eva: Keeper) -> None:
    assert "chiede di confermare" in eva.post(ADD, page(eva, FAY | {"_how": "ask"})).text
    assert state_of(people, "fay") == State.PENDING
    assert people.press("fay")[0] == 303
    assert state_of(people, "fay") == State.KEPT


def test_a_closed_form_takes_what_was_signed_in_time_in_the_language_of_the_paper(people: Crowd, eva: Keeper) -> None:
    file = people.service.settings.content / "gruppo.yaml"
    text = file.read_text("utf-8").replace("fields:\n", 'form:closes: "2020-01-31"\nfields:\n', 1)
    file.write_text(text, "utf-8")
    file.with_suffix(".en.yaml").write_text(ENGLISH, "utf-8")
    people.service.watch.load()
    assert people.anybody.browser.get("/forms/gruppo").text.count("<form") == 0
    assert "You may write to me." in eva.get(f"{ADD}?in=en").text
    sent = eva.hidden(eva.get(f"{ADD}?in=en")) | FAY | NOTE
    assert "un’e-mail glielo dice" in eva.post(ADD, sent).text
    (letter,) = people.mails("fay")
    assert letter["Content-Language"] == "en"
    told = json.loads(command(people.service, "evidence", "fay@example.org"))["responses"][0]
    assert told["consents"][0]["notice"]["text"] == "You may write to me."


def test_the_terminal_does_the_same(people: Crowd) -> None:
    answers = ("nome=fay", "email=fay@example.org", "sessione=sera", "consenso=true")
    assert "nome" in command(people.service, "add-sign-up", "gruppo", "nome=", *answers[1:], code=1).casefold()
    assert "They are in the list" in command(people.service, "add-sign-up", "gruppo", *answers, "--note", "on paper")
    assert "already" in command(people.service, "add-sign-up", "gruppo", *answers, "--note", "on paper", code=1)
    command(people.service, "add-sign-up", "sondaggio", "luogo=casa", code=2)
    assert state_of(people, "fay") == State.KEPT
