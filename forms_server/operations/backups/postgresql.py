"""Copies of a PostgreSQL store, by its own pg_dump and pg_restore.

What a copy brings back is rows alone: the tables are made by our own migrations, and what the copy says of them, or of
anything else that could run, is never executed.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from sqlalchemy import URL

from bacheca.forms.catalogues import marked as _
from forms_server.database.migrate import CREATED, LOCK, WORDS, newest_migration, statements_of, versions_up_to
from forms_server.database.tables import metadata
from forms_server.errors import BackupProblem
from forms_server.messages import Saying
from forms_server.operations.backups.copier import (
    IN_USE,
    NONE_THERE,
    NOT_EMPTY,
    Bury,
    Examined,
    as_we_make_it,
    of_this_code,
)

if TYPE_CHECKING:  # stores are files more often than not, and it takes long to load
    import psycopg

MAGIC = b"PGDMP"
PATIENCE = 10
"""How long to wait for the server to answer, in seconds."""

OTHERS = (
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
)

FUNCTIONS = tuple(re.findall(r"CREATE FUNCTION (\w+)", "".join(WORDS["postgresql"].values())))
"""The functions of the triggers that the migrations make."""

INDEXES = frozenset(
    name
    for version in versions_up_to(newest_migration())
    for statement in statements_of(version, "postgresql")
    for name in re.findall(r"CREATE (?:UNIQUE )?INDEX (\w+)", statement)
)
TRIGGERS = frozenset({"responses note_change"})
KINDS = r"TABLE DATA|TABLE|FK CONSTRAINT|CONSTRAINT|INDEX|TRIGGER|[A-Z][A-Z ]*[A-Z]"
ENTRY = re.compile(rf"\d+; \d+ \d+ (?P<kind>{KINDS}) (?P<schema>\S+) (?P<name>.+) \S+")
"""A line of what `pg_restore --list` says is in a copy."""

COPY = re.compile(r'COPY (?:\w+\.)?(?P<table>\w+) \((?P<columns>[\w", ]+)\) FROM stdin;')


class PostgresqlCopier:
    """Copies the store in a database of PostgreSQL: the tables that are Bacheca's, and nothing else there."""

    def __init__(self, url: URL):
        from psycopg.conninfo import make_conninfo  # noqa: PLC0415
        from sqlalchemy.dialects import postgresql  # noqa: PLC0415  of no use to SQLite, and it takes long to load

        _, self._given = postgresql.psycopg.dialect().create_connect_args(url)  # type: ignore[no-untyped-call]
        public = {name: value for name, value in self._given.items() if name != "password"}
        self._conninfo = make_conninfo("", **public, connect_timeout=PATIENCE)
        # The password goes by the environment: arguments can be read by everybody on the machine.
        self._environ = os.environ | {"LC_ALL": "C"}
        if "password" in self._given:
            self._environ["PGPASSWORD"] = str(self._given["password"])

    def owns(self, path: Path) -> bool:
        """Tell whether a path is the store's own: none is."""
        return False

    def save(self, draft: Path) -> None:
        """Write a copy of one moment; whoever writes meanwhile is not held up."""
        tables = [f"--table={name}" for name in metadata.tables]
        self._run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", *tables, f"--file={draft}")

    def examine(self, path: Path) -> Examined:
        """Read a copy whole, as it would be brought back."""
        if not path.is_file():
            raise BackupProblem(Saying(NONE_THERE, path=path))
        with path.open("rb") as file:
            if file.read(len(MAGIC)) != MAGIC:
                raise BackupProblem(Saying(_("{path} is no backup of PostgreSQL’s."), path=path))
        with self._script(path, "--list") as listed:
            as_we_make_it(path, set(_strange(listed)))
        with self._script(path, "--data-only") as script:
            found = _read(script, path)
        of_this_code(path, found.version)
        return found

    def examine_store(self) -> Examined | None:
        """Read every row of the store; `None` when it has no tables yet."""
        with self._connected() as connection:
            counts = {name: _count(connection, name) for name in metadata.tables}
            if counts["schema_version"] is None:
                return None
            (version,) = connection.execute("SELECT max(version) FROM schema_version").fetchone() or (0,)
        return Examined(int(version or 0), counts["responses"] or 0)

    def load(self, path: Path, bury: Bury, *, replace: bool) -> None:
        """Put a copy in the place of the tables, in one transaction."""
        with self._connected() as connection:
            (others,) = connection.execute(OTHERS).fetchone() or (0,)
            if others:
                raise BackupProblem(Saying(IN_USE))
            held = _count(connection, "responses")
            if held and not replace:
                raise BackupProblem(Saying(NOT_EMPTY, count=held))
            if _count(connection, "tombstones"):
                marks = connection.execute("SELECT tombstone FROM tombstones WHERE state = 'withdrawn'").fetchall()
                bury(frozenset(mark for (mark,) in marks))
        version = self.examine(path).version
        psql = [_program("psql"), f"--dbname={self._conninfo}", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1"]
        with subprocess.Popen(  # noqa: S603  a fixed program, its arguments apart
            psql, env=self._environ, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        ) as server:
            stdin, stderr = _pipe(server.stdin), _pipe(server.stderr)
            try:
                # A service that starts now waits for the lock that migrations take, and finds what was restored.
                stdin.write(f"SET client_min_messages TO warning;\nBEGIN;\n{LOCK};\n{_tables_of(version)}".encode())
                for table in metadata.tables:  # in their order: those that others refer to come first
                    with self._script(path, "--data-only", f"--table={table}") as script:
                        stdin.writelines(_rows(script, table))
                stdin.write(b"\nCOMMIT;\n")  # never reached unless the copy was read to its end
                stdin.close()
            except BrokenPipeError:  # psql has stopped at an error, which it says
                with suppress(BrokenPipeError):
                    stdin.close()
            said = stderr.read()
            _refuse_failure("psql", server.wait(), said)

    @contextmanager
    def _script(self, path: Path, *options: str) -> Iterator[IO[bytes]]:
        """Give a copy as the SQL that brings it back; fail unless it could be read to its end."""
        command = [_program("pg_restore"), "--no-owner", "--no-privileges", *options, "--file=-", str(path)]
        with subprocess.Popen(  # noqa: S603
            command, env=self._environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as process:
            yield _pipe(process.stdout)
            said = _pipe(process.stderr).read()
            _refuse_failure("pg_restore", process.wait(), said)

    def _run(self, program: str, *arguments: str) -> None:
        command = [_program(program), f"--dbname={self._conninfo}", *arguments]
        done = subprocess.run(command, env=self._environ, capture_output=True, check=False)  # noqa: S603
        _refuse_failure(program, done.returncode, done.stderr)

    @contextmanager
    def _connected(self) -> Iterator[psycopg.Connection[Any]]:
        import psycopg  # noqa: PLC0415

        try:
            with psycopg.connect(**self._given, connect_timeout=PATIENCE, autocommit=True) as connection:
                yield connection
        except psycopg.Error as error:
            code = error.sqlstate or type(error).__name__
            sentence = _("The database does not answer ({code}): see to PostgreSQL, then try again.")
            raise BackupProblem(Saying(sentence, code=code)) from None


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise ValueError("the process was started without this pipe")
    return pipe


def _program(name: str) -> str:
    """Find a program of PostgreSQL's, where Debian keeps it too."""
    folders = sorted(map(str, Path("/usr/lib/postgresql").glob("*/bin")), key=_major, reverse=True)
    found = shutil.which(name, path=os.pathsep.join([*folders, os.environ.get("PATH", "")]))
    if not found:
        sentence = _(
            "PostgreSQL is copied by its own {name}, which is not here: on Debian, apt-get install postgresql-client."
        )
        raise BackupProblem(Saying(sentence, name=name))
    return found


def _major(folder: str) -> int:
    version = Path(folder).parent.name
    return int(version) if version.isdecimal() else 0


def _refuse_failure(program: str, status: int, said: bytes) -> None:
    if status:
        first = said.decode(errors="replace").strip().partition("\n")[0]
        reason = first or Saying(_("{program} ended with {status}"), program=program, status=status)
        raise BackupProblem(Saying(_("It could not be done: {reason}"), reason=reason))


def _tables_of(version: int) -> str:
    """Write what makes our tables anew, as they were in a version."""
    made = [CREATED]
    for number in sorted(versions_up_to(version)):
        made += statements_of(number, "postgresql")
    dropped = [f"DROP TABLE IF EXISTS {name} CASCADE" for name in metadata.tables]
    dropped += [f"DROP FUNCTION IF EXISTS {name}()" for name in FUNCTIONS]
    return "".join(f"{statement};\n" for statement in (*dropped, *made))


def _strange(listed: IO[bytes]) -> Iterator[str]:
    """Give what is in a copy and none of ours, from its list."""
    known = {
        "TABLE": metadata.tables.keys(),
        "TABLE DATA": metadata.tables.keys(),
        "INDEX": INDEXES,
        "TRIGGER": TRIGGERS,
    }
    for line in listed:
        entry = ENTRY.fullmatch(line.decode(errors="replace").rstrip("\n"))
        if entry is None:
            if line.strip() and not line.startswith(b";"):
                yield line.decode(errors="replace").strip()
            continue
        kind, name = entry["kind"], entry["name"]
        table = name.partition(" ")[0]
        ours = table in metadata.tables if kind.endswith("CONSTRAINT") else name in known.get(kind, ())
        if not ours:
            yield Saying(_("the {kind} {name}"), kind=kind.lower(), name=name)


def _rows(script: IO[bytes], table: str) -> Iterator[bytes]:
    """Give of a script the rows of one table, and nothing else that it says."""
    inside = False
    for line in script:
        if inside:
            yield line
            inside = line != b"\\.\n"
        elif (found := COPY.fullmatch(line.decode(errors="replace").rstrip())) and found["table"] == table:
            yield f"COPY {table} ({found['columns']}) FROM stdin;\n".encode()
            inside = True


def _read(script: IO[bytes], path: Path) -> Examined:
    """Read the rows that a script brings."""
    table, responses, version = "", 0, 0
    for line in script:
        if not table:
            if found := COPY.fullmatch(line.decode(errors="replace").rstrip()):
                table = found["table"]
                columns = {name.strip(' "') for name in found["columns"].split(",")}
                if table not in metadata.tables or not columns <= set(metadata.tables[table].columns.keys()):
                    as_we_make_it(path, [Saying(_("the columns of {table}"), table=table)])
        elif line == b"\\.\n":
            table = ""
        elif table == "responses":
            responses += 1
        elif table == "schema_version":
            version = max(version, int(line))
    return Examined(version, responses)


def _count(connection: psycopg.Connection[Any], table: str) -> int | None:
    """Read every row of a table; `None` when there is no such table."""
    (there,) = connection.execute("SELECT to_regclass(%s)", (table,)).fetchone() or (None,)
    if there is None:
        return None
    (count,) = connection.execute(f"SELECT count({table}::text) FROM {table}".encode()).fetchone() or (0,)  # noqa: S608
    return int(count)
