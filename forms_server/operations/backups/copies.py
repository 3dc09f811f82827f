"""Making a copy of the store, and bringing it back.

A copy is one file: of SQLite a database, of PostgreSQL what its `pg_dump` writes. It holds the responses and all that
is kept with them; the secret and the list of tombstones stay beside it, in the data folder.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import URL

from bacheca.forms.atomic_file import placed
from bacheca.forms.catalogues import marked as _
from forms_server.errors import BackupProblem
from forms_server.messages import Saying
from forms_server.operations.backups.copier import Bury, Copier, Examined
from forms_server.operations.backups.postgresql import PostgresqlCopier
from forms_server.operations.backups.sqlite import SqliteCopier

COPIERS: dict[str, Callable[[URL], Copier]] = {"sqlite": SqliteCopier, "postgresql": PostgresqlCopier}
MAGICS = (b"SQLite format 3\0", b"PGDMP")
"""What files that can be replaced by a copy begin with: earlier copies."""


def copier_of(url: URL) -> Copier:
    """Give what copies the store at an address."""
    return COPIERS[url.get_backend_name()](url)


def backup(url: URL, path: Path) -> Examined:
    """Copy a store, of one moment, while it may be in use.

    The copy is made beside its place, put on disk and examined; only then does it take the place of an earlier one.

    Args:
        url: the store's, as in the settings.
        path: where the copy goes.

    Returns:
        What the copy holds.

    Raises:
        BackupProblem: it cannot be made; an earlier copy at that path stays as it was.
        OSError: it cannot be written there.
    """
    copier = copier_of(url)
    if path.is_dir() or (path.exists() and not _is_copy(path)) or copier.owns(path):
        raise BackupProblem(Saying(_("{path} is something else than a backup: name another file."), path=path))
    with placed(path) as draft:
        copier.save(draft)
        return copier.examine(draft)


def restore(url: URL, path: Path, bury: Bury, *, replace: bool = False) -> Examined:
    """Bring a copy back as the store, wholly or not at all.

    Args:
        url: the store's, as in the settings.
        path: the copy.
        bury: writes down what the store that is replaced knows to be withdrawn, before it goes.
        replace: whether the store may hold responses, which are then lost.

    Returns:
        What the copy held.

    Raises:
        BackupProblem: the copy is not whole or not of this code's, or the store is in use or not empty.
        OSError: the list of tombstones cannot be written.
    """
    copier = copier_of(url)
    if copier.owns(path):
        raise BackupProblem(Saying(_("{path} is the store itself: name a backup."), path=path))
    examined = copier.examine(path)
    copier.load(path, bury, replace=replace)
    return examined


def _is_copy(path: Path) -> bool:
    with path.open("rb") as file:
        head = file.read(16)
    return not head or head.startswith(MAGICS)
