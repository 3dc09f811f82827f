"""What changes among the form files is served while the service runs, and what cannot be served harms nobody."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import URL
from werkzeug.test import Client

from bacheca.forms.published import FORMS_FOLDER, RECIPIENTS, keep_with_site, kept_sites
from forms_server import form_watch
from forms_server.app import is_quick, make_app, make_service, make_wsgi
from forms_server.context import Service
from forms_server.form_registry import ServedForm
from forms_server.form_watch import FormWatch, Marks
from forms_server.settings import Settings
from tests.forms_server.samples import Respondent, running
from tests.forms_server.test_posting import GOOD, KEY, OWN, SIGNUP, SURVEY

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
NEW = SURVEY.replace("name: sondaggio", "name: nuovo")
BROKEN = SURVEY.replace("type: string", "type: strung")


@pytest.fixture
def service(tmp_path: Path, sqlite_url: URL) -> Iterator[Service]:
    with running(tmp_path, sqlite_url, lambda: NOW) as made:
        yield made


@pytest.fixture
def client(service: Service) -> FlaskClient:
    return make_app(service).test_client()


def write(service: Service, name: str, text: str | None) -> None:
    """Write a form file, or take it away, and let two looks go by."""
    path = service.settings.content / f"{name}.yaml"
    if text is None:
        path.unlink()
    else:
        path.write_text(text, encoding="utf-8")
    service.watch.look()
    service.watch.look()


def test_a_new_form_is_served(service: Service, client: FlaskClient) -> None:
    assert client.get("/forms/nuovo").status_code == 404
    write(service, "nuovo", NEW)
    assert client.get("/forms/nuovo").status_code == 200
    assert client.post("/forms/nuovo", data=GOOD, headers=OWN).status_code == 303
    assert "nuovo" in client.get("/forms/openapi.json").text


def test_an_edited_form_and_its_translation_are_served(service: Service, client: FlaskClient) -> None:
    write(service, "sondaggio", SURVEY.replace("title: ", "title: Nuovo ", 1))
    assert "Nuovo " in client.get("/forms/sondaggio").text
    translated = f"title: Newer\nfields:\n- name: {service.forms['sondaggio'].form.fields[0].name}\n  title: Where?\n"
    write(service, "sondaggio.en", translated)
    assert service.watch.refused.keys() == {"sondaggio"}  # a translation of a part is none
    assert "Nuovo " in client.get("/forms/sondaggio").text
    write(service, "sondaggio.en", None)
    assert not service.watch.refused


def test_a_removed_form_takes_no_more_answers_and_its_receipts_still_open(service: Service) -> None:
    ada = Respondent(service)
    receipt = ada.answer_survey()
    write(service, "sondaggio", None)
    for answer in (ada.browser.get("/forms/sondaggio"), ada.browser.post("/forms/sondaggio", data=GOOD, headers=OWN)):
        assert answer.status_code == 410
        assert "non è più aperto" in answer.text
    sent = ada.browser.post("/forms/sondaggio", json={"luogo": "casa"}, headers={"Idempotency-Key": KEY})
    assert sent.status_code == 410
    assert ada.browser.get("/forms/mai-stato").status_code == 404
    assert ada.browser.get(receipt).status_code == 200
    write(service, "sondaggio", SURVEY)
    assert ada.browser.get("/forms/sondaggio").status_code == 200


@pytest.mark.parametrize("text", [BROKEN, "title: {", "", "name: altro\n", "\0"], ids=ascii)
def test_a_form_that_cannot_be_served_goes_on_as_it_was_and_so_do_the_others(
    service: Service, client: FlaskClient, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    write(service, "sondaggio", text)
    write(service, "nuovo", NEW)
    assert client.post("/forms/sondaggio", data=GOOD, headers=OWN).status_code == 303
    assert client.get("/forms/nuovo").status_code == 200
    ready = client.get("/readyz")
    assert ready.status_code == 200
    assert "sondaggio cannot be served" in ready.text
    assert 'bacheca_forms_refused{form="sondaggio"} 1.0' in client.get("/metrics").text
    said = [record for record in caplog.records if "cannot be served as its file is now" in record.message]
    service.watch.look()
    assert len(said) == 1  # once, however often it is looked at
    write(service, "sondaggio", SURVEY)
    assert client.get("/readyz").text == "ready\n"


def test_a_form_that_would_change_what_is_stored_goes_on_as_it_was(service: Service, client: FlaskClient) -> None:
    before = service.forms["sondaggio"]
    swapped = "{value: ufficio, label: Casa}, {value: casa, label: Ufficio}"
    write(service, "sondaggio", SURVEY.replace("{value: ufficio, label: Ufficio}, {value: casa, label: Casa}", swapped))
    assert service.watch.refused.keys() == {"sondaggio"}
    assert service.forms["sondaggio"] is before
    assert client.post("/forms/sondaggio", data=GOOD, headers=OWN).status_code == 303


def test_a_file_that_somebody_is_writing_is_not_read_before_it_stands_still(service: Service) -> None:
    path = service.settings.content / "nuovo.yaml"
    lines = NEW.splitlines(keepends=True)
    for count in range(len(lines) // 2, len(lines)):
        path.write_text("".join(lines[:count]), encoding="utf-8")
        os.utime(path, ns=(count, count))
        service.watch.look()
        assert "nuovo" not in service.forms
        assert not service.watch.refused
    path.write_text(NEW, encoding="utf-8")
    service.watch.look()
    service.watch.look()
    assert len(service.store.versions("nuovo")) == 1


def test_only_what_changed_is_read_again(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    served = FormWatch._served

    def noted(watch: FormWatch, name: str, marks: Marks) -> ServedForm:
        read.append(name)
        return served(watch, name, marks)

    monkeypatch.setattr(FormWatch, "_served", noted)
    service.watch.look()
    service.watch.look()
    assert read == []
    write(service, "nuovo", NEW)
    assert read == ["nuovo"]


def test_a_folder_that_is_gone_for_a_moment_takes_no_form_away(service: Service) -> None:
    away = service.settings.content.with_name("away")
    service.settings.content.rename(away)
    service.watch.look()
    service.watch.look()
    assert set(service.forms) == {"sondaggio", "gruppo"}
    away.rename(service.settings.content)


def test_keys_that_are_missing_or_come_are_noticed(service: Service, client: FlaskClient) -> None:
    sealed = SIGNUP.replace("form:kind: signup", "form:kind: signup\nform:seal: true").replace("gruppo", "chiuso")
    write(service, "chiuso", sealed)
    assert "new-key" in service.watch.refused["chiuso"]
    keys = [
        "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p",
        "age1lggyhqrw2nlhcxprm67z43rta597azn8gknawjehu9d9dl0jq3yqqvfafg",
    ]
    path = service.settings.content / RECIPIENTS
    path.write_text("\n".join(keys) + "\n", encoding="utf-8")
    service.watch.look()
    service.watch.look()
    assert not service.watch.refused
    assert client.get("/forms/chiuso").status_code == 200
    path.unlink()  # what is sealed goes on being sealed to those who were there
    service.watch.look()
    service.watch.look()
    assert len(service.watch.recipients.keys) == 2
    assert client.get("/forms/chiuso").status_code == 200


def test_a_service_that_starts_again_serves_a_broken_form_as_it_was_last(service: Service) -> None:
    (service.settings.content / "sondaggio.yaml").write_text(BROKEN, encoding="utf-8")
    (service.settings.content / "nuovo.yaml").write_text(BROKEN, encoding="utf-8")
    again = make_service(service.settings, lambda: NOW, lenient=True)
    try:
        assert set(again.forms) == {"sondaggio", "gruppo"}
        assert again.forms["sondaggio"].form.version == service.forms["sondaggio"].form.version
        assert again.watch.refused.keys() == {"sondaggio", "nuovo"}
    finally:
        again.store.close()


def test_the_forms_of_the_site_are_served_and_swapped_in_with_it(
    tmp_path: Path, sqlite_url: URL, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    written, site = tmp_path / "content/forms", tmp_path / "site"
    written.mkdir(parents=True)
    (written / "sondaggio.yaml").write_text(SURVEY, encoding="utf-8")
    (written / "esempi").mkdir()
    environ = {"FORMS_DATABASE_URL": sqlite_url.render_as_string(), "FORMS_SITE": str(site)}
    settings = Settings.from_environ(environ | {"FORMS_SECRET_KEY": "k" * 32, "FORMS_DATA": str(tmp_path / "data")})
    assert settings.content == Path("content/forms")  # nothing is built yet
    service = make_service(settings, lambda: NOW)
    try:
        for name in ("nuovo", "altro"):  # two builds, one after the other
            (written / f"{name}.yaml").write_text(NEW.replace("nuovo", name), encoding="utf-8")
            service.watch.look()
            staged = tmp_path / "staged"
            staged.mkdir()
            keep_with_site(written, staged)
            if site.exists():
                service.watch.look()
                assert name not in service.forms  # what is written counts once it is published
                site.rename(tmp_path / f"old-{name}")
                service.watch.look()
                assert "nuovo" in service.forms  # the moment between two renames
            staged.rename(site)
            service.watch.look()
            assert name in service.forms
            assert not service.watch.is_behind
        assert {path.name for path in (site / FORMS_FOLDER).iterdir()} == {"sondaggio.yaml", "nuovo.yaml", "altro.yaml"}
        shutil.rmtree(site / FORMS_FOLDER)
    finally:
        service.store.close()


@contextmanager
def publishing(folder: Path, url: URL) -> Iterator[tuple[Service, Callable[[int, str | None], None]]]:
    """Run a service whose site is a link, and give how to publish a form as the site of a number, or to go back."""
    kept, site = kept_sites(folder / "site"), folder / "site"

    def publish(number: int, text: str | None = None) -> None:
        if text is not None:
            (kept / str(number) / FORMS_FOLDER).mkdir(parents=True)
            path = kept / str(number) / FORMS_FOLDER / "sondaggio.yaml"
            path.write_text(text, encoding="utf-8")
            os.utime(path, ns=(1, 1))  # as where all files have the time of their commit
        link = folder / "link"
        link.symlink_to(kept / str(number))
        link.replace(site)

    publish(1, SURVEY)
    environ = {"FORMS_DATABASE_URL": url.render_as_string(), "FORMS_SITE": str(site), "FORMS_SECRET_KEY": "k" * 32}
    service = make_service(Settings.from_environ(environ | {"FORMS_DATA": str(folder / "data")}), lambda: NOW)
    try:
        yield service, publish
    finally:
        service.store.close()


def test_the_first_request_after_a_site_is_published_is_answered_by_its_forms(tmp_path: Path, sqlite_url: URL) -> None:
    with publishing(tmp_path, sqlite_url) as (service, publish):
        client = make_app(service).test_client()
        edited = SURVEY.replace("label: Casa", "label: Cosa")
        assert edited != SURVEY
        post = {"REQUEST_METHOD": "POST", "PATH_INFO": "/forms/sondaggio"}
        for number, text in ((2, edited), (1, None), (2, None)):
            assert is_quick(service, post)
            publish(number, text)
            assert not is_quick(service, post)  # it may have to wait for the files
            shown = client.get("/forms/sondaggio").text
            assert ("Cosa" in shown, "Casa" in shown) == (number == 2, number == 1)
        assert client.post("/forms/sondaggio", data=GOOD, headers=OWN).status_code == 303


def test_a_site_whose_forms_go_while_they_are_read_is_looked_at_once_more(
    tmp_path: Path, sqlite_url: URL, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(_: Path) -> Marks:
        raise FileNotFoundError(2, "no such file")

    with publishing(tmp_path, sqlite_url) as (service, publish):
        publish(2, SURVEY.replace("title: ", "title: Nuovo ", 1))
        with monkeypatch.context() as patched:
            patched.setattr(form_watch, "contents_of", gone)
            assert make_app(service).test_client().get("/forms/sondaggio").status_code == 200
        service.watch.look()
        assert "Nuovo " in make_app(service).test_client().get("/forms/sondaggio").text


def test_the_form_files_of_the_site_are_shown_to_nobody(tmp_path: Path, sqlite_url: URL) -> None:
    site = tmp_path / "site"
    (site / FORMS_FOLDER).mkdir(parents=True)
    (site / FORMS_FOLDER / "sondaggio.yaml").write_text(SURVEY, encoding="utf-8")
    with running(tmp_path, sqlite_url, lambda: NOW, FORMS_SITE=str(site)) as service:
        client = Client(make_wsgi(service))
        for path in (
            f"/{FORMS_FOLDER}/sondaggio.yaml",
            f"/{FORMS_FOLDER}/",
            "/%2eforms/sondaggio.yaml",
            f"//{FORMS_FOLDER}/sondaggio.yaml",
        ):
            assert client.get(path).status_code == 404
