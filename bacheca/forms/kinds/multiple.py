"""Several choices among several: a column of 0 and 1 for each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from random import Random
from types import MappingProxyType
from typing import Any

from bacheca.forms.asking.conditions import NOT_SHOWN, Comparison
from bacheca.forms.catalogues import marked as _
from bacheca.forms.kinds.base import WORDS, WrongLimit
from bacheca.forms.kinds.cells.cell_checks import Fault, codes
from bacheca.forms.kinds.cells.column import Column
from bacheca.forms.kinds.choice import OTHER, Options, wrong_switches
from bacheca.forms.kinds.counted import Boxes, Chart, Counted
from bacheca.forms.kinds.reading import Posted, Reading
from bacheca.forms.text import canonical_text


class ColumnPerOption(Options):
    """What is kept in one column a category."""

    constraint_names = frozenset(("required",))
    offers_missing = True

    @property
    def pairs(self) -> int:
        """A pair for each category, the words of another answer, and the seed."""
        return len(self.categories) + self.other + self.shuffles

    def column_name(self, code: str) -> str:
        """Name the column of a category."""
        return f"{self.name}__{code.replace('-', '_')}"

    @property
    def choose(self) -> Mapping[str, int]:
        """How many categories make an answer, as the form file says it: `min`, `max`, both or neither."""
        return self.descriptor.get("form:choose") or {}

    @property
    def least(self) -> int:
        """The fewest categories of an answer."""
        return self.choose.get("min", 1)

    @property
    def most(self) -> int:
        """The most categories of an answer."""
        return self.choose.get("max", len(self.categories))

    @property
    def highest(self) -> int:
        """The greatest number in its columns."""
        return 1

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """One column a category, and that of the seed."""
        return (*map(self.column_of, self.categories), *self.seed_columns())

    def column_of(self, code: str) -> Column:
        """Make the column of a category."""
        # None is required: a category that is new was never asked of those who answered before.
        limits = {"minimum": self.lowest, "maximum": self.highest}
        title = f"{self.words[self._first].title} – {self.label(code, self._first)}" if self.words else ""
        return self.further_column(self.column_name(code), "integer", title, constraints=limits)

    lowest = 0

    def most_values(self, name: str) -> int:
        """Give how many codes there are to tick or to list."""
        return len(self.categories) + len(self.missing) if name == self.name else super().most_values(name)

    def too_many(self, name: str) -> Fault:
        """Say that there are not so many codes."""
        return Fault("not-a-choice", {}) if name == self.name else super().too_many(name)

    def was_shown(self, cells: Mapping[str, str]) -> bool:
        """Tell whether the question was shown."""
        return self.missing_code(cells) != NOT_SHOWN

    def missing_code(self, cells: Mapping[str, str]) -> str:
        """Give the code for no answer that its columns hold; empty where there is none.

        The column of a category that is newer than the response is blank, wherever it stands.
        """
        found = (cells.get(self.column_name(code), "") for code in self.categories)
        return next((cell for cell in found if cell and cell in self.missing), "")

    def cells_of(self, code: str) -> Mapping[str, str]:
        """Give the cell of a category; a code for no answer stands in every column."""
        return {self.columns[0].name: code} if code in self.missing else {self.column_name(code): "1"}

    def codebook_rows(self) -> list[dict[str, str]]:
        """Describe each column, and the codes for no answer that all of them share."""
        rows = []
        for code in self.categories:
            row = self.about_column(self.column_name(code)) | self.about_category(code)
            for language, words in self.words.items():
                row |= {f"question_{language}": words.title, f"hint_{language}": words.description}
                row |= {f"label_{language}": self.label(code, language)}
            rows.append(row)
            rows += [
                {**of_missing, "column": row["column"]}
                for of_missing in self.codebook_codes()
                if of_missing["stands_for"] == "missing"
            ]
        return rows + self.seed_rows()

    def about_category(self, code: str) -> dict[str, str]:
        """Say in a codebook row of a category's column what it holds."""
        return {"code": code, "stands_for": "category"}

    @property
    def cell_codes(self) -> frozenset[str]:
        """The codes, and the numbers that stand in the columns."""
        return frozenset((*self.categories, *map(str, range(self.lowest, self.highest + 1)))) - {*self.missing}

    def answer_schema(self) -> dict[str, Any]:
        """Give the JSON Schema of several codes."""
        one = {"type": "string", "enum": [*self.categories, *self.missing]}
        return {"type": "array", "items": one, "uniqueItems": True}

    @classmethod
    def wrong_limits(cls, entry: Mapping[str, Any]) -> Iterator[WrongLimit]:
        """Find numbers of choices that cannot be."""
        yield from wrong_switches(entry, ("form:other", "form:shuffle"))
        choose = entry.get("form:choose")
        if choose is None:
            return
        if not isinstance(choose, dict) or not set(choose) <= {"min", "max"} or not choose:
            yield "CHOOSE_SHAPE", ("form:choose",), {}
            return
        listed = len({*codes(entry.get("categories")), *([OTHER] if entry.get("form:other") is True else [])})
        for key, value in choose.items():
            if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= listed:
                yield "CHOOSE_NUMBER", ("form:choose", key), {"key": key, "value": value, "most": listed}
                return
        if choose.get("min", 1) > choose.get("max", listed):
            yield "CONSTRAINT_ORDER", ("form:choose",), {"low": "min", "high": "max"}


class MultipleChoice(ColumnPerOption):
    """Any number of the categories, one of which may exclude the others."""

    kind = "multiple choice"
    called = _("several choices")
    xlsform = "select_multiple"
    counted = Counted.BOXES
    chart = Chart.BARS
    signatures = (("list", "categories", ""),)
    template = "kinds/multiple_choice.html"
    properties = frozenset({"form:exclusive", "form:choose", "form:other", "form:shuffle"})
    seconds = 20
    says = MappingProxyType({"required": "choose"})

    @property
    def exclusive(self) -> str:
        """The code that excludes the others; empty where there is none."""
        return str(self.descriptor.get("form:exclusive") or "")

    @property
    def ticking(self) -> Boxes:
        """As many boxes as make an answer, or the one that excludes the others."""
        return Boxes(self.least, self.most, self.exclusive)

    @property
    def offered(self) -> tuple[str, ...]:
        """The boxes: none stands for no answer."""
        return tuple(filter(None, super().offered))

    @property
    def alone(self) -> tuple[str, ...]:
        """Every code that can only be chosen alone."""
        return tuple(filter(None, (self.exclusive, *self.offered_missing)))

    @cached_property
    def categories(self) -> tuple[str, ...]:
        """The codes of its choices, the other one last, wherever it is listed."""
        return (*(code for code in super().categories if not self.is_in_words(code)), *([OTHER] if self.other else []))

    def is_in_words(self, code: str) -> bool:
        """Tell whether a category is the other one, whose column holds the person's own words."""
        return self.other and code == OTHER

    def column_of(self, code: str) -> Column:
        """Make the column of a category: of numbers, or of words."""
        return self.other_column() if self.is_in_words(code) else super().column_of(code)

    def about_category(self, code: str) -> dict[str, str]:
        """Say in a codebook row of a category's column what it holds."""
        return self.about_other if self.is_in_words(code) else super().about_category(code)

    def cells_of(self, code: str) -> Mapping[str, str]:
        """Give the cell of a category; nothing tells those who answered in their own words."""
        return {} if self.is_in_words(code) else super().cells_of(code)

    def is_chosen(self, code: str, cell: str) -> bool:
        """Tell whether the cell of a category says that it was chosen."""
        return cell not in self.missing if self.is_in_words(code) else cell == "1"

    @property
    def movable(self) -> tuple[str, ...]:
        """All but the one that excludes the others and the other one, which are last."""
        return tuple(code for code in self.categories if code != self.exclusive and not self.is_in_words(code))

    @property
    def comparable(self) -> frozenset[str] | None:
        """Every choice, and the reasons for not answering."""
        return frozenset((*self.categories, *filter(None, self.missing))) - {NOT_SHOWN}

    def typical_answers(self, comparisons: Iterable[Comparison]) -> Iterator[tuple[str, ...]]:
        """Give the boxes that are ticked alone, and one way to tick others for each way in which they compare."""
        if not self.required:
            yield ()
        yield from ((code,) for code in self.alone if code)
        named = tuple(frozenset(one.any_of) for one in comparisons if one.any_of)
        found: dict[tuple[tuple[bool, ...], int], tuple[str, ...]] = {((False,) * len(named), 0): ()}
        for code in self.categories:
            for (said, count), ticked in list(found.items()) if code not in self.alone else ():
                if count < self.most:
                    more = tuple(is_said or code in codes for is_said, codes in zip(said, named, strict=True))
                    found.setdefault((more, count + 1), (*ticked, code))
        told: dict[tuple[bool, ...], tuple[str, ...]] = {}
        for (said, count), ticked in found.items():
            if count >= max(self.least, 1):
                told.setdefault(said, ticked)
        yield from told.values()

    @property
    def inputs(self) -> tuple[str, ...]:
        """The boxes, which share a name, the words of another answer, and the seed."""
        more = ((self.other_name, self.other), (self.seed_name, self.shuffles))
        return (self.name, *(name for name, is_there in more if is_there))

    def interpret(self, posted: Posted, language: str) -> Reading:
        """Read the boxes that were ticked, and the words of another answer, which are as good as its box."""
        text = self.other_words(posted) if self.other else ""
        ticked = (*posted.get(self.name, ()), *([OTHER] if text else []))
        chosen = [code for code in dict.fromkeys(map(canonical_text, ticked)) if code]
        fault = self._fault(chosen, language)
        if self.other:
            fault = fault or self.fault_of_other(text, chosen=OTHER in chosen)
        missing = chosen[0] if len(chosen) == 1 and chosen[0] in self.missing else ""
        cells = {
            self.column_name(code): missing or (str(int(code in chosen)) if chosen else "") for code in self.categories
        }
        if self.other and not missing:
            cells[self.other_name] = text
        return Reading(cells | self.seed_cells(posted), (self.problem(fault, language),) if fault else ())

    def _fault(self, chosen: list[str], language: str) -> Fault | None:
        if not chosen:
            return Fault("required", {}) if self.required else None
        if not set(chosen) <= {*self.categories, *self.offered_missing}:
            return Fault("not-a-choice", {})
        for code in self.alone:
            if code in chosen:
                return Fault("alone", {"label": self.label(code, language)}) if len(chosen) > 1 else None
        if len(chosen) < self.least:
            return Fault("too-few-choices", {"limit": self.least})
        return Fault("too-many-choices", {"limit": self.most}) if len(chosen) > self.most else None

    def given(self, cells: Mapping[str, str]) -> tuple[str, ...]:
        """Give the codes that were chosen."""
        missing = self.missing_code(cells)
        if missing:
            return (missing,)
        return tuple(c for c in self.categories if self.is_chosen(c, cells.get(self.column_name(c), "")))

    def posted(self, cells: Mapping[str, str]) -> dict[str, list[str]]:
        """Give what would be posted to get these cells."""
        chosen = [code for code in self.given(cells) if code != NOT_SHOWN]
        said = {self.other_name: [cells[self.other_name]]} if self.other and OTHER in chosen else {}
        return ({self.name: chosen} if chosen else {}) | said | self.seed_posted(cells)

    def show(self, cells: Mapping[str, str], language: str) -> str:
        """Say the choices; another one in the person's words."""
        return ", ".join(
            self.label(code, language) + (f": {cells[self.other_name]}" if self.is_in_words(code) else "")
            for code in self.given(cells)
        )

    def made_up(self, wanted: str, number: int, chance: Random) -> dict[str, str]:
        """Choose what is wanted, and others beside it where it may be chosen with others."""
        if wanted in self.alone:
            chosen = {wanted}
        else:
            others = [code for code in self.categories if code not in (wanted, self.exclusive)]
            most = min(self.most, len(others) + 1)
            chosen = {wanted, *chance.sample(others, max(0, chance.randint(min(self.least, most), most) - 1))}
        return self._ticked(chosen, chance)

    def made_like(self, given: Sequence[str], number: int, chance: Random) -> dict[str, str]:
        """Tick just these boxes."""
        return self._ticked(set(given), chance)

    def _ticked(self, chosen: set[str], chance: Random) -> dict[str, str]:
        """Give the cells of some ticked boxes, with a word for another answer."""
        cells = {self.column_name(code): str(int(code in chosen)) for code in self.categories}
        if self.other:
            cells[self.other_name] = chance.choice(WORDS) if OTHER in chosen else ""
        for code in chosen & {*self.missing}:
            cells = dict.fromkeys(cells, code)
        return cells | self.some_seed(chance)

    @classmethod
    def wrong_limits(cls, entry: Mapping[str, Any]) -> Iterator[WrongLimit]:
        """Find an exclusive category that is not there."""
        yield from super().wrong_limits(entry)
        if "form:exclusive" in entry and str(entry["form:exclusive"]) not in codes(entry.get("categories")):
            yield "EXCLUSIVE", ("form:exclusive",), {"given": entry["form:exclusive"]}
