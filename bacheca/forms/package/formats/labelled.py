"""A table of a package in words: questions for names, labels for codes, numbers and days as what they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bacheca.forms.asking.conditions import NOT_ASKED
from bacheca.forms.definition.form import FIXED_COLUMNS
from bacheca.forms.package.formats.added_columns import REFERENCE_COLUMN
from bacheca.forms.package.formats.excel_limits import day_of, number_of
from bacheca.forms.package.formats.package_reader import Variable

Value = str | Decimal | date
FIRST = (REFERENCE_COLUMN, "received_on")
"""Of the columns that are not a question's, those that people look for first."""


@dataclass(frozen=True)
class Heading:
    """A column in words.

    Args:
        title: what stands above it.
        variables: the columns of the package that it says, one or all the boxes of a question.
        places: where they are in a row.
    """

    title: str
    variables: tuple[Variable, ...]
    places: tuple[int, ...]

    @property
    def name(self) -> str:
        """The name of the first column that it says."""
        return self.variables[0].name

    def said(self, row: Sequence[str]) -> Value:
        """Say its cell of a row; empty where there is no answer."""
        if not self.variables[0].is_box:
            return said(self.variables[0], row[self.places[0]])
        boxes = [(variable, row[place]) for variable, place in zip(self.variables, self.places, strict=True)]
        offered = [(variable, cell) for variable, cell in boxes if cell != NOT_ASKED]
        words = (_ticked(variable, cell) for variable, cell in offered or boxes[:1])
        return "; ".join(dict.fromkeys(filter(None, words)))


def headings(variables: Sequence[Variable]) -> list[Heading]:
    """Give each column that people read its own heading; where two ask the same, their names stand there too."""
    return _told_apart((variable.title, ((place, variable),)) for place, variable in _read_by_people(variables))


def headings_for_reading(variables: Sequence[Variable]) -> list[Heading]:
    """Give headings for people: reference, day, questions, several choices in one column, then what programs need."""
    placed = sorted(_read_by_people(variables), key=lambda found: _turn(found[1]))
    return _told_apart(_joined(placed))


def _read_by_people(variables: Sequence[Variable]) -> list[Placed]:
    """Leave out the hashes of what was agreed to: the other sheets and the package have them."""
    return [(place, variable) for place, variable in enumerate(variables) if not variable.is_proof]


def said(variable: Variable, cell: str) -> Value:
    """Say a cell in words, or give it as the number or the day that it is."""
    if cell in variable.missing:
        return variable.missing[cell]
    if cell in variable.labels:
        return variable.labels[cell]
    if variable.agrees and not cell:
        return variable.labels["false"]
    if day := day_of(variable, cell):
        return day
    number = number_of(variable, cell)
    return cell if number is None else number


Placed = tuple[int, Variable]
"""A variable with its place in a row."""


def _turn(variable: Variable) -> int:
    if variable.name in FIRST:
        return FIRST.index(variable.name) - len(FIRST)
    return 1 + FIXED_COLUMNS[::-1].index(variable.name) if variable.name in FIXED_COLUMNS else 0


def _joined(placed: Iterable[Placed]) -> Iterator[tuple[str, tuple[Placed, ...]]]:
    """Put the boxes of a question together, where the first of them stands: later versions may have added some."""
    found: dict[str, list[Placed]] = {}
    for place, variable in placed:
        question = variable.name.partition("__")[0] if variable.is_box else variable.name
        found.setdefault(question, []).append((place, variable))
    for columns in found.values():
        first = columns[0][1]
        yield first.question if first.is_box else first.title, tuple(columns)


def _told_apart(columns: Iterable[tuple[str, tuple[Placed, ...]]]) -> list[Heading]:
    found = [Heading(title, tuple(v for _, v in placed), tuple(p for p, _ in placed)) for title, placed in columns]
    times = Counter(heading.title for heading in found)
    return [
        heading
        if times[heading.title] == 1
        else Heading(f"{heading.title} ({heading.name})", heading.variables, heading.places)
        for heading in found
    ]


def _ticked(variable: Variable, cell: str) -> str:
    """Say what a box adds to an answer: its choice, why there is none, or the words of another answer."""
    if cell in variable.missing:
        return variable.missing[cell]
    if variable.labels:
        return variable.choice if cell == "1" else ""
    return f"{variable.choice}: {cell}" if cell else ""
