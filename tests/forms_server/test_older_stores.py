"""A store, packages, receipts and mailed links that version 0.1 made open as they did: nothing that was promised ends.

`older/0.1.zip` holds the forms of that time, answered by people who were made up, the data folder, and `known.json`
with the versions of the forms and every address that was handed out.
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

from bacheca.forms import load_forms
from forms_server.app import make_app, make_service
from forms_server.context import Service
from forms_server.publishing.export import export_forms
from forms_server.settings import Settings

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
    return {file.parent.name: file.read_bytes() for file in older.glob("data/packages/*/responses.csv")}


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
    assert len(answered) > 60
    assert {address: status for address, status in answered.items() if status != 200} == {}


def test_what_was_withdrawn_stays_withdrawn(browser: FlaskClient, known: dict[str, Any]) -> None:
    answered = [browser.get(links["withdrawn"]).status_code for links in known["links"].values()]
    assert set(answered) <= {404, 410}


def test_the_packages_are_written_with_the_same_rows(
    service: Service, older: Path, known: dict[str, Any], written_then: dict[str, bytes]
) -> None:
    done = list(
        export_forms(service.store, tuple(known["versions"]), older / "data", datetime.fromisoformat(known["now"]))
    )
    assert len(done) == len(written_then)
    for name, rows in written_then.items():
        assert (older / "data" / "packages" / name / "responses.csv").read_bytes() == rows, name
