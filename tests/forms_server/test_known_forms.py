"""Whatever became of a form's file, every command accounts for what is held of it."""

from __future__ import annotations

import csv
import json
import operator
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import URL

from forms_server.__main__ import main
from forms_server.context import Service
from forms_server.known_forms import known_forms
from tests.forms_server.samples import Respondent, link, running, with_property
from tests.forms_server.stored import responses_in

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
ADDRESS = "ada.prova@example.org"
Run = Callable[..., Result]


def deleted(content: Path) -> None:
    (content / "gruppo.yaml").unlink()


def renamed(content: Path) -> None:
    text = (content / "gruppo.yaml").read_text(encoding="utf-8").replace("name: gruppo", "name: gruppo-nuovo")
    deleted(content)
    (content / "gruppo-nuovo.yaml").write_text(text, encoding="utf-8")


def broken(content: Path) -> None:
    (content / "gruppo.yaml").write_text("fields: [", encoding="utf-8")


def another_broken(content: Path) -> None:
    (content / "mai-servito.yaml").write_text("fields: [", encoding="utf-8")


def refused(content: Path) -> None:
    text = (content / "gruppo.yaml").read_text(encoding="utf-8").replace("form:kind: signup", "form:kind: survey")
    (content / "gruppo.yaml").write_text(text, encoding="utf-8")


FATES = (deleted, renamed, broken, another_broken, refused)


@pytest.fixture
def service(tmp_path: Path, sqlite_url: URL) -> Iterator[Service]:
    """Somebody is a member, and somebody's answers are exported, with copies."""
    with running(tmp_path, sqlite_url, lambda: NOW, with_property("form:keep: 24 months")) as made:
        ada = Respondent(made)
        ada.sign_up()
        (mail,) = ada.mails()
        ada.post(link(mail, "confirm"))
        ada.answer_survey()
        yield made


@pytest.fixture
def run(service: Service, monkeypatch: pytest.MonkeyPatch) -> Run:
    settings = service.settings
    environ = {
        "FORMS_DATABASE_URL": settings.database_url.render_as_string(hide_password=False),
        "FORMS_CONTENT": str(settings.content),
        "FORMS_DATA": str(settings.data),
        "FORMS_SITE": "",
        "FORMS_SECRET_KEY": "k" * 32,
        "FORMS_MAIL_FROM": "redazione@example.org",
    }
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    return lambda *arguments: CliRunner().invoke(main, list(map(str, arguments)))


def held(folder: Path, said: str) -> list[str]:
    """Name the files in which a text stands, workbooks looked into."""
    found = []
    for path in folder.rglob("*"):
        if path.is_file() and path.suffix == ".xlsx":
            shutil.unpack_archive(path, folder / "unpacked", "zip")
            found += [path.name] if held(folder / "unpacked", said) else []
            shutil.rmtree(folder / "unpacked")
        elif path.is_file() and said.casefold().encode() in path.read_bytes().lower():
            found.append(path.name)
    return found


@pytest.mark.parametrize("fate", FATES)
def test_every_command_accounts_for_a_form_whatever_became_of_its_file(
    service: Service, run: Run, fate: Callable[[Path], None]
) -> None:
    assert run("export").exit_code == 0
    fate(service.settings.content)
    package = service.settings.data / "packages" / "gruppo"
    shutil.rmtree(package)
    for command in (("export", "gruppo"), ("export",)):
        done = run(*command)
        assert done.exit_code == 0, done.output
        assert f"{package}/datapackage.json: 1 responses" in done.stdout
        with (package / "responses.csv").open(encoding="utf-8", newline="") as file:
            assert [row["nome"] for row in csv.DictReader(file)] == ["Ada Prova"]
    done = run("reconcile")
    assert (done.exit_code, "gruppo: 1 received = 1 exported" in done.stdout) == (0, True), done.output
    assert run("verify").exit_code == 0
    assert "gruppo: 0 in quarantine" in run("quarantine").stdout
    assert "gruppo: 0 in quarantine" in run("quarantine", "gruppo").stdout
    assert "0 erased" in run("purge").stdout
    assert "gruppo: 0 erased" in run("purge").stdout
    for asked in ("evidence", "export-person"):
        told = json.loads(run(asked, ADDRESS).stdout)
        assert [response["form"] for response in told["responses"]] == ["gruppo"]
    for words in (("audit",), ("keys",), ("progress",), ("send-mail",), ("comments", "gruppo")):
        done = run(*words)
        assert done.exit_code == 0, (words, done.output)
    assert "gruppo" in (service.settings.data / "progress" / "progress.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize("fate", FATES)
def test_who_is_erased_is_in_no_package_whatever_became_of_the_form(
    service: Service, run: Run, fate: Callable[[Path], None]
) -> None:
    assert run("export", "--xlsx", "--excel-csv", "--sav").exit_code == 0
    packages = service.settings.data / "packages"
    assert len(held(packages, ADDRESS)) > 2
    fate(service.settings.content)
    done = run("erase-person", ADDRESS, "--yes")
    assert done.exit_code == 0, done.output
    assert held(packages, ADDRESS) == []
    assert (packages / "gruppo" / "responses.xlsx").is_file()
    for command in ("verify", "reconcile"):
        done = run(command)
        assert done.exit_code == 0, done.output


def test_a_file_of_the_analysts_is_named_and_stays(service: Service, run: Run) -> None:
    assert run("export", "--xlsx").exit_code == 0
    folder = service.settings.data / "packages" / "gruppo"
    (folder / "appunti.txt").write_text(ADDRESS)
    (folder / "responses.xlsx").write_bytes(b"changed by hand")
    done = run("erase-person", ADDRESS, "--yes")
    assert f"{folder / 'appunti.txt'}: not ours" in done.stdout
    assert f"{folder / 'responses.xlsx'}: not ours" in done.stdout
    assert (folder / "responses.xlsx").read_bytes() == b"changed by hand"
    assert done.exit_code == 1
    assert f"{folder / 'appunti.txt'}: not ours, left as it is, and {ADDRESS} stands in it" in done.stderr


def test_files_of_others_that_mention_who_is_erased_are_named_wherever_they_lie(service: Service, run: Run) -> None:
    assert run("export", "--xlsx", "--sav").exit_code == 0
    data = service.settings.data
    (data / "results").mkdir(exist_ok=True)
    places = ("packages/gruppo/mio.sav", "packages/mio.xlsx", "results/mio.csv", "elenco.xlsx")
    copies = [data / place for place in places]
    for copy in copies:
        shutil.copy(data / "packages" / "gruppo" / f"responses{copy.suffix}", copy)
    shutil.make_archive(str(data / "tutto"), "zip", data / "results")
    copies.append(data / "tutto.zip")
    for address, code in (("somebody.else@example.org", 0), (ADDRESS.upper(), 1), (ADDRESS, 1)):
        done = run("erase-person", address, "--yes")
        assert done.exit_code == code
        assert [f"{copy}: not ours, left as it is" in done.stderr for copy in copies] == [bool(code)] * len(copies)
    for copy in copies:
        copy.unlink()
    assert run("erase-person", ADDRESS, "--yes").exit_code == 0


def test_what_a_killed_process_left_goes_with_who_is_erased(service: Service, run: Run) -> None:
    assert run("export", "--xlsx").exit_code == 0
    folder = service.settings.data / "packages" / "sondaggio"
    left = [folder / name for name in (".responses.csv.99999.new", ".responses.99999.new.xlsx")]
    for path in left:
        path.write_text(ADDRESS)
    old, young = (service.settings.data / "outbox" / f".{number}.eml.9999.new" for number in "12")
    for path in (old, young):
        path.write_text(ADDRESS)
    os.utime(old, (NOW.timestamp() - 7200,) * 2)
    service.retention.traces.sweep()
    assert (old.exists(), young.exists()) == (False, True)
    assert run("erase-person", ADDRESS, "--yes").exit_code == 0
    assert [path for path in left if path.exists()] == []
    assert (folder / ".responses.days.json").is_file()


def test_a_folder_of_forms_that_is_not_there_is_named_and_nothing_is_served_from_it(
    service: Service, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORMS_CONTENT", str(service.settings.content / "altrove"))
    done = run("export")
    assert (done.exit_code, "gruppo/datapackage.json: 1 responses" in done.stdout) == (0, True)
    assert "altrove: there is no such folder of form files" in done.stderr
    done = run("run", "--port", "1")
    assert (done.exit_code, "FORMS_CONTENT: there is no folder" in done.stderr) == (1, True)


def test_a_form_without_a_file_is_purged_as_its_last_definition_promised(service: Service, run: Run) -> None:
    content = service.settings.content
    path = content / "gruppo.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("24 months", "30 days"), encoding="utf-8")
    assert not known_forms(content, service.store, NOW.date()).gone
    deleted(content)
    assert list(known_forms(content, service.store, NOW.date()).gone) == ["gruppo"]
    soon, later = (
        replace(service.retention, now=partial(operator.add, NOW, timedelta(days=days))) for days in (29, 40)
    )
    assert soon.purge([]).get("gruppo", 0) == 0
    assert later.purge([])["gruppo"] == 1


def test_what_nobody_knows_is_named(service: Service, run: Run) -> None:
    assert run("export").exit_code == 0
    stranger = service.settings.data / "packages" / "di-chi"
    shutil.copytree(service.settings.data / "packages" / "gruppo", stranger)
    for command in (("verify",), ("reconcile",), ("erase-person", ADDRESS, "--yes")):
        done = run(*command)
        assert done.exit_code == 1, (command, done.output)
        assert f"{stranger}: neither the store nor a form file knows it" in done.output
    assert held(stranger, ADDRESS)  # never touched


def test_a_served_form_whose_definition_was_damaged_stops_none_of_the_others(service: Service, run: Run) -> None:
    with sqlite3.connect(str(service.settings.database_url.database)) as connection:
        connection.execute("UPDATE form_versions SET definition = '{}' WHERE form = 'gruppo'")
    done = run("export")
    assert (done.exit_code, "sondaggio/datapackage.json: 1 responses" in done.stdout) == (1, True), done.output
    assert done.stderr.count("gruppo: its definition in the store cannot be read (KeyError); bring back") == 1


def test_a_definition_that_cannot_be_read_is_named_and_stops_none_of_the_others(service: Service, run: Run) -> None:
    deleted(service.settings.content)
    with sqlite3.connect(str(service.settings.database_url.database)) as connection:
        connection.execute("UPDATE form_versions SET definition = '{}' WHERE form = 'gruppo'")
    done = run("export")
    assert done.exit_code == 1
    assert "gruppo: not written" in done.stderr
    assert "sondaggio/datapackage.json: 1 responses" in done.stdout
    assert run("export", "gruppo").exit_code == 1
    assert run("reconcile").exit_code == 1
    assert "gruppo: its definition in the store cannot be read" in run("purge").stderr


def test_a_response_that_was_erased_and_one_that_is_not_exported_yet_do_not_cancel_out(
    service: Service, run: Run
) -> None:
    assert run("export").exit_code == 0
    (stored,) = responses_in(service.store, "sondaggio", 1)
    service.retention.withdraw(stored)
    Respondent(service).answer_survey(_key="z" * 30)
    said = run("reconcile").stdout
    assert "1 kept and not exported yet" in said
    assert "1 still in the package and erased" in said
    assert run("verify").exit_code == 1
