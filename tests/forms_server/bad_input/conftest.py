"""A service with a field of every kind, and somebody who sends it whatever there is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import make_url

from bacheca.forms import Form
from forms_server.app import make_app
from forms_server.context import Service
from tests.bacheca.forms.kinds.examples import EXAMPLES
from tests.forms_server.samples import running

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
FIELDS = {f"campo_{number}": example.written for number, example in enumerate(EXAMPLES.values())}
FREE = """\
- {name: riga, title: Una riga, type: string}
- {name: pagina, title: Una pagina, type: string, form:widget: textarea}
- {name: presente, title: Presente, type: boolean, form:section: Il resto}
"""
FORM = (
    """\
$schema: https://datapackage.org/profiles/2.0/tableschema.json
name: tutto
title: Un campo d’ogni specie
form:kind: survey
form:steps: true
fields:
"""
    + FREE
)


@dataclass(frozen=True)
class Door:
    """A service, as a program reaches it without a network.

    Args:
        service: the service.
        client: sends it requests.
    """

    service: Service
    client: FlaskClient

    @property
    def form(self) -> Form:
        """The form with a field of every kind."""
        return self.service.forms["tutto"].form

    def received(self) -> int:
        """Give how many responses are in the store, whatever their form and state."""
        return sum(sum(self.service.store.counts(name).values()) for name in self.service.forms)


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    folder = tmp_path_factory.mktemp("door")
    written = "".join(text.replace("- name: x\n", f"- name: {name}\n") for name, text in FIELDS.items())
    write_form(folder, FORM + written)
    with running(folder, make_url(f"sqlite:///{folder}/forms.db"), lambda: NOW) as service:
        yield Door(service, make_app(service).test_client())


def write_form(folder: Path, text: str) -> None:
    """Put a form beside those of every test."""
    (folder / "forms").mkdir()
    (folder / "forms" / "tutto.yaml").write_text(text, encoding="utf-8")
