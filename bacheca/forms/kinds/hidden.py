"""Where the person came from, as the address of the page says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from random import Random
from typing import Any

from bacheca.forms import limits
from bacheca.forms.catalogues import marked as _
from bacheca.forms.kinds.base import Field
from bacheca.forms.kinds.cells.cell_checks import Fault
from bacheca.forms.kinds.counted import Chart, Counted
from bacheca.forms.kinds.reading import MailLine, Posted

PATTERN = r"[A-Za-z0-9._\-]{1,64}"


class Hidden(Field):
    """A source taken from the address (`?NAME=newsletter`); what does not look like one is left out."""

    kind = "hidden source"
    called = _("source taken from the address of the page")
    xlsform = "hidden"
    counted = Counted.NOTHING
    chart = Chart.NONE
    signatures = (("string", "default", "hidden"),)
    template = "kinds/hidden.html"
    constraint_names = frozenset()
    seconds = 0

    @property
    def asks(self) -> bool:
        """It asks nothing."""
        return False

    def table_schema(self) -> dict[str, Any]:
        """Give its column, with the pattern of a source."""
        return super().table_schema() | {"constraints": {"pattern": f"(?:{PATTERN})"}}

    def longest(self, name: str) -> int:
        """Give no limit: what is too long is left out, like whatever else the person did not type."""
        return limits.BODY

    def gathered(self, posted: Posted) -> Sequence[str]:
        """Give the source, where it may be one."""
        return [value for value in posted.get(self.name, ()) if len(value) <= limits.SHORT_ANSWER]

    def canonical(self, text: str, language: str) -> str | Fault:
        """Leave out what the person did not type and could not mend."""
        return self.source(text)

    def source(self, text: str) -> str:
        """Give a source as it stands in an address; empty where it is none."""
        text = text.strip()
        return text if re.fullmatch(PATTERN, text) and text not in self.missing else ""

    def made_up(self, wanted: str, number: int, chance: Random) -> dict[str, str]:
        """Make up a source."""
        return {self.name: f"prova-{number}"}

    def mail_lines(self, language: str, posted: Posted) -> list[MailLine]:
        """A letter has no address."""
        return []
