"""The copy of an older store that is made before its tables change: the way back to the version before."""

from __future__ import annotations

import errno
import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import URL

from bacheca.forms.catalogues import marked as _
from forms_server.database.migrate import Before, newest_migration
from forms_server.errors import BackupProblem, StoreRefused
from forms_server.messages import Saying, Told
from forms_server.operations.backups.copies import backup

log = logging.getLogger(__name__)

MOST_KEPT = 3
"""How many copies stay: with a fourth the first goes."""

DAYS_KEPT = timedelta(days=30)
"""How long a copy stays: what was withdrawn or is over lives on in it until then, as in every backup."""

NAME = re.compile(r"(?P<store>.+)\.schema-\d+\.(?P<day>\d{4}-\d\d-\d\d)(?:\.(?P<number>\d+))?")
SERVER = "postgresql"
"""What copies of a store without a file are named after."""


def is_copy(name: str) -> bool:
    """Tell by its name whether a file is such a copy."""
    return NAME.fullmatch(name) is not None


@dataclass(frozen=True)
class UpgradeCopies:
    """The copies of a store, beside it: `forms.db.schema-10.2026-11-30`; of PostgreSQL in the data folder.

    Args:
        url: the store's, as in the settings.
        data: the data folder.
        wanted: whether a copy is made at all (`FORMS_UPGRADE_BACKUP`).
        today: the day it is.
    """

    url: URL
    data: Path
    wanted: bool
    today: Callable[[], date]

    @contextmanager
    def before_migrating(self) -> Iterator[Before]:
        """Give what copies the store before its tables change, and forget the oldest copies once they have.

        Where they could not be changed the store is as it was, and the copy goes too: whoever starts the service again
        and again must not fill the disk with copies of the same.

        Raises:
            StoreRefused: no copy could be made, and nothing may change.
        """
        made: list[Path] = []
        try:
            yield lambda version: made.extend(self._make(version))
        except Exception:
            for path in made if self._is_file else ():  # of a server nobody knows whether it committed
                path.unlink(missing_ok=True)
            raise
        if made:
            try:
                self.forget()
            except OSError as error:
                log.warning("an old copy of the store could not be deleted: %s", error.filename)

    def _make(self, version: int) -> Iterator[Path]:
        newest = newest_migration()
        if not self.wanted:
            log.warning("the store goes from version %s to %s without a copy: FORMS_UPGRADE_BACKUP", version, newest)
            return
        path = self._free(f"{self._store}.schema-{version}.{self.today()}")
        try:
            backup(self.url, path)
        except (BackupProblem, OSError) as problem:
            sentence = _(
                "The store is of version {version} and becomes {newest} once it has been copied, which could not be"
                " done: {reason} Nothing has changed in it. Mend that and start again; where you have made a copy"
                " yourself, set FORMS_UPGRADE_BACKUP=off."
            )
            raise StoreRefused(Saying(sentence, version=version, newest=newest, reason=_reason(problem))) from None
        log.warning("the store goes from version %s to %s; as it was it stays in %s", version, newest, path)
        yield path

    def forget(self) -> None:
        """Delete the copies that are too old or too many.

        Raises:
            OSError: one cannot be deleted.
        """
        for number, path in enumerate(self.kept()):
            if number >= MOST_KEPT or _made(path)[0] < self.today() - DAYS_KEPT:
                path.unlink(missing_ok=True)
                log.info("a copy from before an upgrade is old, and was deleted: %s", path)

    def kept(self) -> list[Path]:
        """Give the copies that are there, the newest first."""
        found = self._folder.glob("*.schema-*")
        ours = (path for path in found if (name := NAME.fullmatch(path.name)) and name["store"] == self._store)
        return sorted(ours, key=_made, reverse=True)

    @property
    def _folder(self) -> Path:
        return Path(self.url.database or "").parent if self._is_file else self.data

    @property
    def _store(self) -> str:
        return Path(self.url.database or "").name if self._is_file else SERVER

    @property
    def _is_file(self) -> bool:
        return self.url.get_backend_name() == "sqlite"

    def _free(self, name: str) -> Path:
        """Give a path that no copy has: an older store may have been put back on the same day."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path, number = self._folder / name, 1
        while path.exists():
            number += 1
            path = self._folder / f"{name}.{number}"
        return path


def _made(path: Path) -> tuple[date, int]:
    """Give when a copy was made, by its name; a day that does not exist is long ago."""
    name = NAME.fullmatch(path.name)
    try:
        return date.fromisoformat(name["day"] if name else ""), int((name and name["number"]) or 1)
    except ValueError:
        return date.min, 0


def _reason(problem: BackupProblem | OSError) -> str:
    if isinstance(problem, BackupProblem):
        return Told(problem.said)
    if problem.errno == errno.ENOSPC:
        return Saying(_("there is no room for it on the disk."))
    file = problem.filename or Saying(_("the copy"))
    return Saying("{file}: {reason}.", file=file, reason=problem.strerror or problem)
