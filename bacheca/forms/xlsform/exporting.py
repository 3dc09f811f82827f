"""Writes a form as an XLSForm that other tools take, and that comes back as the same form.

What XLSForm cannot say stands as JSON in a column of our own, which other tools pass over. What goes there is
found by reading the rows as an import would and keeping the difference, so nothing can be forgotten.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import xlsxwriter

from bacheca.forms.atomic_file import placed
from bacheca.forms.community import Community
from bacheca.forms.definition.form import Form
from bacheca.forms.errors import FormProblems, Problem
from bacheca.forms.package.formats.excel_limits import CELL
from bacheca.forms.xlsform.mapping import map_workbook
from bacheca.forms.xlsform.rows import Outline, outline_of
from bacheca.forms.xlsform.survey import OURS
from bacheca.forms.xlsform.workbook.problems import RowProblem
from bacheca.forms.xlsform.workbook.sheets import Header, Row, Sheet, Workbook, as_text

Cells = dict[Header, str]
RESERVED = "meta"
"""The name that XLSForm keeps for itself."""


def write_xlsform(form: Form, path: Path) -> None:
    """Write a form as a workbook.

    Args:
        form: the form.
        path: where it goes, `.xlsx`.

    Raises:
        FormProblems: some of its words would mean something else in an XLSForm, or are too long for a cell.
    """
    outline = outline_of(form)
    problems = _unfit(outline, path.as_posix())
    if problems:
        raise FormProblems(problems)
    _add_ours(form, outline)
    with placed(path) as beside:
        book = xlsxwriter.Workbook(str(beside))
        for name, rows in outline.sheets().items():
            page = book.add_worksheet(name)
            heads = list(dict.fromkeys(head for cells in rows for head in cells))
            for column, (head, language) in enumerate(heads):
                page.write_string(0, column, f"{head}::{language}" if language else head)
            for number, cells in enumerate(rows, 1):
                for header, text in cells.items():
                    page.write_string(number, heads.index(header), text)
        book.close()


def _add_ours(form: Form, outline: Outline) -> None:
    """Write into our column what an import of the rows as they are would not give."""
    for conditions in (False, True):  # a condition is read by the types that the first round puts right
        draft = map_workbook(_as_read(outline), form.name, Community(form.language, form.zone))
        source = json.loads(json.dumps(form.source()))
        del source["descriptor"]["form:language"]  # which the settings of the workbook say
        wanted = {form.language: source["descriptor"], **source["translations"]}
        found = {form.language: draft.written, **draft.translations}
        for language, words in wanted.items():
            key = "form" if language == form.language else language
            pairs = zip(outline.fields, words["fields"], found[language]["fields"], strict=True)
            for cells, entry, read in pairs:
                _keep(cells, key, entry, read, frozenset() if conditions else frozenset({"form:showIf"}))
            _keep(outline.settings, key, words, found[language], frozenset({"fields"}))


def _keep(cells: Cells, key: str, wanted: Mapping[str, Any], read: Mapping[str, Any], but: frozenset[str]) -> None:
    differing = {
        name: wanted.get(name)
        for name in dict.fromkeys((*wanted, *read))
        if name not in but and json.dumps(wanted.get(name)) != json.dumps(read.get(name))
    }
    if differing:
        ours = json.loads(cells.get((OURS, ""), "{}"))
        ours[key] = {**ours.get(key, {}), **differing}
        cells[OURS, ""] = json.dumps(ours, ensure_ascii=False)


def _as_read(outline: Outline) -> Workbook:
    """Give the rows as they would be read from a file."""
    sheets = {}
    for name, rows in outline.sheets().items():
        heads = list(dict.fromkeys(head for cells in rows for head in cells))
        read = [
            Row(number, {head: said for head, text in cells.items() if (said := as_text(text))})
            for number, cells in enumerate(rows, 2)
        ]
        sheets[name] = Sheet(name, heads, read)
    return Workbook("", sheets)


def _unfit(outline: Outline, file: str) -> tuple[Problem, ...]:
    problems = []
    for sheet, rows in outline.sheets().items():
        for number, cells in enumerate(rows, 2):
            for (head, _), text in cells.items():
                place = (f"{file}:{sheet}", number, cells.get(("name", ""), ""))
                if head == "name" and text == RESERVED and sheet == "survey":
                    problems.append(RowProblem("XLS_RESERVED", *place, {"name": text}))
                if head in ("label", "hint") and "${" in text:
                    problems.append(RowProblem("XLS_WORDS", *place, {"text": text}))
                if len(text.encode("utf-16-le")) > CELL * 2:
                    problems.append(RowProblem("XLS_LONG", *place, {"column": head, "limit": CELL}))
    return tuple(problems)
