"""How many were asked is told only where it is the count of some answers to one question."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bacheca.forms import Form
from bacheca.forms.results.tally import measures_of

Written = Callable[..., Form]
ASKED = """
- name: luogo
  title: Dove?
  type: string
  categories: [{value: casa, label: Casa}, {value: mare, label: Mare}, {value: monte, label: Monte}]
- name: voto
  title: Voto
  type: integer
  form:widget: scale
  form:ends: {low: a, high: b}
  constraints: {minimum: 1, maximum: 3}
- {name: ore, title: Ore, type: integer, constraints: {minimum: 0, maximum: 9}}
- {name: poi, title: Poi, type: boolean, form:showIf: {field: luogo, equals: casa}}
"""
ONE = {
    "{field: luogo, in: [casa, mare]}": ("luogo", {"casa", "mare"}),
    "{not: {field: luogo, equals: casa}}": ("luogo", {"mare", "monte", ""}),
    "{any: [{field: luogo, equals: casa}, {field: luogo, answered: false}]}": ("luogo", {"casa", ""}),
    "{field: voto, atLeast: 2}": ("voto", {"2", "3"}),
    "{field: poi, equals: true}": ("poi", {"true"}),
    "{field: ore, answered: true}": ("ore", {str(number) for number in range(10)}),
    "{all: [{field: luogo, in: [casa, mare]}, {field: poi, equals: false}]}": ("poi", {"false"}),
}
SEVERAL = (
    "{all: [{field: luogo, equals: casa}, {field: voto, equals: 2}]}",
    "{any: [{field: luogo, equals: casa}, {field: voto, equals: 2}]}",
    "{field: ore, atLeast: 2}",
    "{field: poi, answered: false}",
    "{not: {field: poi, equals: true}}",
)


def after(written: Written, condition: str) -> object:
    measures = measures_of(written(f"{ASKED}- {{name: x, title: X, type: boolean, form:showIf: {condition}}}"))
    return measures["x"].after if "x" in measures else None


@pytest.mark.parametrize(("condition", "gate"), ONE.items(), ids=ONE)
def test_a_question_that_one_answer_decides_is_counted(
    written: Written, condition: str, gate: tuple[str, set[str]]
) -> None:
    assert after(written, condition) == (gate[0], frozenset(gate[1]))


@pytest.mark.parametrize("condition", SEVERAL)
def test_a_question_that_several_answers_decide_is_not_counted(written: Written, condition: str) -> None:
    assert after(written, condition) is None


def test_a_question_of_a_section_is_counted_after_what_decides_the_section_or_after_another_of_it(
    written: Written,
) -> None:
    section = "form:section: {title: S, form:showIf: {field: luogo, equals: mare}}"
    form = written(
        f"{ASKED}- {{name: x, title: X, type: boolean, {section}}}\n"
        "- {name: y, title: Y, type: boolean, form:showIf: {field: x, equals: true}}\n"
        "- {name: z, title: Z, type: boolean, form:showIf: {field: voto, equals: 2}}\n"
    )
    measures = measures_of(form)
    assert measures["x"].after == ("luogo", frozenset({"mare"}))
    assert measures["y"].after == ("x", frozenset({"true"}))
    assert "z" not in measures
