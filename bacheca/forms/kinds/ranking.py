"""Categories put in order by their numbers; nothing is dragged."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from types import MappingProxyType

from bacheca.forms.asking.conditions import NOT_SHOWN
from bacheca.forms.catalogues import marked as _
from bacheca.forms.kinds.cells.cell_checks import Fault
from bacheca.forms.kinds.counted import Chart, Counted
from bacheca.forms.kinds.multiple import ColumnPerOption
from bacheca.forms.kinds.reading import MailLine, Posted, Reading
from bacheca.forms.text import canonical_text


class Ranking(ColumnPerOption):
    """A rank, from 1, for each category; for some of them only where `form:choose` allows it."""

    kind = "ranking"
    called = _("ranking")
    xlsform = "rank"
    counted = Counted.RANKS
    chart = Chart.RANKS
    signatures = (("list", "categories", "ranking"),)
    template = "kinds/ranking.html"
    properties = frozenset({"form:choose", "form:shuffle"})
    offers_missing = False
    seconds = 40
    lowest = 1
    ranks_choices = True
    says = MappingProxyType({"required": "rank"})

    @property
    def anchor(self) -> str:
        """The id of the first list of numbers."""
        return self.option_id(self.categories[0])

    @property
    def least(self) -> int:
        """The fewest categories with a rank: all, unless the form says otherwise."""
        return super().least if self.choose else len(self.categories)

    @property
    def highest(self) -> int:
        """The last rank."""
        return self.most

    @property
    def ranks(self) -> tuple[str, ...]:
        """The ranks to choose among."""
        return tuple(str(rank) for rank in range(1, self.most + 1))

    @property
    def inputs(self) -> tuple[str, ...]:
        """A list of numbers for each category, and the seed; a program may post the codes in their order."""
        return (self.name, *(column.name for column in self.columns))

    @property
    def boxes(self) -> tuple[str, ...]:
        """A list of numbers for each category."""
        return tuple(map(self.column_name, self.categories))

    def interpret(self, posted: Posted, language: str) -> Reading:
        """Read the numbers."""
        in_order = [code for code in map(canonical_text, posted.get(self.name, ())) if code]
        if in_order:
            listed = {self.column_name(code): str(rank) for rank, code in enumerate(in_order, 1)}
            strange = len(listed) < len(in_order) or not set(in_order) <= set(self.categories)
            cells = {self.column_name(code): listed.get(self.column_name(code), "") for code in self.categories}
            fault = Fault("not-a-choice", {}) if strange else self._fault(cells)
        else:
            values = {name: posted.get(name, ()) for name in map(self.column_name, self.categories)}
            cells = {name: canonical_text(found[0]).strip() if found else "" for name, found in values.items()}
            fault = self._fault(cells)
        return Reading(cells | self.seed_cells(posted), (self.problem(fault, language),) if fault else ())

    def _fault(self, cells: Mapping[str, str]) -> Fault | None:
        given = [cell for cell in cells.values() if cell]
        if not given:
            return Fault("required", {}) if self.required else None
        if not set(given) <= set(self.ranks):
            return Fault("not-a-choice", {})
        if len(set(given)) < len(given):
            rank = next(cell for cell in given if given.count(cell) > 1)
            return Fault("same-rank", {"rank": rank})
        if len(given) < self.least:
            return Fault("too-few-ranks", {"limit": self.least})
        gap = next((rank for rank in self.ranks[: len(given)] if rank not in given), "")
        return Fault("no-rank", {"rank": gap}) if gap else None

    def given(self, cells: Mapping[str, str]) -> tuple[str, ...]:
        """Give the categories in their order."""
        missing = self.missing_code(cells)
        if missing:
            return (missing,)
        ranks = {code: cells.get(self.column_name(code), "") for code in self.categories}
        return tuple(
            sorted((code for code in self.categories if ranks[code] in self.ranks), key=lambda code: int(ranks[code]))
        )

    def posted(self, cells: Mapping[str, str]) -> dict[str, list[str]]:
        """Give what would be posted to get these cells."""
        kept = {name: cells.get(name, "") for name in map(self.column_name, self.categories)}
        said = {name: [cell] for name, cell in kept.items() if cell and cell != NOT_SHOWN}
        return said | self.seed_posted(cells)

    def show(self, cells: Mapping[str, str], language: str) -> str:
        """Say the categories in their order."""
        if self.missing_code(cells):
            return self.label(self.missing_code(cells), language)
        return ", ".join(f"{rank}. {self.label(code, language)}" for rank, code in enumerate(self.given(cells), 1))

    def made_up(self, wanted: str, number: int, chance: Random) -> dict[str, str]:
        """Put as many categories in order as make an answer."""
        ranked = chance.sample(self.categories, chance.randint(self.least, self.most))
        cells = {self.column_name(code): str(rank) for rank, code in enumerate(ranked, 1)}
        return cells | self.some_seed(chance)

    def mail_lines(self, language: str, posted: Posted) -> list[MailLine]:
        """Give a line a category, each with a place for its number."""
        names = {code: self.column_name(code) for code in self.categories}
        return [
            MailLine(f"{self.label(code, language)} >> ", (posted.get(name) or [""])[0], control=name)
            for code, name in names.items()
        ]
