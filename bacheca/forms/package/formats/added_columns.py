"""What the copies that people read say of a response beside what the package holds: its reference, and since when each
consent stands.

The names of these columns have two underscores, so that no question can have the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from bacheca.forms.definition.form import FIXED_COLUMNS
from bacheca.forms.package.formats.messages import (
    GIVEN_ON,
    REFERENCE,
    WHAT_A_REFERENCE_IS,
    WHAT_GIVEN_ON_IS,
    say,
)
from bacheca.forms.package.formats.package_reader import Sheet, Sheets, Variable

REFERENCE_COLUMN = "response_id__reference"
"""The column of the code that stands on the receipt."""

GIVEN = "__given_on"
"""What the name of the column ends with that holds the day on which a consent was given."""

Told = Callable[[Sequence[str]], Mapping[str, Mapping[str, str]]]
"""Gives, for some responses by their ids, the cells of the added columns by their names."""

ROWS_AT_ONCE = 500
RESPONSE = FIXED_COLUMNS.index("response_id")


def with_added_columns(sheets: Sheets, told: Told) -> Sheets:
    """Add the columns to the tables in words, and to the codebook what they hold."""
    fuller = tuple(_fuller(sheet, told) for sheet in sheets.in_words)
    book, added = sheets.codebook, frozenset(variable.name for variable in fuller[-1].variables)
    return replace(
        sheets, in_words=fuller, codebook=_Explained(book.name, book.path, book.variables, book.language, added)
    )


@dataclass(frozen=True)
class _Fuller(Sheet):
    """A table of responses with columns that its file does not have: the reference first, the id last."""

    told: Told
    in_file: tuple[Variable, ...]

    def rows(self) -> Iterator[list[str]]:
        """Read its rows."""
        places = {variable.name: place for place, variable in enumerate(self.in_file)}
        rows = super().rows()
        while some := list(islice(rows, ROWS_AT_ONCE)):
            cells = self.told([row[RESPONSE] for row in some])
            for row in some:
                more = cells.get(row[RESPONSE], {})
                yield [row[places[v.name]] if v.name in places else more.get(v.name, "") for v in self.variables]


@dataclass(frozen=True)
class _Explained(Sheet):
    """A codebook that also says what the added columns hold, each in the languages of the form."""

    added: frozenset[str]

    def rows(self) -> Iterator[list[str]]:
        """Read its rows: the reference first, each day after its consent."""
        yield self._row(REFERENCE_COLUMN, "string", REFERENCE, WHAT_A_REFERENCE_IS)
        for row in super().rows():
            yield row
            said = self._named(row)
            if said["column"] + GIVEN in self.added and not said["stands_for"]:
                yield self._row(said["column"] + GIVEN, "date", GIVEN_ON, WHAT_GIVEN_ON_IS, said)

    def _row(
        self, column: str, of_type: str, called: str, hint: str, beside: Mapping[str, str] | None = None
    ) -> list[str]:
        cells = {"column": column, "type": of_type}
        for name in self._names:
            what, _, language = name.partition("_")
            if what == "question":
                cells[name] = say(called, language, title=(beside or {}).get(name, ""))
            elif what == "hint":
                cells[name] = say(hint, language)
        return [cells.get(name, "") for name in self._names]

    @property
    def _names(self) -> list[str]:
        return [variable.name for variable in self.variables]

    def _named(self, row: Sequence[str]) -> dict[str, str]:
        return dict(zip(self._names, row, strict=True))


def with_added(variables: Sequence[Variable], language: str) -> tuple[Variable, ...]:
    """Give the columns of a table of responses with the added ones: the reference first, the id last.

    Args:
        variables: those of the package, the id first.
        language: that of what stands above the added ones.
    """
    response, *others = variables
    columns = [Variable(REFERENCE_COLUMN, say(REFERENCE, language), "string")]
    for one in others:
        columns.append(one)
        if one.agrees:
            columns.append(Variable(one.name + GIVEN, say(GIVEN_ON, language, title=one.title), "date"))
    return (*columns, response)


def _fuller(sheet: Sheet, told: Told) -> _Fuller:
    variables = with_added(sheet.variables, sheet.language)
    return _Fuller(sheet.name, sheet.path, variables, sheet.language, told, sheet.variables)
