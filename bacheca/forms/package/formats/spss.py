"""A package's table as an SPSS file: labels of variables and of values, user-missing codes, measures.

SPSS has no coded texts worth the name, so every code becomes a number: answers count from 1 in the order in which the
form's versions brought them, reasons for not answering are negative and the same in all files of a package. A code
keeps its number for good. Written by pyreadstat (ReadStat).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from textwrap import wrap

import pandas
import pyreadstat
from pyreadstat.pyclasses import MissingRange

from bacheca.forms.asking.conditions import NOT_ASKED, NOT_SHOWN
from bacheca.forms.atomic_file import placed
from bacheca.forms.kinds.cells.cell_types import CELL_TYPES
from bacheca.forms.package.formats.losses import Losses
from bacheca.forms.package.formats.messages import CUT, WHY_MISSING, say
from bacheca.forms.package.formats.package_reader import Sheet, Variable
from bacheca.forms.text import digest

NAME, LABEL, VALUE_LABEL, TEXT, NOTE = 64, 256, 120, 32_767, 80
"""The most bytes of a name, of a variable's label, of a value's label, of a text and of a line of the file's notes."""

WHY = "__why"
"""How the variable is called that says why a text is empty, after the text's own name."""

RESERVED = frozenset(("all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "with"))
GREGORIAN = date(1582, 10, 14)
"""The day from which SPSS counts seconds."""

BEFORE_ITS_DAYS = f"SPSS counts days from {GREGORIAN:%d/%m/%Y} on"

BELOW_ALL = 10**15
"""What is taken from the numbers of missing codes where an answer may be negative: answers have 15 digits at most."""


@dataclass
class Written:
    """A variable of the file as it is filled.

    Args:
        name: its name in SPSS.
        label: its label.
        measure: `nominal`, `ordinal` or `scale`.
        form: its print format; empty for SPSS's own.
        is_text: whether it holds texts, also where it holds none yet.
        values: a number, a text or None a row.
        labels: the labels of its values.
        lowest: the lowest number of a missing code; None where it has none.
        highest: the highest of them.
    """

    name: str
    label: str
    measure: str
    form: str = ""
    is_text: bool = False
    values: list[float | str | None] = field(default_factory=list)
    labels: dict[float, str] = field(default_factory=dict)
    lowest: float | None = None
    highest: float | None = None


def write_spss(path: Path, sheet: Sheet, title: str, missing: Sequence[str] = ()) -> Losses:
    """Write one table.

    Args:
        path: where it goes.
        sheet: the table.
        title: the title of the form.
        missing: every code for no answer of the package, in the order of their numbers.

    Returns:
        What is not in it as it is in the package.
    """
    losses = Losses()
    codes = _missing_codes(sheet.variables, missing)
    names = spss_names([(variable.name, _has_why(variable)) for variable in sheet.variables])
    columns = [_Filler(variable, *names[variable.name], codes, sheet) for variable in sheet.variables]
    for row in sheet.rows():
        for column, cell in zip(columns, row, strict=True):
            if why := column.take(cell):
                noted = losses.unlike if why == BEFORE_ITS_DAYS else losses.left_out
                noted.add(f"{sheet.name}, response {row[0]}, {column.variable.name}: left empty, {why}")
    losses.cut = sum(column.cut for column in columns)
    written = [variable for column in columns for variable in column.written]
    frame = pandas.DataFrame({w.name: pandas.Series(w.values, dtype=_dtype(w)) for w in written})
    with placed(path) as beside:
        pyreadstat.write_sav(
            frame,
            str(beside),
            file_label=shortened(title, 64),
            column_labels=[shortened(w.label, LABEL) for w in written],
            row_compress=True,
            note=[line for said in losses.sentences() for line in wrap(said, NOTE)] or None,
            variable_value_labels={
                w.name: {value: shortened(said, VALUE_LABEL) for value, said in w.labels.items()}
                for w in written
                if w.labels
            },
            missing_ranges={
                w.name: [MissingRange(lo=w.lowest, hi=w.highest)]
                for w in written
                if w.lowest is not None and w.highest is not None
            },
            variable_measure={w.name: w.measure for w in written},
            variable_format={w.name: w.form for w in written if w.form},
        )
    return losses


class _Filler:
    """Turns the cells of one column into those of its SPSS variables: one, or two for a text with missing codes."""

    def __init__(self, variable: Variable, name: str, why: str, codes: Mapping[str, int], sheet: Sheet):
        self.variable = variable
        self.cut = 0
        self._mark = say(CUT, sheet.language, file=sheet.path.name)
        self._numbers = _numbers_of(variable)
        self.is_text = _is_text(variable)
        self.written = [
            Written(name, variable.title, _measure(variable), "" if self.is_text else _format(variable), self.is_text)
        ]
        if _has_why(variable):
            self.written.append(Written(why, say(WHY_MISSING, sheet.language, title=variable.title), "nominal", "F8.0"))
        coded = self.written[-1]
        below = BELOW_ALL if _may_be_negative(variable) else 0
        self._missing = {code: float(codes[code] - below) for code in variable.missing}
        if not self.is_text:
            coded.labels = {self._numbers[code]: said for code, said in variable.labels.items()}
        coded.labels |= {self._missing[code]: said for code, said in variable.missing.items()}
        if self._missing:
            coded.lowest, coded.highest = min(self._missing.values()), max(self._missing.values())

    def take(self, cell: str) -> str:
        """Add a cell; give why it had to be left empty, nothing where it was taken."""
        if not self.is_text:
            return self._take_number(cell)
        if len(self.written) > 1:
            self.written[1].values.append(self._missing.get(cell))
        text = "" if cell in self._missing else cell
        if len(text.encode()) > TEXT:
            text = shortened(text, TEXT, self._mark)
            self.cut += 1
        self.written[0].values.append(text)
        return ""

    def _take_number(self, cell: str) -> str:
        value = self._missing.get(cell, self._numbers.get(cell))
        why = ""
        if value is None and cell:
            value, why = self._read(cell)
        self.written[0].values.append(value)
        return why

    def _read(self, cell: str) -> tuple[float | None, str]:
        """Read a number or a day; say why where SPSS has none such."""
        try:
            if not CELL_TYPES[self.variable.type].spss_seconds:
                return float(cell), ""
            day = date.fromisoformat(cell if len(cell) == 10 else f"{cell}-01")
        except ValueError:
            return None, "it is not what its column holds"
        if day < GREGORIAN:
            return None, BEFORE_ITS_DAYS
        return float((day - GREGORIAN).days * 86_400), ""


def shortened(text: str, most: int, mark: str = "…") -> str:
    """Cut a text to so many bytes of UTF-8, between characters; a mark then stands at its end."""
    if len(text.encode()) <= most:
        return text
    return text.encode()[: most - len(mark.encode())].decode(errors="ignore") + mark


def spss_names(variables: Sequence[tuple[str, bool]]) -> dict[str, tuple[str, str]]:
    """Name the variables as SPSS allows: at most 64 bytes, none of its own words, none twice in whatever case.

    Args:
        variables: the name of each column, and whether it needs a second variable that says why it is empty.

    Returns:
        The two names by that of the column; the second is empty where none is needed.
    """
    taken = {name.casefold() for name, _ in variables if _is_name(name)}
    seen: set[str] = set()
    names: dict[str, tuple[str, str]] = {}
    for name, needs_why in variables:
        folded = name.casefold()
        if _is_name(name) and folded not in seen:
            own = name
        else:
            own = _other_name(name, f"{name}_" if folded in RESERVED else _with_digest(name), taken | seen)
        seen.add(own.casefold())
        why = ""
        if needs_why:
            why = _other_name(f"{name}{WHY}", f"{own[: NAME - len(WHY)]}{WHY}", taken | seen)
            seen.add(why.casefold())
        names[name] = (own, why)
    return names


def _is_name(name: str) -> bool:
    return len(name) <= NAME - len(WHY) and name.casefold() not in RESERVED


def _with_digest(name: str) -> str:
    return f"{name[: NAME - 14]}_{digest(name)[:8]}"


def _other_name(name: str, wanted: str, taken: set[str]) -> str:
    """Give the name that is wanted; where it is taken, one with a digest, then another digest."""
    while wanted.casefold() in taken:
        wanted = _with_digest(name)
        name += "_"
    return wanted


def _missing_codes(variables: Sequence[Variable], first: Sequence[str]) -> dict[str, int]:
    """Number the reasons for not answering, the same in the whole package: -1, -2…, our own ones first."""
    found = dict.fromkeys((NOT_SHOWN, NOT_ASKED, *first, *(code for v in variables for code in v.missing)))
    return {code: -number for number, code in enumerate(found, 1)}


def _numbers_of(variable: Variable) -> dict[str, float]:
    """Give the number of each code that stands for an answer."""
    if variable.type in ("integer", "boolean"):
        return {code: float({"false": "0", "true": "1"}.get(code, code)) for code in variable.labels}
    found = {code: float(variable.numbers[code]) for code in variable.labels if code in variable.numbers}
    for code in variable.labels:
        found.setdefault(code, max(found.values(), default=0.0) + 1)
    return found


def _is_text(variable: Variable) -> bool:
    return variable.type == "string" and not variable.labels


def _has_why(variable: Variable) -> bool:
    return _is_text(variable) and bool(variable.missing)


def _measure(variable: Variable) -> str:
    if variable.ordered or variable.ranks:
        return "ordinal"
    return "nominal" if variable.labels else CELL_TYPES[variable.type].spss_measure


def _format(variable: Variable) -> str:
    return "F8.0" if variable.labels and variable.type == "string" else CELL_TYPES[variable.type].spss_format


def _may_be_negative(variable: Variable) -> bool:
    """Tell whether an answer can be a negative number, as far as any version of the form says."""
    if variable.labels or "__" in variable.name or not CELL_TYPES[variable.type].goes_below_zero:
        return False
    return variable.lowest is None or variable.lowest < 0


def _dtype(written: Written) -> str:
    return "object" if written.is_text else "float64"
