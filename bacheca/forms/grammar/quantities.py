"""Numbers in sentences, as each language writes them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from babel import UnknownLocaleError
from babel.numbers import format_decimal

from bacheca.forms.locales import locale_of

AS_IT_IS = frozenset(
    "value written given near example line number year port status version known had".split()  # noqa: SIM905  read as words
)
"""What a sentence names that is no quantity: what somebody wrote or is to write, and what is counted through."""


def quantities_in(values: Mapping[str, object], language: str) -> dict[str, Quantity]:
    """Give those of the values that are numbers which each language writes in its own way, by their names."""
    return {
        name: Quantity(value, language)
        for name, value in values.items()
        if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool) and name not in AS_IT_IS
    }


@dataclass(frozen=True)
class Quantity:
    """A number that is written as the readers of a language write it."""

    value: int | float | Decimal
    language: str

    def __str__(self) -> str:
        """Write it."""
        return format(self)

    def __format__(self, spec: str) -> str:
        """Write it, with as many decimals as `.1f` says; with any other specification as programs write numbers."""
        decimals = re.fullmatch(r"\.(\d)f", spec)
        if spec and not decimals:
            return format(self.value, spec)
        pattern = "#,##0." + "0" * int(decimals[1]) if decimals else None
        try:
            return format_decimal(self.value, pattern, locale_of(self.language))
        except (UnknownLocaleError, ValueError, InvalidOperation):  # the last of more digits than are counted with
            return format(self.value, spec)
