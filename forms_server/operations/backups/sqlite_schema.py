"""What a database of SQLite is made of, held against what the migrations make.

Triggers, views, expressions in indexes and generated columns are programs that a file brings with it: a copy that was
written to by somebody else could run them in the store. So whatever the migrations did not make is named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from sqlalchemy import create_engine

from bacheca.forms.catalogues import marked as _
from forms_server.database.engine import sqlite_driver
from forms_server.database.migrate import migrate, versions_up_to
from forms_server.messages import Saying

STATISTICS = {
    ("table", "sqlite_stat1", "sqlite_stat1", "CREATE TABLE sqlite_stat1(tbl,idx,stat)"),
    ("table", "sqlite_stat4", "sqlite_stat4", "CREATE TABLE sqlite_stat4(tbl,idx,neq,nlt,ndlt,sample)"),
}
"""What `ANALYZE` adds, which is no program."""

HEAD = {"application_id": 0, "user_version": 0, "encoding": "UTF-8"}
"""What the file itself says of what it holds."""

Part = tuple[str, str, str, str]
"""The type of something, its name, its table, and the statement that makes it."""


def differences(connection: Any, version: int) -> Iterator[str]:
    """Give what is not as the migrations make it, or is missing.

    Args:
        connection: to the database; only its own tables are read, and nothing in it runs.
        version: the last migration that it had.
    """
    for name, usual in HEAD.items():
        (said,) = connection.execute(f"PRAGMA {name}").fetchone()
        if said != usual:
            yield Saying(_("its {name}"), name=name)
    versions = {number for (number,) in connection.execute("SELECT version FROM schema_version")}
    if versions != versions_up_to(version):
        yield Saying(_("the {kind} {name}"), kind="table", name="schema_version")
    found, ours = _parts(connection), _made(version)
    for kind, name, *_statement in (found - STATISTICS) ^ ours:
        yield Saying(_("the {kind} {name}"), kind=kind, name=name)


@cache
def _made(version: int) -> frozenset[Part]:
    """Give what the migrations make, by making it."""
    engine = create_engine("sqlite://", module=sqlite_driver())
    try:
        with engine.begin() as connection:
            migrate(connection, last=version)
            return _parts(connection.connection.dbapi_connection)
    finally:
        engine.dispose()


def _parts(connection: Any) -> frozenset[Part]:
    rows = connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master").fetchall()
    return frozenset((str(kind), str(name), str(table), _plain(sql)) for kind, name, table, sql in rows)


def _plain(sql: object) -> str:
    """Write a statement in one way: some versions of SQLite quote a table that is renamed, others do not."""
    return re.sub(r"\s+", " ", str(sql).replace('"', "")).strip()
