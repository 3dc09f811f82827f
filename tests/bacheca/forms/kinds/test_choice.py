"""What is chosen, of what, in which order and how much of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bacheca.forms import Form
from bacheca.forms.html.privacy_summary import render_promises
from bacheca.forms.kinds.choice import Options
from tests.bacheca.forms.kinds.examples import CATEGORIES, EXAMPLES, entry

Written = Callable[..., Form]


@pytest.mark.parametrize(("privacy", "of_words"), [("public", "free-text"), ("sensitive", "sensitive")])
@pytest.mark.parametrize("of_type", ["string", "list"])
def test_the_words_of_another_answer_are_never_public(
    written: Written, of_type: str, privacy: str, of_words: str
) -> None:
    choices = "form:other: true, categories: [{value: a, label: A}]"
    form = written(f"- {{name: x, title: X, type: {of_type}, form:privacy: {privacy}, {choices}}}")
    rows = [row for row in form.field("x").codebook_rows() if row["column"] == "x__other" and "privacy" in row]
    assert [row["privacy"] for row in rows] == [of_words]
    assert "parole tue" in render_promises([form], "it")


def test_another_answer_may_be_as_long_as_a_line(written: Written) -> None:
    field = written(EXAMPLES["single choice"].written).fields[0]
    (problem,) = field.read({"x": ["other"], "x__other": ["a" * 4000]}, "it").problems
    assert (problem.code, problem.values["limit"]) == ("too-long", 200)
    assert [problem.code for problem in field.read({"x": ["a" * 4000]}, "it").problems] == ["not-a-choice"]


def test_what_can_only_be_chosen_alone_is_called_by_its_label(written: Written) -> None:
    field = written(EXAMPLES["multiple choice"].written).fields[0]
    (problem,) = field.read({"x": ["verde", "rosso"]}, "it").problems
    assert problem.values["label"] == "Verde"


def test_a_choice_of_numbers_has_numbers_in_its_column(written: Written) -> None:
    choices = "categories: [{value: 1, label: Uno}, {value: 2, label: Due}]"
    (column,) = written(entry(f"type: integer\n{choices}")).fields[0].columns
    assert column.descriptor["categories"] == [{"value": 1, "label": "Uno"}, {"value": 2, "label": "Due"}]
    assert column.constraints == {"enum": [1, 2]}
    assert [type(value) for value in column.constraints["enum"]] == [int, int]


def test_a_plain_choice_has_one_column_and_takes_its_codes_alone(written: Written) -> None:
    field = written(entry("type: string" + CATEGORIES)).fields[0]
    assert field.read({"x": ["rosso"]}, "it").cells == {"x": "rosso"}
    assert [problem.code for problem in field.read({"x": ["other"]}, "it").problems] == ["not-a-choice"]


def test_the_seed_puts_the_options_in_another_order_and_the_last_stays_last(written: Written) -> None:
    field = written(entry("type: string\nform:other: true\nform:shuffle: true" + CATEGORIES)).fields[0]
    assert isinstance(field, Options)
    assert field.ordered({}) == ("rosso", "blu-mare", "verde", "other")
    orders = {field.ordered(field.seeded(seed)) for seed in range(20)}
    assert len(orders) > 3
    assert {order[-1] for order in orders} == {"other"}


@pytest.mark.parametrize(
    ("chosen", "code"),
    [
        (["rosso"], "too-few-choices"),
        (["rosso", "verde"], None),
        (["rosso", "verde", "blu-mare"], "too-many-choices"),
    ],
)
def test_so_many_choices_make_an_answer_as_the_form_says(written: Written, chosen: list[str], code: str | None) -> None:
    field = written(entry("type: list\nform:choose: {min: 2, max: 2}" + CATEGORIES)).fields[0]
    found = [(problem.code, problem.values["limit"]) for problem in field.read({"x": chosen}, "it").problems]
    assert found == ([(code, 2)] if code else [])
