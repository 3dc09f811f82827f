"""Nobody can have many mails sent to somebody else, nor hold all places of a form with made-up addresses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import URL

from bacheca.forms.definition.allotment import holds_of
from forms_server.app import make_app
from forms_server.context import Service
from forms_server.crypto.tokens import mailbox_of
from forms_server.database.tables import mail_counts
from tests.forms_server.samples import ADA, Respondent, link, running, with_property
from tests.forms_server.store.test_store import rows
from tests.forms_server.test_posting import KEY, OWN, SIGNUP, hidden
from tests.forms_server.test_quarantine import TRAP, command

VICTIM = "ada.prova@example.org"
BEGIN = datetime.now(UTC).replace(microsecond=0)  # one command goes by the real time


@pytest.fixture
def now() -> list[datetime]:
    return [BEGIN]


@pytest.fixture
def service(tmp_path: Path, database_url: URL, now: list[datetime]) -> Iterator[Service]:
    (tmp_path / "forms").mkdir()
    (tmp_path / "forms" / "festa.yaml").write_text(SIGNUP.replace("name: gruppo", "name: festa"), encoding="utf-8")
    with running(tmp_path, database_url, lambda: now[0]) as made:
        yield made


class Postman:
    """Remembers every mail, those too that went with their response."""

    def __init__(self, service: Service):
        self.ada = Respondent(service)
        self.ids: set[str] = set()

    def mails(self) -> int:
        theirs = [mail for mail in self.ada.mails() if mailbox_of(str(mail["To"])) == VICTIM]
        self.ids |= {str(mail["Message-ID"]) for mail in theirs}
        return len(self.ids)


def test_an_address_gets_three_mails_a_day_whatever_is_done_with_it(
    service: Service, now: list[datetime], database_url: URL
) -> None:
    postman = Postman(service)
    ada = postman.ada
    numbers = iter(range(100))

    def sign_up(form: str, **changes: str) -> str:
        return ada.post(f"/forms/{form}", ADA | {"_key": f"{KEY}{next(numbers)}", "email": VICTIM} | changes)

    for form in ("gruppo", "festa", "gruppo"):
        receipt = sign_up(form)
        postman.mails()
        ada.post(f"{receipt}/withdraw")
    kept = sign_up("gruppo", email="mine@example.org")
    for number in range(4):
        for address in (VICTIM, "mine@example.org"):
            ada.post(f"{kept}/correct", ADA | {"email": address, "nome": str(number)})
            postman.mails()
    for address in (VICTIM.upper(), VICTIM.replace("@", "+again@"), "Ada.Prova+x@Example.ORG"):
        sign_up("festa", email=address)
    service.retention.purge([])
    sign_up("festa")
    assert postman.mails() == 3
    assert all(VICTIM not in str(row) for row in rows(database_url, mail_counts))
    now[0] += timedelta(days=1)
    sign_up("festa")
    assert postman.mails() == 4
    assert len(rows(database_url, mail_counts)) == 1


def test_what_the_owner_of_the_address_asked_for_is_not_counted(service: Service) -> None:
    ada = Respondent(service)
    ada.sign_up()
    ada.post(link(ada.mails()[0], "confirm"))
    for number in range(5):
        ada.sign_up(_key=f"{KEY}{number}")
    assert len(ada.mails()) == 3
    assert ada.browser.get(link(ada.mails()[-1], "receipt")).status_code == 200


def test_what_is_released_from_quarantine_counts_too(service: Service) -> None:
    client = make_app(service).test_client()
    for number in range(5):
        check = client.post("/forms/gruppo", data=ADA | TRAP | {"_key": f"{KEY}{number}"}, headers=OWN)
        assert client.post("/forms/gruppo", data=hidden(check), headers=OWN).status_code == 303
    for stored in service.store.quarantine.waiting("gruppo"):
        assert command(service, "gruppo", stored.response_id, "--release").exit_code == 0
    assert service.store.counts("gruppo") == {"pending": 5}
    waiting = []
    while mail := service.store.outbox.take(datetime.now(UTC)):
        waiting.append(mail.recipient)
    assert waiting == [VICTIM] * 3


@pytest.mark.parametrize(
    ("written", "counted"),
    [
        ("Ada@Example.ORG", "ada@example.org"),
        ("ada+x+y@example.org", "ada@example.org"),
        ("a.d.a+x@GMail.com", "ada@gmail.com"),
        ("ada@googlemail.com", "ada@gmail.com"),
        ("a.da@example.org", "a.da@example.org"),
        ("+x@example.org", "+x@example.org"),
    ],
)
def test_addresses_of_one_mailbox_are_counted_together(written: str, counted: str) -> None:
    assert mailbox_of(written) == counted


@contextmanager
def limited(tmp_path: Path, url: URL, places: int = 100) -> Iterator[Service]:
    said = with_property(f"form:places: {places}")
    edit: Callable[[str], str] = lambda form: said(form) if "signup" in form else form  # noqa: E731
    with running(tmp_path, url, lambda: BEGIN, edit, FORMS_RATE_LIMIT="12/hour", FORMS_PROXIES="1") as made:
        yield made


def test_whatever_changes_something_is_limited_and_looking_is_not(tmp_path: Path, sqlite_url: URL) -> None:
    with limited(tmp_path, sqlite_url) as service:
        client: FlaskClient = make_app(service).test_client()
        receipt = client.post("/forms/gruppo", data=ADA, headers=OWN).headers["Location"]
        acts = ["/correct", "/withdraw", "/../../confirm/" + "x" * 43]
        for number in range(30):
            where = (receipt + acts[number % 3]).replace("/receipt/" + receipt.rsplit("/", 1)[1] + "/../..", "")
            answer = client.post(where, data={"nome": ""}, headers=OWN)
            if number >= 11:
                assert answer.status_code == 429, where
                assert int(answer.headers["Retry-After"]) > 0
        assert client.get("/forms/gruppo").status_code == 200
        names = [client.post(f"/forms/none{n}/receipt/x/withdraw", headers=OWN).status_code for n in range(14)]
        assert names == [404] * 12 + [429] * 2
        elsewhere = {"Origin": "https://elsewhere.example", "X-Forwarded-For": "192.0.2.1"}
        assert {client.post("/forms/gruppo", headers=elsewhere).status_code for _ in range(14)} == {403}
        assert (
            client.post("/forms/gruppo", data={"nome": ""}, headers=OWN | {"X-Forwarded-For": "192.0.2.1"}).status_code
            == 422
        )


def test_one_network_cannot_hold_all_places_with_what_nobody_confirms(tmp_path: Path, sqlite_url: URL) -> None:
    with limited(tmp_path, sqlite_url, places=4) as service:
        client: FlaskClient = make_app(service).test_client()

        def send(number: int, network: int) -> int:
            made_up = ADA | {"_key": f"{KEY}{number}", "email": f"nobody{number}@example.org"}
            heads = OWN | {"X-Forwarded-For": f"192.0.{network}.7"}
            return client.post("/forms/gruppo", data=made_up, headers=heads).status_code

        assert [send(number, 1) for number in range(4)] == [303, 303, 429, 429]
        assert send(1, 1) == 303  # the same once more takes no other place
        ada = Respondent(service)
        first = next(mail for mail in ada.mails() if mail["To"] == "nobody0@example.org")
        ada.post(link(first, "confirm"))
        assert send(5, 1) == 303  # what was confirmed is held no more
        assert [send(6, 2), send(7, 2)] == [303, 409]


@pytest.mark.parametrize(
    ("places", "holds"), [(1, 1), (2, 1), (3, 2), (4, 2), (8, 2), (20, 5), (100, 25), (1_000_000, 250_000)]
)
def test_a_network_holds_a_quarter_of_the_places_and_never_all_of_several(places: int, holds: int) -> None:
    assert holds_of(places) == holds
