"""Databases for the tests: a new one for each, the same tests on SQLite and on PostgreSQL; and the time they go by."""

import itertools
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import URL, make_url

from forms_server.store import Store, open_store
from tests.forms_server.postgresql import cluster

NUMBERS = itertools.count()


@pytest.fixture
def now() -> list[datetime]:
    """The time, which a test may change."""
    return [datetime(2026, 11, 23, 12, tzinfo=UTC)]


@pytest.fixture(scope="session")
def postgresql() -> Iterator[URL]:
    """The address of a running PostgreSQL cluster."""
    with cluster() as url:
        yield url


@contextmanager
def created(cluster: URL, template: str = "template1") -> Iterator[URL]:
    """Make a database in a cluster like another one; give its address, and drop it in the end: each takes 8 MB."""
    name = f"test_{next(NUMBERS)}"
    with psycopg.connect(
        host=str(cluster.query["host"]), user=cluster.username, dbname="postgres", autocommit=True
    ) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY".encode())
        yield cluster.set(database=name)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@pytest.fixture
def postgresql_url(postgresql: URL) -> Iterator[URL]:
    """The address of a new database in it, without tables."""
    with created(postgresql) as url:
        yield url


@pytest.fixture(scope="session")
def postgresql_with_tables(postgresql: URL) -> Iterator[str]:
    """The name of a database that the code has made its tables in, to make others like it."""
    with created(postgresql) as url:
        open_store(url).close()
        yield str(url.database)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> URL:
    """The address of a new file."""
    return make_url(f"sqlite:///{tmp_path / 'data' / 'forms.db'}")


@pytest.fixture(scope="session")
def sqlite_with_tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that the code has made its tables in, to make others like it."""
    file = tmp_path_factory.mktemp("tables") / "forms.db"
    open_store(f"sqlite:///{file}").close()
    return file


@pytest.fixture(params=["sqlite", "postgresql"])
def new_url(request: pytest.FixtureRequest) -> URL:
    """The address of a new database without tables, of each kind in turn."""
    url: URL = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> Iterator[URL]:
    """The address of a new database with its tables, of each kind in turn: a store opens it in a tenth of the time."""
    if request.param == "postgresql":
        tables = request.getfixturevalue("postgresql_with_tables")
        with created(request.getfixturevalue("postgresql"), tables) as made:
            yield made
        return
    url: URL = request.getfixturevalue("sqlite_url")
    file = Path(str(url.database))
    file.parent.mkdir(exist_ok=True)
    shutil.copy(request.getfixturevalue("sqlite_with_tables"), file)  # its mode, too
    yield url


@pytest.fixture
def store(database_url: URL) -> Iterator[Store]:
    """An open, empty store, on each kind of database in turn."""
    opened = open_store(database_url)
    yield opened
    opened.close()
