"""A scale of whole numbers with a word at each end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from random import Random
from types import MappingProxyType
from typing import Any

from bacheca.forms.asking.conditions import NOT_SHOWN
from bacheca.forms.catalogues import marked as _
from bacheca.forms.kinds.base import Field, WrongLimit
from bacheca.forms.kinds.choice import Options
from bacheca.forms.kinds.counted import Chart, Counted
from bacheca.forms.kinds.number import Number, numbers_schema
from bacheca.forms.kinds.reading import MailLine, Posted

STEPS = 11
"""The most steps that fit a phone and a mind: 0 to 10."""


class Scale(Options, Field):
    """A whole number chosen on a scale, from `minimum` to `maximum` (0 to 10 where they are not written)."""

    kind = "scale"
    called = _("scale")
    xlsform = "range"
    counted = Counted.ONE
    chart = Chart.HISTOGRAM
    signatures = (("integer", "default", "scale"),)
    template = "kinds/scale.html"
    properties = frozenset({"form:ends"})
    constraint_names = frozenset(("required", "minimum", "maximum"))
    offers_missing = True
    seconds = 10
    has_order = True
    says = MappingProxyType(
        {"required": "choose"} | dict.fromkeys(("not-integer", "too-low", "too-high", "too-long"), "not-a-choice")
    )

    @property
    def steps(self) -> tuple[str, ...]:
        """The numbers to choose among."""
        lowest, highest = self.constraints.get("minimum", 0), self.constraints.get("maximum", 10)
        return tuple(map(str, range(int(lowest), int(highest) + 1)))

    @property
    def options(self) -> tuple[str, ...]:
        """Every step."""
        return self.steps

    @property
    def span(self) -> str:
        """The first step and the last: 5 is not the same on a scale to 5 and on one to 10."""
        return f"{self.steps[0]}–{self.steps[-1]}"

    def implied_rows(self) -> list[dict[str, str]]:
        """Describe the ends."""
        words = self.words.items()
        return [
            self.implied_row(self.steps[0], "end", {language: said.low for language, said in words}),
            self.implied_row(self.steps[-1], "end", {language: said.high for language, said in words}),
        ]

    @property
    def counted_codes(self) -> tuple[str, ...]:
        """Every step."""
        return self.steps

    @property
    def scores(self) -> Mapping[str, int]:
        """Each step stands for its number."""
        return {step: int(step) for step in self.steps}

    @property
    def comparable(self) -> frozenset[str] | None:
        """Every step, and the reasons for not answering."""
        return frozenset((*self.steps, *filter(None, self.missing))) - {NOT_SHOWN}

    @property
    def anchor(self) -> str:
        """The id of the first step."""
        return self.option_id(self.steps[0])

    def table_schema(self) -> dict[str, Any]:
        """Give its column, with the ends of the scale."""
        field = super().table_schema()
        ends = {"minimum": int(self.steps[0]), "maximum": int(self.steps[-1])}
        return field | {"constraints": {**field.get("constraints", {}), **ends}}

    def answer_schema(self) -> dict[str, Any]:
        """Give the JSON Schema of a step."""
        return numbers_schema(self.columns[0])

    def made_up(self, wanted: str, number: int, chance: Random) -> dict[str, str]:
        """Take the code that is wanted."""
        return {self.name: wanted}

    def mail_lines(self, language: str, posted: Posted) -> list[MailLine]:
        """Give one line for the number, with the ends of the scale."""
        words = self.words[language]
        ends = f"{self.steps[0]} = {words.low}, {self.steps[-1]} = {words.high}"
        chosen = (posted.get(self.name) or [""])[0]
        return [MailLine(ends), MailLine(">> ", chosen, control=self.name)]

    @classmethod
    def wrong_limits(cls, entry: Mapping[str, Any]) -> Iterator[WrongLimit]:
        """Find a scale that is too long, or whose ends say nothing."""
        wrong = list(Number.wrong_limits(entry))
        yield from wrong
        limits = entry.get("constraints") or {}
        if not wrong:
            low, high = (int(limits.get(key, end)) for key, end in (("minimum", 0), ("maximum", 10)))
            if not 0 < high - low < STEPS:
                yield "SCALE_LENGTH", ("constraints",), {"most": STEPS}
        ends = entry.get("form:ends")
        if not (
            isinstance(ends, dict)
            and set(ends) == {"low", "high"}
            and all(isinstance(e, str) and e.strip() for e in ends.values())
        ):
            yield "SCALE_ENDS", ("form:ends",), {}
