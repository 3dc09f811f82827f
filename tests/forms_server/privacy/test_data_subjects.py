"""What people ask about themselves: evidence, a copy, erasure; across all forms, and with a record of it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import URL, text

from bacheca.forms import USUAL
from bacheca.forms.text import digest
from forms_server.__main__ import main
from forms_server.context import Service
from forms_server.database.engine import make_engine
from forms_server.errors import PersonProblem
from forms_server.privacy.data_subjects import AUDIT_KEPT, DataSubjects
from forms_server.privacy.subject_report import as_json, as_page, copy_of, evidence_of
from tests.forms_server.samples import Respondent, link, running
from tests.forms_server.test_posting import KEY

ADDRESS = "Ada.Prova@Example.org"
OTHER = """\
$schema: https://datapackage.org/profiles/2.0/tableschema.json
name: novita
title: Novità
form:kind: survey
fields:
- {name: posta, title: Posta, type: string, format: email}
- {name: testo, title: Testo, type: string, form:widget: textarea}
"""
EVA = {"_key": KEY + "eva", "nome": "Eva", "email": "eva@example.org", "consenso": "true"}


@pytest.fixture
def further_forms() -> dict[str, str]:
    return {"novita": OTHER}


@pytest.fixture
def ada(service: Service) -> Respondent:
    """Ada has signed up and confirmed, given her address in a survey, and answered another; Eva mentions her."""
    ada = Respondent(service)
    ada.sign_up()
    (mail,) = ada.mails()
    ada.post(link(mail, "confirm"))
    ada.answer_survey()
    ada.post("/forms/novita", {"_lang": "it", "_key": KEY + "1", "posta": ADDRESS})
    ada.post("/forms/novita", {"_lang": "it", "_key": KEY + "2", "testo": f"Scrivete a {ADDRESS.lower()}!"})
    ada.sign_up(**EVA)
    return ada


@pytest.fixture
def persons(service: Service, ada: Respondent) -> DataSubjects:
    return DataSubjects(service.retention, service.secret)


def test_everything_of_a_person_is_found_by_the_address_and_nothing_of_others(persons: DataSubjects) -> None:
    person = persons.find(f"  {ADDRESS.upper()} ")
    assert person.counts == {"gruppo": 1, "novita": 1}
    assert {held.holding.stored.state for held in person.held} == {"kept"}
    assert [(mention.form, mention.field) for mention in person.mentions] == [("novita", "testo")]
    assert persons.find("nobody@example.org").held == ()


@pytest.mark.parametrize("wrong", ["", "ada", "ada@", "a b@example.org", "ada@example.org, eva@example.org"])
def test_what_is_no_address_is_refused(persons: DataSubjects, wrong: str) -> None:
    with pytest.raises(PersonProblem, match="not an e-mail address"):
        persons.find(wrong)


def test_the_evidence_names_the_exact_text_and_every_moment(
    persons: DataSubjects, service: Service, now: list[datetime]
) -> None:
    told = evidence_of(persons.find(ADDRESS), service.forms, service.settings.content, now[0])
    signup, survey = sorted(told["responses"], key=lambda response: response["form"])
    assert survey["consents"] == []
    (consent,) = signup["consents"]
    assert consent["purpose"] == "consenso"
    assert consent["given_at"] == consent["confirmed_at"] == "2026-11-23T12:00:00+00:00"
    assert (consent["method"], consent["withdrawn_at"]) == ("web", None)
    assert consent["notice"] == {
        "hash": f"sha256:{digest('Potete scrivermi.')}",
        "language": "it",
        "form_version": service.forms["gruppo"].form.version,
        "text": "Potete scrivermi.",
        "file": "forms/gruppo.yaml",
    }
    assert "answers" not in signup


def test_a_notice_that_was_changed_since_is_still_told_whole(
    tmp_path: Path, database_url: URL, ada: Respondent, now: list[datetime]
) -> None:
    def edit(form: str) -> str:
        return form.replace("Potete scrivermi.", "Potete.")

    with running(tmp_path, database_url, lambda: now[0], edit) as again:
        found = DataSubjects(again.retention, again.secret).find(ADDRESS)
        told = evidence_of(found, again.forms, again.settings.content, now[0])
    (notice,) = [consent["notice"] for response in told["responses"] for consent in response["consents"]]
    assert (notice["text"], notice["file"]) == ("Potete scrivermi.", None)


def test_a_consent_that_was_withdrawn_alone_stays_as_evidence(
    tmp_path: Path, database_url: URL, now: list[datetime]
) -> None:
    more = "- {name: lettera, title: La lettera, type: boolean, form:widget: consent, form:notice: Ogni mese.}\n"
    with running(tmp_path, database_url, lambda: now[0], lambda form: form + more) as service:
        ada = Respondent(service)
        receipt = ada.sign_up(lettera="true")
        now[0] = datetime(2026, 12, 1, 8, tzinfo=UTC)
        agreed = {"_lang": "it", "nome": "Ada", "email": ADDRESS.lower(), "consenso": "true"}
        ada.post(f"{receipt}/correct", agreed)
        person = DataSubjects(service.retention, service.secret).find(ADDRESS)
        told = evidence_of(person, service.forms, Path(), now[0])
        ada.post(f"{receipt}/correct", agreed | {"lettera": "true"})
        person = DataSubjects(service.retention, service.secret).find(ADDRESS)
        again = evidence_of(person, service.forms, Path(), now[0])
    by_purpose = {consent["purpose"]: consent for consent in told["responses"][0]["consents"]}
    assert by_purpose["consenso"]["withdrawn_at"] is None
    assert by_purpose["lettera"]["withdrawn_at"] == "2026-12-01T08:00:00+00:00"
    moments = [(consent["purpose"], consent["withdrawn_at"]) for consent in again["responses"][0]["consents"]]
    assert moments == [("consenso", None), ("lettera", "2026-12-01T08:00:00+00:00"), ("lettera", None)]
    page = as_page(again, "it", "", USUAL.zone)
    assert page.count("La lettera</h3>") == 2


def test_the_copy_holds_every_answer_in_words_and_in_values(
    persons: DataSubjects, service: Service, now: list[datetime]
) -> None:
    told = copy_of(persons.find(ADDRESS), service.forms, service.settings.content, now[0])
    by_form = {response["form"]: response for response in told["responses"]}
    answers = {answer["field"]: answer for answer in by_form["gruppo"]["answers"]}
    assert answers["email"] == {
        "field": "email",
        "question": "E-mail",
        "answer": "ada.prova@example.org",
        "values": {"email": "ada.prova@example.org"},
    }
    assert answers["consenso"]["answer"] == "Sì"
    assert by_form["novita"]["answers"][0]["values"] == {"posta": "Ada.Prova@example.org"}
    assert [mail["kind"] for mail in by_form["gruppo"]["mail"]] == ["confirm"]
    assert told["mentions"] == [{"form": "novita", "field": "testo"}], "nothing leads to whose answer that is"
    assert json.loads(as_json(told)) == told
    assert "eva@example.org" not in as_json(told)


@pytest.mark.parametrize("language", ["it", "en"])
def test_both_are_pages_to_read_and_nothing_in_them_is_markup(
    persons: DataSubjects, service: Service, ada: Respondent, now: list[datetime], language: str
) -> None:
    ada.post("/forms/novita", {"_key": KEY + "3", "posta": ADDRESS, "testo": "<b>x</b>"})
    person = persons.find(ADDRESS)
    evidence = as_page(
        evidence_of(person, service.forms, service.settings.content, now[0]), language, "La Bacheca", USUAL.zone
    )
    copy = as_page(copy_of(person, service.forms, service.settings.content, now[0]), language, "La Bacheca", USUAL.zone)
    titles = {
        "it": ("Prova dei consensi", "Che cosa conserviamo di te"),
        "en": ("Evidence of consents", "What we hold of you"),
    }
    for page, title in zip((evidence, copy), titles[language], strict=True):
        assert f"<h1>{title}</h1>" in page
        assert f"<title>{title}" in page
    assert "Potete scrivermi." in evidence
    assert "23 novembre 2026" in evidence or "23 November 2026" in evidence
    assert "&lt;b&gt;x&lt;/b&gt;" in copy
    assert "&lt;b&gt;" not in evidence
    assert "<b>" not in copy
    nothing = as_page(
        evidence_of(persons.find("no@example.org"), service.forms, Path(), now[0]), language, "", USUAL.zone
    )
    assert re.search("non conserviamo niente|We hold nothing", nothing)


def test_what_is_erased_is_in_no_table_and_no_file_and_others_stay(
    persons: DataSubjects, service: Service, database_url: URL
) -> None:
    record = persons.erase(persons.find(ADDRESS))
    assert record.counts == {"gruppo": 1, "novita": 1}
    assert persons.find(ADDRESS).held == ()
    assert service.store.counts("gruppo") == {"pending": 1, "withdrawn": 1}
    assert service.store.counts("novita") == {"kept": 1, "withdrawn": 1}
    assert service.store.counts("sondaggio") == {"kept": 1}
    if database_url.get_backend_name() == "sqlite":
        folder = Path(database_url.database or "").parent
        data = b"".join(path.read_bytes() for path in folder.glob("forms.db*"))
        assert b"Ada Prova" not in data
        assert b"Ada.Prova@example.org" not in data  # Eva wrote it in small letters


def test_the_audit_says_what_was_done_and_not_for_whom(
    persons: DataSubjects, service: Service, database_url: URL, now: list[datetime]
) -> None:
    person = persons.find(ADDRESS)
    persons.note("export", person)
    now[0] += AUDIT_KEPT
    persons.erase(person)
    persons.note("evidence", persons.find("other@example.org"))
    mine = list(service.store.subject_access.audits(*persons.subjects(ADDRESS.lower())))
    assert [(record.action, record.counts) for record in mine] == [
        ("export", {"gruppo": 1, "novita": 1}),
        ("erase", {"gruppo": 1, "novita": 1}),
    ]
    engine = make_engine(database_url)
    with engine.connect() as connection:
        rows = repr(connection.execute(text("SELECT * FROM audit")).all()).lower()
        hashes = set(connection.scalars(text("SELECT address_hash FROM responses")))
    engine.dispose()
    assert not re.search(r"\bada\b", rows)
    assert "example.org" not in rows
    assert not {record.subject for record in mine} & hashes
    now[0] = datetime(2026, 11, 24, 12, tzinfo=UTC) + AUDIT_KEPT
    persons.note("evidence", persons.find(ADDRESS))
    left = [record.action for record in service.store.subject_access.audits()]
    assert sorted(left) == ["erase", "evidence", "evidence"]  # two of one second come in any order


@pytest.fixture
def run(service: Service, ada: Respondent, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    settings = service.settings
    environ = {
        "FORMS_DATABASE_URL": settings.database_url.render_as_string(hide_password=False),
        "FORMS_CONTENT": str(settings.content),
        "FORMS_DATA": str(settings.data),
        "FORMS_SITE": "",
        "FORMS_SECRET_KEY": "k" * 32,
    }
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    return lambda *arguments, **more: CliRunner().invoke(main, list(arguments), **more)


def test_the_commands_print_json_write_a_page_and_leave_a_record(run: Callable[..., Result], tmp_path: Path) -> None:
    page = tmp_path / "prova.html"
    done = run("evidence", ADDRESS, "--page", str(page))
    assert json.loads(done.stdout)["responses"][0]["consents"][0]["notice"]["text"] == "Potete scrivermi."
    assert "Prova dei consensi" in page.read_text(encoding="utf-8")
    assert page.stat().st_mode & 0o077 == 0
    assert json.loads(run("export-person", ADDRESS).stdout)["mentions"]
    kept = run("erase-person", ADDRESS, input="n\n")
    assert kept.exit_code == 1
    erased = run("erase-person", ADDRESS, "--yes")
    assert "2 erased; audit record" in erased.stdout
    assert json.loads(run("export-person", ADDRESS).stdout)["responses"] == []
    actions = [line.split()[3] for line in run("audit", ADDRESS).stdout.splitlines()]
    assert sorted(actions) == ["erase", "evidence", "export", "export"]
    assert run("audit").stdout == run("audit", ADDRESS).stdout
    assert "0 erased" in run("erase-person", "nobody@example.org").stdout


@pytest.mark.parametrize("command", ["evidence", "export-person", "erase-person", "audit"])
def test_a_wrong_address_gets_one_line_and_changes_nothing(run: Callable[..., Result], command: str) -> None:
    done = run(command, "ada at example")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == "'ada at example' is not an e-mail address; write it as ada@example.org\n"
    assert run("audit").stdout == ""
