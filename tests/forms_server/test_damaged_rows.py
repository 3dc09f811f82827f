"""A row that was damaged is named in a sentence by whichever command reads it, with what to do; nothing is changed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import URL, text

from forms_server.__main__ import main
from forms_server.context import Service
from forms_server.database.engine import Work, make_engine
from tests.forms_server.samples import Respondent, running, with_property
from tests.forms_server.test_posting import KEY

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
COMMANDS = [
    "evidence ada.prova@example.org",
    "export-person ada.prova@example.org",
    "purge",
    "export",
    "publish-results sondaggio",
    "progress",
    "comments sondaggio",
    "send-mail",
    "erase-person ada.prova@example.org --yes",
]
DAMAGES = {
    "answers that break off": ("responses", "answers", '{"canary'),
    "answers that are a list": ("responses", "answers", '["canary"]'),
    "a day that is none": ("responses", "received_on", "canary"),
    "a moment that is none": ("outbox", "created_at", "canary"),
    "a mail that breaks off": ("outbox", "payload", '{"canary'),
}


@pytest.fixture
def service(tmp_path: Path, database_url: URL) -> Iterator[Service]:
    def edit(form: str) -> str:
        return form if "kind: signup" in form else with_property("form:publish: results\nform:keep: 6 months")(form)

    with running(tmp_path, database_url, lambda: NOW, edit) as made:
        ada = Respondent(made)
        for number in range(3):
            ada.answer_survey(_key=f"{KEY}{number}", commento="ciao")
        ada.sign_up()
        yield made


@pytest.mark.parametrize("damage", DAMAGES)
def test_every_command_names_the_row_that_is_damaged(service: Service, database_url: URL, damage: str) -> None:
    table, column, value = DAMAGES[damage]
    if column == "received_on" and database_url.get_backend_name() == "postgresql":
        pytest.skip("PostgreSQL keeps days as days")
    engine = make_engine(database_url)
    with engine.connect().execution_options(work=Work.WRITE) as connection, connection.begin():
        connection.execute(text(f"UPDATE {table} SET {column} = :value"), {"value": value})
    engine.dispose()
    environ = {
        "FORMS_DATABASE_URL": database_url.render_as_string(hide_password=False),
        "FORMS_DATA": str(service.settings.data),
        "FORMS_CONTENT": str(service.settings.content),
        "FORMS_SECRET_KEY": "k" * 32,
        "FORMS_MAIL_FROM": "redazione@example.org",
    }
    named = re.compile(rf"of the row .+ of {table} the value of {column} cannot be read")
    told = {words: CliRunner().invoke(main, words.split(), env=environ) for words in COMMANDS}
    for words, done in told.items():
        assert isinstance(done.exception, SystemExit | None), (words, done.exception)
        assert "canary" not in done.output, words
        assert done.exit_code == (1 if named.search(done.output) else 0), (words, done.output)
        assert ("verify" in done.output) is bool(named.search(done.output)), words
    assert sum(done.exit_code for done in told.values()) >= (4 if table == "responses" else 1)
