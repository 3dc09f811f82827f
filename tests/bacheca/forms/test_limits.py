"""Limits before work: nothing reads what is longer than any answer."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from bacheca.forms import Form, limits
from bacheca.forms.kinds import KINDS
from bacheca.forms.submission.read import read_response
from tests.bacheca.forms.kinds.examples import EXAMPLES, Example

Written = Callable[..., Form]
every_kind = pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES)
ACCENTS = "e\u0301\u0323\u0300"
HOSTILE = ["1" * 16_000 + "x", "a" * 16_000 + "@", "1." * 8_000, " " * 16_000 + "x", ACCENTS * 4_000, "\u200b" * 16_000]
LEFT_OUT = ("hidden source", "x__seed")
"""What nobody typed is left out where it is too long."""


@contextmanager
def longest_text_worked_on() -> Iterator[list[int]]:
    """Note how long the longest text is with which a function of `forms` was called, `read` and `oversize` apart."""
    longest = [0]

    def look(frame: Any, event: str, arg: object) -> None:
        name = frame.f_code.co_name
        if event == "call" and "/forms/" in frame.f_code.co_filename and name not in ("read", "oversize", "<genexpr>"):
            texts = [value for value in frame.f_locals.values() if isinstance(value, str)]
            longest[0] = max([longest[0], *map(len, texts)])

    before = sys.getprofile()
    sys.setprofile(look)
    try:
        yield longest
    finally:
        sys.setprofile(before)


@every_kind
@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:2]))
def test_what_is_longer_than_any_answer_is_refused_before_anything_reads_it(
    written: Written, example: Example, text: str
) -> None:
    form = written(example.written)
    field = form.fields[0]
    for name in field.inputs:
        with longest_text_worked_on() as longest:
            _, problems = read_response(form, {name: [text]}, "it")
        assert longest[0] <= limits.typed(max(field.longest(name) % limits.BODY, limits.LINE))
        assert bool(problems) != (field.kind in LEFT_OUT or name in LEFT_OUT)


@every_kind
def test_more_values_than_answers_are_refused_before_anything_reads_them(written: Written, example: Example) -> None:
    form = written(example.written)
    for name in form.fields[0].inputs:
        _, problems = read_response(form, {name: ["1"] * 2_000}, "it")
        assert [problem.code for problem in problems] in (["repeated"], ["not-a-choice"])


@every_kind
def test_the_longest_answer_is_read_however_it_is_typed(written: Written, example: Example) -> None:
    form = written(example.written)
    field = form.fields[0]
    for posted, _ in example.kept:
        padded = {name: [f"  {value}  " for value in values] for name, values in posted.items()}
        assert field.oversize(posted) is field.oversize(padded) is None


def test_a_text_may_be_typed_with_its_accents_apart_and_its_lines_ended_by_two(written: Written) -> None:
    form = written("- {name: x, title: La domanda, type: string, form:widget: textarea, constraints: {maxLength: 300}}")
    for typed, kept in (("\u03b1\u0313\u0300\u0345" * 300, "\u1f82" * 300), ("a\r\n" * 150, "a\n" * 150)):
        response, problems = read_response(form, {"x": [typed]}, "it")
        assert problems == ()
        assert response.cells["x"] == kept


def test_what_the_texts_of_a_form_may_hold_fits_into_a_body() -> None:
    longest = "%F0%9F%98%80"  # a character beyond the BMP, percent-encoded; in JSON, two escapes of six
    assert limits.TEXTS * len(longest) < limits.BODY
    assert limits.TEXTS * len("%0D%0A") < limits.BODY


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ("- {name: a, title: A, type: string, constraints: {maxLength: 65537}}", "FORM_TOO_LONG"),
        ("".join(f"- {{name: a{n}, title: A, type: string, format: uri}}\n" for n in range(33)), "FORM_TOO_LONG"),
        ("".join(f"- {{name: a{n}, title: A, type: boolean}}\n" for n in range(481)), "FORM_TOO_MANY"),
        ("- {name: a, title: A, type: string, constraints: {minLength: 201}}", "CONSTRAINT_LENGTH"),
        ("- {name: a, title: A, type: string, constraints: {maxLength: 0}}", "CONSTRAINT_LENGTH"),
        (f"- {{name: a, title: A, type: string, categories: [{{value: {'b' * 101}, label: B}}]}}", "CODE"),
    ],
)
def test_a_form_whose_limits_cannot_hold_is_refused(faults: Callable[..., Any], fields: str, code: str) -> None:
    assert {found for found, _ in faults(fields)} == {code}


def test_every_kind_says_how_long_its_answers_are() -> None:
    for kind in set(KINDS.values()):
        assert kind.oversize is not None
        assert kind.read is not None
        assert [cls.__name__ for cls in kind.__mro__ if "read" in vars(cls)] == ["Field"]
