"""A form's own words, its event and the page to go on to: on the page, on the receipt, in the mails."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import URL

from forms_server.context import Service
from tests.forms_server.samples import ADA, Respondent, link, running
from tests.forms_server.test_posting import OWN
from tests.forms_server.told import EVENT, GO_ON, entry_in, tell

WORDS = """\
form:button: Mi iscrivo
form:afterwards:
  title: Che cosa portare
  text: Scarpe *comode* e <b>una</b> borraccia.
form:mail:
  subject: "Il tuo posto a {title}"
  text: "Ci vediamo {when}, {where}: {until}, {reference}, {community}."
"""


def speaking(form: str) -> str:
    return form.replace("fields:\n", f"{WORDS}fields:\n") if "signup" in form else form


@pytest.fixture
def service(tmp_path: Path, sqlite_url: URL, now: list[datetime]) -> Iterator[Service]:
    with running(tmp_path, sqlite_url, lambda: now[0], speaking, FORMS_SITE=tell(tmp_path, EVENT)) as made:
        yield made


@pytest.fixture
def ada(service: Service) -> Respondent:
    return Respondent(service)


def test_the_button_says_what_the_form_says(ada: Respondent) -> None:
    assert ">Mi iscrivo</button>" in ada.browser.get("/forms/gruppo").text
    data = {key: value for key, value in ADA.items() if key != "_key"}
    looked_at = ada.browser.post("/forms/gruppo", data=data, headers=OWN).text
    assert "form-check" in looked_at
    assert ">Mi iscrivo</button>" in looked_at
    assert ">Invia le risposte</button>" in ada.browser.get("/forms/sondaggio").text


def test_page_and_receipt_tell_of_the_event_and_of_what_comes_afterwards(ada: Respondent) -> None:
    page = ada.browser.get("/forms/gruppo").text
    receipt = ada.browser.get(ada.sign_up()).text
    for told in (page, receipt):
        for part in (EVENT.title, EVENT.when, EVENT.where, EVENT.address, f'href="{EVENT.page}"'):
            assert part in told
        assert 'href="/forms/gruppo/event.ics?lang=it"' in told
    assert f'href="{EVENT.online}"' in receipt
    assert EVENT.online not in page, "which is long before its questions as it is"
    assert "<h2>Che cosa portare</h2>" in receipt
    assert "<em>comode</em> e &lt;b&gt;una" in receipt
    assert f'<a href="{GO_ON.page}">{GO_ON.title}</a>' in receipt
    assert "dopo che hai confermato" in receipt
    confirmed = ada.browser.get(ada.post(link(ada.mails()[0], "confirm"))).text
    assert "Che cosa portare" in confirmed
    assert "dopo che hai confermato" not in confirmed
    assert "event" not in ada.browser.get(ada.answer_survey()).text


def test_the_calendar_file_is_the_events(ada: Respondent, tmp_path: Path) -> None:
    entry = entry_in(ada.browser.get("/forms/gruppo/event.ics?lang=it").data)
    assert (entry["dtstart"].dt, entry["dtend"].dt) == (EVENT.starts, EVENT.ends)
    assert str(entry["location"]) == "Il cortile, Via Roma 1, Biella"
    tell(tmp_path, replace(EVENT, cancelled=True))
    entry = entry_in(ada.browser.get("/forms/gruppo/event.ics?lang=it").data)
    assert entry["status"] == "CANCELLED"
    assert "L’evento è annullato." in ada.browser.get("/forms/gruppo").text


def test_the_mail_says_it_in_its_own_words_and_asks_to_confirm_all_the_same(ada: Respondent) -> None:
    ada.sign_up()
    (mail,) = ada.mails()
    assert mail["Subject"] == "Il tuo posto a Gruppo"
    plain, rich = (mail.get_body((kind,)) for kind in ("plain", "html"))
    assert plain is not None
    assert rich is not None
    text = plain.get_content()
    assert f"Ci vediamo {EVENT.when}, {EVENT.where}: 7 dicembre 2026, " in text
    assert ", Prova." in text
    assert "{" not in text
    assert "Scarpe comode e <b>una</b> borraccia." in text
    assert "<em>comode</em> e &lt;b&gt;una" in rich.get_content()
    assert link(mail, "confirm")
    assert GO_ON.url in text
    (file,) = mail.iter_attachments()
    assert file.get_content_type() == "text/calendar"


def test_a_title_of_several_lines_is_one_header(ada: Respondent, tmp_path: Path) -> None:
    form = tmp_path / "forms" / "gruppo.yaml"
    text = form.read_text(encoding="utf-8")
    form.write_text(text.replace("title: Gruppo", 'title: "Gruppo\\r\\nBcc: altri@example.org"'), encoding="utf-8")
    ada.service.watch.look()
    ada.service.watch.look()
    ada.sign_up()
    (mail,) = ada.mails()
    assert mail["Bcc"] is None
    assert mail["Subject"] == "Il tuo posto a Gruppo Bcc: altri@example.org"
