"""What the packages hold of what was sent, and what they cannot tell."""

from __future__ import annotations

import csv
import json
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import jsonschema
import pytest
from flask.testing import FlaskClient
from pysqlite3 import dbapi2

from bacheca.forms import PackageProblems
from forms_server.context import Service
from forms_server.form_registry import form_of_version, serve_forms
from forms_server.publishing.export import export_forms, verify_packages
from tests.forms_server.stored import responses_in
from tests.forms_server.test_posting import KEY, OWN, SURVEY, client, service

__all__ = ["client", "service"]  # fixtures
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
PROFILE = Path(__file__).parents[2] / "bacheca" / "forms" / "profiles" / "datapackage.json"


def export(service: Service, folder: Path) -> dict[str, int]:
    done = export_forms(service.store, tuple(service.forms), folder, NOW)
    return {exported.form: exported.responses for exported in done}


def rows(folder: Path, form: str, name: str = "responses") -> list[dict[str, str]]:
    with (folder / "packages" / form / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def send(client: FlaskClient, form: str, number: int, answers: dict[str, str]) -> None:
    posted = {"_key": f"{KEY}{number}", "_lang": "it", **answers}
    assert client.post(f"/forms/{form}", data=posted, headers=OWN).status_code == 303


def test_every_response_stands_once_in_a_package_that_is_valid_everywhere(
    service: Service, client: FlaskClient, tmp_path: Path
) -> None:
    for number in range(3):
        send(client, "sondaggio", number, {"luogo": "casa", "commento": f'=1+1, "{number}"\nà capo'})
    send(client, "sondaggio", 3, {"luogo": "non-so"})
    assert export(service, tmp_path) == {"gruppo": 0, "sondaggio": 4}
    found = rows(tmp_path, "sondaggio")
    assert sorted(row["commento"] for row in found) == ["", *(f'=1+1, "{number}"\nà capo' for number in range(3))]
    assert [row["response_id"] for row in found] == sorted(row["response_id"] for row in found)
    assert {row["received_on"] for row in found} == {"2026-11-23"}
    assert len(list(verify_packages(tmp_path))) == 2
    descriptor = json.loads((tmp_path / "packages" / "sondaggio" / "datapackage.json").read_text(encoding="utf-8"))
    jsonschema.validate(descriptor, json.loads(PROFILE.read_text(encoding="utf-8")))
    assert descriptor["bacheca:counts"]["received"] == descriptor["bacheca:counts"]["exported"] == 4


def test_a_second_export_of_the_same_responses_writes_the_same_bytes(
    service: Service, client: FlaskClient, tmp_path: Path
) -> None:
    for number in range(5):
        send(client, "sondaggio", number, {"luogo": "casa"})
    export(service, tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.rglob("packages/*/*")}
    export(service, tmp_path)
    assert {path: path.read_bytes() for path in tmp_path.rglob("packages/*/*")} == before
    assert all(path.stat().st_mode & 0o077 == 0 for path in before)


def test_nothing_in_a_survey_can_be_joined_with_the_sign_up_of_the_same_person(
    service: Service, client: FlaskClient, tmp_path: Path
) -> None:
    person = {"nome": "Ada Prova", "email": "ada@example.org", "consenso": "true"}
    send(client, "sondaggio", 1, {"luogo": "casa", "commento": "una mia frase"})
    send(client, "gruppo", 1, person)  # the same key, as if one script had made both
    export(service, tmp_path)
    survey, signup = (tmp_path / "packages" / name for name in ("sondaggio", "gruppo"))
    values = {value for row in rows(tmp_path, "sondaggio") for value in row.values() if value}
    others = {value for row in rows(tmp_path, "gruppo") for value in row.values() if value}
    assert values & others <= {"2026-11-23", "it", "web"}
    for path in survey.iterdir():
        text = path.read_text(encoding="utf-8")
        assert not any(value in text for value in person.values() if value != "true")
    assert "una mia frase" not in "".join(path.read_text(encoding="utf-8") for path in signup.iterdir())
    with service.store.snapshot() as snapshot:
        stored = [response for name in service.forms for response in snapshot.responses(name, 1)]
    assert len({response.response_id for response in stored}) == len(stored)


def test_a_form_that_changed_begins_a_new_file_and_leaves_the_old_one_alone(
    service: Service, client: FlaskClient, tmp_path: Path
) -> None:
    send(client, "sondaggio", 1, {"luogo": "casa"})
    export(service, tmp_path)
    before = (tmp_path / "packages" / "sondaggio" / "responses.csv").read_bytes()
    path = service.settings.content / "sondaggio.yaml"
    path.write_text(SURVEY.replace("maxLength: 50", "maxLength: 40"), encoding="utf-8")
    served = serve_forms(service.settings.content, service.store, date(2026, 11, 24))
    assert served["sondaggio"].resource == 2
    export(service, tmp_path)
    assert (tmp_path / "packages" / "sondaggio" / "responses.csv").read_bytes() == before
    assert rows(tmp_path, "sondaggio", "responses_v2") == []
    assert len(list(verify_packages(tmp_path))) == 2


def test_a_compatible_change_goes_on_in_the_same_file_and_takes_posts_of_either_version(
    service: Service, client: FlaskClient, tmp_path: Path
) -> None:
    old = service.forms["sondaggio"].form.version
    path = service.settings.content / "sondaggio.yaml"
    path.write_text(SURVEY + "- {name: altro, title: Altro, type: string}\n", encoding="utf-8")
    served = serve_forms(service.settings.content, service.store, date(2026, 11, 24))["sondaggio"]
    assert served.resource == 1
    assert set(served.accepted) == {old, served.form.version}
    with service.store.snapshot() as snapshot:
        made = [form_of_version(version).version for version in snapshot.versions("sondaggio")]
    assert made == [old, served.form.version]


def test_a_response_that_does_not_hold_is_named_and_stops_none_of_the_others(
    service: Service, client: FlaskClient, tmp_path: Path
) -> None:
    for number in range(3):
        send(client, "sondaggio", number, {"luogo": "casa"})
    export(service, tmp_path)
    spoiled = rows(tmp_path, "sondaggio")[1]["response_id"]
    with closing(dbapi2.connect(str(service.settings.database_url.database))) as connection:
        connection.execute(
            """UPDATE responses SET answers = '{"luogo": "mare", "commento": ""}' WHERE response_id = ?""", (spoiled,)
        )
        connection.commit()
    for _ in range(2):  # the second time, too: such a day is never taken over
        first, done = export_forms(service.store, ("gruppo", "sondaggio"), tmp_path, NOW)
        assert (first.is_whole, done.is_whole, done.responses) == (True, False, 2)
        (said,) = done.left_out
        assert spoiled in said
        assert "luogo: Choose one" in said
        assert spoiled not in {row["response_id"] for row in rows(tmp_path, "sondaggio")}
        assert len(list(verify_packages(tmp_path))) == 2
    descriptor = json.loads((tmp_path / "packages" / "sondaggio" / "datapackage.json").read_text(encoding="utf-8"))
    assert descriptor["bacheca:counts"]["not_in_package"] == 1


def test_a_form_that_cannot_be_written_is_named_and_stops_none_of_the_others(
    service: Service, client: FlaskClient, tmp_path: Path
) -> None:
    send(client, "sondaggio", 1, {"luogo": "casa"})
    with closing(dbapi2.connect(str(service.settings.database_url.database))) as connection:
        connection.execute("UPDATE form_versions SET definition = '{}' WHERE form = 'gruppo'")
        connection.commit()
    failed, done = export_forms(service.store, ("gruppo", "sondaggio"), tmp_path, NOW)
    assert failed.failed
    assert not failed.folder.exists()
    assert (done.is_whole, done.responses) == (True, 1)


def test_a_copy_of_ours_is_made_again_unasked_and_what_an_analyst_made_is_never_touched(
    service: Service, client: FlaskClient, tmp_path: Path
) -> None:
    send(client, "sondaggio", 1, {"luogo": "casa", "commento": "Ada Prova"})
    (done,) = export_forms(service.store, ("sondaggio",), tmp_path, NOW, ["sav", "xlsx", "excel-csv"])
    assert {copy.path.name for copy in done.copies} == {"responses.sav", "responses.xlsx", "responses_excel.csv"}
    assert len(list(verify_packages(tmp_path))) == 1
    (done.folder / "responses.xlsx").write_bytes(b"coloured by an analyst")
    (done.folder / "appunti.txt").write_text("notes")
    (stored,) = responses_in(service.store, "sondaggio", 1)
    service.retention.withdraw(stored)
    (again,) = export_forms(service.store, ("sondaggio",), tmp_path, NOW)
    assert [copy.path.name for copy in again.copies] == ["responses_excel.csv", "responses.sav"]
    assert [path.name for path in again.others] == ["appunti.txt", "responses.xlsx"]
    assert (done.folder / "responses.xlsx").read_bytes() == b"coloured by an analyst"
    assert (done.folder / "appunti.txt").read_text() == "notes"
    assert "Ada Prova" not in (done.folder / "responses_excel.csv").read_text(encoding="utf-8-sig")
    (asked,) = export_forms(service.store, ("sondaggio",), tmp_path, NOW, ["xlsx"])
    assert "responses.xlsx" in [copy.path.name for copy in asked.copies]
    assert [path.name for path in asked.others] == ["appunti.txt"]


def test_a_copy_that_fails_is_named_and_one_of_ours_does_not_stay_stale(
    service: Service, client: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(client, "sondaggio", 1, {"luogo": "casa"})
    list(export_forms(service.store, ("sondaggio",), tmp_path, NOW, ["xlsx", "excel-csv"]))

    def fail(path: Path, sheets: object) -> None:
        raise ValueError("a cell that no workbook takes")

    monkeypatch.setattr("bacheca.forms.package.formats.registry.write_workbook", fail)
    (again,) = export_forms(service.store, ("sondaggio",), tmp_path, NOW)
    broken, whole = again.copies
    assert "a cell that no workbook takes; the earlier one is removed" in broken.failed
    assert not again.is_whole
    assert not broken.path.exists()
    assert whole.path.name == "responses_excel.csv"
    assert not whole.failed


def test_a_package_that_was_edited_does_not_verify(service: Service, client: FlaskClient, tmp_path: Path) -> None:
    send(client, "sondaggio", 1, {"luogo": "casa"})
    export(service, tmp_path)
    path = tmp_path / "packages" / "sondaggio" / "responses.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("casa", "mare"), encoding="utf-8")
    with pytest.raises(PackageProblems, match="luogo"):
        list(verify_packages(tmp_path))
