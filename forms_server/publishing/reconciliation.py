"""What was received against what became of it: nothing may be missing, and nothing too many."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from bacheca.forms.catalogues import marked as _
from bacheca.forms.definition.form import FIXED_COLUMNS
from forms_server.messages import Saying
from forms_server.publishing.export import NOT_EXPORTED, counts_of
from forms_server.store import Snapshot, Store
from forms_server.store.lifecycle import State

RESOURCE = re.compile(r"responses(_v[0-9]+)?")
"""How the files of a package are called that hold each response once."""

ACCOUNT = _(
    "{form}: {received} received = {exported} exported + {pending} pending + {withdrawn} withdrawn + {expired} expired"
    " + {quarantined} quarantined"
)


@dataclass(frozen=True)
class Reconciled:
    """The account of a form.

    Args:
        form: its name.
        received: how many responses came, as they were counted while they came.
        exported: how many stand in the files of its package.
        others: how many are in each state that is not exported.
        kept: how many the store would export now.
        erased: how many of the exported are kept no longer.
        uncounted: how many more or fewer were erased than were counted while they were.
    """

    form: str
    received: int
    exported: int
    others: dict[str, int]
    kept: int
    erased: int = 0
    uncounted: int = 0

    def line(self) -> Saying:
        """Give the account in a line."""
        return Saying(ACCOUNT, form=self.form, received=self.received, exported=self.exported, **self.others)

    def differences(self) -> Iterator[Saying]:
        """Name what does not agree, and what to do about it."""
        stored = self.kept + sum(self.others.values())
        if self.received > stored:
            sentence = _("{count} received and no longer in the database: bring back a copy that has them")
            yield Saying(sentence, count=self.received - stored)
        if self.received < stored:
            sentence = _("{count} in the database that were never counted: somebody has written into it")
            yield Saying(sentence, count=stored - self.received)
        if self.uncounted:
            sentence = _(
                "{count} erased and not counted, or counted and not erased: somebody has written into the database"
            )
            yield Saying(sentence, count=self.uncounted)
        missing = self.kept - (self.exported - self.erased)
        if missing > 0:
            yield Saying(_("{count} kept and not exported yet: run `python -m forms_server export`"), count=missing)
        if self.erased:
            sentence = _("{count} still in the package and erased: run `python -m forms_server export`")
            yield Saying(sentence, count=self.erased)


def reconcile(store: Store, names: Iterable[str], folder: Path) -> Iterator[Reconciled]:
    """Draw up the account of each form.

    Args:
        store: where the responses are.
        names: the forms.
        folder: the data folder, with the packages.

    Raises:
        StoreUnavailable: the database does not answer.
        OSError: a package cannot be read.
    """
    for name in names:
        with store.snapshot() as snapshot:
            counts, received = counts_of(snapshot, name), snapshot.received(name)
            told = snapshot.erased(name)
            there = standing(snapshot, name, folder / "packages" / name)
        others = {state: counts[state] for state in NOT_EXPORTED}
        uncounted = sum(abs(told.get(state, 0) - counts[state]) for state in (State.WITHDRAWN, State.EXPIRED))
        yield Reconciled(name, received, there.responses, others, counts["exported"], there.erased, uncounted)


@dataclass(frozen=True)
class Standing:
    """What stands in the files of a package: how many responses, and how many of them are kept no longer."""

    responses: int
    erased: int


def standing(snapshot: Snapshot, name: str, package: Path) -> Standing:
    """Count the responses in the files of a package, a day in memory at a time, and those that are kept no longer.

    Args:
        snapshot: the store at one moment.
        name: the form.
        package: the folder of its package, or what is left of one.

    Raises:
        OSError: a file cannot be read.
    """
    found = erased = 0
    for path in filter(lambda path: RESOURCE.fullmatch(path.stem), package.glob("responses*.csv")):
        for day, rows in groupby(_ids(path), key=itemgetter(1)):
            ids = {identity for identity, _ in rows}
            found += len(ids)
            erased += len(ids - _kept(snapshot, name, day))
    return Standing(found, erased)


def _kept(snapshot: Snapshot, name: str, day: str) -> frozenset[str]:
    try:
        return snapshot.kept_ids(name, date.fromisoformat(day))
    except ValueError:  # somebody has written into the file
        return frozenset()


def _ids(path: Path) -> Iterator[tuple[str, str]]:
    """Give the id and the day of each response in a file; none where it is not one of a package's."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        if tuple(next(rows, [])[:2]) == FIXED_COLUMNS[:2]:
            yield from ((row[0], row[1]) for row in rows if len(row) > 1)
