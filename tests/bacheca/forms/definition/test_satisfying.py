"""Whether a condition can hold, and can fail to, is decided: trying every answer there is comes to the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from bacheca.forms import Form
from bacheca.forms.asking.conditions import holds
from bacheca.forms.definition.form import form_of
from bacheca.forms.definition.satisfying import Undecided, answers_for
from bacheca.forms.form_files.loading import read_form
from tests.bacheca.forms.conditions import some_condition
from tests.bacheca.forms.conftest import as_form

REQUIRED = {"required": True}
KINDS: dict[str, dict[str, Any]] = {
    "a": {
        "type": "string",
        "categories": [{"value": code, "label": code.upper()} for code in "rvb"],
        "missingValues": [{"value": "non-so", "label": "Non so"}],
    },
    "s": {"type": "boolean"},
    "m": {
        "type": "list",
        "categories": [{"value": code, "label": code.upper()} for code in "xyz"],
        "form:exclusive": "z",
    },
    "v": {
        "type": "integer",
        "form:widget": "scale",
        "form:ends": {"low": "poco", "high": "molto"},
        "constraints": {"minimum": 1, "maximum": 4},
    },
    "n": {"type": "integer", "constraints": {"minimum": 0, "maximum": 2}},
    "y": {"type": "year", "constraints": {"minimum": 1999, "maximum": 2001}},
    "w": {"type": "yearmonth", "constraints": {"minimum": "2026-01", "maximum": "2026-03"}},
}
POSTED: dict[str, list[dict[str, list[str]]]] = {
    "a": [{}, *({"a": [code]} for code in ("r", "v", "b", "non-so"))],
    "s": [{}, {"s": ["true"]}, {"s": ["false"]}],
    "m": [{}, *({"m": list(codes)} for codes in ("x", "y", "z", "xy"))],
    "v": [{}, *({"v": [str(step)]} for step in range(1, 5))],
    "n": [{}, *({"n": [str(number)]} for number in range(3))],
    "y": [{}, *({"y": [str(year)]} for year in range(1999, 2002))],
    "w": [{}, *({"w": [f"2026-0{month}"]} for month in range(1, 4))],
}


def some_form(chance: Random) -> list[dict[str, Any]]:
    """Make up a form of a few questions of few answers, some of which wait for others, and a last one."""
    names = chance.sample(sorted(KINDS), chance.randint(2, 4))
    fields: list[dict[str, Any]] = []
    for i, name in enumerate(names):
        entry = {"name": name, "title": f"{name}?", **KINDS[name]}
        if chance.random() < 0.4:
            entry["constraints"] = {**entry.get("constraints", {}), **REQUIRED}
        if name == "m" and chance.random() < 0.4:
            entry["form:choose"] = chance.choice([{"min": 2}, {"max": 1}])
        if i and chance.random() < 0.4:
            entry["form:showIf"] = some_condition(chance, tuple(names[:i]), 1)
        if i == len(names) - 1 and chance.random() < 0.4:
            entry["form:section"] = {"title": "Fine", "form:showIf": some_condition(chance, tuple(names[:i]), 1)}
        fields.append(entry)
    return [*fields, {"name": "ultima", "title": "Ultima?", "type": "string"}]


def every_answer(form: Form) -> Iterator[dict[str, str]]:
    """Give the cells of every way to answer the questions before the last."""
    asked = form.fields[:-1]
    for posted in product(*(POSTED[field.name] for field in asked)):
        cells: dict[str, str] = {}
        for field, said in zip(asked, posted, strict=True):
            reading = field.read(said, "it") if form.shows(field, cells) else field.unshown()
            if reading.problems or (said and not form.shows(field, cells)):
                break
            cells |= reading.cells
        else:
            yield cells


def problems_of(folder: Path, fields: list[dict[str, Any]]) -> set[tuple[str, str]]:
    """Give the codes of the problems of a form, each with the name of its field."""
    path = folder / "prova.yaml"
    path.write_text(as_form(yaml.safe_dump(fields, sort_keys=False, allow_unicode=True)), encoding="utf-8")
    return {(problem.code, str(fields[int(problem.place[1])]["name"])) for problem in read_form(path, [])[1]}


@settings(max_examples=60, suppress_health_check=list(HealthCheck), deadline=None)
@given(st.integers(0, 10**9))
def test_what_can_hold_and_what_can_fail_is_what_some_answer_makes_so(tmp_path: Path, seed: int) -> None:
    chance = Random(seed)
    fields = some_form(chance)
    names = tuple(str(field["name"]) for field in fields[:-1])
    fields[-1]["form:showIf"] = some_condition(chance, names)
    form = form_of({"name": "prova", "title": "P", "form:kind": "survey", "fields": fields}, {})
    last = form.field("ultima")
    assert last.condition is not None
    assert last.own_condition is not None

    every = list(every_answer(form))
    found = {form.shows(last, cells) for cells in every}
    decided = answers_for(form.fields_by_name, last.condition)
    assert set(decided) == found
    for outcome, given_by_name in decided.items():
        answers = {name: given_by_name.get(name, ()) for name in form.fields_by_name}
        told = holds(last.condition, lambda one, said=answers: form.field(one.field).meets(one, said[one.field]))  # type: ignore[misc]
        assert told is outcome

    problems = problems_of(tmp_path, fields)
    assume(not any(code == "SHOWIF_NEVER" for code, name in problems if name != "ultima"))
    assert (("SHOWIF_NEVER", "ultima") in problems) is (True not in found)
    within = replace(last, descriptor={"name": "ultima"})
    after_section = [cells for cells in every if form.shows(within, cells)]
    always = all(form.shows(last, cells) for cells in after_section)
    assert (("SHOWIF_ALWAYS", "ultima") in problems) is (always and True in found)


def test_a_condition_on_a_thousand_ticked_boxes_is_left_undecided() -> None:
    names = [f"m{number}" for number in range(12)]
    boxes = [{"value": code, "label": code} for code in "abcd"]
    fields: list[dict[str, Any]] = [
        {"name": name, "title": name, "type": "list", "categories": boxes} for name in names
    ]
    pairs = [{"all": [{"field": name, "equals": code} for name in names]} for code in "abcd"]
    fields.append({"name": "ultima", "title": "U", "type": "string", "form:showIf": {"any": pairs}})
    form = form_of({"name": "prova", "title": "P", "form:kind": "survey", "fields": fields}, {})
    condition = form.field("ultima").condition
    assert condition is not None
    with pytest.raises(Undecided):
        answers_for(form.fields_by_name, condition)


@pytest.mark.parametrize(
    ("limits", "bounds", "outcomes"),
    [
        ("type: number, constraints: {minimum: 1, maximum: 2}", "atLeast: 1, atMost: 2", {True, False}),
        ("type: number, constraints: {required: true, minimum: 1, maximum: 2}", "atLeast: 1, atMost: 2", {True}),
        ("type: number, constraints: {required: true, minimum: 1, maximum: 2}", "atLeast: 1.5", {True, False}),
        ("type: number, constraints: {maximum: 2}", "atLeast: 2.000000000000001", {False}),
        ("type: integer, constraints: {minimum: 1}", "atMost: 0", {False}),
        ("type: integer", "atLeast: 999999999999999", {True, False}),
        ("type: date, constraints: {required: true, maximum: '2026-12-31'}", "atMost: '2026-12-31'", {True}),
        ("type: date, constraints: {required: true}", "atLeast: '0001-01-01'", {True}),
        ("type: yearmonth, constraints: {minimum: '2027-01'}", "atMost: '2026-12'", {False}),
        ("type: year, constraints: {minimum: 2000, maximum: 2001}", "atLeast: 2002", {False}),
    ],
)
def test_numbers_and_days_are_decided_at_their_limits(limits: str, bounds: str, outcomes: set[bool]) -> None:
    text = (
        f"- {{name: x, title: X, {limits}}}\n- {{name: y, title: Y, type: string, form:showIf: {{field: x, {bounds}}}}}"
    )
    fields = yaml.safe_load(text)
    form = form_of({"name": "prova", "title": "P", "form:kind": "survey", "fields": fields}, {})
    condition = form.field("y").condition
    assert condition is not None
    assert set(answers_for(form.fields_by_name, condition)) == outcomes
