"""Results as they are published: the values, where each stands, and the comments quoted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from functools import cached_property

PUBLISHED_AT = time(6)
"""When results are published, every day, in the form's zone: what came up to midnight is counted then."""

BLANK = "-"
"""How results write the code of a question left blank, which in responses is an empty cell."""

MEASURES = ("responses", "answered", "count", "mean", "nps", "mean-rank")
"""What a row can say: responses; answers to a field; a category's count; the rest of a field or category."""


@dataclass(frozen=True)
class Row:
    """One published value; blank where it is not shown.

    Args:
        field: the field; empty for the whole form.
        category: the category, or the reason for not answering (`-` for none given); empty for the whole field.
        crossed_field: the field it is crossed with; mostly empty.
        crossed_category: the category of that field.
        measure: one of `MEASURES`.
        value: a number as text, or nothing.
    """

    field: str
    category: str
    crossed_field: str
    crossed_category: str
    measure: str
    value: str

    @property
    def place(self) -> tuple[str, str, str, str, str]:
        """All but the value."""
        return (self.field, self.category, self.crossed_field, self.crossed_category, self.measure)


@dataclass(frozen=True, order=True)
class Quotation:
    """A comment that an editor approved and its writer lets us quote."""

    field: str
    text: str


@dataclass(frozen=True)
class Results:
    """Results as they are published.

    Args:
        form: the form's name.
        version: the version of the form that was answered.
        threshold: the least count that is shown.
        rounding: the base to which counts are rounded; 0 where small ones are hidden instead.
        since: the day on which this version of the form was first open.
        until: the last day of the responses counted.
        created: when they were made, with the time zone.
        rows: the values.
        quotations: the comments quoted.
        changed: the questions whose change made counting begin anew on the day `since` (an empty name for the form
            as a whole); none where the form is counted from its beginning.
    """

    form: str
    version: str
    threshold: int
    rounding: int
    since: date
    until: date
    created: datetime
    rows: tuple[Row, ...]
    quotations: tuple[Quotation, ...] = ()
    changed: tuple[str, ...] = ()

    @cached_property
    def values(self) -> Mapping[tuple[str, str, str, str, str], Decimal | None]:
        """The values by their places; None for what is not shown."""
        return {row.place: Decimal(row.value) if row.value else None for row in self.rows}

    def value(
        self, measure: str, field: str = "", category: str = "", crossed: tuple[str, str] = ("", "")
    ) -> Decimal | None:
        """Give a value; None where it is not shown or not there."""
        return self.values.get((field, category or "", *crossed, measure))
