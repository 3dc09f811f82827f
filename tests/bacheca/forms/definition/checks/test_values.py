"""What each problem of a form says, of every wrong example: where it is, and what its sentence names: `values.yaml`.

A new example or rule gets its entry there by hand, once it has been read that it says what it should.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
import yaml

from bacheca.forms import Problem, limits
from bacheca.forms.form_files.loading import read_forms
from tests.bacheca.forms.conftest import HEAD, as_form
from tests.bacheca.forms.definition.checks.test_form import ENGLISH, TEXT, WRONG_FIELDS, WRONG_HEADS, WRONG_WORDS
from tests.bacheca.forms.kinds.examples import EXAMPLES, Example
from tests.documented import FIELDS, examples
from tests.documented import HEAD as DOCUMENTED_HEAD

VALUES: dict[str, list[str]] = yaml.safe_load(Path(__file__).with_name("values.yaml").read_text(encoding="utf-8"))

LISTED = "categories: [{value: a, label: A}, {value: b, label: B}]"
SECTION = "- {name: x, title: X, type: string, form:section: {title: S, text: T}}"
MORE_FIELDS = {
    "a hint is a text": "- {name: x, title: X, type: string, description: [1]}",
    "a property of a field may be misspelt": "- name: x\n  title: X\n  type: string\n  form:widgt: textarea",
    "the least length is a number": "- name: x\n  title: X\n  type: string\n  constraints: {minLength: molto}",
    "a bound has digits that can be kept": (
        "- {name: x, title: X, type: integer, constraints: {minimum: -1000000000000000, maximum: 999999999999999}}\n"
        "- {name: y, title: Y, type: integer, constraints: {maximum: 9999999999999999}}\n"
        "- {name: z, title: Z, type: integer, constraints: {minimum: 100000000000000.5}}"
    ),
    "a choice has a code and a label": (
        "- {name: x, title: X, type: string, categories: [{label: A}, {value: b, label: B, colour: red}]}"
    ),
    "what is wrong with a code is said once": (
        "- {name: x, title: X, type: integer, categories: [{value: a, label: A}, {value: a, label: B}]}"
    ),
    "a condition may name a code that is written wrongly": (
        "- {name: prima, title: P, type: string, categories: [{value: è, label: A}, {value: b, label: B}]}\n"
        "- {name: x, title: X, type: string, form:showIf: {field: prima, equals: è}}"
    ),
    "a condition compares no source": (
        "- {name: da, title: Da, type: string, form:widget: hidden}\n"
        "- {name: x, title: X, type: string, form:showIf: {field: da, equals: a}}"
    ),
    "what is quoted is a free text": (
        "- {name: y, title: Y, type: string}\n- {name: x, title: X, type: string}\n"
        "- {name: q, title: Q, type: boolean, form:widget: consent, form:notice: N, form:quotes: [z]}"
    ),
    "a kind with choices is proposed with them": f"- {{name: x, title: X, type: strng, {LISTED}}}",
    "a kind is proposed by its format": "- {name: x, title: X, type: strng, format: emial}",
    "a kind is proposed by its widget": "- {name: x, title: X, type: integer, form:widget: scael}",
    "a kind is proposed with what goes with its widget": (
        f"- {{name: x, title: X, type: string, form:widget: rankin, {LISTED}}}"
    ),
    "the properties of a section are known": "- {name: x, title: X, type: string, form:section: {title: S, testo: T}}",
    "a bound of a year is a year": "- {name: x, title: X, type: year, constraints: {minimum: dal 1999}}",
    "a code for no answer is no address": (
        "- {name: x, title: X, type: string, format: email, missingValues: [{value: no@example.org, label: N}]}"
    ),
    "other answers and shuffling are true or false": (
        f"- {{name: x, title: X, type: string, {LISTED}, form:other: forse}}\n"
        f"- {{name: y, title: Y, type: list, {LISTED}, form:shuffle: forse}}\n"
        f"- {{name: z, title: Z, type: list, {LISTED}, form:other: forse}}"
    ),
    "a matrix has a name": f"- {{name: x, title: X, type: string, {LISTED}, form:matrix: ''}}",
    "a form has so many fields": "\n".join(
        f"- {{name: x{number}, title: X, type: boolean}}" for number in range(limits.PARTS)
    ),
}
MORE_WORDS = {
    "the fields of a translation are a list": (TEXT, "title: A\nfields: testo"),
    "a name that is misspelt stands where it stands": (
        "- {name: parere, title: X, type: string}",
        "title: A\nfields:\n- title: X\n  name: pareri",
    ),
    "the words of a section are translated": (SECTION, ENGLISH),
    "labels are a list": (
        f"- {{name: x, title: X, type: string, {LISTED}}}",
        "title: A\nfields:\n- name: x\n  title: X\n  categories: A, B",
    ),
    "a label has its code": (
        f"- {{name: x, title: X, type: string, {LISTED}}}",
        "title: A\nfields:\n- name: x\n  title: X\n  categories:\n  - {label: A}\n  - {value: b, label: ''}",
    ),
    "translated words are texts": (
        SECTION,
        "title: [1]\nfields:\n- {name: x, title: X, form:section: {title: [2], text: T}}",
    ),
    "reasons for not answering are translated": (
        f"- {{name: x, title: X, type: string, {LISTED}, missingValues: [{{value: n, label: N}}]}}",
        f"title: A\nfields:\n- {{name: x, title: X, {LISTED}}}",
    ),
    "words that have changed are told at their lines": (
        TEXT,
        "form:translates: {$form: old, x: old}\ntitle: A\nfields:\n- testo\n- {name: x, title: X}",
    ),
}


def cases() -> Iterator[tuple[str, dict[str, str]]]:
    """Give a name of each wrong form, and its files."""
    for example in examples():
        if example.is_of_forms and example.wrong and not example.encoding:
            base = {"content/forms/esempio.yaml": DOCUMENTED_HEAD + FIELDS}
            yield example.code, {Path(name).name: text for name, text in (base | example.files()).items()}
    for rule, (fields, _) in WRONG_FIELDS.items():
        yield rule, {"prova.yaml": as_form(fields)}
    for rule, (head, _) in WRONG_HEADS.items():
        yield rule, {"prova.yaml": as_form(TEXT, head)}
    for rule, (words, _) in WRONG_WORDS.items():
        yield rule, {"prova.yaml": as_form(TEXT), "prova.en.yaml": words}
    for rule, fields in MORE_FIELDS.items():
        yield rule, {"prova.yaml": as_form(fields)}
    for rule, (fields, words) in MORE_WORDS.items():
        yield rule, {"prova.yaml": as_form(fields), "prova.en.yaml": words}


CASES = dict(cases())


def said(problems: Iterable[Problem]) -> list[str]:
    """Write problems as their lines, codes, places and values: by their names, and of long ones the beginning."""
    return [
        f"{Path(problem.path).name}:{problem.line} {problem.code} {'/'.join(map(str, problem.place))}".rstrip()
        + "".join(f" {name}={value!s:.60}" for name, value in sorted(problem.values.items()))
        for problem in problems
    ]


def problems_of(folder: Path, files: dict[str, str]) -> list[Problem]:
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return read_forms(folder)[1]


@pytest.mark.parametrize("name", CASES)
def test_a_problem_names_its_line_and_what_its_sentence_needs(tmp_path: Path, name: str) -> None:
    problems = problems_of(tmp_path, CASES[name])
    assert said(problems) == VALUES.get(name)
    for problem in problems:
        for language in ("it", "en"):
            assert problem.line_of_text(language).startswith(f"{tmp_path}/")


def test_every_list_of_values_is_of_a_wrong_form() -> None:
    assert set(VALUES) == set(CASES)


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES)
def test_a_field_of_each_kind_can_be_used(tmp_path: Path, example: Example) -> None:
    problems = problems_of(tmp_path, {"prova.yaml": as_form(example.written)})
    assert [problem.code for problem in problems if problem.stops] == []


def test_our_own_codes_may_be_labelled_where_they_stand_for_no_answer(tmp_path: Path) -> None:
    labelled = f"- {{name: x, title: X, type: string, {LISTED}, missingValues: [{{value: not-shown, label: N}}]}}"
    assert problems_of(tmp_path, {"prova.yaml": as_form(labelled)}) == []


def test_a_form_with_sections_may_have_steps(tmp_path: Path) -> None:
    stepped = as_form(f"{TEXT}\n{SECTION.replace('name: x', 'name: y')}", HEAD + "form:steps: true\n")
    assert problems_of(tmp_path, {"prova.yaml": stepped}) == []
