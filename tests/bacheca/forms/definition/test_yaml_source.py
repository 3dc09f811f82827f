from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bacheca.forms import FormProblems
from bacheca.forms.definition.yaml_source import Source, read_source


def source(tmp_path: Path, text: str) -> Source:
    path = tmp_path / "x.yaml"
    path.write_text(text, encoding="utf-8")
    return read_source(path)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("no", "no"),
        ("on", "on"),
        ("yes", "yes"),
        ("010", "010"),
        ("0x1f", "0x1f"),
        ("1_000", "1_000"),
        ("12:30:45", "12:30:45"),
        ("2027-06-30", "2027-06-30"),
        ("2027-06", "2027-06"),
        (".5", ".5"),
        (".nan", ".nan"),
        ("1e3", 1000.0),
        ("-1.5", -1.5),
        ("0", 0),
        ("-7", -7),
        ("'7'", "7"),
        ('"true"', "true"),
        ("true", True),
        ("True", "True"),
        ("null", None),
        ("~", None),
        ("", None),
        ('""', ""),
        ("perché", "perché"),
        ("!!python/object:os.system x", "x"),
    ],
)
def test_a_scalar_is_read_as_json_would_have_it(tmp_path: Path, written: str, value: Any) -> None:
    read = source(tmp_path, f"key: {written}\n").data["key"]
    assert (read, type(read)) == (value, type(value))


def test_every_value_knows_its_line(tmp_path: Path) -> None:
    read = source(tmp_path, "a: 1\nb:\n  - x: 2\n    y:\n      - z\n")
    assert [read.line("a"), read.line("b", 0, "x"), read.line("b", 0, "y", 0)] == [1, 3, 5]


def test_a_value_that_is_not_there_is_at_the_line_of_what_is_around_it(tmp_path: Path) -> None:
    assert source(tmp_path, "a: 1\nb:\n  c: 2\n").line("b", "d", 7) == 2


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("a: 1\nb: [1, 2\n", "YAML_BRACKET", 2),
        ("a: 1\nb: 2\na: 3\n", "FORM_REPEATED_KEY", 3),
        ("a: &x [1]\nb: *x\n", "FORM_ALIAS", 2),
        ("a: &x [*x]\n", "FORM_ALIAS", 1),
        ("a: 1\n---\nb: 2\n", "YAML_MARKER", 2),
        ("a: \x01\n", "YAML_CONTROL", 1),
    ],
)
def test_what_is_not_plain_yaml_is_a_problem_at_its_line(tmp_path: Path, text: str, code: str, line: int) -> None:
    with pytest.raises(FormProblems) as caught:
        source(tmp_path, text)
    assert [(problem.code, problem.line) for problem in caught.value.problems] == [(code, line)]


@pytest.mark.parametrize("raw", [None, b"a: \xe9\n"])
def test_a_file_that_cannot_be_read_is_a_problem(tmp_path: Path, raw: bytes | None) -> None:
    if raw is not None:
        (tmp_path / "x.yaml").write_bytes(raw)
    with pytest.raises(FormProblems) as caught:
        read_source(tmp_path / "x.yaml")
    assert [problem.code for problem in caught.value.problems] == ["FORM_FILE"]


@pytest.mark.parametrize(
    "text", ["[" * 30 + "]" * 30, "[" * 100_000, "[\n" * 100_000, "- " * 100_000, "{a: " * 30 + "}" * 30]
)
def test_a_file_nested_beyond_reason_is_a_problem(tmp_path: Path, text: str) -> None:
    with pytest.raises(FormProblems) as caught:
        source(tmp_path, text)
    assert [problem.code for problem in caught.value.problems] == ["FORM_DEEP"]
