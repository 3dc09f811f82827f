"""One choice among several."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from random import Random
from types import MappingProxyType
from typing import Any

from bacheca.forms import limits
from bacheca.forms.asking.conditions import NOT_SHOWN
from bacheca.forms.asking.shuffle import SEED, seed_of, shuffled
from bacheca.forms.catalogues import marked as _
from bacheca.forms.kinds.base import PRIVACIES, WORDS, Field, WrongLimit
from bacheca.forms.kinds.cells.cell_checks import Fault, codes
from bacheca.forms.kinds.cells.cell_types import INTEGER
from bacheca.forms.kinds.cells.column import Column
from bacheca.forms.kinds.counted import Chart, Counted
from bacheca.forms.kinds.reading import MailLine, Posted, Reading
from bacheca.forms.text import canonical_text

OTHER = "other"
"""The code of the answer that is none of those listed, where `form:other` allows it."""


class Options(Field):
    """What all fields with options to tick have in common."""

    @property
    def anchor(self) -> str:
        """The id of the first option."""
        return self.option_id(self.categories[0])

    @property
    def offered_missing(self) -> tuple[str, ...]:
        """The reasons for not answering that stand among the options; an empty one undoes a choice."""
        return tuple(code for code in self.missing if (code or not self.required) and code != NOT_SHOWN)

    @property
    def offered(self) -> tuple[str, ...]:
        """The options, another answer, and the reasons for not answering."""
        missing = self.offered_missing if self.offers_missing else ()
        return tuple(dict.fromkeys((*self.options, *self.categories, *missing)))

    @property
    def shuffles(self) -> bool:
        """Whether the options may stand in another order for each person."""
        return self.descriptor.get("form:shuffle") is True

    @property
    def other(self) -> bool:
        """Whether it takes an answer that is not listed, in the person's own words."""
        return self.descriptor.get("form:other") is True

    @cached_property
    def categories(self) -> tuple[str, ...]:
        """The codes of its choices, the other one last."""
        return (*self.listed, OTHER) if self.other and OTHER not in self.listed else self.listed

    @property
    def about_other(self) -> dict[str, str]:
        """What a codebook says of the words of another answer: they are a person's own, however little is asked."""
        privacy = max(self.privacy, "free-text", key=PRIVACIES.index)
        return {"kind": "text", "required": "no", "privacy": privacy}

    def other_column(self) -> Column:
        """Give the column of the words of another answer."""
        title = f"{self.words[self._first].title} – {self.label(OTHER, self._first)}" if self.words else ""
        return self.further_column(self.other_name, "string", title, constraints={"maxLength": limits.LINE})

    def other_words(self, posted: Posted) -> str:
        """Give the words of another answer."""
        return canonical_text((posted.get(self.other_name) or [""])[0]).strip()

    def fault_of_other(self, text: str, *, chosen: bool) -> Fault | None:
        """Find what is wrong with the words of another answer, or that they and its option do not go together."""
        if chosen and not text:
            return Fault("other-says-nothing", {})
        if text and not chosen:
            return Fault("other-too", {"other": text})
        if "\n" in text or "\t" in text:
            return Fault("not-one-line", {})
        if text in self.missing and text:
            return Fault("reserved", {"code": text})
        return self.other_column().check(text)

    @property
    def seed_name(self) -> str:
        """The name of the control and of the column that hold the seed of the order."""
        return f"{self.name}__seed"

    @property
    def movable(self) -> tuple[str, ...]:
        """The codes whose options change place when they are shuffled."""
        return self.categories

    def option_id(self, code: str) -> str:
        """Give the id of an option's control."""
        return f"f-{self.name}-{code or '-blank'}"

    def ordered(self, posted: Posted) -> tuple[str, ...]:
        """Give the codes in the order in which this person sees them."""
        seed = self.seed(posted)
        fixed = tuple(code for code in self.categories if code not in self.movable)
        return (*(shuffled(self.movable, int(seed)) if seed else self.movable), *fixed)

    def seed(self, posted: Posted) -> str:
        """Give the seed of the order of the options; empty where they stand as written."""
        return seed_of(posted.get(self.seed_name, ())) if self.shuffles else ""

    def seeded(self, seed: int) -> dict[str, list[str]]:
        """Give what is posted for the options to stand in the order of a seed."""
        return {self.seed_name: [str(seed)]} if self.shuffles else {}

    def some_seed(self, chance: Random) -> dict[str, str]:
        """Make up the seed of the order, where there is one."""
        return {self.seed_name: str(chance.randint(0, SEED))} if self.shuffles else {}

    def longest(self, name: str) -> int:
        """Give the length of a code, or of another answer; a seed is none where it is too long, and is read."""
        if name == self.seed_name:
            return limits.BODY
        return limits.LINE if name == self.other_name else super().longest(name)

    def too_long(self, name: str) -> Fault:
        """Say of a code that is too long that it is none."""
        return super().too_long(name) if name == self.other_name else Fault("not-a-choice", {})

    def most_values(self, name: str) -> int:
        """Give one, but for a seed: only the first counts."""
        return limits.PARTS if name == self.seed_name else super().most_values(name)

    def seed_columns(self) -> tuple[Column, ...]:
        """Give the column of the seed, where there is one."""
        if not self.shuffles:
            return ()
        title = f"form:shuffle: {self.words[self._first].title}" if self.words else ""
        limits = {"minimum": 0, "maximum": SEED}
        return (self.further_column(self.seed_name, "integer", title, constraints=limits),)

    def _tells_codes_apart(self, column: Column) -> bool:
        """Leave out the seed, which nobody answers with."""
        return column.name != self.seed_name and super()._tells_codes_apart(column)

    def seed_cells(self, posted: Posted) -> dict[str, str]:
        """Give the cell of the seed, where there is one."""
        return {self.seed_name: self.seed(posted)} if self.shuffles else {}

    def seed_posted(self, cells: Mapping[str, str]) -> dict[str, list[str]]:
        """Give what would be posted to get the seed."""
        cell = cells.get(self.seed_name, "")
        return {self.seed_name: [cell]} if cell and cell != NOT_SHOWN else {}

    def seed_rows(self) -> list[dict[str, str]]:
        """Describe the column of the seed."""
        return [self.about_column(self.seed_name) | {"kind": "seed", "required": "no"}] if self.shuffles else []

    def mail_lines(self, language: str, posted: Posted) -> list[MailLine]:
        """Give a line an option, each with a box."""
        chosen = posted.get(self.name) or []
        lines = [
            MailLine("[", "x" if code in chosen else " ", f"] {self.label(code, language)}", self.name, code)
            for code in (*self.categories, *filter(None, self.offered_missing))
        ]
        if self.other:
            lines.append(MailLine(">> ", (posted.get(self.other_name) or [""])[0], control=self.other_name))
        return lines


class SingleChoice(Options):
    """One of the categories, or one of the labelled reasons for not answering."""

    kind = "single choice"
    called = _("one choice")
    xlsform = "select_one"
    counted = Counted.ONE
    chart = Chart.BARS
    signatures = (("string", "categories", ""), ("integer", "categories", ""))
    template = "kinds/single_choice.html"
    properties = frozenset({"form:other", "form:shuffle", "form:matrix", "form:stem"})
    offers_missing = True
    shares_places = True
    says = MappingProxyType({"required": "choose", "not-integer": "not-a-choice"})

    @property
    def matrix(self) -> str:
        """The name of the matrix that it is a row of; mostly empty."""
        return str(self.descriptor.get("form:matrix") or "")

    @property
    def places(self) -> Mapping[str, int]:
        """How many places each choice has, where the form file gives a number."""
        listed = self.descriptor.get("categories") or ()
        return {str(item["value"]): item["form:places"] for item in listed if "form:places" in item}

    @property
    def movable(self) -> tuple[str, ...]:
        """All but the other one, which is last."""
        return tuple(code for code in self.categories if not (self.other and code == OTHER))

    @property
    def comparable(self) -> frozenset[str] | None:
        """Every choice, and the reasons for not answering."""
        return frozenset((*self.categories, *filter(None, self.missing))) - {NOT_SHOWN}

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The choice, the words of another answer, the seed of the order."""
        others = (self.other_column(),) if self.other else ()
        return (Column(self.table_schema()), *others, *self.seed_columns())

    @property
    def inputs(self) -> tuple[str, ...]:
        """The choice, the words of another answer, the seed."""
        return tuple(column.name for column in self.columns)

    def interpret(self, posted: Posted, language: str) -> Reading:
        """Read the choice and the words of another answer, which alone are a choice too."""
        if not self.other:
            reading = super().interpret(posted, language)
            return Reading({**reading.cells, **self.seed_cells(posted)}, reading.problems)
        text = self.other_words(posted)
        chosen = posted.get(self.name) or ()
        if text and not any(chosen):
            chosen = (OTHER,)
        reading = super().interpret({**posted, self.name: chosen}, language)
        fault = self.fault_of_other(text, chosen=reading.cells[self.name] == OTHER)
        problems = reading.problems or ((self.problem(fault, language),) if fault else ())
        return Reading({**reading.cells, self.other_name: text, **self.seed_cells(posted)}, problems)

    def posted(self, cells: Mapping[str, str]) -> dict[str, list[str]]:
        """Give what would be posted to get these cells."""
        other = cells.get(self.other_name, "")
        said = {self.other_name: [other]} if other and other != NOT_SHOWN else {}
        return super().posted(cells) | said | self.seed_posted(cells)

    def show(self, cells: Mapping[str, str], language: str) -> str:
        """Say the choice; another one in the person's words."""
        shown = super().show(cells, language)
        said = cells.get(self.other_name, "")
        return f"{shown}: {said}" if said and said != NOT_SHOWN else shown

    def codebook_rows(self) -> list[dict[str, str]]:
        """Describe the choice, the words of another answer, the seed."""
        rows = super().codebook_rows()
        if self.other:
            rows.append(self.about_column(self.other_name) | self.about_other)
        return rows + self.seed_rows()

    def made_up(self, wanted: str, number: int, chance: Random) -> dict[str, str]:
        """Take the code that is wanted, and say another answer in a word."""
        said = {self.other_name: chance.choice(WORDS)} if wanted == OTHER and self.other else {}
        return {self.name: wanted, **said, **self.some_seed(chance)}

    def answer_schema(self) -> dict[str, Any]:
        """Give the JSON Schema of one code."""
        return {"type": "string", "enum": [*self.categories, *self.missing]}

    @classmethod
    def wrong_limits(cls, entry: Mapping[str, Any]) -> Iterator[WrongLimit]:
        """Find codes that are no numbers where numbers are kept, and an other that numbers cannot say."""
        yield from wrong_switches(entry, ("form:other", "form:shuffle"))
        if entry.get("type") == "integer":
            for i, code in enumerate(codes(entry.get("categories"))):
                if not INTEGER.fullmatch(code):
                    yield "CODE_NUMBER", ("categories", i), {"given": code}
            if entry.get("form:other") is True:
                yield "OTHER_NUMBER", ("form:other",), {}


class LongChoice(SingleChoice):
    """One choice in a list that opens, for many categories."""

    signatures = (("string", "categories", "select"), ("integer", "categories", "select"))
    template = "kinds/select.html"
    xlsform_appearance = "minimal"
    properties = frozenset({"form:other", "form:shuffle"})

    @property
    def anchor(self) -> str:
        """The id of the list."""
        return f"f-{self.name}"


def wrong_switches(entry: Mapping[str, Any], keys: tuple[str, ...]) -> Iterator[WrongLimit]:
    """Find properties that are neither true nor false."""
    for key in keys:
        if key in entry and not isinstance(entry[key], bool):
            yield "NOT_ONE_OF", (key,), {"key": key, "value": entry[key], "allowed": "true, false"}
