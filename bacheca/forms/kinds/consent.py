"""Agreement to a text."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from random import Random
from types import MappingProxyType
from typing import Any

from bacheca.forms.catalogues import marked as _
from bacheca.forms.kinds.base import Field
from bacheca.forms.kinds.boolean import yes_and_no_rows, yes_or_no_schema
from bacheca.forms.kinds.cells.cell_checks import Fault
from bacheca.forms.kinds.cells.column import Column
from bacheca.forms.kinds.counted import Chart, Counted
from bacheca.forms.kinds.reading import MailLine, Posted, Reading
from bacheca.forms.text import canonical_notice, digest

NOTICE = "__notice"
"""What the name of the column ends with that holds the hash of what was agreed to."""

HASH = "([0-9a-f]{64})"


class Consent(Field):
    """A box to tick under a notice; what was agreed to is kept by the hash of its exact text."""

    kind = "consent"
    called = _("consent")
    xlsform = "acknowledge"
    counted = Counted.NOTHING
    chart = Chart.NONE
    signatures = (("boolean", "default", "consent"),)
    template = "kinds/consent.html"
    properties = frozenset({"form:notice", "form:quotes"})
    says = MappingProxyType({"required": "agree", "not-boolean": "agree", "too-long": "agree"})

    @property
    def notice_column(self) -> str:
        """The name of the column that holds the notice's hash."""
        return f"{self.name}{NOTICE}"

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The answer, and the SHA-256 of the notice agreed to."""
        title = f"SHA-256: {self.words[self._first].title}" if self.words else ""
        limits = {"pattern": HASH}
        return (
            Column(self.table_schema()),
            self.further_column(self.notice_column, "string", title, constraints=limits),
        )

    @property
    def quotes(self) -> tuple[str, ...]:
        """The free texts that whoever agrees lets us quote."""
        return tuple(map(str, self.descriptor.get("form:quotes") or ()))

    @property
    def agrees(self) -> bool:
        """It asks for an agreement."""
        return True

    @property
    def comparable(self) -> frozenset[str] | None:
        """Only a box that is ticked can be waited for."""
        return frozenset(("true",))

    def given(self, cells: Mapping[str, str]) -> tuple[str, ...]:
        """A box left alone gives nothing."""
        return ("true",) if cells.get(self.name) == "true" else ()

    def interpret(self, posted: Posted, language: str) -> Reading:
        """Read the box; a box left alone is a no."""
        reading = super().interpret({self.name: posted.get(self.name) or ["false"]}, language)
        agreed = reading.cells[self.name] == "true"
        problems = reading.problems
        if self.required and not agreed and not problems:
            problems = (self.problem(Fault("required", {}), language),)
        notice = canonical_notice(self.words[language].notice) if agreed else ""
        cells = {**reading.cells, self.notice_column: digest(notice) if notice else ""}
        return Reading(cells, problems, notice)

    def posted(self, cells: Mapping[str, str]) -> dict[str, list[str]]:
        """Post the box only where it was ticked, as a browser does."""
        return {self.name: ["true"]} if cells.get(self.name) == "true" else {}

    def show(self, cells: Mapping[str, str], language: str) -> str:
        """Say yes or no."""
        return self.label(cells.get(self.name) or "false", language)

    def implied_rows(self) -> list[dict[str, str]]:
        """Describe yes and no."""
        return yes_and_no_rows(self)

    def answer_schema(self) -> dict[str, Any]:
        """Give the JSON Schema of a box that is ticked, or left alone."""
        return yes_or_no_schema(self.missing)

    def codebook_rows(self) -> list[dict[str, str]]:
        """Describe the answer and the column of the hash."""
        return [*super().codebook_rows(), self.about_column(self.notice_column) | {"kind": "notice"}]

    def made_up(self, wanted: str, number: int, chance: Random) -> dict[str, str]:
        """Take the code that is wanted."""
        return {self.name: wanted}

    def mail_lines(self, language: str, posted: Posted) -> list[MailLine]:
        """Give the notice, and a box to tick."""
        words = self.words[language]
        ticked = "x" if posted.get(self.name) else " "
        return [MailLine(words.notice), MailLine("[", ticked, f"] {words.title}", self.name, "true")]
