"""Nobody learns at the door whether an address is in a list: what concerns an address goes to it by mail."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import URL
from werkzeug.test import TestResponse

from forms_server.app import make_app
from forms_server.context import Service
from tests.forms_server.samples import ADA, Respondent, link, running, with_property
from tests.forms_server.test_posting import KEY, OWN

KNOWN, UNKNOWN = "ada.prova@example.org", "bea.prova@example.org"
OPEN, FULL, CLOSED = "open", "full", "closed"
PLACES = {OPEN: 3, FULL: 2, CLOSED: 3}
STATUS = {OPEN: {"html": 303, "json": 201}, FULL: {"html": 409, "json": 409}, CLOSED: {"html": 410, "json": 410}}


@pytest.fixture(params=[OPEN, FULL, CLOSED])
def stand(request: pytest.FixtureRequest) -> str:
    stand: str = request.param
    return stand


@pytest.fixture
def service(tmp_path: Path, database_url: URL, now: list[datetime], stand: str) -> Iterator[Service]:
    """A form with a member, in each state that it can be in."""
    said = with_property(f'form:places: {PLACES[stand]}\nform:closes: "2026-11-30"')
    with running(tmp_path, database_url, lambda: now[0], lambda form: said(form) if "signup" in form else form) as made:
        ada = Respondent(made)
        ada.sign_up(_key=KEY + "a", email=KNOWN)
        ada.post(link(ada.mails()[0], "confirm"))
        if stand is not OPEN:
            ada.sign_up(_key=KEY + "b", email="other@example.org")
        if stand is CLOSED:
            now[0] = datetime(2026, 12, 2, tzinfo=UTC)
        yield made


def send(client: FlaskClient, kind: str, address: str, key: str) -> TestResponse:
    answers = ADA | {"email": address, "_key": key}
    if kind == "html":
        return client.post("/forms/gruppo", data=answers, headers=OWN)
    said = {name: value for name, value in answers.items() if name != "_key"} | {"consenso": True}
    return client.post("/forms/gruppo", json=said, headers={"Idempotency-Key": key})


def without_own(answer: TestResponse, address: str) -> object:
    """Give all that can be seen of an answer, but what differs for each answer anyway."""
    text = answer.text.replace(address, "ADDRESS").replace(address[0] + "•••@example.org", "MASKED")
    for secret in re.findall(r"/receipt/([\w-]{43})", f"{text} {answer.headers}"):
        text = text.replace(secret, "TOKEN")
    text = re.sub(r"[0-9A-Z]{4}-[0-9A-Z]{4}", "REFERENCE", text)
    heads = {name: value for name, value in answer.headers.items() if name not in {"X-Request-Id", "Location"}}
    return answer.status_code, text, heads


@pytest.mark.parametrize("kind", ["html", "json"])
def test_the_answer_depends_on_the_form_and_not_on_the_address(service: Service, stand: str, kind: str) -> None:
    client = make_app(service).test_client()
    seen = []
    for number, address in enumerate((KNOWN, UNKNOWN)):
        with_last_place = send(client, kind, address, f"{KEY}{number}x")
        form = client.get("/forms/gruppo")
        after = send(client, kind, address, f"{KEY}{number}y")
        looks = [without_own(answer, address) for answer in (with_last_place, after)]
        receipt = with_last_place.headers.get("Location")
        if receipt:
            for page in ("", "/correct", "/withdraw"):
                looks.append(without_own(client.get(receipt + page), address))
            corrected = client.post(f"{receipt}/correct", data=ADA | {"nome": "Altra", "email": address}, headers=OWN)
            looks += [without_own(corrected, address), without_own(client.get(receipt), address)]
        seen.append((*looks, "_edit" in form.text, re.sub(r'value="[\w-]{51}"', "", form.text)))
        assert with_last_place.status_code == STATUS[stand][kind]
        if stand is not CLOSED:
            for made in (with_last_place, after):
                if where := made.headers.get("Location"):
                    client.post(f"{where}/withdraw", headers=OWN)
    assert seen[0] == seen[1]
