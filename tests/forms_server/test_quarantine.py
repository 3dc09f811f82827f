"""What looks like a program's is kept apart, never lost: somebody looks at it and decides."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask.testing import FlaskClient
from sqlalchemy import URL

from forms_server.__main__ import main
from forms_server.app import make_app
from forms_server.commands.quarantine import plain
from forms_server.context import Service
from forms_server.publishing.reconciliation import reconcile
from forms_server.store.quarantine import Release
from tests.forms_server.samples import ADA, Respondent, link, running, with_property
from tests.forms_server.test_posting import GOOD, KEY, OWN, hidden

TRAP = {"_homepage": "https://spam.example"}
BEGIN = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)  # the commands go by the real time


@pytest.fixture
def now() -> list[datetime]:
    return [BEGIN]


@pytest.fixture
def service(tmp_path: Path, database_url: URL, now: list[datetime]) -> Iterator[Service]:
    with running(tmp_path, database_url, lambda: now[0]) as made:
        yield made


@pytest.fixture
def client(service: Service) -> FlaskClient:
    return make_app(service).test_client()


def doubted(client: FlaskClient, form: str = "sondaggio", **answers: str) -> str:
    """Send answers as a program does, the check page at once; give the address of the receipt."""
    posted = (ADA if form == "gruppo" else GOOD) | TRAP | answers
    check = client.post(f"/forms/{form}", data=posted, headers=OWN)
    assert check.status_code == 200
    sent = client.post(f"/forms/{form}", data=hidden(check), headers=OWN)
    assert sent.status_code == 303
    return sent.headers["Location"]


def command(service: Service, *arguments: str) -> Result:
    settings = service.settings
    environ = {
        "FORMS_DATABASE_URL": settings.database_url.render_as_string(hide_password=False),
        "FORMS_CONTENT": str(settings.content),
        "FORMS_DATA": str(settings.data),
        "FORMS_SITE": "",
        "FORMS_SECRET_KEY": "k" * 32,
    }
    return CliRunner().invoke(main, ["quarantine", *arguments], env=environ)


def test_a_program_that_fills_the_trap_and_does_not_read_is_kept_apart_with_a_receipt(
    service: Service, client: FlaskClient
) -> None:
    receipt = doubted(client, commento="comprate")
    assert client.get(receipt).status_code == 200
    assert service.store.counts("sondaggio") == {"quarantined": 1}
    (account,) = reconcile(service.store, ("sondaggio",), service.settings.data)
    assert account.line().endswith("1 received = 0 exported + 0 pending + 0 withdrawn + 0 expired + 1 quarantined")


def test_a_person_whose_browser_fills_the_trap_reads_the_page_and_is_kept(
    service: Service, client: FlaskClient, now: list[datetime]
) -> None:
    check = client.post("/forms/sondaggio", data=GOOD | TRAP, headers=OWN)
    now[0] += timedelta(seconds=2)
    assert client.post("/forms/sondaggio", data=hidden(check), headers=OWN).status_code == 303
    assert service.store.counts("sondaggio") == {"kept": 1}


def test_a_trap_filled_at_once_after_the_page_was_made_is_kept_apart_however_long_it_waits_then(
    service: Service, client: FlaskClient, now: list[datetime]
) -> None:
    stamp = hidden(client.get("/forms/sondaggio"))["_time"]
    check = client.post("/forms/sondaggio", data=GOOD | TRAP | {"_time": stamp}, headers=OWN)
    now[0] += timedelta(hours=1)
    assert client.post("/forms/sondaggio", data=hidden(check), headers=OWN).status_code == 303
    assert service.store.counts("sondaggio") == {"quarantined": 1}


@pytest.mark.parametrize("days", [0, 400])
def test_a_page_may_be_sent_at_once_and_after_a_year(
    service: Service, client: FlaskClient, now: list[datetime], days: int
) -> None:
    posted = GOOD | {"_time": hidden(client.get("/forms/sondaggio"))["_time"]}
    now[0] += timedelta(days=days)
    closed = days > 200 and service.forms["sondaggio"].form.is_closed(now[0])
    assert client.post("/forms/sondaggio", data=posted, headers=OWN).status_code == (410 if closed else 303)


def test_a_forged_time_leads_to_the_check_page(service: Service, client: FlaskClient) -> None:
    stamp = hidden(client.get("/forms/gruppo"))["_time"]  # another form's
    assert client.post("/forms/sondaggio", data=GOOD | {"_time": stamp}, headers=OWN).status_code == 200
    assert client.post("/forms/sondaggio", data=GOOD | {"_time": "x" * 60}, headers=OWN).status_code == 200
    assert service.store.counts("sondaggio") == {}


def test_the_key_of_a_check_page_with_the_trap_filled_in_after_all_is_kept_apart(
    service: Service, client: FlaskClient
) -> None:
    check = client.post("/forms/sondaggio", data=GOOD | {"_key": ""}, headers=OWN)
    assert client.post("/forms/sondaggio", data=hidden(check) | TRAP, headers=OWN).status_code == 303
    assert service.store.counts("sondaggio") == {"quarantined": 1}


def test_a_program_of_json_that_fills_the_trap_is_kept_apart(service: Service, client: FlaskClient) -> None:
    answer = client.post("/forms/sondaggio", json={"luogo": "casa", **TRAP}, headers={"Idempotency-Key": KEY})
    assert answer.status_code == 201
    assert service.store.counts("sondaggio") == {"quarantined": 1}


def test_a_doubted_sign_up_sends_no_mail_before_it_is_released(
    service: Service, client: FlaskClient, now: list[datetime]
) -> None:
    doubted(client, "gruppo")
    ada = Respondent(service)
    assert ada.mails() == []
    (waiting,) = service.store.quarantine.waiting("gruppo")
    assert command(service, "gruppo", waiting.response_id, "--release").output.endswith(": released\n")
    assert service.store.counts("gruppo") == {"pending": 1}
    now[0] = datetime.now(UTC)
    (mail,) = ada.mails()
    assert client.post(link(mail, "confirm"), headers=OWN).status_code == 303
    assert service.store.counts("gruppo") == {"kept": 1}


def test_the_command_shows_releases_and_discards(service: Service, client: FlaskClient) -> None:
    for number in range(3):
        doubted(client, commento=f"nota {number}\nseconda riga")
    assert command(service).output == "gruppo: 0 in quarantine\nsondaggio: 3 in quarantine\n"
    shown = command(service, "sondaggio").output
    assert "  commento: nota 0\n  seconda riga\n" in shown
    first, second, third = (stored.response_id for stored in service.store.quarantine.waiting("sondaggio"))
    assert all(name in shown for name in (first, second, third))
    assert command(service, "sondaggio", first, "--release").exit_code == 0
    assert command(service, "sondaggio", second, "--discard").output == f"{second}: erased\n"
    assert service.store.counts("sondaggio") == {"kept": 1, "quarantined": 1, "withdrawn": 1}
    service.retention.replay()
    assert service.store.counts("sondaggio") == {"kept": 1, "quarantined": 1, "withdrawn": 1}


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("niente",), 2, "There is no form niente. The forms are: gruppo, sondaggio."),
        (("sondaggio", "0" * 32), 2, "either --release or --discard"),
        (("sondaggio", "--release"), 2, "either --release or --discard"),
        (("sondaggio", "0" * 32, "--release", "--discard"), 2, "either --release or --discard"),
        (("sondaggio", "0" * 32, "--release"), 1, f"Not in quarantine: {'0' * 32}. See `quarantine sondaggio`."),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    service: Service, arguments: tuple[str, ...], code: int, says: str
) -> None:
    done = command(service, *arguments)
    assert (done.exit_code, says in done.output) == (code, True), done.output


def test_a_release_never_overfills_a_form(tmp_path: Path, sqlite_url: URL, now: list[datetime]) -> None:
    one_place = with_property("form:places: 1")
    edit = lambda form: one_place(form) if "signup" in form else form  # noqa: E731
    with running(tmp_path, sqlite_url, lambda: now[0], edit) as made:
        doubted(make_app(made).test_client(), "gruppo", email="prima@example.org")
        Respondent(made).sign_up(_key=KEY + "2")
        (waiting,) = made.store.quarantine.waiting("gruppo")
        done = command(made, "gruppo", waiting.response_id, "--release")
        assert (done.exit_code, "every place of gruppo is taken" in done.output) == (1, True)
        assert made.store.counts("gruppo") == {"pending": 1, "quarantined": 1}
        assert made.store.quarantine.release("gruppo", "0" * 32, BEGIN.date(), BEGIN, None) is Release.ABSENT


def test_a_terminal_is_never_given_anything_to_obey() -> None:
    assert plain("a\x1b[2Jb\x9bc\u202ed\ne") == "a\ufffd[2Jb\ufffdc\ufffdd\ne"
