"""What the service answers to each kind of post, and that only a good one is kept."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from forms_server.app import make_app, make_service
from forms_server.context import Service
from forms_server.settings import Settings
from tests.forms_server.stored import responses_in

SURVEY = """\
$schema: https://datapackage.org/profiles/2.0/tableschema.json
name: sondaggio
title: Sondaggio
form:kind: survey
form:closes: "2027-06-30"
fields:
- name: luogo
  title: Dove lavori?
  type: string
  categories: [{value: ufficio, label: Ufficio}, {value: casa, label: Casa}]
  missingValues: [{value: "", label: Nessuna risposta}, {value: non-so, label: Non so}]
- name: commento
  title: Un commento
  type: string
  form:widget: textarea
  constraints: {maxLength: 50}
"""
SIGNUP = """\
$schema: https://datapackage.org/profiles/2.0/tableschema.json
name: gruppo
title: Gruppo
form:kind: signup
fields:
- name: nome
  title: Nome e cognome
  type: string
  form:privacy: personal
  constraints: {required: true}
- name: email
  title: E-mail
  type: string
  format: email
  constraints: {required: true}
- name: consenso
  title: Acconsento
  type: boolean
  form:widget: consent
  form:notice: Potete scrivermi.
  constraints: {required: true}
"""
KEY = "a-key-of-thirty-characters-abc"
OWN = {"Origin": "http://localhost"}
GOOD = {"_lang": "it", "_key": KEY, "luogo": "casa", "commento": "perché sì"}


@pytest.fixture
def service(tmp_path: Path, now: list[datetime]) -> Iterator[Service]:
    content = tmp_path / "forms"
    content.mkdir()
    (content / "sondaggio.yaml").write_text(SURVEY, encoding="utf-8")
    (content / "gruppo.yaml").write_text(SIGNUP, encoding="utf-8")
    environ = {
        "FORMS_DATABASE_URL": f"sqlite:///{tmp_path}/forms.db",
        "FORMS_CONTENT": str(content),
        "FORMS_DATA": str(tmp_path / "data"),
        "FORMS_SITE": "",
    }
    made = make_service(Settings.from_environ(environ), lambda: now[0])
    yield made
    made.store.close()


@pytest.fixture
def client(service: Service) -> FlaskClient:
    return make_app(service).test_client()


def kept(service: Service, form: str = "sondaggio") -> list[dict[str, str]]:
    return [dict(response.answers) for response in responses_in(service.store, form, 1)]


def test_a_good_post_is_kept_and_answered_with_the_address_of_its_receipt(
    service: Service, client: FlaskClient
) -> None:
    answer = client.post("/forms/sondaggio", data=GOOD, headers=OWN)
    assert answer.status_code == 303
    assert kept(service) == [{"luogo": "casa", "commento": "perché sì"}]
    receipt = client.get(answer.headers["Location"])
    assert receipt.status_code == 200
    assert "Abbiamo registrato le tue risposte" in receipt.text
    assert receipt.headers["Cache-Control"] == "no-store"
    assert "noindex" in receipt.headers["X-Robots-Tag"]


@pytest.mark.parametrize("key", ["", KEY], ids=["to the check page", "with script"])
def test_a_form_without_any_answer_comes_back_and_nothing_is_kept(
    service: Service, client: FlaskClient, key: str
) -> None:
    posted = {"_lang": "it", "_key": key, "luogo": "", "commento": " "}
    answer = client.post("/forms/sondaggio", data=posted, headers=OWN)
    assert answer.status_code == 422
    (summary,) = re.findall(r'<div class="form-summary".*?</div>', answer.text, re.DOTALL)
    assert re.findall(r"<li>(.*)</li>", summary) == [
        '<a href="#f-luogo-ufficio">'
        "Non hai risposto a nessuna domanda: rispondi almeno a una, oppure chiudi la pagina</a>"
    ]
    assert 'id="f-luogo-ufficio"' in answer.text
    assert kept(service) == []
    unsure = client.post("/forms/sondaggio", data=posted | {"luogo": "non-so", "_key": KEY}, headers=OWN)
    assert unsure.status_code == 303


def test_what_the_check_page_sends_holds_an_answer_too(service: Service, client: FlaskClient) -> None:
    check = client.post("/forms/sondaggio", data={"luogo": "casa"}, headers=OWN)
    emptied = {name: value for name, value in hidden(check).items() if name != "luogo"}
    assert client.post("/forms/sondaggio", data=emptied, headers=OWN).status_code == 422
    assert kept(service) == []


@pytest.mark.parametrize("sent", [{}, {"luogo": "", "commento": ""}, {"commento": " "}])
def test_json_without_any_answer_is_a_problem_with_its_own_code(
    service: Service, client: FlaskClient, sent: dict[str, str]
) -> None:
    answer = client.post("/forms/sondaggio", json=sent, headers=OWN | {"Idempotency-Key": KEY})
    assert answer.status_code == 422
    assert answer.mimetype == "application/problem+json"
    (error,) = answer.get_json()["errors"]
    assert (error["field"], error["code"]) == ("luogo", "nothing-answered")
    assert kept(service) == []


def test_the_same_answers_with_the_same_key_are_kept_once_and_give_the_same_receipt(
    service: Service, client: FlaskClient
) -> None:
    first, second = (client.post("/forms/sondaggio", data=GOOD, headers=OWN) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert len(kept(service)) == 1


def test_other_answers_with_the_same_key_are_refused_and_the_first_ones_stay(
    service: Service, client: FlaskClient
) -> None:
    client.post("/forms/sondaggio", data=GOOD, headers=OWN)
    answer = client.post("/forms/sondaggio", data=GOOD | {"luogo": "ufficio"}, headers=OWN)
    assert answer.status_code == 409
    assert "diverse" in answer.text
    assert kept(service) == [{"luogo": "casa", "commento": "perché sì"}]


def test_the_same_key_for_two_forms_names_two_responses_that_share_nothing(
    service: Service, client: FlaskClient
) -> None:
    survey = client.post("/forms/sondaggio", data=GOOD, headers=OWN)
    person = {"_key": KEY, "nome": "Ada", "email": "ada@example.org", "consenso": "true"}
    signup = client.post("/forms/gruppo", data=person, headers=OWN)
    assert signup.status_code == 303
    assert survey.headers["Location"].rsplit("/", 1)[1] != signup.headers["Location"].rsplit("/", 1)[1]


def test_without_a_key_the_answers_are_shown_once_more_and_only_the_second_post_keeps_them(
    service: Service, client: FlaskClient
) -> None:
    posted = {name: value for name, value in GOOD.items() if name != "_key"}
    check = client.post("/forms/sondaggio", data=posted, headers=OWN)
    assert check.status_code == 200
    assert "perché sì" in check.text
    assert kept(service) == []
    again = hidden(check) | {"_lang": "it"}
    for _ in range(2):  # a key made by the service is good with no origin at all, and once
        assert client.post("/forms/sondaggio", data=again).status_code == 303
    assert len(kept(service)) == 1


def test_changing_the_answers_from_the_check_page_shows_the_form_with_all_of_them(client: FlaskClient) -> None:
    posted = {name: value for name, value in GOOD.items() if name != "_key"}
    again = hidden(client.post("/forms/sondaggio", data=posted, headers=OWN))
    page = client.post("/forms/sondaggio", data=again | {"_edit": "1"}, headers=OWN)
    assert page.status_code == 200
    assert "perché sì</textarea>" in page.text
    assert 'value="casa" checked' in page.text


@pytest.mark.parametrize("origin", [{}, {"Origin": "null"}], ids=["none", "null"])
def test_a_post_from_nowhere_in_particular_is_checked_before_it_is_kept(
    service: Service, client: FlaskClient, origin: dict[str, str]
) -> None:
    answer = client.post("/forms/sondaggio", data=GOOD, headers=origin)
    assert answer.status_code == 200
    assert "Controlla le tue risposte" in answer.text
    assert kept(service) == []


def test_a_filled_trap_leads_to_the_check_page_and_loses_nothing(service: Service, client: FlaskClient) -> None:
    answer = client.post("/forms/sondaggio", data=GOOD | {"_homepage": "https://spam.example"}, headers=OWN)
    assert answer.status_code == 200
    assert kept(service) == []
    assert client.post("/forms/sondaggio", data=hidden(answer)).status_code == 303


def post_raw(client: FlaskClient, body: bytes, content_type: str = "application/x-www-form-urlencoded") -> TestResponse:
    return client.post("/forms/sondaggio", data=body, content_type=content_type, headers=OWN)


BAD = {
    "a code outside the categories": (422, b"luogo=mare&commento=tengo"),
    "a text too long": (422, b"luogo=casa&commento=tengo" + b"x" * 60),
    "a repeated field": (422, b"luogo=casa&luogo=ufficio&commento=tengo"),
    "NUL": (422, b"luogo=casa&commento=tengo%00"),
    "undecodable bytes": (422, b"luogo=casa&commento=tengo\xe9"),
    "undecodable escapes": (422, b"luogo=casa&commento=tengo%E9"),
    "a broken escape": (422, b"luogo=casa&commento=tengo%zz"),
    "more parts than there are fields": (422, b"commento=tengo&" + b"&".join(b"x%d=1" % n for n in range(600))),
    "a version that is not compatible": (422, b"_version=0123456789abcdef&commento=tengo"),
}


@pytest.mark.parametrize(("status", "body"), BAD.values(), ids=BAD.keys())
def test_a_bad_post_shows_the_form_again_with_its_answers_and_keeps_nothing(
    service: Service, client: FlaskClient, status: int, body: bytes
) -> None:
    answer = post_raw(client, b"_lang=it&_key=" + KEY.encode() + b"&" + body)
    assert answer.status_code == status
    assert "<title>Errore: Sondaggio" in answer.text
    assert "form-summary" in answer.text
    assert "tengo" in answer.text.split("<textarea", 1)[1].split("</textarea>")[0]
    assert kept(service) == []


def test_every_missing_answer_is_said_on_top_and_beside_its_field(service: Service, client: FlaskClient) -> None:
    answer = client.post("/forms/gruppo", data={"_key": KEY, "_lang": "it"}, headers=OWN)
    assert answer.status_code == 422
    for sentence in ("Rispondi a «Nome e cognome»", "Rispondi a «E-mail»", "Per proseguire spunta la casella"):
        assert answer.text.count(sentence) == 2
    assert kept(service, "gruppo") == []


STOPPED = {
    "another origin": (403, {"data": GOOD, "headers": {"Origin": "https://elsewhere.example"}}),
    "a charset other than UTF-8": (
        415,
        {"data": b"luogo=casa", "content_type": "application/x-www-form-urlencoded; charset=latin1", "headers": OWN},
    ),
    "a media type that is no form": (415, {"data": b"luogo", "content_type": "text/plain", "headers": OWN}),
    "a body over 1 MiB": (413, {"data": {"commento": "x" * 1_100_000}, "headers": OWN}),
}


@pytest.mark.parametrize(("status", "post"), STOPPED.values(), ids=STOPPED.keys())
def test_what_cannot_be_taken_gets_a_page_that_says_what_to_do_and_keeps_nothing(
    service: Service, client: FlaskClient, status: int, post: dict[str, object]
) -> None:
    answer = client.post("/forms/sondaggio", **post)
    assert answer.status_code == status
    assert "<h1" in answer.text
    assert "/forms/sondaggio" in answer.text  # the way on
    assert kept(service) == []


def test_an_unknown_form_is_not_found_in_either_language(client: FlaskClient) -> None:
    for ask in (client.get, client.post):
        answer = ask("/forms/niente?lang=en", headers=OWN)
        assert answer.status_code == 404
        assert "This page is not here" in answer.text


def test_a_closed_form_takes_no_more_answers(service: Service, client: FlaskClient, now: list[datetime]) -> None:
    now[0] = datetime(2027, 6, 30, 21, 59, 59, tzinfo=UTC)  # still the 30th in Rome
    assert client.post("/forms/sondaggio", data=GOOD, headers=OWN).status_code == 303
    now[0] = datetime(2027, 6, 30, 22, 0, 0, tzinfo=UTC)
    answer = client.post("/forms/sondaggio", data=GOOD | {"_key": KEY + "2"}, headers=OWN)
    assert answer.status_code == 410
    assert "chiuso" in answer.text
    assert "<form" not in client.get("/forms/sondaggio").text.split("<main", 1)[-1]
    assert len(kept(service)) == 1


def test_what_was_kept_in_time_may_come_again_after_the_form_has_closed(
    service: Service, client: FlaskClient, now: list[datetime]
) -> None:
    now[0] = datetime(2027, 6, 30, 21, 59, 59, tzinfo=UTC)
    receipt = client.post("/forms/sondaggio", data=GOOD, headers=OWN).headers["Location"]
    now[0] = datetime(2027, 6, 30, 22, 0, 0, tzinfo=UTC)
    again = client.post("/forms/sondaggio", data=GOOD, headers=OWN)
    assert (again.status_code, again.headers["Location"]) == (303, receipt)
    assert client.post("/forms/sondaggio", data=GOOD | {"luogo": "ufficio"}, headers=OWN).status_code == 409
    assert len(kept(service)) == 1


def test_a_program_posts_json_and_gets_json(service: Service, client: FlaskClient) -> None:
    answer = client.post("/forms/sondaggio", json={"luogo": "casa"}, headers={"Idempotency-Key": KEY})
    assert answer.status_code == 201
    said = answer.get_json()
    assert set(said) == {"reference", "receipt"}
    assert client.get(said["receipt"]).status_code == 200
    assert kept(service) == [{"luogo": "casa", "commento": ""}]


def test_a_program_is_told_its_problems_as_rfc_9457_says(service: Service, client: FlaskClient) -> None:
    answer = client.post("/forms/sondaggio", json={"luogo": "mare"}, headers={"Idempotency-Key": KEY})
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert [error["field"] for error in answer.get_json()["errors"]] == ["luogo"]
    assert client.post("/forms/sondaggio", json={"luogo": "casa"}).get_json()["type"] == "urn:bacheca:no-key"
    assert kept(service) == []


def test_posts_beyond_the_rate_are_asked_to_wait(service: Service, client: FlaskClient) -> None:
    statuses = [
        client.post("/forms/sondaggio", data=GOOD | {"_key": f"{KEY}{n}"}, headers=OWN).status_code for n in range(31)
    ]
    assert statuses == [303] * 30 + [429]


def test_getting_a_page_writes_nothing(service: Service, client: FlaskClient) -> None:
    before = service.store.counts("sondaggio")
    for path in ("/forms/sondaggio", "/forms/sondaggio?lang=en", "/forms/sondaggio/schema.json"):
        assert client.get(path).status_code == 200
    assert service.store.counts("sondaggio") == before == {}


def test_the_page_takes_hidden_sources_from_its_address_and_gives_each_visitor_an_order(
    service: Service, tmp_path: Path
) -> None:
    options = ", ".join(f"{{value: v{number}, label: Voce {number}}}" for number in range(8))
    fields = f"""\
- {{name: da, title: Da, type: string, form:widget: hidden}}
- name: scelta
  title: Scegli
  type: string
  form:shuffle: true
  categories: [{options}]
"""
    path = service.settings.content / "sondaggio.yaml"
    path.write_text(SURVEY.partition("- name")[0] + fields, encoding="utf-8")
    made = make_service(service.settings, service.intake.now)
    client = make_app(made).test_client()
    pages = {client.get("/forms/sondaggio?da=bollettino").text for _ in range(3)}
    assert len(pages) == 3
    posted = {"_key": KEY, "_lang": "it", **hidden_of(pages.pop())}
    assert posted["da"] == "bollettino"
    assert client.post("/forms/sondaggio", data=posted | {"scelta": "v3"}, headers=OWN).status_code == 303
    (stored,) = responses_in(made.store, "sondaggio", made.forms["sondaggio"].resource)
    assert stored.answers["da"] == "bollettino"
    assert stored.answers["scelta__seed"] == posted["scelta__seed"] != ""
    made.store.close()


def test_a_receipt_masks_contact_data_and_opens_to_its_token_alone(service: Service, client: FlaskClient) -> None:
    person = {"_key": KEY, "_lang": "it", "nome": "Ada Prova", "email": "ada.prova@example.org", "consenso": "true"}
    where = client.post("/forms/gruppo", data=person, headers=OWN).headers["Location"]
    page = client.get(where).text
    assert "Conferma dalla tua e-mail" in page
    assert "a•••@example.org" in page
    assert "ada.prova@" not in page
    assert "Ada Prova" not in page
    assert client.get(where[:-1] + ("A" if where[-1] != "A" else "B")).status_code == 404
    assert client.get(where.replace("gruppo", "sondaggio")).status_code == 404


def hidden(page: TestResponse) -> dict[str, str]:
    """Give the hidden controls of a page, as a browser would post them."""
    return hidden_of(page.text)


def hidden_of(page: str) -> dict[str, str]:
    """Give the hidden controls in the text of a page."""
    found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"[^>]*>', page)
    return {html.unescape(name): html.unescape(value) for name, value in found}
