"""What each kind of field says of itself to others, word for word: `said.yaml`, of the fields of `examples.py`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml

from bacheca.forms import Form
from bacheca.forms.kinds import Field
from bacheca.forms.kinds.reading import MailLine
from bacheca.forms.submission.read import problems_of_cells, read_response
from tests.bacheca.forms.kinds.examples import EXAMPLES, Example, entry
from tests.bacheca.forms.kinds.test_kinds import CONDITION, SHOWN_IF

Written = Callable[..., Form]

SAID: dict[str, dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("said.yaml").read_text(encoding="utf-8"))

every_kind = pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES)


def columns(field: Field) -> list[dict[str, Any]]:
    """Give its columns, as a package describes them."""
    return [column.table_schema() for column in field.columns]


def about_codes(field: Field) -> str:
    """Give its rows of the codebook and those of codes that its entry does not list, without what is empty."""
    rows = [*field.codebook_rows(), *field.implied_rows()]
    return "".join(f"{', '.join(f'{key}: {value}' for key, value in row.items() if value)}\n" for row in rows)


def line_of(line: MailLine) -> str:
    """Write a line of a mail, with the control that it mirrors."""
    mirrored = f" ({line.control}{'' if line.value is None else f' = {line.value}'})" if line.control else ""
    return f"{line.before}{line.slot}{line.after}{mirrored}"


@every_kind
def test_it_says_of_itself_what_is_listed(written: Written, example: Example) -> None:
    field = written(example.written).fields[0]
    posted = field.posted(example.kept[0][1])
    assert SAID[field.kind] == {
        "columns": columns(field),
        "codebook": about_codes(field),
        "json": field.answer_schema(),
        "mail": [line_of(line) for line in field.mail_lines("it", posted)],
        "unanswered": [line_of(line) for line in field.mail_lines("it", {})],
        "shown": [field.show(cells, "it") for _, cells in example.kept],
        "posts": {name: f"{field.most_values(name)} of {field.longest(name)}" for name in field.inputs},
    }


@every_kind
def test_only_a_source_is_taken_from_the_address_of_the_page(written: Written, example: Example) -> None:
    field = written(example.written).fields[0]
    assert field.source(" newsletter ") == ("newsletter" if field.kind == "hidden source" else "")
    assert field.source("due parole") == ""


@every_kind
def test_what_was_not_shown_is_said_to_be(written: Written, example: Example) -> None:
    field = written(SHOWN_IF + example.written + CONDITION).fields[1]
    assert field.show(field.unshown().cells, "it") == "Non mostrata"


def test_a_question_says_when_it_is_shown_and_whether_it_is_required(written: Written) -> None:
    form = written(
        """
        - {name: prima, title: Prima, type: boolean}
        - name: x
          title: La domanda
          type: string
          form:privacy: personal
          form:showIf: {field: prima, equals: true}
          constraints: {required: true}
        """
    )
    assert form.fields[0].about_column("prima") == {
        "column": "prima",
        "kind": "yes or no",
        "type": "boolean",
        "required": "no",
        "privacy": "public",
    }
    assert form.fields[1].about_column("x") == {
        "column": "x",
        "kind": "text",
        "type": "string",
        "required": "yes",
        "privacy": "personal",
    }


def outcomes(field: Field) -> tuple[str, ...]:
    """Give what people who are made up may be wanted to answer."""
    return tuple(sorted(field.comparable)) if field.comparable else ("",)


@every_kind
def test_a_made_up_answer_is_kept_as_it_was_made(written: Written, example: Example) -> None:
    form = written(example.written)
    (field,) = form.fields
    for wanted in outcomes(field):
        for number in range(40):
            made = field.made_up(wanted, number, Random(number))
            cells = {column.name: "" for column in field.columns} | made
            response, problems = read_response(form, field.posted(made), "it")
            assert problems == ()
            assert {name: cell for name, cell in response.cells.items() if name in made} == made
            assert problems_of_cells(form, response.cells) == []
            if field.comparable:
                assert wanted in field.given(cells)
                assert wanted in field.missing or field.cells_of(wanted).items() <= response.cells.items()


@pytest.mark.parametrize(
    "limits",
    [
        "type: string\nconstraints: {pattern: '[a-z ]+', minLength: 3, maxLength: 4}",
        "type: string\nconstraints: {minLength: 30, maxLength: 30}",
        "type: string\nform:widget: textarea\nconstraints: {minLength: 400, maxLength: 500}",
        "type: string",
    ],
)
def test_a_made_up_text_has_a_length_that_is_allowed(written: Written, limits: str) -> None:
    field = written(entry(limits)).fields[0]
    for number in range(100):
        made = field.made_up("", number, Random(number))
        assert field.read(field.posted(made), "it").cells == made
        assert field.read(field.posted(made), "it").problems == ()


def test_the_example_of_a_pattern_is_an_answer_that_is_kept(written: Written) -> None:
    field = written(entry("type: string\nconstraints: {pattern: '[a-z ]+', minLength: 5, maxLength: 5}")).fields[0]
    (problem,) = field.read({"x": ["ABCDE"]}, "it").problems
    assert problem.code == "pattern-example"
    assert field.read({"x": [str(problem.values["example"])]}, "it").problems == ()
    assert field.read({"x": ["ABCDE"]}, "it").problems == (problem,)


@pytest.mark.parametrize(
    ("limits", "least", "most"),
    [
        ("type: integer\nconstraints: {minimum: 3, maximum: 5}", "3", "5"),
        ("type: integer\nconstraints: {minimum: 3}", "3", "103"),
        ("type: integer\nconstraints: {maximum: -3}", "-103", "-3"),
        ("type: integer\nconstraints: {maximum: 7}", "0", "7"),
        ("type: integer\nconstraints: {maximum: 0}", "-100", "0"),
        ("type: integer", "0", "100"),
        ("type: number\nconstraints: {minimum: 0.5, maximum: 2}", "0.5", "2"),
    ],
)
def test_made_up_numbers_come_to_both_ends(written: Written, limits: str, least: str, most: str) -> None:
    field = written(entry(limits)).fields[0]
    found = {field.made_up("", 0, Random(number))["x"] for number in range(60)}
    assert min(found, key=float) == least
    assert max(found, key=float) == most
    assert len(found) > 2


@pytest.mark.parametrize(
    ("limits", "least", "most"),
    [
        ("type: date\nconstraints: {minimum: '2090-01-01'}", "2090-01-01", "2150"),
        ("type: date\nconstraints: {maximum: '1930-12-28'}", "1870", "1930-12-28"),
        ("type: date\nconstraints: {minimum: '2090-05-01', maximum: '2090-05-03'}", "2090-05-01", "2090-05-03"),
        ("type: yearmonth\nconstraints: {minimum: '2090-05', maximum: '2090-06'}", "2090-05", "2090-06"),
        ("type: year\nconstraints: {minimum: 2090, maximum: 2091}", "2090", "2091"),
        ("type: date", "1960", "2015"),
    ],
)
def test_made_up_days_are_within_their_limits(written: Written, limits: str, least: str, most: str) -> None:
    field = written(entry(limits)).fields[0]
    found = {field.made_up("", 0, Random(number))["x"] for number in range(60)}
    assert least <= min(found) < max(found) <= most


@every_kind
def test_where_nothing_is_kept_nothing_is_said_or_posted(written: Written, example: Example) -> None:
    field = written(example.written).fields[0]
    assert field.show({}, "it") == ("No" if field.agrees else "")
    assert field.posted({}) == {}


def test_another_answer_stands_in_the_mail_in_its_own_words(written: Written) -> None:
    field = written(EXAMPLES["single choice"].written).fields[0]
    lines = field.mail_lines("it", {"x": ["other"], "x__other": ["Giallo"]})
    assert [line_of(line) for line in lines][-3:] == [
        "[x] Altro (x = other)",
        "[ ] Non so (x = non-so)",
        ">> Giallo (x__other)",
    ]
