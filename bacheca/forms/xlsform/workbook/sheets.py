"""The sheets of an XLSForm as texts, by column and row; what a spreadsheet can hide is said."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from io import BytesIO
from pathlib import Path
from warnings import catch_warnings, simplefilter
from zipfile import BadZipFile

import openpyxl

from bacheca.forms.errors import FormProblems, Problem
from bacheca.forms.xlsform.workbook.problems import RowProblem
from bacheca.forms.xlsform.workbook.unpacking import MARKS, TooLarge, unpacked

ESCAPE = re.compile(r"_x(00[01][0-9A-F]|007F|FFF[EF])_", re.IGNORECASE)
TYPED = str.maketrans(dict(MARKS))
ROWS, COLUMNS = 20_000, 300
KNOWN = ("survey", "choices", "settings")
REFUSED_SHEETS = ("external_choices", "osm", "entities", "cascades")
TRANSLATED = ("label", "hint", "guidance_hint", "constraint_message", "required_message")
MEDIA = ("image", "audio", "video", "big-image")
ALIASES = {
    "caption": "label",
    "relevance": "relevant",
    "readonly": "read_only",
    "calculate": "calculation",
    "value": "name",
    "list name": "list_name",
    "list": "list_name",
    "count": "repeat_count",
    "requiredmsg": "required_message",
    "constraint_msg": "constraint_message",
    "constraintmsg": "constraint_message",
    "constraining_message": "constraint_message",
    "title": "form_title",
    "id_string": "form_id",
    "set_form_title": "form_title",
    "set_form_id": "form_id",
    **{f"bind::{name}": name for name in ("relevant", "required", "constraint", "calculate", "readonly")},
    "body::appearance": "appearance",
    "control::appearance": "appearance",
}

Header = tuple[str, str]
"""A column: its name, and its language where it has one."""


@dataclass(frozen=True)
class Row:
    """A row: its number as the spreadsheet shows it, and its cells that are not empty."""

    number: int
    cells: Mapping[Header, str]

    def get(self, column: str, language: str = "") -> str:
        """Give a cell; empty where there is none."""
        return self.cells.get((column, language), "")


@dataclass
class Sheet:
    """A sheet."""

    name: str
    columns: list[Header] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)


@dataclass(frozen=True)
class Workbook:
    """An XLSForm: the name of its file, its sheets, and what is wrong with them already."""

    file: str
    sheets: Mapping[str, Sheet]
    problems: tuple[Problem, ...] = ()
    others: tuple[str, ...] = ()

    def sheet(self, name: str) -> Sheet:
        """Give a sheet; an empty one where there is none."""
        return self.sheets.get(name, Sheet(name))

    def problem(self, code: str, sheet: str, row: int, name: str = "", **values: object) -> RowProblem:
        """Make a problem that points at a row."""
        return RowProblem(code, f"{self.file}:{sheet}", row, name, values)


def read_workbook(path: Path) -> Workbook:
    """Read a workbook.

    Raises:
        FormProblems: it is none, or larger than any form.
    """
    name = path.as_posix()
    try:
        whole = unpacked(path)
        with catch_warnings():
            simplefilter("ignore")  # openpyxl warns of what it would not write back, and nothing is written back
            values = openpyxl.load_workbook(whole, read_only=True, data_only=True)
            return _read(values, openpyxl.load_workbook(BytesIO(whole.getbuffer()), read_only=True), name)
    except TooLarge as large:
        raise FormProblems((RowProblem("XLS_LARGE", name, 1, values={"limit": str(large)}),)) from None
    except OSError as error:
        reason = error.strerror or "OSError"
    except BadZipFile:
        reason = "not .xlsx"
    except Exception as error:  # whatever a parser makes of a file that nobody vouches for
        reason = type(error).__name__
    raise FormProblems((RowProblem("XLS_FILE", name, 1, values={"reason": reason}),))


def _read(values: openpyxl.Workbook, formulas: openpyxl.Workbook, file: str) -> Workbook:
    sheets: dict[str, Sheet] = {}
    problems: list[Problem] = []
    others: list[str] = []
    for page in values.worksheets:
        name = page.title.strip().lower()
        if name in KNOWN:
            sheets[name] = _sheet(name, page, formulas[page.title], file, problems)
        elif name in REFUSED_SHEETS and any(_texts(row) for row in page.iter_rows(min_row=2, max_row=50)):
            problems.append(RowProblem("XLS_CELL", f"{file}:{name}", 1, name, {"column": "sheet", "value": name}))
        else:
            others.append(page.title)
    return Workbook(file, sheets, tuple(problems), tuple(others))


def _sheet(name: str, page: object, formulas: object, file: str, problems: list[Problem]) -> Sheet:
    sheet = Sheet(name)
    for each in (page, formulas):
        each.reset_dimensions()  # type: ignore[attr-defined]  # what the file says of its size may be wrong
    both = zip(page.iter_rows(), formulas.iter_rows(), strict=False)  # type: ignore[attr-defined]
    for number, (cells, written) in enumerate(both, 1):
        if number > ROWS or any(cell.value is not None for cell in cells[COLUMNS:]):
            problems.append(RowProblem("XLS_LARGE", f"{file}:{name}", number, values={"limit": f"{ROWS} × {COLUMNS}"}))
            break
        texts = [as_text(_unescaped(cell.value)) for cell in cells[:COLUMNS]]
        if not sheet.columns:
            if any(texts):
                sheet.columns = [header_of(text, name) for text in texts]
            continue
        row: dict[Header, str] = {}
        for column, text, cell in zip(sheet.columns, texts, written, strict=False):
            if (cell.data_type == "f" and not text) or cell.data_type == "e":
                values = {"column": column[0] or "?"}
                problems.append(RowProblem("XLS_FORMULA", f"{file}:{name}", number, values=values))
            if text and column[0]:
                row.setdefault(column, text)
        if row:
            sheet.rows.append(Row(number, row))
    return sheet


def header_of(text: str, sheet: str) -> Header:
    """Read the head of a column: `label::English (en)` is the label in English."""
    parts = [part.strip() for part in (text.split("::") if "::" in text else text.split(":"))]
    name = re.sub(r"\s+", "_", parts[0].lower())
    if name == "media" and len(parts) > 1:
        return f"media::{parts[1].lower()}", parts[2] if len(parts) > 2 else ""
    if name in MEDIA:
        return f"media::{name}", parts[1] if len(parts) > 1 else ""
    if len(parts) > 1 and name in ("bind", "body", "control", "instance", "attribute"):
        name = f"{name}::{parts[1].lower()}"
        return ALIASES.get(name, name), ""
    name = ALIASES.get(parts[0].lower(), ALIASES.get(name, name))
    if name == "name" and parts[0].lower() == "value" and sheet != "choices":
        name = "value"
    return name, parts[1] if len(parts) > 1 and name in TRANSLATED else ""


def _texts(row: Iterator[object]) -> bool:
    return any(as_text(getattr(cell, "value", None)) for cell in row)


def _unescaped(value: object) -> object:
    """Read `_x000D_` and the like, as Excel writes characters that XML does not take (ECMA-376, ST_Xstring).

    Whatever else looks so was typed: other programs write it as it is.
    """
    if not isinstance(value, str):
        return value
    return ESCAPE.sub(lambda found: chr(int(found[1], 16)), value).translate(TYPED)


def as_text(value: object) -> str:
    """Write a cell as the text that its author sees."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value).replace("\r\n", "\n").replace("\r", "\n").strip()
