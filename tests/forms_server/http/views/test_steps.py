"""A step of a form is checked before it is left: by the rules of the form, for its own pages, and nothing is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import URL

from forms_server.app import make_app
from tests.forms_server.samples import running
from tests.forms_server.test_posting import KEY, OWN, SURVEY

STEPS = """\
$schema: https://datapackage.org/profiles/2.0/tableschema.json
name: sondaggio
title: Sondaggio
form:kind: survey
form:steps: true
fields:
- {name: nome, title: Come ti chiami?, type: string, form:section: Chi sei, constraints: {required: true}}
- {name: socio, title: Fai parte del gruppo?, type: boolean}
- name: tessera
  title: Quale tessera hai?
  type: integer
  form:section: La tessera
  form:showIf: {field: socio, equals: true}
  constraints: {required: true}
- {name: anno, title: Di che anno?, type: year}
"""
PORTAL = "https://portale.example"
ALL = {"_lang": "it", "_key": KEY, "nome": "Ada", "socio": "false", "anno": "2020"}


@contextmanager
def steps(folder: Path, url: URL, now: Callable[[], datetime], **settings: str) -> Iterator[FlaskClient]:
    with running(folder, url, now, lambda form: STEPS if form == SURVEY else form, **settings) as service:
        yield make_app(service).test_client()


@pytest.fixture
def client(tmp_path: Path, sqlite_url: URL, now: list[datetime]) -> Iterator[FlaskClient]:
    with steps(tmp_path, sqlite_url, lambda: now[0], FORMS_ORIGINS=PORTAL) as made:
        yield made


def check(client: FlaskClient, step: str, **posted: str) -> str:
    answer = client.post("/forms/sondaggio/step", data={"_lang": "it", "_step": step, **posted}, headers=OWN)
    assert answer.status_code == 200
    return answer.text.strip()


def test_a_step_hears_what_is_wrong_with_it_and_nothing_of_the_others(client: FlaskClient) -> None:
    first = check(client, "nome", anno="boh")
    assert '<a href="#f-nome">' in first
    assert 'id="f-nome--problem"' in first
    assert first.count("<li>") == first.count('"form-problem"') == 1
    assert check(client, "nome", nome="Ada", anno="boh") == ""
    assert check(client, "altro") == check(client, "") == ""


def test_a_question_is_asked_for_where_what_was_answered_before_shows_it(client: FlaskClient) -> None:
    assert 'id="f-tessera--problem"' in check(client, "tessera", nome="Ada", socio="true", tessera="")
    assert check(client, "tessera", nome="Ada", socio="false") == ""


def test_whatever_is_wrong_with_a_step_is_what_the_form_would_say_of_it(client: FlaskClient) -> None:
    posted = {"nome": "=<b>", "socio": "true", "tessera": "1,000", "anno": "20"}
    page = client.post("/forms/sondaggio", data=ALL | posted, headers=OWN).text
    told = "\n".join(check(client, step, **posted) for step in ("nome", "tessera"))
    found = [line for line in told.splitlines() if 'class="form-problem"' in line]
    assert len(found) == 3
    assert [line for line in found if line not in page] == []
    assert "<b>" not in told


def test_the_words_are_in_the_language_of_the_page(client: FlaskClient) -> None:
    answer = client.post("/forms/sondaggio/step", data={"_step": "nome", "_lang": "xx"}, headers=OWN)
    assert "Errore" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_page_of_another_version_hears_nothing_until_all_of_it_is_sent(client: FlaskClient) -> None:
    assert check(client, "nome", _version="0" * 16) == ""


def test_nothing_of_what_is_checked_is_kept(tmp_path: Path, database_url: URL, now: list[datetime]) -> None:
    with steps(tmp_path, database_url, lambda: now[0]) as client:
        before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
        check(client, "nome", **ALL)
        after = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
        assert {path for path in after if b"Ada" in after[path]} == set()
        assert set(before) == set(after)


def test_a_page_of_the_portal_elsewhere_can_ask_and_no_other_page(client: FlaskClient) -> None:
    asked = {"_step": "nome", "_lang": "it"}
    answer = client.post("/forms/sondaggio/step", data=asked, headers={"Origin": PORTAL})
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == PORTAL
    assert answer.headers["Vary"] == "Origin"
    answer = client.post("/forms/sondaggio/step", data=asked, headers={"Origin": "https://altrove.example"})
    assert answer.status_code == 403
    own = client.post("/forms/sondaggio/step", data=asked, headers=OWN)
    assert all("Access-Control-Allow-Origin" not in one.headers for one in (answer, own))


def test_a_correction_is_checked_step_by_step_too(client: FlaskClient) -> None:
    receipt = client.post("/forms/sondaggio", data=ALL, headers=OWN).headers["Location"]
    page = client.get(f"{receipt}/correct").text
    assert f'action="{receipt}/correct"' in page
    assert 'data-check="/forms/sondaggio/step"' in page


def test_what_cannot_be_read_is_refused_and_a_form_that_is_not_there(client: FlaskClient) -> None:
    post = client.post
    assert post("/forms/sondaggio/step", data=b"a=%FF", headers=OWN, content_type=FORM).status_code == 400
    assert post("/forms/sondaggio/step", data=b"a", headers=OWN, content_type="text/plain").status_code == 415
    assert post("/forms/sondaggio/step", data=b"a" * 2**21, headers=OWN, content_type=FORM).status_code == 413
    assert post("/forms/altro/step", data={}, headers=OWN).status_code == 404
    assert client.get("/forms/sondaggio/step").status_code == 405


FORM = "application/x-www-form-urlencoded"


def test_steps_are_counted_by_themselves(tmp_path: Path, sqlite_url: URL, now: list[datetime]) -> None:
    with steps(tmp_path, sqlite_url, lambda: now[0], FORMS_RATE_LIMIT="2/minute") as client:
        asked = [client.post("/forms/sondaggio/step", data=ALL, headers=OWN) for _ in range(3)]
        assert [answer.status_code for answer in asked] == [200, 200, 429]
        assert asked[2].headers["Retry-After"]
        assert client.post("/forms/sondaggio", data=ALL, headers=OWN).status_code == 303


def test_the_document_for_programs_has_the_steps_of_forms_that_have_some(client: FlaskClient) -> None:
    paths = client.get("/forms/openapi.json").get_json()["paths"]
    assert "/forms/gruppo/step" not in paths
    schema = paths["/forms/sondaggio/step"]["post"]["requestBody"]["content"][FORM]["schema"]
    assert schema["properties"]["_step"]["items"] == {"enum": ["nome", "tessera"]}
