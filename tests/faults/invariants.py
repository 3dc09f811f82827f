"""What must hold after every fault: the invariants I1 to I6, read from ledgers, packages and the store itself."""

from __future__ import annotations

import csv
import io
import json
import threading
import time
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
from pysqlite3 import dbapi2 as sqlite

from tests.faults.clients import Sent, read_ledgers
from tests.faults.house import House

WHOLE = (
    (
        "without its consent",
        "SELECT count(*) FROM responses r LEFT JOIN consents c USING (response_id) WHERE c.field IS NULL",
    ),
    (
        "a sign-up without its links",
        "SELECT count(*) FROM responses r WHERE form = 'gruppo'"
        " AND (SELECT count(*) FROM links l WHERE l.response_id = r.response_id) <> 2",
    ),
    (
        "a sign-up without its mail",
        "SELECT count(*) FROM responses r WHERE form = 'gruppo'"
        " AND (SELECT count(*) FROM outbox o WHERE o.response_id = r.response_id) <> 1",
    ),
    (
        "received and not counted",
        "SELECT (SELECT coalesce(sum(count), 0) FROM received)"
        " - (SELECT count(*) FROM responses) - (SELECT count(*) FROM tombstones)",
    ),
    (
        "erased and not counted",
        "SELECT (SELECT coalesce(sum(count), 0) FROM erased) - (SELECT count(*) FROM tombstones)",
    ),
)
"""What must be 0 in the store, however a process ended."""


def broken(house: House, ledgers: Path, *, export: bool = True) -> list[str]:
    """Give what does not hold, each with the invariant's number.

    Args:
        house: the service, which may run.
        ledgers: the folder of its clients' ledgers.
        export: whether to export first; without, the package is read as it lies there.
    """
    found = _store(house)
    if export and house.run("export"):
        found.append("I4 the export failed")
    known = read_ledgers(ledgers)
    rows = read_package(house.data / "packages" / "prova", found)
    found += compare([sent for sent in known if sent.form == "prova"], rows)
    found += compare([sent for sent in known if sent.form == "gruppo"], _signups(house))
    return found


def compare(known: Iterable[Sent], rows: Iterable[tuple[str, str]]) -> list[str]:
    """Hold what the clients know against what is kept.

    Args:
        known: what was sent.
        rows: the mark and the text of each response that is kept.
    """
    found: list[str] = []
    counts: Counter[str] = Counter()
    texts: dict[str, str] = {}
    for mark, text in rows:
        counts[mark] += 1
        texts[mark] = text
    for sent in known:
        count = counts.pop(sent.mark, 0)
        if sent.state == "kept" and count == 0:
            found.append(f"I1 lost: {sent.mark}")
        if sent.state in ("refused", "left") and count:
            found.append(f"{'I3 refused' if sent.state == 'refused' else 'I6 withdrawn'} and kept: {sent.mark}")
        if count > 1:
            found.append(f"I1 {count} times: {sent.mark}")
        if count and texts[sent.mark] != sent.text:
            found.append(f"I1 other words: {sent.mark}")
    return found + [f"I2 nobody sent: {mark}" for mark in counts]


def read_package(folder: Path, found: list[str]) -> list[tuple[str, str]]:
    """Read a package as somebody who comes at any moment does; put what is wrong with it into `found`."""
    try:
        descriptor = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []  # before the first export there is none
    except ValueError:
        found.append("I4 half a descriptor")
        return []
    rows: list[tuple[str, str]] = []
    for resource in descriptor["resources"]:
        names = [field["name"] for field in resource["schema"]["fields"]]
        try:
            with (folder / resource["path"]).open(encoding="utf-8", newline="") as file:
                text = file.read()
        except FileNotFoundError:
            found.append(f"I4 without {resource['path']}")
            continue
        head, *lines = list(csv.reader(io.StringIO(text, newline=""))) or [[]]
        if head != names or not text.endswith("\n") or any(len(line) != len(names) for line in lines):
            found.append(f"I4 {resource['path']} is cut or of another form")
        elif resource["name"] == "responses":
            mark, said = names.index("segno"), names.index("testo")
            rows += [(line[mark], line[said]) for line in lines]
    return rows


def _store(house: House) -> list[str]:
    found = []
    with closing(_connect(house)) as connection:
        if house.url.get_backend_name() == "sqlite":
            ((said, *_),) = _ask(connection, "PRAGMA integrity_check(1)")
            if said != "ok":
                found.append(f"I5 {said}")
        for what, asked in WHOLE:
            ((count, *_),) = _ask(connection, asked)
            if count:
                found.append(f"I2 {count} {what}")
    return found


def _signups(house: House) -> list[tuple[str, str]]:
    with closing(_connect(house)) as connection:
        asked = "SELECT answers FROM responses WHERE form = 'gruppo'"
        return [(json.loads(answers)["segno"], "") for (answers,) in _ask(connection, asked)]


def _connect(house: House) -> Any:
    if house.url.get_backend_name() == "sqlite":
        return sqlite.connect(str(house.url.database), timeout=30)
    return psycopg.connect(host=str(house.url.query["host"]), user=house.url.username, dbname=house.url.database)


def _ask(connection: Any, asked: str) -> list[tuple[Any, ...]]:
    cursor = connection.cursor()
    try:
        cursor.execute(asked)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows
    finally:
        cursor.close()


class Reader(threading.Thread):
    """Somebody who reads the package all the time, and must always see a valid one (I4)."""

    def __init__(self, folder: Path, every: float = 0.1):
        super().__init__(name="reader", daemon=True)
        self._folder, self._every = folder, every
        self._ended = threading.Event()
        self.found: list[str] = []
        self.times = 0

    def run(self) -> None:
        while not self._ended.is_set():
            read_package(self._folder, self.found)
            self.times += 1
            time.sleep(self._every)

    def end(self) -> None:
        """End."""
        self._ended.set()
        self.join()
