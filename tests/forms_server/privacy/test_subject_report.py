"""What is told of a person is told whole: every key of the JSON, each moment and each word of it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import product
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import URL

from bacheca.forms import USUAL
from bacheca.forms.text import digest
from forms_server.form_registry import ServedForms
from forms_server.privacy.data_subjects import DataSubjects
from forms_server.privacy.subject_report import (
    FILES,
    as_json,
    as_page,
    copy_of,
    evidence_of,
    file_name,
    proof_as_page,
    proof_of,
)
from forms_server.store.subject_access import Attestation, AuditRecord
from tests.forms_server.samples import ADA, Respondent, link, running
from tests.forms_server.stored import responses_in

ENGLISH = """\
title: Group
fields:
- {name: nome, title: Name}
- {name: email, title: E-mail}
- {name: consenso, title: I agree, "form:notice": You may write to me.}
"""
NOTICE = digest("Potete scrivermi.")


def test_a_file_is_named_in_the_language_of_whoever_gets_it_by_the_one_answer_there_is() -> None:
    day = date(2026, 11, 23)
    assert file_name("export", "it", ["1SQJ-GEV1"], day) == "i-tuoi-dati-1SQJ-GEV1"
    assert file_name("evidence", "fr", ["1SQJ-GEV1", "K7QF-2M9X"], day) == "vos-consentements-2026-11-23"
    for what, language in product(FILES, ("de", "en", "es", "fr", "it")):
        assert re.fullmatch(r"[a-z-]+-2026-11-23", file_name(what, language, [], day))


def test_evidence_and_copy_are_these_words_and_no_others(tmp_path: Path, sqlite_url: URL) -> None:
    now = [datetime(2026, 11, 23, 12, 0, 0, 5, tzinfo=UTC)]
    with running(tmp_path, sqlite_url, lambda: now[0]) as service:
        ada = Respondent(service)
        ada.sign_up()
        (mail,) = ada.mails()
        now[0] = datetime(2026, 11, 24, 8, 30, 15, tzinfo=UTC)
        ada.post(link(mail, "confirm"))
        mine = link(mail, "receipt").partition("?")[0]
        corrected = {"_lang": "it", "nome": "Ada Nuova", "email": ADA["email"], "consenso": "true"}
        ada.post(f"{mine}/correct", corrected)
        person = DataSubjects(service.retention, service.secret).find(ADA["email"])
        evidence = evidence_of(person, service.forms, service.settings.content, now[0])
        copy = copy_of(person, service.forms, service.settings.content, now[0])
        version = service.forms["gruppo"].form.version
        (stored,) = responses_in(service.store, "gruppo", 1)
    told: dict[str, Any] = {
        "form": "gruppo",
        "title": "Gruppo",
        "reference": service.secret.reference(stored.token_hash),
        "state": "kept",
        "received_on": "2026-11-23",
        "form_version": version,
        "language": "it",
        "channel": "web",
        "confirmed_at": "2026-11-24T08:30:15+00:00",
        "attested": [],
        "keep_until": None,
        "letters_declined_at": None,
        "consents": [
            {
                "purpose": "consenso",
                "title": "Acconsento",
                "number": 1,
                "given_at": "2026-11-23T12:00:00+00:00",
                "given_on": None,
                "method": "web",
                "confirmed_at": "2026-11-24T08:30:15+00:00",
                "withdrawn_at": None,
                "withdrawn_on": None,
                "notice": {
                    "hash": f"sha256:{NOTICE}",
                    "language": "it",
                    "form_version": version,
                    "text": "Potete scrivermi.",
                    "file": "forms/gruppo.yaml",
                },
            }
        ],
    }
    head = {"address": ADA["email"], "produced_at": "2026-11-24T08:30:15+00:00"}
    assert evidence == {**head, "responses": [told]}
    (correction,) = copy["responses"][0]["corrections"]
    assert correction == {"number": 1, "version": version, "corrected_on": "2026-11-24"}
    address = {"email": ADA["email"]}
    agreed = {"consenso": "true", "consenso__notice": NOTICE}
    told |= {
        "answers": [
            {"field": "nome", "question": "Nome e cognome", "answer": "Ada Nuova", "values": {"nome": "Ada Nuova"}},
            {"field": "email", "question": "E-mail", "answer": ADA["email"], "values": address},
            {"field": "consenso", "question": "Acconsento", "answer": "Sì", "values": agreed},
        ],
        "sealed": False,
        "corrections": [correction],
        "mail": [{"kind": "confirm", "state": "sent", "recipient": "", "created_at": "2026-11-23T12:00:00+00:00"}],
    }
    assert copy == {**head, "responses": [told], "mail": [], "mentions": []}
    assert json.loads(as_json(copy)) == copy
    assert '\n  "address": "ada.prova@example.org",\n' in as_json(copy)
    assert '"answer": "Sì"' in as_json(copy)
    assert as_json(copy).endswith("}\n")


CONDITIONAL = """\
- {name: scrive, title: Scrivi?, type: boolean}
- {name: dove, title: Dove?, type: string, form:showIf: {field: scrive, equals: true}}
"""


def test_a_question_that_was_not_shown_was_not_answered(tmp_path: Path, sqlite_url: URL) -> None:
    with running(
        tmp_path, sqlite_url, lambda: datetime(2026, 11, 23, 12, tzinfo=UTC), lambda f: f + CONDITIONAL
    ) as service:
        Respondent(service).sign_up(scrive="false")
        person = DataSubjects(service.retention, service.secret).find(ADA["email"])
        told = copy_of(person, service.forms, service.settings.content, datetime(2026, 11, 24, tzinfo=UTC))
    (dove,) = [answer for answer in told["responses"][0]["answers"] if answer["field"] == "dove"]
    assert (dove["answer"], dove["values"]) == ("", {"dove": "not-shown"})
    assert "<dd>23 novembre 2026, " in as_page(told, "it", "", USUAL.zone)
    assert "<dd>23 November 2026, " in as_page(told, "en", "", USUAL.zone)


RECORD = AuditRecord("a1b2", datetime(2026, 11, 23, 23, 30, tzinfo=UTC), "erase", "hash", {"gruppo": 2, "andato": 1})


def test_the_proof_of_an_erasure_says_when_from_where_and_how_it_is_found_again_and_not_of_whom() -> None:
    proof = proof_of(
        RECORD,
        ["chiuso", "gruppo"],
        {"gruppo": "Il gruppo"},
        "en",
        community="La Bacheca",
        zone=ZoneInfo("Europe/Rome"),
    )
    when, what, others, sealed, left, backup, reference = proof.lines[1:]
    assert (proof.title, proof.lines[0]) == ("Proof of erasure", "La Bacheca")
    assert "On 24 November 2026" in when
    assert "00:30" in when
    assert what.endswith("by form: Il gruppo: 2; andato: 1.")
    assert "What other people wrote" in others
    assert sealed.endswith("without it: chiuso; Il gruppo.")
    assert "a keyed hash" in left
    assert backup.startswith("Should a backup of before")
    assert reference == "Reference: a1b2"
    assert proof.text == "\n\n".join(["Proof of erasure", *proof.lines]) + "\n"
    page = proof_as_page(proof, "en")
    assert all(f"<p>{line}</p>" in page for line in proof.lines)
    assert "<h1>Proof of erasure</h1>" in page
    assert "<title>Proof of erasure" in page
    assert '<html lang="en"' in page


def test_the_proof_of_an_erasure_of_nothing_says_so_in_the_language_that_is_asked_for() -> None:
    proof = proof_of(replace(RECORD, counts={}), [], {}, "it", community="", zone=ZoneInfo("UTC"))
    assert proof.title == "Prova della cancellazione"
    assert len(proof.lines) == 6
    assert proof.lines[1].endswith(": 0.")
    assert "23 novembre 2026" in proof.lines[0]
    assert proof.lines[5].endswith("a1b2")
    page = proof_as_page(proof, "it")
    assert "<h1>Prova della cancellazione</h1>" in page
    assert '<html lang="it"' in page


def test_what_was_attested_and_what_a_form_says_no_more_is_told_by_its_name_and_its_file(
    tmp_path: Path, sqlite_url: URL
) -> None:
    now = datetime(2026, 11, 23, 12, tzinfo=UTC)
    (tmp_path / "forms").mkdir()
    (tmp_path / "forms" / "gruppo.en.yaml").write_text(ENGLISH, encoding="utf-8")
    with running(tmp_path, sqlite_url, lambda: now) as service:
        Respondent(service).sign_up(_lang="en")
        person = DataSubjects(service.retention, service.secret).find(ADA["email"])
        (held,) = person.held
        (consent,) = held.holding.consents
        holding = replace(
            held.holding,
            attestations=(Attestation(now, "by phone"),),
            consents=(consent, replace(consent, language="de"), replace(consent, field="gone")),
        )
        person = replace(person, held=(replace(held, holding=holding),))
        (told,) = evidence_of(person, service.forms, tmp_path / "forms", now)["responses"]
        (alone,) = evidence_of(person, ServedForms({}), tmp_path / "forms", now)["responses"]
    assert told["attested"] == [{"done_at": "2026-11-23T12:00:00+00:00", "note": "by phone"}]
    assert [one["title"] for one in told["consents"]] == ["I agree", "consenso", "gone"]
    assert told["title"] == "Group"
    notices = [consents["notice"] for consents in (told["consents"][0], alone["consents"][0])]
    assert [notice["file"] for notice in notices] == ["forms/gruppo.en.yaml", None]
    assert notices[0]["text"] == "You may write to me."
