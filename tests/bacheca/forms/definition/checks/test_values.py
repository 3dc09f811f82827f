"""What each problem of a form says, of every wrong example: where it is, and what its sentence names: `values.yaml`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
import yaml

from bacheca.forms import Problem
from bacheca.forms.form_files.loading import read_forms
from tests.bacheca.forms.conftest import as_form
from tests.bacheca.forms.definition.checks.test_form import TEXT, WRONG_FIELDS, WRONG_HEADS, WRONG_WORDS
from tests.documented import FIELDS, examples
from tests.documented import HEAD as DOCUMENTED_HEAD

VALUES: dict[str, list[str]] = yaml.safe_load(Path(__file__).with_name("values.yaml").read_text(encoding="utf-8"))


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


CASES = dict(cases())


def said(problems: Iterable[Problem]) -> list[str]:
    """Write problems as their lines, codes and values: in the order of their names, and of long ones the beginning."""
    return [
        f"{Path(problem.path).name}:{problem.line} {problem.code}"
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
    assert said(problems) == VALUES[name]
    for problem in problems:
        for language in ("it", "en"):
            assert problem.line_of_text(language).startswith(f"{tmp_path}/")


def test_every_list_of_values_is_of_a_wrong_form() -> None:
    assert set(VALUES) == set(CASES)
