"""A CSV file made of days: of those that did not change since it was last written, the bytes are taken over.

What is remembered of a file tells each of its days from any other state of that day, with a digest of its bytes and
what the codebook counts in it. A day is taken over only while both marks hold, so the file is always what it would
be if all of it were written anew.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, BinaryIO

from bacheca.forms.package.codebook import Counts

BYTES_AT_ONCE = 1 << 20
MARKS = ',"\r\n'
QUOTED = re.compile(f"[{MARKS}]")
"""What has to stand between quotes."""

Block = Mapping[str, Sequence[str]]
"""Some rows, column by column: what is done once a column costs less than what is done once a cell."""


@dataclass(frozen=True)
class Day:
    """The responses of a day.

    Args:
        mark: another one whenever any of its rows is another; empty where nobody can tell.
        blocks: its rows in their order, each column in every block; looked at only when they have to be written.
        is_whole: whether all of its rows were in the blocks; a day of which some lacked is written again the next time.
    """

    mark: str
    blocks: Iterable[Block]
    is_whole: Callable[[], bool] = lambda: True


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
    count: Callable[[Block, Counts], None],
) -> list[Part]:
    """Write a CSV file.

    Args:
        new: the file, empty.
        old: the file as it was written before; `None` where there is none that may be used.
        known: the days in it.
        columns: its columns.
        days: what goes into it, in order.
        count: counts what is in a block.

    Returns:
        The days of the new file.
    """
    new.write(lines_of([name] for name in columns))
    before = {part.mark: part for part in known if part.mark} if old else {}
    parts = []
    for day in days:
        part = _taken_over(new, old, before[day.mark]) if old and day.mark in before else None
        parts.append(part or _written(new, columns, day, count))
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


def _written(new: BinaryIO, columns: Sequence[str], day: Day, count: Callable[[Block, Counts], None]) -> Part:
    counts, start, hashed = Counts(), new.tell(), hashlib.sha256()
    for block in day.blocks:
        count(block, counts)
        lines = lines_of(block[column] for column in columns)
        hashed.update(lines)
        new.write(lines)
    return Part(day.mark if day.is_whole() else "", start, new.tell() - start, hashed.hexdigest(), counts)


def block_of(rows: Sequence[Mapping[str, str]], columns: Iterable[str]) -> Block:
    """Turn rows into columns; a cell that a row does not have is empty."""
    return {column: _cells(rows, column) for column in columns}


def _cells(rows: Sequence[Mapping[str, str]], column: str) -> Sequence[str]:
    try:
        return list(map(itemgetter(column), rows))
    except KeyError:  # seldom: then one by one, which takes four times as long
        return [row.get(column, "") for row in rows]


def lines_of(columns: Iterable[Sequence[str]]) -> bytes:
    """Write rows as lines of CSV, quoted as `csv.writer` does it, in a third of its time.

    Args:
        columns: the cells of each column; two columns at least.
    """
    rows = zip(*map(_quoted, columns), strict=True)
    return "".join([f"{line}\n" for line in map(",".join, rows)]).encode()


def _quoted(cells: Sequence[str]) -> Sequence[str]:
    """Quote the cells of a column that need it; of most columns none does."""
    together = "".join(cells)
    if not any(mark in together for mark in MARKS):
        return cells
    return ['"' + cell.replace('"', '""') + '"' if QUOTED.search(cell) else cell for cell in cells]
