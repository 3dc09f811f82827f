"""What is written column by column is what `csv` writes row by row."""

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from bacheca.forms.package.incremental_csv import lines_of

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
