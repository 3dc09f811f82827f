"""Yes or no."""

from __future__ import annotations

from types import MappingProxyType

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
    other = False

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

    def mail_lines(self, language: str, posted: Posted) -> list[MailLine]:
        """Give a line an option, each with a box."""
        chosen = posted.get(self.name) or []
        return [
            MailLine("[", "x" if code in chosen else " ", f"] {self.label(code, language)}", self.name, code)
            for code in ("true", "false", *filter(None, self.offered_missing))
        ]
