"""Yes or no."""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType
from typing import Any

from bacheca.forms.asking.conditions import NOT_SHOWN
from bacheca.forms.kinds.base import Chart, Counted, MailLine, Posted
from bacheca.forms.kinds.choice import Options


class YesNo(Options):
    """Yes or no, or one of the labelled reasons for not answering."""

    kind = "yes or no"
    counted = Counted.ONE
    chart = Chart.BARS
    signatures = (("boolean", "default", ""),)
    template = "kinds/single_choice.html"
    offers_missing = True
    seconds = 8
    says = MappingProxyType({"required": "choose", "too-long": "not-boolean"})

    @property
    def anchor(self) -> str:
        """The id of the yes."""
        return self.option_id("true")

    @property
    def counted_codes(self) -> tuple[str, ...]:
        """Yes and no."""
        return ("true", "false")

    @property
    def comparable(self) -> frozenset[str] | None:
        """Yes, no, and the reasons for not answering."""
        return frozenset(("true", "false", *filter(None, self.missing))) - {NOT_SHOWN}

    def ordered(self, posted: Posted) -> tuple[str, ...]:
        """Yes comes first."""
        return ("true", "false")

    def answer_schema(self) -> dict[str, Any]:
        """Give the JSON Schema of yes and no."""
        return yes_or_no_schema(self.missing)

    def mail_lines(self, language: str, posted: Posted) -> list[MailLine]:
        """Give a line an option, each with a box."""
        chosen = posted.get(self.name) or []
        return [
            MailLine("[", "x" if code in chosen else " ", f"] {self.label(code, language)}", self.name, code)
            for code in ("true", "false", *filter(None, self.offered_missing))
        ]


def yes_or_no_schema(missing: Sequence[str]) -> dict[str, Any]:
    """Give the JSON Schema of yes and no, as JSON or as a page sends them."""
    return {"enum": [True, False, "true", "false", *missing]}
