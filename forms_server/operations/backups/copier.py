"""What each kind of database does to be copied."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bacheca.forms.catalogues import marked as _
from forms_server.database.migrate import newest_migration
from forms_server.errors import BackupProblem
from forms_server.messages import Saying, Told, said

Bury = Callable[[frozenset[str]], None]
"""Writes down the tombstones of a store that is about to be replaced."""

MOST_NAMED = 5
"""How many differences are named."""

NONE_THERE = _("There is no backup at {path}.")
IN_USE = _("The store is in use: stop the service, on every machine, then restore.")
NOT_EMPTY = _(
    "The store holds {count} responses already. Make a backup of them, then give --replace to lose them here."
)

CHANGED = _(
    "{path} is not as Bacheca makes it: somebody has changed {parts}. Bring back a backup that nobody could write to."
)
CHANGED_MORE = _(
    "{path} is not as Bacheca makes it: somebody has changed {parts} and {more} more. Bring back a backup that nobody"
    " could write to."
)


@dataclass(frozen=True)
class Examined:
    """What a store or a copy of it was found to hold.

    Args:
        version: the number of its last migration.
        responses: how many responses it holds.
        unreadable: rows that Bacheca cannot have written so, each as people read it: `1 of responses (answers)`.
    """

    version: int
    responses: int
    unreadable: tuple[str, ...] = ()


class Copier(Protocol):
    """Copies one kind of store; every method raises `BackupProblem` with a sentence for the operator."""

    def owns(self, path: Path) -> bool:
        """Tell whether a path is the store's own."""

    def save(self, draft: Path) -> None:
        """Write a copy of the store, of one moment, to a file that is there and empty."""

    def examine(self, path: Path) -> Examined:
        """Read a copy from one end to the other, and tell what it holds."""

    def examine_store(self) -> Examined | None:
        """Read the store from one end to the other, and tell what it holds; `None` when there is none yet."""

    def load(self, path: Path, bury: Bury, *, replace: bool) -> None:
        """Put an examined copy in the place of the store, wholly or not at all."""


def as_we_make_it(path: Path, strange: Iterable[str]) -> None:
    """Refuse a store or a copy with something in it that Bacheca never made, or without what it makes.

    Args:
        path: the file.
        strange: what differs, each as people read it: `the trigger x`.

    Raises:
        BackupProblem: something does.
    """
    if found := sorted(set(strange)):
        sentence = CHANGED if len(found) <= MOST_NAMED else CHANGED_MORE
        parts = Told(lambda language: ", ".join(said(part, language) for part in found[:MOST_NAMED]))
        raise BackupProblem(Saying(sentence, path=path, parts=parts, more=len(found) - MOST_NAMED))


def of_this_code(path: Path, version: int) -> None:
    """Refuse a copy that this code cannot open.

    Raises:
        BackupProblem: it is not of Bacheca, or of a newer one.
    """
    if version < 1:
        raise BackupProblem(Saying(_("{path} is no backup of Bacheca’s."), path=path))
    if version > newest_migration():
        sentence = _(
            "{path} is of version {version} and this code knows {known}: restore it with the Bacheca that made it, or a"
            " newer one."
        )
        raise BackupProblem(Saying(sentence, path=path, version=version, known=newest_migration()))
