"""Reads an XLSForm as a form: all of it, or nothing and every reason why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bacheca.forms.community import USUAL, Community
from bacheca.forms.definition.checks.form import problems_of_form
from bacheca.forms.definition.checks.translation import MARKS, marks_of, problems_of_translation
from bacheca.forms.definition.form import FIXED_COLUMNS
from bacheca.forms.errors import FormProblems, Problem
from bacheca.forms.xlsform.draft import Draft
from bacheca.forms.xlsform.mapping import map_workbook
from bacheca.forms.xlsform.workbook.problems import RowProblem
from bacheca.forms.xlsform.workbook.sheets import Workbook, read_workbook
from bacheca.forms.xlsform.yaml_text import yaml_text


@dataclass(frozen=True)
class Imported:
    """A form that was read.

    Args:
        name: its name.
        files: the text of each file to be written, by the file's name.
        remarks: what was changed or left out, which changes no answer.
    """

    name: str
    files: Mapping[str, str]
    remarks: tuple[Problem, ...]


def read_xlsform(path: Path, name: str = "", community: Community = USUAL) -> Imported:
    """Read an XLSForm.

    Args:
        path: a workbook, `.xlsx`.
        name: what to call the form; empty: as its settings do, or its file.
        community: whose form it will be.

    Raises:
        FormProblems: it cannot be a form; every reason is in it, by sheet, row and name.
    """
    book = read_workbook(path)
    problems = _missing_parts(book)
    if problems:
        raise FormProblems(problems)
    draft = map_workbook(book, path.stem, community)
    if name:
        draft.written["name"] = name
    problems = tuple(problem for problem in problems_of_draft(draft, community) if problem.stops)
    if problems:
        raise FormProblems(problems)
    called = str(draft.written["name"])
    files = {f"{called}.yaml": yaml_text(draft.written)}
    for language, words in draft.translations.items():
        marked = {MARKS: marks_of(draft.written), **words}
        files[f"{called}.{language}.yaml"] = yaml_text({key: marked[key] for key in (*words, MARKS)})
    return Imported(called, files, tuple(_once(draft.remarks)))


def problems_of_draft(draft: Draft, community: Community = USUAL) -> list[Problem]:
    """Give what cannot be in a form, and what the checks of every form file find, once each."""
    problems = list(draft.problems)
    source = draft.source(draft.written)
    problems += problems_of_form(source, str(draft.written["name"]), FIXED_COLUMNS, community)
    for language, words in draft.translations.items():
        problems += problems_of_translation(draft.source(words), source, language)
    if draft.problems and not draft.written["fields"]:
        problems = [problem for problem in problems if problem.code != "FORM_NO_FIELDS"]
    return _once(problems)


def _once(problems: Iterable[Problem]) -> list[Problem]:
    """Leave out what says the same of the same row: the choices of a list may be those of many questions."""
    return list({(p.path, p.line, p.code, p.sentence("en")): p for p in problems}.values())


def _missing_parts(book: Workbook) -> tuple[Problem, ...]:
    """Find what no XLSForm is without."""
    if "survey" not in book.sheets:
        return (*book.problems, RowProblem("XLS_SHEET", book.file, 1, values={"sheet": "survey"}))
    columns = {name for name, _ in book.sheet("survey").columns}
    wanted = [column for column in ("type", "name") if column not in columns]
    return (*(book.problem("XLS_COLUMN", "survey", 1, column=column) for column in wanted),)
