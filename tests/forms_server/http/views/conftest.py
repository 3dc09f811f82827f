"""A service on each kind of database, and somebody who uses it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import URL, select

from forms_server.context import Service
from forms_server.database.engine import make_engine
from forms_server.database.tables import metadata
from tests.forms_server.samples import Respondent, running, with_property

Everything = Callable[[], dict[str, list[tuple[object, ...]]]]


@pytest.fixture
def service(tmp_path: Path, database_url: URL, now: list[datetime]) -> Iterator[Service]:
    with running(tmp_path, database_url, lambda: now[0], with_property("form:keep: 24 months")) as made:
        yield made


@pytest.fixture
def ada(service: Service) -> Respondent:
    return Respondent(service)


@pytest.fixture
def everything(service: Service, database_url: URL) -> Everything:
    """Read every row of every table."""

    def read() -> dict[str, list[tuple[object, ...]]]:
        engine = make_engine(database_url)
        with engine.connect() as connection:
            found = {
                name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
                for name, table in metadata.tables.items()
            }
        engine.dispose()
        return found

    return read
