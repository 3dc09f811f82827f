"""Bringing a database up to the tables this code knows."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from string import Template

from sqlalchemy import Connection, func, insert, select, text

from bacheca.forms.catalogues import marked as _
from forms_server.database.tables import schema_version
from forms_server.errors import StoreRefused
from forms_server.messages import Saying

FOLDER = Path(__file__).parent / "migrations"

# One machine at a time; any number will do as long as it stays the same.
LOCK = "SELECT pg_advisory_xact_lock(7264125)"
TRY_LOCK = "SELECT pg_try_advisory_xact_lock(7264125)"

NOTE = (
    "INSERT INTO changed_days (form, received_on, mark) VALUES (OLD.form, OLD.received_on, {random})"
    " ON CONFLICT (form, received_on) DO UPDATE SET mark = excluded.mark;"
)
CHANGES = "AFTER UPDATE OF version, language, channel, received_on, answers, sealed ON responses FOR EACH ROW"

WORDS = {
    "sqlite": {
        "without_rowid": "WITHOUT ROWID",
        "note_changes": f"CREATE TRIGGER note_change {CHANGES} BEGIN {NOTE.format(random='hex(randomblob(16))')} END",
    },
    "postgresql": {
        "without_rowid": "",
        "note_changes": "CREATE FUNCTION note_change() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN {NOTE.format(random='gen_random_uuid()::text')} RETURN NULL; END $$;\n"
        f"CREATE TRIGGER note_change {CHANGES} EXECUTE FUNCTION note_change()",
    },
}
"""What the databases say in words of their own, by its name in the scripts."""


def newest_migration(folder: Path = FOLDER) -> int:
    """Give the number of the last migration that this code knows."""
    return max(_known(folder))


Before = Callable[[int], None]
"""Is told of which version a database is that is about to change; what it raises keeps it as it is."""

CREATED = "CREATE TABLE IF NOT EXISTS schema_version (version integer NOT NULL PRIMARY KEY)"


def migrate(
    connection: Connection, folder: Path = FOLDER, last: int | None = None, before: Before | None = None
) -> None:
    """Apply, in their order, the migrations that the database has not had.

    Args:
        connection: in a transaction to migrate; all is applied in it, or nothing.
        last: the migration to end with; the newest where none is given.
        folder: holds `0001_NAME.sql`, `0002_…`; on PostgreSQL there is nothing to do for `NAME.sqlite.sql`.
        before: is called before the first, where the database has had others; nobody else migrates it meanwhile.

    Raises:
        StoreRefused: the database had migrations that this code does not know, or something in it refers to nothing.
    """
    postgresql = connection.dialect.name == "postgresql"
    if postgresql:
        connection.execute(text(LOCK))
    connection.execute(text(CREATED))
    had = connection.scalar(select(func.max(schema_version.c.version))) or 0
    known = _known(folder)
    if had > max(known):
        sentence = _(
            "The database is of version {had} and this code knows {known}: a newer Bacheca has used it. Run that one or"
            " a newer one, or bring back a copy made before it."
        )
        raise StoreRefused(Saying(sentence, had=had, known=max(known)))
    if not postgresql and connection.scalar(text("PRAGMA foreign_keys")):
        raise ValueError("a table that is made anew would take with it what refers to it")
    if before and 0 < had < max(known):
        before(had)
    for version in known:
        if had < version <= (last or version):
            for statement in statements_of(version, connection.dialect.name, folder):
                connection.execute(text(statement))
            connection.execute(insert(schema_version).values(version=version))
    if not postgresql and had < max(known) and connection.execute(text("PRAGMA foreign_key_check")).first():
        raise StoreRefused(Saying(_("The database is damaged: bring back the last backup that `verify` finds whole.")))


def versions_up_to(last: int, folder: Path = FOLDER) -> set[int]:
    """Give the numbers of the migrations that a database of a version has had."""
    return {version for version in _known(folder) if version <= last}


def _known(folder: Path) -> dict[int, Path]:
    return {int(path.name[:4]): path for path in sorted(folder.glob("[0-9]*.sql"))}


def statements_of(version: int, dialect: str, folder: Path = FOLDER) -> list[str]:
    """Give the statements of a migration as a database says them."""
    path = _known(folder)[version]
    if dialect == "postgresql" and path.stem.endswith(".sqlite"):
        return []
    return statements(Template(path.read_text(encoding="utf-8")).substitute(WORDS[dialect]))


def statements(script: str) -> list[str]:
    """Take a script apart where a semicolon ends a line, leaving its comments out."""
    code = re.sub(r"^\s*--.*\n", "", script, flags=re.MULTILINE)
    return [statement for part in re.split(r";\s*$", code, flags=re.MULTILINE) if (statement := part.strip())]
