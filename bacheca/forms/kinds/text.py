"""Free text, of one line or of many."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from random import Random
from typing import Any

from bacheca.forms import limits
from bacheca.forms.catalogues import marked as _
from bacheca.forms.errors import Problem
from bacheca.forms.kinds.base import WORDS, Field, WrongLimit
from bacheca.forms.kinds.cells.cell_checks import Fault
from bacheca.forms.kinds.counted import Chart, Counted
from bacheca.forms.patterns.sample import text_of

FORMULA = re.compile(r"[=@]")

MOST_ATTEMPTS = 100
"""How often a text is made up from a pattern until its lengths allow it, too."""


class LongText(Field):
    """A text of several lines, kept as it was written."""

    kind = "long text"
    called = _("long text")
    xlsform = "text"
    xlsform_appearance = "multiline"
    many_lines = True
    counted = Counted.PRESENCE
    chart = Chart.WORDS
    signatures = (("string", "default", "textarea"),)
    template = "kinds/long_text.html"
    constraint_names = frozenset(("required", "minLength", "maxLength", "pattern"))
    privacy_unless_said = "free-text"
    seconds = 60
    limit_unless_said = limits.PAGE

    @property
    def stated_limits(self) -> Mapping[str, Any]:
        """Its limits, and the length that every text has."""
        return {**self.constraints, "maxLength": self.limit}

    @property
    def limit(self) -> int:
        """The most characters of an answer."""
        return int(self.constraints.get("maxLength", self.limit_unless_said))

    def longest(self, name: str) -> int:
        """Give its limit."""
        return self.limit

    @classmethod
    def wrong_limits(cls, entry: Mapping[str, Any]) -> Iterator[WrongLimit]:
        """Find lengths that no answer could have."""
        given = entry.get("constraints") or {}
        least, most = max(1, given.get("minLength", 1)), given.get("maxLength", cls.limit_unless_said)
        if least > most:
            yield "CONSTRAINT_LENGTH", ("constraints",), {"least": least, "most": most, "proposed": least * 2}

    def table_schema(self) -> dict[str, Any]:
        """Give its column; a text always has a limit."""
        field = super().table_schema()
        return field | {"constraints": {**field.get("constraints", {}), "maxLength": self.limit}}

    def made_up(self, wanted: str, number: int, chance: Random) -> dict[str, str]:
        """Make up a text that its pattern and its lengths allow."""
        return {self.name: self.sample(chance)}

    def sample(self, chance: Random) -> str:
        """Make up an answer; where no attempt comes to one that is kept as it stands, the first attempt."""
        attempts = [self._attempt(chance)]
        while not self._keeps(attempts[-1]) and len(attempts) < MOST_ATTEMPTS:
            attempts.append(self._attempt(chance))
        return attempts[-1] if self._keeps(attempts[-1]) else attempts[0]

    def _attempt(self, chance: Random) -> str:
        limits = self.columns[0].constraints
        if pattern := limits.get("pattern"):
            return text_of(pattern, chance)
        text = " ".join(chance.choices(WORDS, k=chance.randint(1, 12)))
        while len(text) < limits.get("minLength", 0):
            text += f" {chance.choice(WORDS)}"
        return text[: limits["maxLength"]].strip()

    def _keeps(self, text: str) -> bool:
        """Tell whether a text is an answer that is kept as it stands."""
        return bool(text) and self.canonical(text, self._first) == text and self.columns[0].check(text) is None

    def problem(self, fault: Fault, language: str) -> Problem:
        """Say what a pattern wants: the hint does, or an example where there is no hint."""
        if fault.code == "not-the-pattern" and not self.words[language].description:
            always_the_same = Random(len(self.constraints["pattern"]))  # noqa: S311  an example is no secret
            fault = Fault("pattern-example", {"example": self.sample(always_the_same)})
        return super().problem(fault, language)


class Text(LongText):
    """A text of one line: a name, an organisation."""

    kind = "text"
    called = _("text")
    xlsform_appearance = ""
    many_lines = False
    signatures = (("string", "default", ""),)
    template = "kinds/text.html"
    seconds = 20
    limit_unless_said = limits.LINE

    def canonical(self, text: str, language: str) -> str | Fault:
        """Take off outer blanks; refuse what a line cannot hold, and what a spreadsheet would take for a formula."""
        text = text.strip()
        if "\n" in text or "\t" in text:
            return Fault("not-one-line", {})
        if FORMULA.match(text):
            return Fault("formula", {"sign": text[0]})
        return text
