"""Publishing: when results may be shown, what comes after what, and which comments are quoted."""

from __future__ import annotations

import json
import random
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import make_url

from forms import Form, read_response
from forms.package import validate_package
from forms_server.__main__ import main
from forms_server.app import make_app, make_service
from forms_server.caretaker import Caretaker
from forms_server.outbox import outbox_of
from forms_server.publishing import Publication, Publisher, PublishingRefused, publish, published
from forms_server.reviews import Reviews
from forms_server.service import Service
from forms_server.settings import Settings
from tests.forms_server.test_posting import KEY, OWN

FORM = """\
$schema: https://datapackage.org/profiles/2.0/tableschema.json
name: {name}
title: Strumenti
form:kind: {kind}
form:publish: {publish}
form:closes: "2026-12-31"
fields:
- name: usi
  title: Usi una griglia?
  type: string
  categories:
  - {{value: si, label: Sì}}
  - {{value: no, label: No}}
  - {{value: mai, label: Mai più}}
- name: come
  title: Come?
  type: string
  form:widget: textarea
- name: citami
  title: Potete citare il mio commento
  type: boolean
  form:widget: consent
  form:notice: Potete pubblicare il mio commento senza il mio nome.
  form:quotes: [come]
"""
NAMES = {"inchiesta": ("survey", "results"), "voto": ("poll", "results"), "riservata": ("survey", "nothing")}
OPEN = datetime(2026, 11, 23, 12, tzinfo=UTC)
CLOSED = datetime(2027, 1, 2, 12, tzinfo=UTC)


@pytest.fixture
def now() -> list[datetime]:
    return [OPEN]


@contextmanager
def running(folder: Path, now: Callable[[], datetime]) -> Iterator[Service]:
    (folder / "forms").mkdir(exist_ok=True)
    for name, (kind, publishes) in NAMES.items():
        text = FORM.format(name=name, kind=kind, publish=publishes)
        (folder / "forms" / f"{name}.yaml").write_text(text, encoding="utf-8")
    made = make_service(Settings.from_environ(environ(folder)), now)
    try:
        yield made
    finally:
        made.store.close()


def environ(folder: Path) -> dict[str, str]:
    return {
        "FORMS_DATABASE_URL": str(make_url(f"sqlite:///{folder / 'data' / 'forms.db'}")),
        "FORMS_CONTENT": str(folder / "forms"),
        "FORMS_DATA": str(folder / "data"),
        "FORMS_SITE": "",
    }


@pytest.fixture
def service(tmp_path: Path, now: list[datetime]) -> Iterator[Service]:
    with running(tmp_path, lambda: now[0]) as made:
        yield made


def answer(service: Service, name: str, count: int, **answers: str) -> None:
    """Have some people answer a form, each at random unless said."""
    form = service.forms[name].form
    for _ in range(count):
        given = {"usi": random.choice(["si", "no"]), **answers}
        response, problems = read_response(form, {key: [value] for key, value in given.items()}, "it")
        assert not problems
        service.intake.keep(form, response, f"{random.getrandbits(160):040x}")


def attempt(service: Service, name: str = "inchiesta", *, early: bool = False) -> Publication:
    form = service.forms[name].form
    return publish(service.store, form, service.settings.data, service.intake.now(), early=early)


def counts(service: Service, name: str = "inchiesta") -> dict[str, str]:
    found = published(service.settings.data, service.forms[name].form)
    assert found is not None
    return {row.category: row.value for row in found.rows if row.field == "usi" and row.measure == "count"}


def test_an_open_survey_is_published_only_when_asked_for(service: Service) -> None:
    answer(service, "inchiesta", 60)
    assert attempt(service) is Publication.EARLY
    assert not (service.settings.data / "results" / "inchiesta").exists()
    assert attempt(service, early=True) is Publication.PUBLISHED


def test_a_closed_survey_is_published(service: Service, now: list[datetime]) -> None:
    answer(service, "inchiesta", 60)
    now[0] = CLOSED
    assert attempt(service) is Publication.PUBLISHED
    validate_package(service.settings.data / "results" / "inchiesta" / "datapackage.json")
    found = published(service.settings.data, service.forms["inchiesta"].form)
    assert found is not None
    assert str(found.until) == "2026-12-31"


def test_a_form_that_publishes_nothing_is_refused(service: Service) -> None:
    with pytest.raises(PublishingRefused):
        attempt(service, "riservata", early=True)


def test_too_few_responses_are_not_published(service: Service) -> None:
    answer(service, "voto", 4)
    assert attempt(service, "voto") is Publication.SMALL
    assert published(service.settings.data, service.forms["voto"].form) is None


def test_a_publication_waits_until_every_count_has_grown_enough(service: Service) -> None:
    answer(service, "voto", 20, usi="si")
    answer(service, "voto", 20, usi="no")
    assert attempt(service, "voto") is Publication.PUBLISHED
    first = counts(service, "voto")
    answer(service, "voto", 9, usi="si")
    answer(service, "voto", 1, usi="no")
    assert attempt(service, "voto") is Publication.SMALL
    assert counts(service, "voto") == first
    answer(service, "voto", 8, usi="no")
    answer(service, "voto", 8, usi="mai")
    assert attempt(service, "voto") is Publication.PUBLISHED
    assert counts(service, "voto") != first


def test_a_publication_that_did_not_reach_the_public_is_not_compared_with(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(service, "voto", 30, usi="si")
    answer(service, "voto", 30, usi="no")
    assert attempt(service, "voto") is Publication.PUBLISHED
    answer(service, "voto", 30, usi="si")
    answer(service, "voto", 30, usi="no")
    answer(service, "voto", 30, usi="mai")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr("forms_server.publishing.write_results", full)
        with pytest.raises(OSError, match="No space"):
            attempt(service, "voto")
    assert attempt(service, "voto") is Publication.PUBLISHED
    assert counts(service, "voto")["si"] == "60"


def test_exact_counts_are_for_their_owner_alone(service: Service) -> None:
    answer(service, "voto", 40)
    attempt(service, "voto")
    private = service.settings.data / "publications"
    assert stat.S_IMODE(private.stat().st_mode) == 0o700
    assert stat.S_IMODE((private / "voto.json").stat().st_mode) == 0o600


def test_a_comment_is_quoted_only_when_approved_and_agreed_to(service: Service) -> None:
    answer(service, "voto", 40)
    answer(service, "voto", 1, come="Scrivo a Mario Rossi, mario@example.org", citami="true")
    answer(service, "voto", 1, come="Senza permesso")
    assert attempt(service, "voto") is Publication.PUBLISHED
    form = service.forms["voto"].form
    reviews = Reviews(service.settings.data, form)
    with service.store.reading() as reading:
        comments = {comment.text: comment for comment in reviews.comments(reading)}
    agreed = comments["Scrivo a Mario Rossi, mario@example.org"]
    assert agreed.suggested == "Scrivo a […], […]"
    with pytest.raises(Exception, match="did not agree"):
        reviews.approve(comments["Senza permesso"], "Senza permesso")
    reviews.approve(agreed, agreed.suggested)
    assert attempt(service, "voto") is Publication.PUBLISHED  # the same counts, and a quotation
    found = published(service.settings.data, form)
    assert found is not None
    assert [said.text for said in found.quotations] == ["Scrivo a […], […]"]
    reviews.reject(agreed)
    assert attempt(service, "voto") is Publication.PUBLISHED
    files = [file.read_text(encoding="utf-8") for file in (service.settings.data / "results" / "voto").iterdir()]
    assert not any("Scrivo" in text or "Senza permesso" in text for text in files)


def test_a_poll_shows_its_results_to_whoever_asks(service: Service) -> None:
    answer(service, "voto", 30, usi="si")
    answer(service, "voto", 30, usi="no")
    client = make_app(service).test_client()
    page = client.get("/forms/voto/results")
    assert page.status_code == 200
    assert "results-bar" in page.text
    package = client.get("/forms/voto/results/datapackage.json")
    assert package.get_json()["bacheca:form"] == "voto"
    assert package.headers["Access-Control-Allow-Origin"] == "*"
    assert client.get("/forms/voto/results/results.csv").text.startswith("field,category")


def test_an_open_survey_says_when_its_results_come(service: Service, now: list[datetime]) -> None:
    answer(service, "inchiesta", 30)
    client = make_app(service).test_client()
    assert "31 dicembre 2026" in client.get("/forms/inchiesta/results").text
    assert client.get("/forms/inchiesta/results/datapackage.json").status_code == 404
    now[0] = CLOSED
    assert client.get("/forms/inchiesta/results/datapackage.json").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/forms/riservata/results",
        "/forms/nessuna/results",
        "/forms/voto/results/voto.json",
        "/forms/voto/results/..%2f..%2fforms.db",
    ],
)
def test_nothing_else_is_handed_out(service: Service, path: str) -> None:
    answer(service, "voto", 30)
    assert make_app(service).test_client().get(path).status_code == 404


def test_the_commands_publish_approve_and_reject(tmp_path: Path) -> None:
    with running(tmp_path, lambda: OPEN) as service:
        answer(service, "voto", 40, usi="si")
        answer(service, "voto", 1, come="Con un foglio di Ada Prova", citami="true")
    runner = CliRunner()

    def run(*command: str) -> str:
        done = runner.invoke(main, command, env=environ(tmp_path))
        assert done.exit_code == 0, done.output
        return done.output

    assert "published to" in run("publish", "voto")
    assert "still open" in run("publish")
    listed = run("comments", "voto")
    assert "suggested: Con un foglio di […]" in listed
    response = listed.split()[0]
    assert "approved: Con un foglio di […]" in run("approve", "voto", response)
    assert run("comments", "voto").startswith("0 comments")
    assert "published to" in run("publish", "voto")
    said = json.loads((tmp_path / "data" / "results" / "voto" / "results.json").read_text(encoding="utf-8"))
    assert said["quotations"] == [{"field": "come", "text": "Con un foglio di […]"}]
    assert "rejected" in run("reject", "voto", response)
    wrong = runner.invoke(main, ["approve", "voto", "0" * 32], env=environ(tmp_path))
    assert (wrong.exit_code, "no comment" in wrong.output) == (1, True)


def test_a_poll_leads_to_its_results_once_answered_and_a_survey_does_not(service: Service) -> None:
    client = make_app(service).test_client()
    for name, leads in (("voto", True), ("inchiesta", False)):
        sent = client.post(f"/forms/{name}", data={"_key": KEY, "_lang": "it", "usi": "si"}, headers=OWN)
        assert sent.status_code == 303
        receipt = client.get(sent.headers["Location"]).text
        assert (f"/forms/{name}/results?lang=it" in receipt) is leads
        assert ("Guarda i risultati finora" in receipt) is leads


def test_asking_again_and_again_counts_nothing_anew(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    answer(service, "voto", 40)
    made: list[str] = []

    def counted(store: object, form: Form, *rest: Any) -> Publication:
        made.append(form.name)
        return publish(service.store, form, *rest)

    monkeypatch.setattr("forms_server.publishing.publish", counted)
    client = make_app(service).test_client()
    for _ in range(5):
        assert client.get("/forms/voto/results").status_code == 200
    answer(service, "voto", 4)
    client.get("/forms/voto/results")
    assert made == ["voto"]
    answer(service, "voto", 1)
    client.get("/forms/voto/results")
    assert made == ["voto", "voto"]


def test_the_caretaker_publishes_what_has_closed_whatever_its_size(
    service: Service, now: list[datetime], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "forms_server.publishing")
    box = outbox_of(service.settings, service.secret, service.pages.shell, service.store, service.intake.now)
    shown = service.settings.data / "results"
    answer(service, "inchiesta", 40)
    answer(service, "voto", 40)
    answer(service, "riservata", 40)
    Caretaker(service, box).round()
    assert [folder.name for folder in shown.iterdir()] == ["voto"]
    assert (service.settings.data / "progress" / "progress.csv").is_file()
    now[0] = CLOSED
    publisher = Publisher(service.store, service.settings.data)
    publisher.publish_due(service.forms["inchiesta"].form, now[0], most=39)
    assert not (shown / "inchiesta").exists()
    Caretaker(service, box).round()
    assert sorted(folder.name for folder in shown.iterdir()) == ["inchiesta", "voto"]
    assert "results are made of 40 responses" in caplog.messages
    monkeypatch.setattr("forms_server.publishing.export_forms", lambda *_: pytest.fail("counted again"))
    again = Publisher(service.store, service.settings.data)  # of a process that has just begun
    again.publish_due(service.forms["inchiesta"].form, now[0])
