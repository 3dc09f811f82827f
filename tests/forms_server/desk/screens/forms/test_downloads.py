"""Files of answers at the desk: what is in them, who gets them, and that they outlive nobody's erasure."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import URL

from forms_server.accounts.invitations import new_id
from forms_server.context import Service
from forms_server.desk.screens.forms import downloads
from forms_server.operations.downloads import prepare_downloads
from forms_server.privacy.file_erasure import Traces
from forms_server.publishing.downloads import KINDS
from forms_server.store.desk.downloads import MOST, Download
from tests.forms_server.desk.keeper import Keeper, keeper
from tests.forms_server.samples import Respondent, link, running
from tests.forms_server.test_posting import KEY

SURVEYED, SIGNED = "/desk/forms/sondaggio/downloads", "/desk/forms/gruppo/downloads"


@pytest.fixture
def signed(service: Service) -> Service:
    """A service with a confirmed sign-up and an answer to the survey."""
    ada = Respondent(service)
    ada.sign_up()
    ada.post(link(ada.mails()[-1], "confirm"))
    ada.answer_survey(_key=KEY + "a")
    return service


def kept_files(service: Service) -> list[str]:
    """Name the files that lie in the folder of downloads."""
    return [path.name for path in (service.settings.data / "downloads").rglob("*") if path.is_file()]


def csv_in(content: bytes) -> str:
    """Give the answers of a data package."""
    with zipfile.ZipFile(io.BytesIO(content)) as bundle:
        (name,) = (name for name in bundle.namelist() if name.endswith("/responses.csv"))
        descriptor = json.loads(bundle.read(name.replace("responses.csv", "datapackage.json")))
        assert not [name for name in bundle.namelist() if "/." in name]
        assert {resource["path"] for resource in descriptor["resources"]} <= {Path(n).name for n in bundle.namelist()}
        return bundle.read(name).decode()


def test_a_few_answers_are_a_file_at_once_and_nothing_is_kept(signed: Service) -> None:
    ada = keeper(signed, "analyst")
    begins = {"xlsx": b"PK", "excel-csv": "\ufeff".encode(), "package": b"PK", "codebook": b"<!"}
    for kind, start in begins.items():
        answer = ada.post(SURVEYED, {"kind": kind})
        assert (answer.status_code, answer.data[: len(start)].lower()) == (200, start.lower()), kind
        assert re.fullmatch(r'attachment; filename="sondaggio-\S+"', answer.headers["Content-Disposition"])
        assert answer.headers["Cache-Control"] == "no-store"
    assert kept_files(signed) == []
    account = signed.store.accounts.of_address("analyst@example.org")
    noted = [
        entry.action for entry in signed.store.desk_log.newest(9) if account and entry.account_id == account.account_id
    ]
    assert noted.count("download") == len(begins)
    assert "Perché sì".lower() in csv_in(ada.post(SURVEYED, {"kind": "package"}).data).lower()


def test_what_people_read_begins_with_the_reference_of_the_receipt_and_says_when_a_consent_was_given(
    service: Service, now: list[datetime]
) -> None:
    ada = Respondent(service)
    receipt = ada.browser.get(ada.sign_up()).text
    ada.post(link(ada.mails()[-1], "confirm"))
    given = now[0]
    now[0] += timedelta(days=2)
    analyst = keeper(service, "analyst")
    book = openpyxl.load_workbook(io.BytesIO(analyst.post(SIGNED, {"kind": "xlsx"}).data))
    heading, row = book.worksheets[0].iter_rows(values_only=True)
    said = dict(zip(heading, row, strict=True))
    (_, reference), *_, (_, response_id) = said.items()
    assert list(said)[:2] == ["Riferimento", "Ricevuta il"]
    assert re.fullmatch(r"\w{4}-\w{4}", str(reference))
    assert str(reference) in receipt
    assert list(said)[-1] == "Risposta"
    days = {title: day for title, day in said.items() if str(title).endswith(" – dato il")}
    assert [day.date() for day in days.values() if isinstance(day, datetime)] == [given.date()]
    codes = [[cell for cell in row if cell] for row in book["codebook"].iter_rows(values_only=True)]
    assert codes[1][:3] == ["response_id__reference", "string", "Riferimento"]
    assert [row[2] for row in codes if row[0] == "consenso__given_on"] == list(days)
    assert response_id in [cell for row in book["responses"].iter_rows(values_only=True) for cell in row]
    lines = csv.reader(analyst.post(SIGNED, {"kind": "excel-csv"}).data.decode("utf-8-sig").splitlines(), delimiter=";")
    first, second = lines
    assert (first[0], second[0], first[-1], second[-1]) == ("Riferimento", reference, "Risposta", response_id)
    package = analyst.post(SIGNED, {"kind": "package"}).data
    assert csv_in(package).startswith("response_id,received_on,")
    assert "given_on" not in csv_in(package)


def test_what_is_personal_is_only_in_what_was_asked_for_with_a_fresh_proof(
    signed: Service, now: list[datetime]
) -> None:
    secretary, analyst = keeper(signed, "secretary"), keeper(signed, "analyst")
    for somebody in (secretary, analyst):
        without = csv_in(somebody.post(SIGNED, {"kind": "package"}).data)
        assert "consenso" in without
        assert "email" not in without
        assert "Ada" not in without
        book = somebody.post(SIGNED, {"kind": "codebook"}).text
        assert "Nome e cognome" not in book
    answer = secretary.post(f"{SIGNED}/personal", {"kind": "package"})
    assert "ada.prova@example.org" in csv_in(answer.data)
    assert "-personal.zip" in answer.headers["Content-Disposition"]
    assert "-personal" not in secretary.post(SIGNED, {"kind": "package"}).headers["Content-Disposition"]
    assert analyst.post(f"{SIGNED}/personal", {"kind": "package"}).status_code == 403
    now[0] += timedelta(minutes=6)
    assert "ada.prova" not in secretary.post(f"{SIGNED}/personal", {"kind": "package"}).text


def test_own_words_are_redacted_in_every_file_without_what_is_personal(service: Service) -> None:
    longest = "x" * 47 + " Al"  # as long as it may be, and longer with what stands for a name
    for number, said in enumerate(("Scrivete a ADA.PROVA@example.org", longest)):
        Respondent(service).answer_survey(_key=f"{KEY}{number}", commento=said, luogo="casa")
    secretary, analyst = keeper(service, "secretary"), keeper(service, "analyst")
    for kind in ("excel-csv", "codebook", "package"):
        made = analyst.post(SURVEYED, {"kind": kind}).data
        assert "ADA.PROVA" not in (csv_in(made) if kind == "package" else made.decode()), kind
    made = csv_in(analyst.post(SURVEYED, {"kind": "package"}).data)
    assert "Scrivete a […]" in made
    assert "xxx" not in made
    assert "Con i dati personali" in secretary.get(f"{SURVEYED}/").text
    assert "ADA.PROVA" in csv_in(secretary.post(f"{SURVEYED}/personal", {"kind": "package"}).data)


def asked(service: Service, somebody: Keeper, where: str, kind: str = "package", **narrow: str) -> str:
    """Ask for a file that a job makes, and let the job make it; give its page."""
    answer = somebody.post(where, {"kind": kind} | narrow)
    assert answer.status_code == 303, answer.text
    page = answer.headers["Location"]
    assert 'http-equiv="refresh"' in somebody.get(page).text
    prepare_downloads(service, service.intake.now)
    assert 'http-equiv="refresh"' not in somebody.get(page).text
    return page


def test_many_answers_are_made_by_a_job_and_kept_for_an_hour_for_whoever_asked(
    signed: Service, now: list[datetime], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloads, "AT_ONCE", 0)
    ada, eva = keeper(signed, "secretary"), keeper(signed, "administrator")
    page, personal = asked(signed, ada, SURVEYED), asked(signed, ada, f"{SIGNED}/personal")
    assert ["con dati personali" in ada.get(where).text for where in (page, personal)] == [False, True]
    assert "perché sì" in csv_in(ada.post(page).data)
    assert "ada.prova" in csv_in(ada.post(f"{personal}/personal").data)
    assert ada.post(personal).status_code == eva.get(page).status_code == eva.post(page).status_code == 404
    for path in (signed.settings.data / "downloads").rglob("*"):
        assert path.stat().st_mode & 0o077 == 0
    now[0] += timedelta(hours=1, seconds=1)
    ada.come_in()
    assert ada.post(page).status_code == 404
    signed.retention.traces.sweep_downloads()
    assert kept_files(signed) == []
    assert ada.get(page).status_code == 404


def test_somebody_waits_once_for_a_file_and_has_a_few_at_most(
    signed: Service, now: list[datetime], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloads, "AT_ONCE", 0)
    ada = keeper(signed, "analyst")
    for _ in range(MOST):
        page = asked(signed, ada, SURVEYED)
        now[0] += timedelta(seconds=1)
    assert len(kept_files(signed)) == MOST
    refused = ada.post(SURVEYED, {"kind": "xlsx"})
    assert (refused.status_code, "Hai già qui 5 file" in refused.text) == (422, True)
    assert ada.get(page).status_code == 200
    eva = keeper(signed, "administrator")
    pages = {eva.post(SURVEYED, {"kind": kind}).headers["Location"] for kind in ("xlsx", "package", "xlsx")}
    assert len(pages) == 2


def test_a_file_holds_what_the_table_was_narrowed_to_and_says_so(
    signed: Service, now: list[datetime], monkeypatch: pytest.MonkeyPatch
) -> None:
    Respondent(signed).answer_survey(_key=KEY + "c", luogo="ufficio", commento="Altrove")
    ada, narrow = keeper(signed, "analyst"), {"is-luogo": "ufficio", "text": "ALTRO", "from": "2026-11-01"}
    table = ada.get("/desk/forms/sondaggio/?is-luogo=ufficio&text=altro").text
    assert "Solo queste, per Excel" in table
    assert 'downloads/?text=altro&amp;is-luogo=ufficio"' in table
    page = ada.get(f"{SURVEYED}/?is-luogo=ufficio&columns=luogo").text
    assert "Solo alcune risposte" in page
    assert page.count('<input type="hidden" name="is-luogo" value="ufficio">') == len(KINDS)
    answer = ada.post(SURVEYED, {"kind": "package"} | narrow)
    assert "-filtered.zip" in answer.headers["Content-Disposition"]
    assert "Altrove" in csv_in(answer.data)
    assert "perché sì" not in csv_in(answer.data)
    assert len(csv_in(ada.post(SURVEYED, {"kind": "package", "to": "2020-01-01"}).data).splitlines()) == 1
    monkeypatch.setattr(downloads, "AT_ONCE", 0)
    page = asked(signed, ada, SURVEYED, "package", **narrow)
    assert "dal 1 nov 2026; con «ALTRO»; Dove lavori? – Ufficio" in ada.get(page).text
    assert "con «ALTRO»" in ada.get(f"{SURVEYED}/").text
    answer = ada.post(page)
    assert "-filtered.zip" in answer.headers["Content-Disposition"]
    assert csv_in(answer.data).count("Altrove") == 1
    assert "perché sì" not in csv_in(answer.data)


def test_what_is_personal_narrows_a_file_only_where_it_was_opened(
    signed: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    secretary = keeper(signed, "secretary")
    for opened, rows in (("yes", 2), ("", 1)):  # the heading is one
        made = secretary.post(f"{SIGNED}/personal", {"kind": "package", "text": "ada.prova", "opened": opened})
        assert len(csv_in(made.data).splitlines()) == rows
    made = secretary.post(SIGNED, {"kind": "package", "text": "ada.prova", "opened": "yes"})
    assert len(csv_in(made.data).splitlines()) == 1
    assert "– con dati personali" in secretary.post("/desk/forms/gruppo/open", {"text": "ada.prova"}).text
    monkeypatch.setattr(downloads, "AT_ONCE", 0)
    page = asked(signed, secretary, f"{SIGNED}/personal", text="ada.prova", opened="yes")
    assert "ada.prova" in csv_in(secretary.post(f"{page}/personal").data)


def test_a_file_of_answers_that_nobody_can_tell_any_more_is_not_made(signed: Service) -> None:
    ada = keeper(signed, "analyst")
    account = signed.store.accounts.of_address("analyst@example.org")
    assert account
    gone = Download(
        new_id(), account.account_id, "sondaggio", "package", 0, signed.intake.now(), filter="is-luogo=luna"
    )
    signed.store.downloads.ask(gone)
    prepare_downloads(signed, signed.intake.now)
    assert "Non è stato possibile" in ada.get(f"/desk/downloads/{gone.download_id}").text
    assert kept_files(signed) == []


def withdrawn(service: Service, receipt: str) -> None:
    """Withdraw an answer as its owner does."""
    Respondent(service).post(f"{receipt.partition('?')[0]}/withdraw")


@pytest.mark.parametrize("when", ["before it is fetched", "while it is made", "and the file stays for a while"])
def test_who_is_erased_is_in_no_file_that_was_made_before(
    service: Service, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    monkeypatch.setattr(downloads, "AT_ONCE", 0)
    receipt = Respondent(service).answer_survey(commento="Vado via")
    Respondent(service).answer_survey(_key=KEY + "b", commento="Resto")
    ada = keeper(service, "analyst")
    if when == "while it is made":
        page = ada.post(SURVEYED, {"kind": "package"}).headers["Location"]
        before: Callable[..., bool] = service.store.downloads.made

        def made(download: Download, mark: str, file: str, now: datetime) -> bool:
            monkeypatch.setattr(service.store.downloads, "made", before)
            withdrawn(service, receipt)
            return before(download, mark, file, now)

        monkeypatch.setattr(service.store.downloads, "made", made)
        prepare_downloads(service, service.intake.now)
        got = csv_in(ada.post(page).data)
        assert "Resto" in got
        assert "Vado via" not in got
    elif when == "and the file stays for a while":
        page = asked(service, ada, SURVEYED)
        monkeypatch.setattr(Traces, "sweep", lambda _traces: None)
        withdrawn(service, receipt)
        assert kept_files(service) != []
        assert ada.post(page).status_code == 404
    else:
        page = asked(service, ada, SURVEYED)
        assert "Vado via" in csv_in(ada.post(page).data)
        withdrawn(service, receipt)
        assert kept_files(service) == []
        assert ada.get(page).status_code == 404


def test_what_could_not_be_made_whole_leaves_no_file(signed: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(downloads, "AT_ONCE", 0)
    monkeypatch.setattr(signed.store.downloads, "made", lambda *_said: False)
    page = asked(signed, keeper(signed, "analyst"), SURVEYED)
    assert "Non è stato possibile preparare il file" in keeper(signed, "analyst").get(page).text
    assert kept_files(signed) == []


def test_what_cannot_be_made_is_said_and_the_others_are_made(signed: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(downloads, "AT_ONCE", 0)
    ada = keeper(signed, "analyst")
    account = signed.store.accounts.of_address("analyst@example.org")
    assert account
    broken = Download(new_id(), account.account_id, "nobody", "xlsx", 0, signed.intake.now() - timedelta(minutes=1))
    signed.store.downloads.ask(broken)
    page = asked(signed, ada, SURVEYED, "sav")
    assert ada.post(page).data.startswith(b"$FL2")
    assert [one.fault is None for one in signed.store.downloads.of_account(account.account_id)] == [True, False]
    assert ada.post(SURVEYED, {"kind": "nothing"}).status_code == 422
    (signed.settings.data / "downloads" / "half").mkdir()  # what was put there by somebody else is left for an hour
    signed.retention.traces.sweep_downloads()
    assert ada.post(page).status_code == 200


def test_a_question_that_tells_of_a_personal_answer_is_left_out_with_it(
    tmp_path: Path, sqlite_url: URL, now: list[datetime]
) -> None:
    def personal(form: str) -> str:
        return form.replace("  title: Dove lavori?", "  form:privacy: personal\n  title: Dove lavori?").replace(
            "  form:widget: textarea", "  form:widget: textarea\n  form:showIf: {field: luogo, equals: casa}"
        )

    with running(tmp_path, sqlite_url, lambda: now[0], personal) as service:
        Respondent(service).answer_survey()
        ada = keeper(service, "analyst")
        got = csv_in(ada.post(SURVEYED, {"kind": "package"}).data)
        assert "casa" not in got
        assert "perché sì" not in got
        assert "perché sì" not in ada.get("/desk/forms/sondaggio/").text
        opened = keeper(service, "secretary").post("/desk/forms/sondaggio/open", {"is-luogo": "casa"}).text
        assert '<a href="/desk/forms/sondaggio/">Chiudile' in opened
        assert ada.post(SURVEYED, {"kind": "xlsx"}).data.startswith(b"PK")
