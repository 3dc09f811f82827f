from __future__ import annotations

import pytest

from bacheca.forms.definition.evolution import changes_since
from bacheca.forms.results.versions import COUNTS_ON, changed_questions, counts_on
from tests.bacheca.forms.conftest import Written

A = "- {name: a, title: A, type: string, categories: [{value: x, label: X}, {value: y, label: Y}]}\n"
TURNED = "- {name: a, title: A, type: string, categories: [{value: y, label: Y}, {value: x, label: X}]}\n"
FEWER = "- {name: a, title: A, type: string, categories: [{value: x, label: X}]}\n"
B = "- {name: b, title: B, type: integer}\n"
C = "- {name: c, title: C, type: date}\n"


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        (A + B, TURNED + B, "codes-reordered"),
        (A + B, B + A, "fields-reordered"),
        (A + B, A + C + B, "field-inserted"),
        (A + B, A, "field-removed"),
        (A + B, A + B.replace("}", ", constraints: {required: true}}"), "made-required"),
    ],
)
def test_what_leaves_every_count_what_it_was_is_counted_on(
    written: Written, before: str, after: str, code: str
) -> None:
    was, now = written(before), written(after)
    assert code in {change.code for change in changes_since([was], now)} & COUNTS_ON
    assert counts_on(was, now)


def test_every_such_change_is_shown_here() -> None:
    shown = {"codes-reordered", "fields-reordered", "field-inserted", "field-removed", "made-required"}
    assert shown == COUNTS_ON


def test_an_option_that_is_gone_makes_counting_begin_anew_and_the_question_is_named(written: Written) -> None:
    was, now = written(A + B), written(FEWER + B)
    assert not counts_on(was, now)
    assert changed_questions(was, now) == ("a",)
    assert changed_questions(was, was) == ("",)
