"""A person who asks: what is held is found, told in words, and handed out."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta

import pytest

from forms_server.context import Service
from forms_server.database.engine import Work
from forms_server.database.tables import responses
from forms_server.desk.screens.people import person
from forms_server.privacy.data_subjects import DataSubjects
from forms_server.store import OutboxMail
from forms_server.store.subject_access import SHARES
from tests.forms_server.desk.keeper import command, keeper
from tests.forms_server.desk.screens.people.conftest import ADA
from tests.forms_server.stored import beside

WHO = {"address": f" {ADA.upper()} "}


def test_what_is_held_is_told_in_words_with_the_text_agreed_to(service: Service) -> None:
    eva = keeper(service, "secretary")
    page = eva.post("/desk/people/find", WHO)
    assert page.status_code == 200
    assert all(said in page.text for said in (ADA, "Ada Prova", "Potete scrivermi.", "conservata"))
    assert "Scrivete a" not in page.text
    assert "Novità" not in page.text
    assert ADA not in page.text.partition("</h1>")[0]
    assert f'<a href="mailto:{ADA}">' in page.text.partition("<details")[2].partition("</details>")[0].lower()


def test_answers_are_named_by_the_reference_that_their_owner_reads_out(service: Service) -> None:
    eva = keeper(service, "secretary")
    copy = eva.post("/desk/people/copy", WHO | {"as": "json"}).text
    responses, held = json.loads(copy)["responses"], DataSubjects(service.retention, service.secret).find(ADA).held
    ids = [one.holding.stored.response_id for one in held]
    for page in (eva.post("/desk/people/look", WHO), eva.post("/desk/people/copy", WHO | {"as": "page"})):
        shown = re.sub(r"<[^>]+>", " ", page.text)
        assert all(response["reference"] in shown for response in responses)
        assert not any(name[:8] in shown for name in ids)
    assert not any(name in copy for name in (*ids, "response_id", "content_hash"))
    assert responses[0]["reference"] == service.secret.reference(held[0].holding.stored.token_hash)
    told = command(service, "correct", ADA, responses[0]["reference"].lower(), "nome=Ada Nuova", LANGUAGE="en")
    assert "corrected" in told


def test_all_answers_are_looked_through_when_asked_and_those_of_others_are_named_and_not_shown(
    service: Service,
) -> None:
    page = keeper(service, "secretary").post("/desk/people/look", WHO).text
    assert "Novità" in page
    assert "Testo" in page
    assert "Scrivete a" not in page
    assert 'name="done"' not in page


def test_whoever_has_no_time_is_told_how_far_it_is_and_goes_on(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(person, "SECONDS", -1)
    eva = keeper(service, "secretary")
    page, parts = eva.post("/desk/people/look", WHO), 1
    assert "6 per cento" in page.text
    while 'name="done"' in page.text:
        told = eva.hidden(page)
        page, parts = (
            eva.post("/desk/people/look", WHO | {"done": str(parts), "found": told.get("found", "")}),
            parts + 1,
        )
    assert parts == SHARES


def test_parts_of_all_answers_make_the_whole(service: Service) -> None:
    persons = DataSubjects(service.retention, service.secret)
    whole, looked = persons.find(ADA), persons.look_through(ADA, 0, (), lambda: False)
    assert looked.is_whole
    assert looked.person == whole
    steps = persons.look_through(ADA, 0, (), lambda: True)
    while not steps.is_whole:
        steps = persons.look_through(ADA, steps.done, sorted(steps.person.ids), lambda: True)
    assert steps.person == whole
    assert {held.form.name for held in persons.find_known(ADA).held} == {"gruppo"}


def test_a_copy_and_the_evidence_are_files_for_whoever_has_just_proved_who_they_are(
    service: Service, now: list[datetime]
) -> None:
    eva = keeper(service, "secretary")
    copy = eva.post("/desk/people/copy", WHO | {"as": "json"})
    assert copy.headers["Content-Disposition"] == 'attachment; filename="i-tuoi-dati-2026-11-23.json"'
    assert {response["form"] for response in json.loads(copy.text)["responses"]} == {"gruppo", "novita"}
    page = eva.post("/desk/people/evidence", WHO | {"as": "page"})
    assert page.headers["Content-Disposition"] == 'attachment; filename="i-tuoi-consensi-2026-11-23.html"'
    assert "Potete scrivermi." in page.text
    assert "Ada Prova" not in page.text
    assert "export" in command(service, "audit", ADA)
    now[0] += timedelta(minutes=6)
    assert eva.post("/desk/people/copy", WHO | {"as": "json"}).status_code == 403


def test_every_look_is_in_the_log_before_it_is_seen_and_the_address_in_no_log(service: Service) -> None:
    eva = keeper(service, "secretary")
    for where in ("find", "look", "copy", "evidence"):
        eva.post(f"/desk/people/{where}", WHO)
    noted = [entry for entry in service.store.desk_log.newest(50) if entry.action.startswith("person")]
    assert {entry.action for entry in noted} == {"person", "person-look", "person-export", "person-evidence"}
    assert all(entry.form and entry.response_id for entry in noted)
    eva.post("/desk/people/find", {"address": "nobody@example.org"})
    assert [entry.action for entry in service.store.desk_log.newest(50) if entry.form is None].count("person") == 1
    assert "example.org person" not in command(service, "desk-log").replace("secretary@example.org person", "")


@pytest.mark.parametrize("typed", ["", "ada", "<script>", "a@b@c", "x" * 5000])
def test_what_is_no_address_is_said(service: Service, typed: str) -> None:
    page = keeper(service, "secretary").post("/desk/people/find", {"address": typed})
    assert page.status_code == 422
    assert "<script>" not in page.text
    assert "ada@example.org" in page.text


def test_somebody_is_erased_once_it_was_shown_what_goes_and_what_stays(service: Service) -> None:
    data = service.settings.data
    command(service, "export")
    (data / "elenco.csv").write_text(f"ada;{ADA}\n", encoding="utf-8")
    eva = keeper(service, "secretary")
    asked = eva.post("/desk/people/erase", WHO)
    assert {line for line in ("Gruppo (1)", "Novità (1)", "«Testo»", "elenco.csv") if line in asked.text} == {
        "Gruppo (1)", "Novità (1)", "«Testo»", "elenco.csv",
    }  # fmt: skip
    assert len(DataSubjects(service.retention, service.secret).find(ADA).held) == 2
    done = eva.post("/desk/people/erase", eva.hidden(asked))
    assert "elenco.csv" in done.text
    left = DataSubjects(service.retention, service.secret).find(ADA)
    assert (left.held, len(left.mentions)) == ((), 1)
    packages = "".join(path.read_text(encoding="utf-8") for path in (data / "packages").rglob("*.csv"))
    assert "Ada Prova" not in packages
    assert eva.post("/desk/people/erase", WHO).status_code == 404
    noted = [entry for entry in service.store.desk_log.newest(9) if entry.action == "person-erase"]
    assert {(entry.form, entry.response_id) for entry in noted} == {("gruppo", None), ("novita", None)}


def test_mail_is_found_shown_and_erased_also_when_it_is_of_no_response(service: Service, now: list[datetime]) -> None:
    def write(address: str) -> None:
        service.store.outbox.add(OutboxMail(address, "lost", address, "it", {}, now[0], of_response=False))

    def letters(address: str) -> list[str]:
        return [letter.id for letter in DataSubjects(service.retention, service.secret).find(address).letters]

    eva, bea = keeper(service, "secretary"), {"address": "Bea@example.org"}
    for address in ("bea@example.org", ADA.title(), "other.bea@example.org"):
        write(address)
    assert "dice che non c’è posto" in eva.post("/desk/people/find", bea).text
    assert (
        json.loads(eva.post("/desk/people/copy", bea | {"as": "json"}).text)["mail"][0]["recipient"]
        == bea["address"].lower()
    )
    assert "dice che non c’è posto" in eva.post("/desk/people/copy", bea).text
    asked = eva.post("/desk/people/erase", bea)
    assert "e-mail all’indirizzo (1)" in asked.text
    assert eva.post("/desk/people/erase", eva.hidden(asked)).status_code == 200
    assert "mail to the address: 1" in command(service, "erase-person", ADA, "--yes", LANGUAGE="en")
    assert (letters(bea["address"]), letters(ADA)) == ([], [])
    write("bea@example.org")  # as an old copy of the database does
    service.retention.replay()
    assert letters(bea["address"]) == []
    assert letters("other.bea@example.org") == ["other.bea@example.org"]


def test_the_proof_of_an_erasure_names_forms_and_a_reference_and_nobody(service: Service) -> None:
    eva = keeper(service, "secretary")
    eva.post("/desk/people/erase", WHO | {"sure": "yes"})
    (record,) = service.store.subject_access.audits()
    assert re.fullmatch(r"(?:[0-9A-HJKMNP-TV-Z]{4}-){2}[0-9A-HJKMNP-TV-Z]{4}", record.id)
    for where, kind in (("", "text/html"), ("/page", "text/html"), ("/text", "text/plain")):
        proof = eva.get(f"/desk/people/erased/{record.id}{where}?lang=de")
        assert (proof.status_code, proof.mimetype) == (200, kind)
        assert all(said in proof.text for said in (record.id, "Gruppo: 1; Novità: 1", "Nachweis der Löschung"))
        assert not any(told in proof.text for told in (ADA, "Ada", record.subject))
        if where:
            assert f'filename="loeschnachweis-{record.id}.' in proof.headers["Content-Disposition"]
    assert eva.get(f"/desk/people/erased/{record.id}/text").text == command(service, "audit", "--proof", record.id)
    assert record.id in eva.get("/desk/people/done/").text
    assert f"/desk/people/erased/{record.id}" in eva.post("/desk/people/find", WHO).text
    assert eva.get("/desk/people/erased/0000000000000000").status_code == 404


def test_an_erasure_says_what_may_stay_and_an_answer_that_a_key_opened_is_erased_from_its_page(
    service: Service,
) -> None:
    (mention,) = DataSubjects(service.retention, service.secret).find(ADA).mentions
    with beside(service.settings.database_url, Work.WRITE) as connection:
        theirs = responses.c.response_id == mention.response_id
        connection.execute(responses.update().where(theirs).values(sealed="!", answers={}))
    eva, may_stay = keeper(service, "secretary"), "Può restare: in risposte sigillate a Novità,"
    asked = eva.post("/desk/people/erase", WHO)
    assert may_stay in asked.text
    done = eva.post("/desk/people/erase", eva.hidden(asked))
    assert all(said in done.text for said in (may_stay, "Cancellato: Gruppo (1)", "Resta: una riga"))
    (record,) = service.store.subject_access.audits()
    proof = f"/desk/people/erased/{record.id}/text?lang=en"
    assert "In sealed answers the address may still stand" in eva.get(proof).text
    assert may_stay in eva.post("/desk/people/erase", WHO).text
    assert "novita: sealed answers" in command(service, "erase-person", ADA, "--yes", LANGUAGE="en")
    page = f"/desk/forms/novita/{mention.response_id}"
    assert f'action="{page}/erase"' in eva.get(page).text
    asked = eva.post(f"{page}/erase")
    assert eva.get(page).status_code == 200
    done = eva.post(f"{page}/erase", eva.hidden(asked))
    assert "La risposta è cancellata." in eva.get(done.headers["Location"]).text
    assert "La risposta è cancellata." not in eva.get("/desk/forms/novita/").text
    assert eva.get(page).status_code == 404
    assert "In sealed answers" not in eva.get(proof).text
