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

from forms import PackageProblems
from forms_server.export import export_forms, verify_packages
from forms_server.served import form_of_version, serve_forms
from forms_server.service import Service
from tests.forms_server.test_posting import KEY, OWN, SURVEY, client, now, service

__all__ = ["client", "now", "service"]  # fixtures
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
PROFILE = Path(__file__).parents[1] / "forms" / "profiles" / "datapackage.json"


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
    with service.store.reading() as reading:
        stored = [response for name in service.forms for response in reading.responses(name, 1)]
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
    with service.store.reading() as reading:
        made = [form_of_version(version).version for version in reading.versions("sondaggio")]
    assert made == [old, served.form.version]


def test_a_response_changed_behind_our_back_stops_the_export_and_the_package_stays(
    service: Service, client: FlaskClient, tmp_path: Path
) -> None:
    send(client, "sondaggio", 1, {"luogo": "casa"})
    export(service, tmp_path)
    before = (tmp_path / "packages" / "sondaggio" / "responses.csv").read_bytes()
    with closing(dbapi2.connect(str(service.settings.database_url.database))) as connection:
        connection.execute("""UPDATE responses SET answers = '{"luogo": "mare", "commento": ""}'""")
        connection.commit()
    with pytest.raises(PackageProblems, match="luogo"):
        export(service, tmp_path)
    assert (tmp_path / "packages" / "sondaggio" / "responses.csv").read_bytes() == before
    assert not list(tmp_path.rglob(".*.new"))


def test_a_copy_of_what_was_withdrawn_does_not_outlive_the_next_export(
    service: Service, client: FlaskClient, tmp_path: Path
) -> None:
    send(client, "sondaggio", 1, {"luogo": "casa"})
    (done,) = export_forms(service.store, ("sondaggio",), tmp_path, NOW, ["sav", "xlsx", "excel-csv"])
    assert {copy.path.name for copy in done.copies} == {"responses.sav", "responses.xlsx", "responses_excel.csv"}
    assert all(copy.path.is_file() for copy in done.copies)
    assert len(list(verify_packages(tmp_path))) == 1
    (again,) = export_forms(service.store, ("sondaggio",), tmp_path, NOW, ["xlsx"])
    assert [copy.path.is_file() for copy in done.copies] == [False, True, False]
    assert [copy.path.name for copy in again.copies] == ["responses.xlsx"]


def test_a_package_that_was_edited_does_not_verify(service: Service, client: FlaskClient, tmp_path: Path) -> None:
    send(client, "sondaggio", 1, {"luogo": "casa"})
    export(service, tmp_path)
    path = tmp_path / "packages" / "sondaggio" / "responses.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("casa", "mare"), encoding="utf-8")
    with pytest.raises(PackageProblems, match="luogo"):
        list(verify_packages(tmp_path))
