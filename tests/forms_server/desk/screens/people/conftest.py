"""Ada has answered, and somebody else has written of her."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import URL

from forms_server.context import Service
from tests.forms_server.samples import Respondent, link, running
from tests.forms_server.test_posting import KEY

ADA = "ada.prova@example.org"
NEWS = """\
$schema: https://datapackage.org/profiles/2.0/tableschema.json
name: novita
title: Novità
form:kind: survey
fields:
- {name: posta, title: Posta, type: string, format: email}
- {name: testo, title: Testo, type: string, form:widget: textarea}
"""


@pytest.fixture
def service(tmp_path: Path, sqlite_url: URL, now: list[datetime]) -> Iterator[Service]:
    """Give a service with a sign-up of Ada's that is confirmed, her address in a survey, and a mention by another."""
    (tmp_path / "forms").mkdir()
    (tmp_path / "forms" / "novita.yaml").write_text(NEWS, encoding="utf-8")
    with running(tmp_path, sqlite_url, lambda: now[0]) as made:
        ada = Respondent(made)
        ada.sign_up()
        ada.post(link(ada.mails()[0], "confirm"))
        ada.post("/forms/novita", {"_lang": "it", "_key": KEY + "1", "posta": ADA})
        ada.post("/forms/novita", {"_lang": "it", "_key": KEY + "2", "testo": f"Scrivete a {ADA.upper()} <b>"})
        yield made
