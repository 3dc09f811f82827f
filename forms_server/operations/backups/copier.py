"""What each kind of database does to be copied."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from forms_server.database.migrate import newest_migration
from forms_server.errors import BackupProblem

Bury = Callable[[frozenset[str]], None]
"""Writes down the tombstones of a store that is about to be replaced."""

MOST_NAMED = 5
"""How many differences are named."""

IN_USE = "The store is in use: stop the service, on every machine, then restore."
NOT_EMPTY = "The store holds {count} responses already. Make a backup of them, then give --replace to lose them here."


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
        more = f" and {len(found) - MOST_NAMED} more" if len(found) > MOST_NAMED else ""
        raise BackupProblem(
            f"{path} is not as Bacheca makes it: somebody has changed {', '.join(found[:MOST_NAMED])}{more}."
            " Bring back a backup that nobody could write to."
        )


def of_this_code(path: Path, version: int) -> None:
    """Refuse a copy that this code cannot open.

    Raises:
        BackupProblem: it is not of Bacheca, or of a newer one.
    """
    if version < 1:
        raise BackupProblem(f"{path} is no backup of Bacheca's.")
    if version > newest_migration():
        raise BackupProblem(
            f"{path} is of version {version} and this code knows {newest_migration()}:"
            " restore it with the Bacheca that made it, or a newer one."
        )
