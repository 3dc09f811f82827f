"""A form in the making: its entries, and the row of the workbook that each part came from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bacheca.forms.definition.yaml_source import Key, Source
from bacheca.forms.errors import Problem
from bacheca.forms.xlsform.workbook.problems import RowProblem

Place = tuple[str, int, str]
"""A sheet, a row of it, and the name that stands there."""


@dataclass(frozen=True)
class SheetSource(Source):
    """A form whose lines are rows, so that what any check finds is said by sheet, row and name.

    Args:
        places: where each value stands, by its path of keys and positions.
    """

    places: dict[Key, Place] = field(default_factory=dict)

    def problem(self, code: str, *key: str | int, **values: object) -> Problem:
        """Make a problem that points at the row of a value."""
        known = key
        while known and known not in self.places:
            known = known[:-1]
        sheet, row, name = self.places.get(known, ("settings", 1, ""))
        return RowProblem(code, f"{self.path}:{sheet}", row, name, values, key)


@dataclass
class Draft:
    """What a workbook says, as a form file would.

    Args:
        file: the workbook's name.
        written: the form file.
        translations: the translations, by language.
        places: where each value came from.
        problems: what cannot be in a form.
        remarks: what was changed or left out, which changes no answer.
    """

    file: str
    written: dict[str, Any]
    translations: dict[str, dict[str, Any]]
    places: dict[Key, Place] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    remarks: list[Problem] = field(default_factory=list)

    def refuse(self, code: str, place: Place, **values: object) -> None:
        """Note something that cannot be in a form."""
        sheet, row, name = place
        self.problems.append(RowProblem(code, f"{self.file}:{sheet}", row, name, values))

    def remark(self, code: str, place: Place, **values: object) -> None:
        """Note something that was changed or left out."""
        sheet, row, name = place
        self.remarks.append(RowProblem(code, f"{self.file}:{sheet}", row, name, values))

    def source(self, data: dict[str, Any]) -> SheetSource:
        """Give the form, or a translation, for the checks to look at."""
        return SheetSource(self.file, data, {}, places=self.places)
