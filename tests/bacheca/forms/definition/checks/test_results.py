"""What a form file may say about its results, problem by problem."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bacheca.forms import FormProblems
from bacheca.forms.definition.protection import disclosure_of
from tests.bacheca.forms.conftest import HEAD

FIELDS = """
    - {name: a, title: A, type: boolean}
    - {name: b, title: B, type: boolean}
    - {name: c, title: C, type: boolean}
    - {name: t, title: T, type: string}
    - {name: d, title: D, type: boolean, form:showIf: {field: a, equals: true}}
    """

Faults = Callable[..., list[tuple[str, int]]]


@pytest.mark.parametrize(
    ("line", "codes"),
    [
        ("form:cross: [[a, b]]", []),
        ("form:cross: [[a, b], [b, c]]", []),
        ("form:cross: [[a, b], [a, c]]", []),
        ("form:threshold: 5", []),
        ("form:threshold: 25", []),
        ("form:disclosure: rounding", []),
        ("form:cross: a", ["CROSS_SHAPE"]),
        ("form:cross: [[a]]", ["CROSS_SHAPE"]),
        ("form:cross: [[a, 1]]", ["CROSS_SHAPE"]),
        ("form:cross: [[a, x]]", ["CROSS_UNKNOWN"]),
        ("form:cross: [[a, t]]", ["CROSS_KIND"]),
        ("form:cross: [[b, d]]", ["CROSS_KIND"]),
        ("form:cross: [[a, a]]", ["CROSS_RING"]),
        ("form:cross: [[a, b], [b, a]]", ["CROSS_RING"]),
        ("form:cross: [[a, b], [b, c], [c, a]]", ["CROSS_RING"]),
        ("form:cross: [[a, b]]\nform:disclosure: rounding", ["CROSS_ROUNDED"]),
        ("form:threshold: 4", ["RESULTS_THRESHOLD"]),
        ("form:threshold: true", ["RESULTS_THRESHOLD"]),
        ("form:threshold: dieci", ["RESULTS_THRESHOLD"]),
        ("form:disclosure: noise", ["RESULTS_DISCLOSURE"]),
    ],
)
def test_what_a_form_may_ask_of_its_results(faults: Faults, line: str, codes: list[str]) -> None:
    assert [code for code, _ in faults(FIELDS, f"{HEAD}{line}\n")] == codes


def test_a_sensitive_question_is_crossed_unless_it_is_sealed(faults: Faults) -> None:
    fields = "\n".join(f"- {{name: {name}, title: A, type: boolean, form:privacy: sensitive}}" for name in "ab")
    crossed = f"{HEAD}form:cross: [[a, b]]\n"
    assert faults(fields, crossed) == []
    assert [code for code, _ in faults(fields, f"{crossed}form:seal: true\n")] == ["CROSS_KIND"] * 2


def test_a_sensitive_question_asks_for_a_higher_threshold(faults: Faults) -> None:
    fields = "- {name: a, title: A, type: boolean, form:privacy: sensitive}"
    assert [code for code, _ in faults(fields, f"{HEAD}form:threshold: 9\n")] == ["RESULTS_THRESHOLD"]
    assert faults(fields, f"{HEAD}form:threshold: 10\n") == []


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"form:kind": "survey"}, "suppression"),
        ({"form:kind": "poll"}, "rounding"),
        ({"form:kind": "poll", "form:disclosure": "suppression"}, "suppression"),
        ({"form:kind": "survey", "form:disclosure": "rounding"}, "rounding"),
        ({"form:kind": "poll", "form:cross": [["a", "b"]]}, "suppression"),
        ({"form:kind": "poll", "fields": [{"type": "boolean"}]}, "rounding"),
        (
            {"form:kind": "poll", "fields": [{"type": "list", "form:widget": "ranking", "categories": ["a"]}]},
            "suppression",
        ),
    ],
)
def test_polls_are_rounded_unless_they_ask_for_what_rounding_takes(form: dict[str, Any], said: str) -> None:
    assert disclosure_of(form) == said


@pytest.mark.parametrize(
    ("line", "values"),
    [
        ("form:cross: [[a, x]]", {"name": "x"}),
        ("form:cross: [[a, t]]", {"name": "t"}),
        ("form:cross: [[a, a]]", {"pair": "a × a"}),
        ("form:threshold: 4", {"value": 4, "least": 5}),
        ("form:disclosure: noise", {"value": "noise", "allowed": "suppression, rounding"}),
    ],
)
def test_a_problem_names_what_it_is_about(written: Callable[..., object], line: str, values: dict[str, object]) -> None:
    with pytest.raises(FormProblems) as refused:
        written(FIELDS, f"{HEAD}{line}\n")
    assert [problem.values for problem in refused.value.problems] == [values]
