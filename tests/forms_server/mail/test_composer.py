"""A letter says what its reader needs, in their language, and nothing that follows them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import URL

from bacheca.forms.published import COLOURS, METADATA, THEMES, Site
from bacheca.portal.appearance.colours import usual
from forms_server.context import Service
from forms_server.mail.composer import KINDS, USUAL_COLOURS
from forms_server.mail.sender import sender_of
from forms_server.messages import SUBJECTS
from forms_server.store import OutboxMail
from tests.forms_server.samples import Respondent, link, running
from tests.forms_server.test_posting import KEY

NOW = datetime(2026, 11, 23, 12, 30, tzinfo=UTC)
PAYLOADS: dict[str, dict[str, object]] = {
    "notice": {"form": "sondaggio"},
    "digest": {"form": "sondaggio", "day": "2026-11-22", "count": 3},
    "warning": {"warnings": {"dead": 2, "waiting": 1}},
}


@pytest.fixture
def service(tmp_path: Path, sqlite_url: URL) -> Iterator[Service]:
    with running(tmp_path, sqlite_url, lambda: NOW) as made:
        yield made


@pytest.fixture
def ada(service: Service) -> Respondent:
    return Respondent(service)


def test_every_kind_has_a_subject_and_a_template() -> None:
    folder = Path(__file__).parents[3] / "forms_server" / "templates" / "mail"
    assert set(KINDS) == set(SUBJECTS) == {file.stem for file in folder.glob("*.jinja")}


def test_a_letter_is_text_and_html_that_say_the_same(ada: Respondent) -> None:
    ada.sign_up()
    (mail,) = ada.mails()
    assert mail.get_content_type() == "multipart/alternative"
    plain, rich = (mail.get_body((kind,)) for kind in ("plain", "html"))
    assert plain is not None
    assert rich is not None
    addresses = re.findall(r"http://\S+?lang=it", plain.get_content())
    assert len(addresses) == 3
    assert re.findall(r'href="([^"]+)"', rich.get_content()) == addresses
    assert '<html lang="it" dir="ltr">' in rich.get_content()
    (reference,) = re.findall("da indicare quando ci scrivi: (.{4}-.{4})", plain.get_content())
    assert re.search(f'<strong dir="ltr" [^>]*>{reference}</strong>', rich.get_content())


def test_an_address_stands_on_a_line_of_its_own(ada: Respondent) -> None:
    ada.sign_up()
    plain = ada.mails()[0].get_body(("plain",))
    assert plain is not None
    lines = plain.get_content().splitlines()
    addresses = [number for number, line in enumerate(lines) if "http://" in line]
    assert len(addresses) == 3
    assert all(lines[number].startswith("http://") and lines[number - 1].endswith(":") for number in addresses)


def test_a_letter_follows_nobody(ada: Respondent) -> None:
    ada.sign_up()
    rich = ada.mails()[0].get_body(("html",))
    assert rich is not None
    assert not re.search(r"<img|<script|<link|url\(|@import|src=", rich.get_content())


def test_letters_have_the_colours_that_the_portal_tells_of_by_day_and_by_night(tmp_path: Path, sqlite_url: URL) -> None:
    own = dict(zip(COLOURS, (f"#0000{number:02d}" for number in range(7)), strict=True))
    site = tmp_path / "site"
    site.mkdir()
    told = Site("Prova", "prova@example.org", colours={"light": own})
    (site / METADATA).write_text(told.as_text(), encoding="utf-8")
    with running(tmp_path, sqlite_url, lambda: NOW, FORMS_SITE=str(site)) as service:
        ada = Respondent(service)
        ada.sign_up()
        rich = ada.mails()[0].get_body(("html",))
    assert rich is not None
    day, _, night = rich.get_content().partition("prefers-color-scheme: dark")
    said = set(re.findall("#[0-9a-f]{6}", day + night.partition("</style>")[2]))
    assert said == set(own.values())
    assert set(re.findall("#[0-9a-f]{6}", night.partition("</style>")[0])) == set(USUAL_COLOURS["dark"].values())


def test_letters_of_a_portal_without_colours_have_those_of_its_pages() -> None:
    pages = {theme: {name: usual()[theme][name] for name in COLOURS} for theme in THEMES}
    assert pages == USUAL_COLOURS


def test_the_headers_say_who_writes_that_no_person_does_and_how_to_leave(ada: Respondent) -> None:
    ada.sign_up()
    (mail,) = ada.mails()
    assert (mail["From"], mail["To"]) == ("redazione@example.org", "ada.prova@example.org")
    assert "Reply-To" not in mail
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Content-Language"] == "it"
    assert re.fullmatch(r"<[0-9a-f]{32}@example\.org>", mail["Message-ID"])
    assert re.fullmatch(
        r"<http://localhost/forms/gruppo/receipt/[\w-]{43}/withdraw\?lang=it>", mail["List-Unsubscribe"]
    )
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    (file,) = (ada.service.settings.data / "outbox").glob("*.eml")
    assert b"\r\nList-Unsubscribe: <http://localhost/" in file.read_bytes()  # as it is, not as an encoded word


def test_whoever_replies_reaches_the_community_and_not_the_address_that_sends(tmp_path: Path, sqlite_url: URL) -> None:
    site = tmp_path / "site"
    site.mkdir()
    (site / METADATA).write_text(Site("Prova", "prova@example.org").as_text(), encoding="utf-8")
    with running(tmp_path, sqlite_url, lambda: NOW, FORMS_SITE=str(site)) as service:
        ada = Respondent(service)
        ada.sign_up()
        (mail,) = ada.mails()
        (site / METADATA).write_text(Site("Prova\nBcc: x", "la redazione").as_text(), encoding="utf-8")
        ada.sign_up(email="bea@example.org", _key=f"{KEY}-2")
        (other,) = (mail for mail in ada.mails() if mail["To"] == "bea@example.org")
    assert (str(other["From"]), other["Reply-To"]) == ('"Prova Bcc: x" <redazione@example.org>', None)
    assert (mail["From"], mail["Reply-To"]) == ("Prova <redazione@example.org>", "Prova <prova@example.org>")


def test_a_letter_holds_no_answer(ada: Respondent) -> None:
    ada.sign_up(nome="Canary Quattro")
    (mail,) = ada.mails()
    assert "Canary" not in "".join(part.get_content() for part in mail.iter_parts())


def test_links_lead_to_the_public_address_where_it_is_set(tmp_path: Path, sqlite_url: URL) -> None:
    with running(tmp_path, sqlite_url, lambda: NOW, FORMS_PUBLIC_URL="https://portal.example") as service:
        ada = Respondent(service)
        ada.browser.post(
            "/forms/gruppo",
            data={"_key": "k" * 30, "nome": "A", "email": "a@example.org", "consenso": "true"},
            headers={"Origin": "https://evil.example", "Host": "evil.example"},
        )
        (mail,) = ada.mails()
        assert link(mail, "confirm", "https://portal.example")
        assert "evil" not in mail.as_string()


@pytest.mark.parametrize("kind", PAYLOADS)
def test_the_secretariat_is_told_what_there_is_to_do_and_no_answer(
    ada: Respondent, service: Service, kind: str
) -> None:
    ada.answer_survey(commento="canary-4711")
    mail = OutboxMail("m", kind, "", "it", PAYLOADS[kind], NOW, of_response=False)
    service.store.outbox.add(mail)
    (letter,) = ada.mails()
    body = letter.get_body(("plain",))
    assert body is not None
    said = body.get_content()
    assert letter["To"] == "redazione@example.org"
    assert "canary" not in letter.as_string()
    expected = {
        "notice": ["«Sondaggio»", "23 novembre 2026", "13:30", "in tutto: 1"],
        "digest": ["«Sondaggio»", "22 novembre 2026", "3 risposte"],
        "warning": ["consegnare: 2", "da più di un giorno: 1"],
    }
    for words in expected[kind]:
        assert words in said
    assert letter["List-Unsubscribe"] is None


def test_hostile_words_stay_words(tmp_path: Path, sqlite_url: URL) -> None:
    def hostile(form: str) -> str:
        return form.replace("title: Gruppo", 'title: "<b>Gruppo</b> {{7*7}} {x} %(y)s"')

    with running(tmp_path, sqlite_url, lambda: NOW, hostile) as service:
        ada = Respondent(service)
        ada.sign_up()
        (mail,) = ada.mails()
        assert mail["Subject"] == "Conferma: <b>Gruppo</b> {{7*7}} {x} %(y)s"
        rich = mail.get_body(("html",))
        assert rich is not None
        assert "&lt;b&gt;Gruppo&lt;/b&gt; {{7*7}} {x} %(y)s" in rich.get_content()


def test_without_an_address_of_ones_own_mail_waits(service: Service, ada: Respondent) -> None:
    ada.sign_up()
    nameless = replace(service.settings, mail_from=None)
    box = sender_of(nameless, service.secret, service.pages.shell, service.store, lambda: NOW)
    assert box.send_due() == {"delayed": 1}
    assert not (service.settings.data / "outbox").exists()
