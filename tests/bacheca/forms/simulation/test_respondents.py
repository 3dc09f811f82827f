"""`respondents`: made-up people go along every branch that there is, and along none that there is not."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from bacheca.forms import Form, FormProblems, load_form, read_response, read_submission
from bacheca.forms.patterns.sample import text_of
from bacheca.forms.simulation.respondents import (
    Branch,
    branches_of,
    branches_walked,
    is_reachable,
    people_of,
    person_towards,
)
from tests.bacheca.forms.kinds.examples import EXAMPLES
from tests.portal import FORMS

Written = Callable[..., Form]
CHOICE = "- {name: a, title: A, type: string, categories: [{value: x, label: X}, {value: y, label: Y}]}\n"


def branches_of_people(form: Form, count: int) -> set[Branch]:
    return {branch for person in people_of(form, count, Random(1)) for branch in person.branches}


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES)
def test_people_answer_every_kind_in_every_way(written: Written, example: object) -> None:
    kind = next(kind for kind, known in EXAMPLES.items() if known is example)
    form = written(EXAMPLES[kind].written + "\n" + CHOICE + "- {name: b, title: B, type: string}")
    assert branches_of_people(form, 40) == set(branches_of(form))


@pytest.mark.parametrize("path", FORMS, ids=[path.stem for path in FORMS])
def test_people_walk_every_branch_of_a_whole_form(path: Path) -> None:
    form = load_form(path)
    people = list(people_of(form, 40, Random(2)))
    assert all(person.branches for person in people)
    assert set().union(*(person.branches for person in people)) == set(branches_of(form))


def test_a_question_that_everybody_sees_is_never_hidden(written: Written) -> None:
    always = "- {name: b, title: B, type: string, form:showIf: {field: a, in: [x, y]}}"
    form = written(CHOICE.replace("type: string", "type: string, constraints: {required: true}") + always)
    assert person_towards(form, Branch("b", "not-shown"), 0, Random(1)) is None
    assert set(branches_of(form)) - branches_of_people(form, 60) == {Branch("b", "not-shown")}


def test_a_question_at_the_end_of_a_chain_is_reached(written: Written) -> None:
    chain = "".join(
        f"- {{name: {name}, title: {name}, type: string, form:showIf: {{field: {before}, equals: y}},\n"
        "   categories: [{value: x, label: X}, {value: y, label: Y}]}\n"
        for before, name in ("ab", "bc", "cd", "de")
    )
    form = written(CHOICE + chain)
    person = person_towards(form, Branch("e", "x"), 0, Random(1))
    assert person is not None
    assert [person.cells[name] for name in "abcde"] == ["y", "y", "y", "y", "x"]


NARROW = """
- {name: n, title: N, type: number, constraints: {minimum: 0, maximum: 1000000}}
- {name: g, title: G, type: date}
- name: m
  title: M
  type: list
  form:choose: {min: 2}
  categories: [{value: a, label: A}, {value: b, label: B}, {value: c, label: C}, {value: d, label: D}]
- {name: s, title: S, type: boolean, form:section: {title: S, form:showIf: {field: n, atLeast: 77.25, atMost: 77.25}}}
- name: x
  title: X
  type: boolean
  form:showIf:
    all:
    - {field: s, equals: false}
    - {any: [{field: g, atMost: 1901-01-01}, {field: n, atLeast: 78}]}
    - {not: {any: [{field: m, in: [a, c]}, {field: m, answered: false}]}}
"""


def test_a_branch_behind_several_narrow_conditions_is_reached(written: Written) -> None:
    form = written(NARROW)
    person = person_towards(form, Branch("x", "true"), 0, Random(1))
    assert person is not None
    assert (person.cells["n"], person.cells["g"], person.cells["m__b"], person.cells["m__d"]) == (
        "77.25",
        person.cells["g"],
        "1",
        "1",
    )
    assert person.cells["g"] <= "1901-01-01"
    assert branches_of_people(form, 40) == set(branches_of(form))


CONDITIONAL = """
- {name: figli, title: Figli?, type: boolean}
- {name: quanti, title: Quanti?, type: integer, constraints: {required: true},
   form:showIf: {field: figli, equals: true}}
"""


def test_whoever_is_asked_what_must_be_answered_answers_it(written: Written) -> None:
    form = written(CONDITIONAL)
    people = list(people_of(form, 200, Random(1)))
    assert [read_response(form, person.posted, "it")[1] for person in people] == [()] * 200


@st.composite
def any_form(draw: Any) -> str:
    """Draw a form of questions of any kind, shown or not for what was answered before."""
    fields: list[dict[str, Any]] = []
    for number, kind in enumerate(draw(st.lists(st.sampled_from(sorted(EXAMPLES)), min_size=1, max_size=6))):
        for field in yaml.safe_load(EXAMPLES[kind].written):
            entry = {**field, "name": f"f{number}_{field['name']}"}
            if draw(st.booleans()):
                entry["constraints"] = {**entry.get("constraints", {}), "required": True}
            if fields and draw(st.booleans()):
                earlier = draw(st.sampled_from(fields))
                codes = [item["value"] for item in earlier.get("categories", ())]
                codes += [True, False] if earlier["type"] == "boolean" and "form:notice" not in earlier else []
                entry["form:showIf"] = {"field": earlier["name"], "answered": draw(st.booleans())}
                if codes and draw(st.booleans()):
                    listed = draw(st.lists(st.sampled_from(codes), min_size=1, unique=True))
                    entry["form:showIf"] = {"field": earlier["name"], "in": listed}
            fields.append(entry)
    return str(yaml.safe_dump(fields, sort_keys=False, allow_unicode=True))


@settings(max_examples=40, suppress_health_check=list(HealthCheck), deadline=None)
@given(any_form(), st.integers(0, 1_000))
def test_whoever_answers_a_form_that_is_sound_is_taken(written: Written, fields: str, seed: int) -> None:
    try:
        form = written(fields)
    except FormProblems:
        assume(False)
    people = list(people_of(form, 12, Random(seed)))
    assert len(people) == 12
    for person in people:
        assert [read_submission(form, person.posted, language)[1] for language in form.languages] == [()]


LIMITED = [
    "type: number, constraints: {required: true, minimum: 0.05, maximum: 0.07}",
    "type: number, constraints: {required: true, maximum: -3.25}",
    "type: integer, constraints: {required: true, minimum: 7, maximum: 7}",
    "type: date, constraints: {required: true, maximum: '1900-01-31'}",
    "type: date, constraints: {required: true, minimum: '9990-01-01'}",
    "type: yearmonth, constraints: {required: true, maximum: '1800-06'}",
    "type: year, constraints: {required: true, minimum: 1900, maximum: 9999}",
    "type: string, constraints: {required: true, minLength: 3, maxLength: 3}",
]


@pytest.mark.parametrize("limits", LIMITED)
def test_answers_keep_to_the_limits_of_a_question(written: Written, limits: str) -> None:
    form = written(f"- {{name: a, title: A, {limits}}}")
    assert len(list(people_of(form, 50, Random(1)))) == 50


NOBODY = """
- {name: a, title: A, type: string, constraints: {required: true, minLength: 5, pattern: '[0-9]{3}'},
   description: "123"}
"""


def test_nobody_answers_a_form_that_nobody_can(written: Written) -> None:
    assert list(people_of(written(NOBODY), 5, Random(1))) == []


def test_an_answer_that_nobody_can_give_is_given_by_nobody(written: Written) -> None:
    form = written("- {name: b, title: B, type: string, constraints: {minLength: 5, pattern: '[0-9]{3}'}}\n" + CHOICE)
    assert {branch for branch in branches_of_people(form, 20) if branch.field == "b"} == {Branch("b", "")}


def test_nobody_sends_a_form_without_any_answer(written: Written) -> None:
    form = written(CHOICE + "- {name: b, title: B, type: string, form:showIf: {field: a, equals: x}}")
    blank = Branch("a", "")
    assert blank not in branches_of_people(form, 40)
    assert person_towards(form, blank, 0, Random(1)) is None
    assert is_reachable(form, blank, Random(1))


def test_a_branch_that_not_even_a_blank_form_goes_along_cannot_be_reached(written: Written) -> None:
    form = written("- {name: a, title: A, type: string, constraints: {minLength: 5, pattern: '[0-9]{3}'}}")
    assert [branch.code for branch in branches_of(form) if not is_reachable(form, branch, Random(1))] == ["*"]


def test_kept_answers_tell_which_way_they_came(written: Written) -> None:
    form = written(CHOICE + "- {name: b, title: B, type: string, form:showIf: {field: a, equals: x}}")
    assert branches_walked(form, {"a": "y", "b": "not-shown"}) == {Branch("a", "y"), Branch("b", "not-shown")}
    assert branches_walked(form, {"a": "x", "b": "Ciao"}) == {Branch("a", "x"), Branch("b", "*")}


@pytest.mark.parametrize(
    "pattern",
    [
        "[0-9]{5}",
        "(?:IT|SM)[0-9]{2}",
        "[^0-9]+x?",
        "[A-Z]{6}[0-9]{2}[A-Z][0-9]{2}",
        r"\d+\s\w*",
        "a.c|b",
        "[a-zà-ù]*",
    ],
)
def test_a_text_is_made_that_matches_a_pattern(pattern: str) -> None:
    chance = Random(3)
    assert all(re.fullmatch(pattern, text_of(pattern, chance)) for _ in range(50))
