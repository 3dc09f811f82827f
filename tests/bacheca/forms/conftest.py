"""Forms written in the tests themselves, as an editor would write them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent, indent

import pytest

from bacheca.forms import Form, FormProblems, load_form

HEAD = """\
$schema: https://datapackage.org/profiles/2.0/tableschema.json
name: prova
title: Una prova
form:kind: survey
"""

Written = Callable[..., Form]


def as_form(fields: str, head: str = HEAD) -> str:
    """Write a form file around its fields."""
    return f"{head}fields:\n{indent(dedent(fields).strip(), '  ')}\n"


@pytest.fixture
def written(tmp_path: Path) -> Written:
    """Load a form from the text of its fields; keywords are its translations, whole."""

    def load(fields: str, head: str = HEAD, **translations: str) -> Form:
        (tmp_path / "prova.yaml").write_text(as_form(fields, head), encoding="utf-8")
        for language, text in translations.items():
            (tmp_path / f"prova.{language}.yaml").write_text(dedent(text), encoding="utf-8")
        return load_form(tmp_path / "prova.yaml")

    return load


@pytest.fixture
def faults(written: Written) -> Callable[..., list[tuple[str, int]]]:
    """Give the codes and lines of the problems of a form; line 1 is the first line of its fields."""

    def find(fields: str, head: str = HEAD, **translations: str) -> list[tuple[str, int]]:
        try:
            written(fields, head, **translations)
        except FormProblems as error:
            above = head.count("\n") + 1
            return [
                (problem.code, problem.line - (above if problem.path.endswith("a.yaml") else 0))
                for problem in error.problems
            ]
        return []

    return find
