"""The answers that stand for all others, where answers are compared: the bounds, and what stands just beside them."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest

from bacheca.forms import Form
from bacheca.forms.asking.conditions import Comparison
from bacheca.forms.kinds import Field
from bacheca.forms.kinds.cells.cell_types import CELL_TYPES

Written = Callable[..., Form]

CHOICE = "- {name: x, title: X, type: string, categories: [{value: a, label: A}, {value: b, label: B}]}"
BOXES = """\
- name: x
  title: X
  type: list
  categories: [{value: a, label: A}, {value: b, label: B}, {value: c, label: C}, {value: nil, label: Nothing}]
  form:exclusive: nil
"""


def field(written: Written, text: str) -> Field:
    return written(text).fields_by_name["x"]


@pytest.mark.parametrize(
    ("of_type", "cell", "beside"),
    [
        ("string", "a", []),
        ("boolean", "true", []),
        ("integer", "-1", ["-2", "0"]),
        ("number", "9", ["8", "10", "8.999999999999999", "9.000000000000001"]),
        ("number", "0.5", ["-0.5", "1.5", "0.499999999999999", "0.500000000000001"]),
        ("date", "2028-03-01", ["2028-02-29", "2028-03-02"]),
        ("date", "0001-01-01", ["0001-01-02"]),
        ("date", "9999-12-31", ["9999-12-30"]),
        ("yearmonth", "2027-01", ["2026-12", "2027-02"]),
        ("yearmonth", "0999-12", ["0999-11", "1000-01"]),
        ("year", "0999", ["0998", "1000"]),
    ],
)
def test_beside_a_cell_stand_the_nearest_before_and_after_it(of_type: str, cell: str, beside: list[str]) -> None:
    assert list(CELL_TYPES[of_type].neighbours(cell)) == beside


@pytest.mark.parametrize(
    ("more", "comparisons", "typical"),
    [
        ("type: integer", [], ["0", "-1", "1"]),
        ("type: integer", [Comparison("x", at_least="5")], ["5", "4", "6"]),
        ("type: integer, constraints: {minimum: 3, maximum: 9}", [], ["3", "9", "4", "8"]),
        (
            "type: integer, constraints: {minimum: 3}",
            [Comparison("x", at_least="3", at_most="4"), Comparison("x", answered=True)],
            ["3", "4", "5"],
        ),
        ("type: date", [Comparison("x", at_most="2027-01-01")], ["2027-01-01", "2026-12-31", "2027-01-02"]),
        ("type: string", [Comparison("x", answered=True)], ["…"]),
        ("type: boolean", [], ["false", "true"]),
    ],
)
def test_bounds_and_limits_and_what_is_beside_them_stand_for_all_answers(
    written: Written, more: str, comparisons: list[Comparison], typical: list[str]
) -> None:
    asked = field(written, f"- {{name: x, title: X, {more}}}")
    assert list(asked.typical_answers(comparisons)) == [(), *((cell,) for cell in typical)]
    if "constraints" not in more:
        required = field(written, f"- {{name: x, title: X, {more}, constraints: {{required: true}}}}")
        assert list(required.typical_answers(comparisons)) == [(cell,) for cell in typical]


def test_each_choice_stands_for_itself(written: Written) -> None:
    assert list(field(written, CHOICE).typical_answers([])) == [(), ("a",), ("b",)]


def test_boxes_are_ticked_in_one_way_for_each_way_in_which_they_compare(written: Written) -> None:
    boxes = field(written, BOXES)
    assert list(boxes.typical_answers([])) == [(), ("nil",), ("a",)]
    compared = [Comparison("x", any_of=("b", "c")), Comparison("x", answered=True), Comparison("x", any_of=("c",))]
    assert list(boxes.typical_answers(compared)) == [(), ("nil",), ("a",), ("b",), ("c",)]
    two = field(written, BOXES + "  form:choose: {min: 2, max: 2}\n  constraints: {required: true}\n")
    assert list(two.typical_answers(compared)) == [("nil",), ("a", "b"), ("a", "c")]


def test_an_answer_is_made_up_that_compares_like_a_typical_one(written: Written) -> None:
    chance = Random(1)
    number, choice = field(written, "- {name: x, title: X, type: integer}"), field(written, CHOICE)
    assert number.made_like(("7",), 1, chance) == {"x": "7"}
    assert choice.made_like(("b",), 1, chance)["x"] == "b"
    text = field(written, "- {name: x, title: X, type: string}")
    assert text.made_like(("…",), 1, chance)["x"] not in {"…", ""}
    boxes = field(written, BOXES)
    assert boxes.made_like(("a", "c"), 1, chance) == {
        "x__a": "1",
        "x__b": "0",
        "x__c": "1",
        "x__nil": "0",
    }


def test_where_no_place_is_left_the_choice_is_named_as_people_read_it(written: Written) -> None:
    english = "title: X\nfields:\n- {name: x, title: X, categories: [{value: a, label: One}, {value: b, label: Two}]}\n"
    asked = written(CHOICE, en=english).fields_by_name["x"]
    problems = [asked.no_place("a", language) for language in ("it", "en")]
    assert [problem.code for problem in problems] == ["no-place"] * 2
    assert [problem.values["choice"] for problem in problems] == ["A", "One"]
