"""What `docs/problems.md` shows of forms: what is wrong, what is right, and the line that makes it so."""

from __future__ import annotations

from pathlib import Path

import jsonschema
import pytest

from bacheca.forms import Problem
from bacheca.forms.definition.yaml_source import read_source
from bacheca.forms.form_files.json_schema import form_schema, translation_schema
from bacheca.forms.form_files.loading import read_forms
from tests.documented import FIELDS, HEAD, OF_FORMS, Example, examples, mended_by, named, shown_by

EXAMPLES = [example for example in examples() if example.is_of_forms]
SCHEMAS = tuple(jsonschema.Draft7Validator(schema("it")) for schema in (form_schema, translation_schema))


def write(root: Path, example: Example) -> None:
    """Write an example over a form that is right."""
    example.write(root, {"content/forms/esempio.yaml": HEAD + FIELDS} | example.files())


def problems_in(root: Path) -> list[Problem]:
    return read_forms(root / "content/forms")[1]


@pytest.mark.parametrize("example", [example for example in EXAMPLES if example.wrong], ids=named)
def test_a_wrong_example_has_that_problem_and_no_other(tmp_path: Path, example: Example) -> None:
    write(tmp_path, example)
    assert {problem.code for problem in problems_in(tmp_path)} == {example.code}


@pytest.mark.parametrize(
    "example", [example for example in EXAMPLES if example.wrong and "`" in OF_FORMS[example.code][1]], ids=named
)
def test_the_line_that_a_remedy_shows_takes_the_problem_away(tmp_path: Path, example: Example) -> None:
    write(tmp_path, example)
    problems = problems_in(tmp_path)
    shown = shown_by(problems[0])
    if shown is None or example.code == "FORM_NO_FIELDS":  # whose remedy names the line and shows none
        return
    for text in mended_by(problems[0], shown):
        Path(problems[0].path).write_text(text, encoding="utf-8")
        if len([found for found in problems_in(tmp_path) if found.code == example.code]) < len(problems):
            return
    pytest.fail(problems[0].line_of_text("en"))


@pytest.mark.parametrize("example", [example for example in EXAMPLES if not example.wrong], ids=named)
def test_a_right_example_has_no_problem(tmp_path: Path, example: Example) -> None:
    write(tmp_path, example)
    assert problems_in(tmp_path) == []
    for path in (tmp_path / "content/forms").glob("*.yaml"):  # what editors' tools say agrees
        SCHEMAS["." in path.stem].validate(read_source(path).data)
