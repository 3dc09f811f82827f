"""Stores, packages, receipts and mailed links of older versions open as they did: nothing that was promised ends.

`older/VERSION.zip` holds the forms of that time, answered by people who were made up, the data folder, and `known.json`
with the versions of the forms and every address that was handed out. `make_older.py` makes one of each release.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser
from werkzeug.datastructures import MultiDict

from bacheca.forms import load_forms
from forms_server.app import make_app, make_service
from forms_server.context import Service
from forms_server.crypto.sealing import read_keyring
from forms_server.database.migrate import newest_migration
from forms_server.operations.backups.copies import copier_of
from forms_server.publishing.export import export_forms, verify_packages
from forms_server.publishing.reconciliation import reconcile
from forms_server.settings import Settings
from tests.forms_server.test_posting import OWN

OLDER = Path(__file__).parent / "older"


@pytest.fixture(scope="module", params=sorted(OLDER.glob("*.zip")), ids=lambda path: path.stem)
def older(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of what an older version left."""
    folder = tmp_path_factory.mktemp(request.param.stem)
    with zipfile.ZipFile(request.param) as packed:
        packed.extractall(folder)
    return folder


@pytest.fixture(scope="module")
def known(older: Path) -> dict[str, Any]:
    """What was handed out then."""
    found: dict[str, Any] = json.loads((older / "known.json").read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def written_then(older: Path) -> dict[str, bytes]:
    """The tables of the packages as they were written."""
    packages = older / "data" / "packages"
    return {str(file.relative_to(packages)): file.read_bytes() for file in packages.glob("*/responses*.csv")}


@pytest.fixture(scope="module")
def service(older: Path, known: dict[str, Any], written_then: dict[str, bytes]) -> Iterator[Service]:
    """Today's service on it."""
    environ = {
        "FORMS_DATABASE_URL": f"sqlite:///{older / 'data' / 'forms.db'}",
        "FORMS_CONTENT": str(older / "forms"),
        "FORMS_DATA": str(older / "data"),
        "FORMS_SITE": "",
        "FORMS_SECRET_KEY": "k" * 32,
        "FORMS_MAIL_FROM": "redazione@example.org",
        "FORMS_RATE_LIMIT": "off",
    }
    made = make_service(Settings.from_environ(environ), lambda: datetime.fromisoformat(known["now"]))
    yield made
    made.store.close()


@pytest.fixture(scope="module")
def browser(service: Service) -> FlaskClient:
    return make_app(service).test_client()


def test_no_form_has_another_version(older: Path, known: dict[str, Any]) -> None:
    assert {name: form.version for name, form in load_forms(older / "forms").items()} == known["versions"]


def test_every_receipt_and_every_mailed_link_still_leads_somewhere(browser: FlaskClient, known: dict[str, Any]) -> None:
    answered = {
        address: browser.get(address).status_code
        for links in known["links"].values()
        for kind in ("receipts", "receipt", "confirm")
        for address in links.get(kind, ())
    }
    assert len(answered) > 10
    assert {address: status for address, status in answered.items() if status != 200} == {}


def test_what_was_withdrawn_stays_withdrawn(browser: FlaskClient, known: dict[str, Any]) -> None:
    gone: list[str] = []
    for links in known["links"].values():
        for kind in ("withdrawn", "expired"):
            found = links.get(kind, [])
            gone += [found] if isinstance(found, str) else found
    assert gone
    assert {browser.get(address).status_code for address in gone} <= {404, 410}


def test_the_store_became_one_of_today_and_how_it_was_stays_beside_it(service: Service) -> None:
    copier = copier_of(service.settings.database_url)
    found = copier.examine_store()
    assert found
    assert (found.version, found.unreadable) == (newest_migration(), ())
    (copy,) = service.retention.copies.kept()
    before = copier.examine(copy)
    assert before.version < newest_migration()
    assert (before.responses, before.unreadable) == (found.responses, ())


def test_every_response_stands_as_it_stood(service: Service, known: dict[str, Any]) -> None:
    if "counts" in known:
        assert {form: service.store.counts(form) for form in known["counts"]} == known["counts"]


def test_the_packages_are_written_with_the_same_rows_are_valid_and_account_for_every_response(
    service: Service, older: Path, known: dict[str, Any], written_then: dict[str, bytes]
) -> None:
    forms, now = tuple(known["versions"]), datetime.fromisoformat(known["now"])
    done = list(export_forms(service.store, forms, older / "data", now))
    assert {one.form: one.failed for one in done} == dict.fromkeys(forms, "")
    for name, rows in written_then.items():
        assert (older / "data" / "packages" / name).read_bytes() == rows, name
    assert len(list(verify_packages(older / "data"))) == len(forms)
    accounts = list(reconcile(service.store, forms, older / "data"))
    assert [list(account.differences()) for account in accounts] == [[] for _ in forms]


def test_what_was_sealed_is_opened_by_the_keys_of_then(service: Service, older: Path, known: dict[str, Any]) -> None:
    keys = sorted(older.glob("*.txt"))
    for key in keys:
        now = datetime.fromisoformat(known["now"])
        list(export_forms(service.store, ("riservato",), older / key.stem, now, keys=read_keyring([key])))
        rows = (older / key.stem / "packages" / "riservato" / "responses.csv").read_text(encoding="utf-8")
        assert "gino@example.org" in rows


def test_what_was_sent_then_is_corrected_and_withdrawn_now(
    service: Service, browser: FlaskClient, older: Path, known: dict[str, Any]
) -> None:
    form, links = next((form, links) for form, links in known["links"].items() if "confirm" not in links)
    corrected, withdrawn = (address.partition("?")[0] for address in links["receipts"][:2])
    page = LexborHTMLParser(browser.get(f"{corrected}/correct").text)
    given = [
        (str(field.attributes["name"]), field.text() or str(field.attributes.get("value") or ""))
        for field in page.css("form[method=post] :is(input:not([type=radio], [type=checkbox]), :checked, textarea)")
        if field.attributes.get("name")
    ]
    before = service.store.counts(form)
    assert browser.post(f"{corrected}/correct", data=MultiDict(given), headers=OWN).status_code == 303
    assert browser.post(f"{withdrawn}/withdraw", headers=OWN).status_code == 303
    assert browser.get(corrected).status_code == 200
    assert browser.get(withdrawn).status_code in {404, 410}
    assert service.store.counts(form)["kept"] == before["kept"] - 1
    list(export_forms(service.store, (form,), older / "data", datetime.fromisoformat(known["now"])))
    assert list(verify_packages(older / "data"))
    assert [list(account.differences()) for account in reconcile(service.store, (form,), older / "data")] == [[]]
