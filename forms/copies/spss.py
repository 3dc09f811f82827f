"""A package's table as an SPSS file: labels of variables and of values, user-missing codes, measures.

SPSS has no coded texts worth the name, so every code becomes a number: answers count from 1 in their order,
reasons for not answering are negative and the same in all variables of a file. Written by pyreadstat (ReadStat).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pandas
import pyreadstat
from pyreadstat.pyclasses import MissingRange

from forms.canonical import digest
from forms.conditions import NOT_ASKED, NOT_SHOWN
from forms.copies.placing import placed
from forms.copies.sheets import Sheet, Variable
from forms.copies.words import CUT, WHY_MISSING, say
from forms.definition import LANGUAGE

NAME, LABEL, VALUE_LABEL, TEXT = 64, 256, 120, 32_767
"""The most bytes of a name, of a variable's label, of a value's label and of a text."""

RESERVED = frozenset(("all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "with"))
GREGORIAN = date(1582, 10, 14)
"""The day from which SPSS counts seconds."""

BELOW_ALL = 10**15
"""What is taken from the numbers of missing codes where an answer may be negative: answers have 15 digits at most."""

FORMATS = {"date": "SDATE10", "yearmonth": "MOYR8", "year": "F4.0", "integer": "F8.0", "boolean": "F1.0"}
SCALES = frozenset(("integer", "number", "date", "yearmonth", "year"))


@dataclass
class Written:
    """A variable of the file as it is filled.

    Args:
        name: its name in SPSS.
        label: its label.
        measure: `nominal`, `ordinal` or `scale`.
        form: its print format; empty for SPSS's own.
        values: a number, a text or None a row.
        labels: the labels of its values.
        lowest: the lowest number of a missing code; None where it has none.
        highest: the highest of them.
    """

    name: str
    label: str
    measure: str
    form: str = ""
    values: list[float | str | None] = field(default_factory=list)
    labels: dict[float, str] = field(default_factory=dict)
    lowest: float | None = None
    highest: float | None = None


def write_spss(path: Path, sheet: Sheet, title: str) -> int:
    """Write one table.

    Args:
        path: where it goes.
        sheet: the table.
        title: the title of the form.

    Returns:
        How many texts had to be cut.
    """
    codes = _missing_codes(sheet.variables)
    names = _names(sheet.variables)
    columns = [_Filler(variable, names[variable.name], codes, sheet.path.name) for variable in sheet.variables]
    for row in sheet.rows():
        for column, cell in zip(columns, row, strict=True):
            column.take(cell)
    written = [variable for column in columns for variable in column.written]
    frame = pandas.DataFrame({w.name: pandas.Series(w.values, dtype=_dtype(w)) for w in written})
    with placed(path) as beside:
        pyreadstat.write_sav(
            frame,
            str(beside),
            file_label=shortened(title, 64),
            column_labels=[shortened(w.label, LABEL) for w in written],
            row_compress=True,
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
    return sum(column.cut for column in columns)


class _Filler:
    """Turns the cells of one column into those of its SPSS variables: one, or two for a text with missing codes."""

    def __init__(self, variable: Variable, name: str, codes: Mapping[str, int], whole_in: str):
        self.variable = variable
        self.cut = 0
        self._mark = say(CUT, LANGUAGE, file=whole_in)
        self._numbers = {code: float(n) for n, code in enumerate(variable.labels, 1)}
        if variable.type in ("integer", "boolean"):
            self._numbers = {code: float({"false": "0", "true": "1"}.get(code, code)) for code in variable.labels}
        self.is_text = variable.type == "string" and not variable.labels
        first = Written(name, variable.title, _measure(variable), "" if self.is_text else _format(variable))
        self.written = [first]
        coded = first
        if self.is_text and variable.missing:
            coded = Written(
                name[: NAME - 5] + "__why", say(WHY_MISSING, LANGUAGE, title=variable.title), "nominal", "F8.0"
            )
            self.written.append(coded)
        below = BELOW_ALL if variable.type in SCALES and not _never_negative(variable) else 0
        self._missing = {code: float(codes[code] - below) for code in variable.missing}
        if not self.is_text:
            coded.labels = {self._numbers[code]: said for code, said in variable.labels.items()}
        coded.labels |= {self._missing[code]: said for code, said in variable.missing.items()}
        if self._missing:
            coded.lowest, coded.highest = min(self._missing.values()), max(self._missing.values())

    def take(self, cell: str) -> None:
        """Add a cell."""
        if not self.is_text:
            self.written[0].values.append(self._missing.get(cell, self._number(cell)))
            return
        if len(self.written) > 1:
            self.written[1].values.append(self._missing.get(cell))
        text = "" if cell in self._missing else cell
        if len(text.encode()) > TEXT:
            text = shortened(text, TEXT, self._mark)
            self.cut += 1
        self.written[0].values.append(text)

    def _number(self, cell: str) -> float | None:
        if not cell or cell in self._missing:
            return None
        if cell in self._numbers:
            return self._numbers[cell]
        if self.variable.type in ("date", "yearmonth"):
            day = date.fromisoformat(cell if len(cell) == 10 else f"{cell}-01")
            return float((day - GREGORIAN).days * 86_400)
        return float(cell)


def shortened(text: str, most: int, mark: str = "…") -> str:
    """Cut a text to so many bytes of UTF-8, between characters; a mark then stands at its end."""
    if len(text.encode()) <= most:
        return text
    return text.encode()[: most - len(mark.encode())].decode(errors="ignore") + mark


def _missing_codes(variables: Iterable[Variable]) -> dict[str, int]:
    """Number the reasons for not answering, the same in the whole file: -1, -2…, our own ones first."""
    found = dict.fromkeys((NOT_SHOWN, NOT_ASKED, *(code for variable in variables for code in variable.missing)))
    return {code: -number for number, code in enumerate(found, 1)}


def _names(variables: Iterable[Variable]) -> dict[str, str]:
    """Name the variables as SPSS allows: at most 64 bytes, none of its own words."""
    names = {}
    for variable in variables:
        name = variable.name
        if len(name) > NAME - 5:  # room for `__why`
            name = f"{name[: NAME - 14]}_{digest(name)[:8]}"
        names[variable.name] = f"{name}_" if name in RESERVED else name
    return names


def _measure(variable: Variable) -> str:
    if variable.ordered or variable.ranks:
        return "ordinal"
    return "scale" if variable.type in SCALES and not variable.labels else "nominal"


def _format(variable: Variable) -> str:
    return "F8.0" if variable.labels and variable.type == "string" else FORMATS.get(variable.type, "")


def _never_negative(variable: Variable) -> bool:
    if variable.type in ("date", "yearmonth", "year") or variable.labels or "__" in variable.name:
        return True
    lowest = variable.limits.get("minimum")
    return isinstance(lowest, int | float) and lowest >= 0


def _dtype(written: Written) -> str:
    return "object" if any(isinstance(value, str) for value in written.values) else "float64"
