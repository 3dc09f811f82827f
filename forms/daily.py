"""A CSV file made of days: of those that did not change since it was last written, the bytes are taken over.

What is remembered of a file tells each of its days from any other state of that day, with a digest of its bytes and
what the codebook counts in it. A day is taken over only while both marks hold, so the file is always what it would
be if all of it were written anew.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from itertools import islice
from typing import Any, BinaryIO

from forms.codebook import Counts

ROWS_AT_ONCE = 500
BYTES_AT_ONCE = 1 << 20

Row = Mapping[str, str]


@dataclass(frozen=True)
class Day:
    """The responses of a day.

    Args:
        mark: another one whenever any of its rows is another; empty where nobody can tell.
        rows: its rows in their order, looked at only when they have to be written.
    """

    mark: str
    rows: Iterable[Row]


@dataclass(frozen=True)
class Part:
    """A day as it stands in a file.

    Args:
        mark: the day's.
        start: where its bytes begin.
        size: how many they are.
        digest: their SHA-256.
        counts: what the codebook counts in its rows.
    """

    mark: str
    start: int
    size: int
    digest: str
    counts: Counts

    def as_json(self) -> dict[str, Any]:
        """Give it as JSON values."""
        return {**vars(self), "counts": self.counts.as_json()}

    @classmethod
    def of_json(cls, value: Mapping[str, Any]) -> Part:
        """Make it again."""
        return cls(**{**value, "counts": Counts.of_json(value["counts"])})


def write_days(
    new: BinaryIO,
    old: BinaryIO | None,
    known: Iterable[Part],
    columns: Sequence[str],
    days: Iterable[Day],
    *,
    counted: Callable[[Iterable[Row], Counts], Iterator[Row]],
) -> list[Part]:
    """Write a CSV file.

    Args:
        new: the file, empty.
        old: the file as it was written before; `None` where there is none that may be used.
        known: the days in it.
        columns: its columns.
        days: what goes into it, in order.
        counted: counts rows as they pass by.

    Returns:
        The days of the new file.
    """
    new.write(_lines([columns]))
    before = {part.mark: part for part in known if part.mark} if old else {}
    parts = []
    for day in days:
        part = _taken_over(new, old, before[day.mark]) if old and day.mark in before else None
        parts.append(part or _written(new, columns, day, counted))
    return parts


def _taken_over(new: BinaryIO, old: BinaryIO, part: Part) -> Part | None:
    """Copy a day; nothing is written where its bytes are not what they were."""
    start = new.tell()
    old.seek(part.start)
    left, hashed = part.size, hashlib.sha256()
    while left and (chunk := old.read(min(left, BYTES_AT_ONCE))):
        hashed.update(chunk)
        new.write(chunk)
        left -= len(chunk)
    if hashed.hexdigest() == part.digest and not left:
        return Part(part.mark, start, part.size, part.digest, part.counts)
    new.seek(start)
    new.truncate()
    return None


def _written(
    new: BinaryIO, columns: Sequence[str], day: Day, counted: Callable[[Iterable[Row], Counts], Iterator[Row]]
) -> Part:
    counts, start, hashed = Counts(), new.tell(), hashlib.sha256()
    cells = ([row.get(column, "") for column in columns] for row in counted(day.rows, counts))
    while lines := _lines(islice(cells, ROWS_AT_ONCE)):
        hashed.update(lines)
        new.write(lines)
    return Part(day.mark, start, new.tell() - start, hashed.hexdigest(), counts)


def _lines(rows: Iterable[Sequence[str]]) -> bytes:
    text = StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()
