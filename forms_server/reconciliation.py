"""What was received against what became of it: nothing may be missing, and nothing too many."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from forms_server.export import NOT_EXPORTED, counts_of
from forms_server.store import Store


@dataclass(frozen=True)
class Reconciled:
    """The account of a form.

    Args:
        form: its name.
        received: how many responses came, as they were counted while they came.
        exported: how many stand in the files of its package.
        others: how many are in each state that is not exported.
        kept: how many the store would export now.
    """

    form: str
    received: int
    exported: int
    others: dict[str, int]
    kept: int

    def line(self) -> str:
        """Give the account in a line."""
        parts = " + ".join(f"{count} {state}" for state, count in self.others.items())
        return f"{self.form}: {self.received} received = {self.exported} exported + {parts}"

    def differences(self) -> Iterator[str]:
        """Name what does not agree, and what to do about it."""
        stored = self.kept + sum(self.others.values())
        if self.received > stored:
            yield f"{self.received - stored} received and no longer in the database: bring back a copy that has them"
        if self.received < stored:
            yield f"{stored - self.received} in the database that were never counted: somebody has written into it"
        if self.exported < self.kept:
            yield f"{self.kept - self.exported} kept and not exported yet: run `python -m forms_server export`"
        if self.exported > self.kept:
            yield f"{self.exported - self.kept} still in the package and erased: run `python -m forms_server export`"


def reconcile(store: Store, names: tuple[str, ...], folder: Path) -> Iterator[Reconciled]:
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
        with store.reading() as reading:
            counts, received = counts_of(reading, name), reading.received(name)
        others = {state: counts[state] for state in NOT_EXPORTED}
        yield Reconciled(name, received, _exported(folder / "packages" / name), others, counts["exported"])


def _exported(folder: Path) -> int:
    """Count the rows of a package's responses, in the files themselves."""
    descriptor = folder / "datapackage.json"
    if not descriptor.is_file():
        return 0
    resources = json.loads(descriptor.read_text(encoding="utf-8"))["resources"]
    return sum(_rows(folder / resource["path"]) for resource in resources if resource["name"] != "codebook")


def _rows(path: Path) -> int:
    with path.open(encoding="utf-8", newline="") as file:
        return sum(1 for _ in csv.reader(file)) - 1
