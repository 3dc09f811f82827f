"""Yes or no."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from types import MappingProxyType
from typing import Any

from bacheca.forms.asking.conditions import NOT_SHOWN
from bacheca.forms.catalogues import marked as _
from bacheca.forms.kinds.base import Field
from bacheca.forms.kinds.choice import Options
from bacheca.forms.kinds.counted import Chart, Counted
from bacheca.forms.kinds.reading import MailLine, Posted

YES_AND_NO = ("true", "false")
"""The codes of yes and no, in the order in which they are asked."""


class YesNo(Options):
    """Yes or no, or one of the labelled reasons for not answering."""

    kind = "yes or no"
    called = _("yes or no")
    xlsform = "select_one"
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
        return YES_AND_NO

    @property
    def comparable(self) -> frozenset[str] | None:
        """Yes, no, and the reasons for not answering."""
        return frozenset((*YES_AND_NO, *filter(None, self.missing))) - {NOT_SHOWN}

    def ordered(self, posted: Posted) -> tuple[str, ...]:
        """Yes comes first."""
        return YES_AND_NO

    @property
    def options(self) -> tuple[str, ...]:
        """Yes and no."""
        return YES_AND_NO

    def implied_rows(self) -> list[dict[str, str]]:
        """Describe yes and no."""
        return yes_and_no_rows(self)

    def answer_schema(self) -> dict[str, Any]:
        """Give the JSON Schema of yes and no."""
        return yes_or_no_schema(self.missing)

    def made_up(self, wanted: str, number: int, chance: Random) -> dict[str, str]:
        """Take the code that is wanted."""
        return {self.name: wanted}

    def mail_lines(self, language: str, posted: Posted) -> list[MailLine]:
        """Give a line an option, each with a box."""
        chosen = posted.get(self.name) or []
        return [
            MailLine("[", "x" if code in chosen else " ", f"] {self.label(code, language)}", self.name, code)
            for code in (*YES_AND_NO, *filter(None, self.offered_missing))
        ]


def yes_or_no_schema(missing: Sequence[str]) -> dict[str, Any]:
    """Give the JSON Schema of yes and no, as JSON or as a page sends them."""
    return {"enum": [True, False, "true", "false", *missing]}


def yes_and_no_rows(asked: Field) -> list[dict[str, str]]:
    """Describe yes and no in the codebook, a row each."""
    labels = {code: {language: asked.label(code, language) for language in asked.words} for code in YES_AND_NO}
    return [asked.implied_row(code, "category", labels[code]) for code in YES_AND_NO]
