"""Databases for the tests: each one new and empty, the same tests on SQLite and on PostgreSQL."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import URL, make_url

from forms_server.store import Store, open_store
from tests.forms_server.postgresql import cluster

NUMBERS = itertools.count()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[URL]:
    """The address of a running PostgreSQL cluster."""
    with cluster() as url:
        yield url


@pytest.fixture
def postgresql_url(postgresql: URL) -> URL:
    """The address of a new database in it."""
    name = f"test_{next(NUMBERS)}"
    with psycopg.connect(
        host=str(postgresql.query["host"]), user=postgresql.username, dbname="postgres", autocommit=True
    ) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    return postgresql.set(database=name)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> URL:
    """The address of a new file."""
    return make_url(f"sqlite:///{tmp_path / 'data' / 'forms.db'}")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> URL:
    """The address of a new database, of each kind in turn."""
    url: URL = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def store(database_url: URL) -> Iterator[Store]:
    """An open, empty store, on each kind of database in turn."""
    opened = open_store(database_url)
    yield opened
    opened.close()
