"""What is written column by column is what `csv` writes row by row; a file made of an earlier one, as from nothing."""

import csv
import hashlib
import io
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bacheca.forms.package.codebook import Counts
from bacheca.forms.package.incremental_csv import Block, Day, Written, lines_of, write_days

CELL = st.text(alphabet=st.sampled_from("ab à;,\"\n\t'=\u2028😀"), max_size=6) | st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\r")
)


@given(st.lists(st.tuples(CELL, CELL, CELL), min_size=1))
def test_lines_are_those_of_the_standard_library(rows: list[tuple[str, str, str]]) -> None:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    assert lines_of(list(zip(*rows, strict=True))).decode() == text.getvalue()


@given(st.lists(st.tuples(st.text(st.characters(exclude_categories=["Cs"])), st.sampled_from(["\r", "a\rb", ""]))))
def test_whatever_is_written_is_read_again(rows: list[tuple[str, str]]) -> None:
    written = lines_of([[row[0] for row in rows], [row[1] for row in rows]]).decode()
    assert [tuple(row) for row in csv.reader(io.StringIO(written, newline=""))] == rows


def test_of_no_rows_nothing_is_written() -> None:
    assert lines_of([[], []]) == b""


FOUR = {day: f"parole, {day}" for day in "abcd"}
NOTHING = Written()


def written(days: dict[str, str], old: bytes = b"", known: Written = NOTHING) -> tuple[bytes, Written, str]:
    """Write a file of days with a row each; give it, what is known of it, and the days that were read."""
    read: list[str] = []

    def rows(day: str) -> Iterator[Block]:
        read.append(day)
        yield {"day": [day], "said": [days[day]]}

    new = io.BytesIO()
    made = write_days(
        new,
        io.BytesIO(old) if old else None,
        known,
        ("day", "said"),
        [Day(f"{day} {said}", rows(day)) for day, said in days.items()],
        count=lambda block, counts: counts.add(Counts(total=len(block["day"]))),
    )
    content = new.getvalue()
    assert (made.digest, made.size) == (hashlib.sha256(content).hexdigest(), len(content))
    for part in made.parts:
        assert hashlib.sha256(content[part.start : part.start + part.size]).hexdigest() == part.digest
    return content, made, "".join(read)


@pytest.mark.parametrize("is_whole_known", [True, False])
@pytest.mark.parametrize(
    ("now", "spoilt", "read"),
    [
        (FOUR, "", ""),
        (FOUR | {"e": "nuovo"}, "", "e"),
        (FOUR | {"c": "altro"}, "", "c"),
        ({"0": "prima"} | FOUR, "", "0"),
        ({day: FOUR[day] for day in "abd"}, "", ""),
        (FOUR | {"e": "nuovo"}, "b", "be"),
        ({day: FOUR[day] for day in "abd"}, "d", "d"),
    ],
)
def test_a_file_made_of_an_earlier_one_is_what_it_is_from_nothing(
    now: dict[str, str], spoilt: str, read: str, is_whole_known: bool
) -> None:
    old, known, _ = written(FOUR)
    if spoilt:
        old = old.replace(f"{spoilt},".encode(), b"X,")
    content, _, found = written(now, old, known if is_whole_known else replace(known, digest=""))
    assert (content, found) == (written(now)[0], read)
