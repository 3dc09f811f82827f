"""A column of the package."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from bacheca.forms.kinds.cells.cell_checks import Check, codes, compile_check
from bacheca.forms.kinds.cells.cell_types import CELL_TYPES, CellType


@dataclass(frozen=True)
class Column:
    """A column of the package: a Table Schema field and its compiled check."""

    descriptor: Mapping[str, Any]

    @property
    def name(self) -> str:
        """The column's name."""
        return str(self.descriptor["name"])

    @property
    def type(self) -> str:
        """What its cells are, as Table Schema calls it."""
        return str(self.descriptor["type"])

    @property
    def cell_type(self) -> CellType:
        """What cells of this type are."""
        return CELL_TYPES[self.type]

    @property
    def format(self) -> str:
        """How its cells are written, where its type has several ways; mostly empty."""
        return str(self.descriptor.get("format", ""))

    @property
    def constraints(self) -> Mapping[str, Any]:
        """The limits of its cells."""
        return self.descriptor.get("constraints") or {}

    @property
    def categories(self) -> tuple[str, ...]:
        """The codes of its choices."""
        return codes(self.descriptor.get("categories"))

    @property
    def missing(self) -> Mapping[str, str]:
        """The labels of its codes for no answer, by code, where it has more than an empty cell."""
        return {str(item["value"]): str(item["label"]) for item in self.descriptor.get("missingValues", ())}

    def table_schema(self) -> dict[str, Any]:
        """Give it as a plain Table Schema field."""
        return dict(self.descriptor)

    @cached_property
    def check(self) -> Check:
        """The check of its cells, compiled once."""
        return compile_check(self.descriptor)
