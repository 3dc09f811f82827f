"""Counting what a form was answered, and which of its questions are counted: one pass over the responses.

A tally is exact, and so as private as the responses: `bacheca/forms/results/rows.py` makes of it what may be shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_FLOOR, Decimal
from itertools import islice, pairwise
from typing import Any

from bacheca.forms.asking.conditions import NOT_SHOWN
from bacheca.forms.definition.form import Form
from bacheca.forms.kinds import Field
from bacheca.forms.kinds.counted import Counted
from bacheca.forms.kinds.multiple import MultipleChoice
from bacheca.forms.kinds.ranking import Ranking
from bacheca.forms.results.disclosure import Pair, Question
from bacheca.forms.results.gates import Gate, gate_of

ROWS_AT_ONCE = 256
ANSWERED = "answered"
"""The one category of a question of which only whether it was answered is counted."""

MOST_BINS = 10
FEW_VALUES = 12
"""Whole numbers that can be this many at most are counted one by one."""

Columns = Mapping[str, Sequence[str]]
"""The cells of some rows, by the name of the column."""


@dataclass(frozen=True)
class Bin:
    """A stretch of numbers, the last of which belongs to it; decimals belong to the next one at its end."""

    low: Decimal
    high: Decimal

    @property
    def code(self) -> str:
        """Its code: one number, or two with `..` between."""
        return f"{self.low:f}" if self.low == self.high else f"{self.low:f}..{self.high:f}"


@dataclass
class Tally:
    """Exact counts.

    Args:
        total: how many responses there are.
        questions: the counts of each question that is counted, by its name, in the form's order.
        crossings: the counts of each pair of questions, by the codes of the two.
        sums: the sum of the answers to each number.
        ranks: how often each category of a ranking had each rank.
    """

    total: int = 0
    questions: dict[str, Question] = field(default_factory=dict)
    crossings: dict[Pair, dict[Pair, int]] = field(default_factory=dict)
    sums: dict[str, Decimal] = field(default_factory=dict)
    ranks: dict[str, dict[str, dict[str, int]]] = field(default_factory=dict)


class Closed:
    """Counts the answers to a question by their codes.

    Args:
        asked: the question.
        categories: the codes of its answers.
        code_of: what makes a code of a cell; None where cells are codes.
    """

    def __init__(self, asked: Field, categories: Iterable[str], code_of: Callable[[str], str] | None = None):
        self.asked = asked
        self.categories = tuple(categories)
        self.missing = tuple(code for code in asked.missing if code != NOT_SHOWN)
        self.code_of = code_of
        self.after: Gate | None = None
        self.counts: Counter[str] = Counter()

    def take(self, columns: Columns) -> None:
        """Count some rows."""
        self.add(Counter(columns[self.asked.name]))

    def add(self, cells: Mapping[str, int]) -> None:
        """Count cells, of each how often it came."""
        for cell, count in cells.items():
            known = self.code_of is None or cell in self.asked.missing
            self.counts[cell if known or self.code_of is None else self.code_of(cell)] += count

    def question(self) -> Question:
        """Give what was counted."""
        missing = {code: self.counts[code] for code in self.missing}
        if self.asked.required and not missing[""]:
            del missing[""]  # nobody could leave it blank, which everybody knows
        return Question({code: self.counts[code] for code in self.categories}, missing, self.after)

    def add_to(self, tally: Tally) -> None:
        """Add what else was counted."""


class Presence(Closed):
    """Counts only whether a question was answered: its answers are words of people's own, or days."""

    def __init__(self, asked: Field):
        super().__init__(asked, (ANSWERED,), lambda cell: ANSWERED)

    def take(self, columns: Columns) -> None:
        """Count some rows without looking at the texts."""
        cells = columns[self.asked.name]
        missing = {code: cells.count(code) for code in self.asked.missing}
        self.add({**missing, "…": len(cells) - sum(missing.values())})


class Amount(Closed):
    """Counts numbers in bins, and adds them up."""

    def __init__(self, asked: Field):
        self.bins = bins_of(asked)
        self.sum = Decimal(0)
        super().__init__(asked, [found.code for found in self.bins] or (ANSWERED,), self._bin)

    def add(self, cells: Mapping[str, int]) -> None:
        """Count cells, and add up what is a number."""
        super().add(cells)
        self.sum += sum(Decimal(cell) * count for cell, count in cells.items() if cell not in self.asked.missing)

    def _bin(self, cell: str) -> str:
        number = Decimal(cell)
        return next((found.code for found in reversed(self.bins) if number >= found.low), self.categories[0])

    def add_to(self, tally: Tally) -> None:
        """Add the sum."""
        tally.sums[self.asked.name] = self.sum


class Ticks(Closed):
    """Counts the ticks of each box."""

    def __init__(self, asked: MultipleChoice):
        super().__init__(asked, (ANSWERED,), lambda cell: ANSWERED)
        self.asked: MultipleChoice = asked
        self.names = {code: asked.column_name(code) for code in asked.categories}
        self.ticks = dict.fromkeys(asked.categories, 0)

    def take(self, columns: Columns) -> None:
        """Count some rows."""
        self.add(Counter(columns[next(iter(self.names.values()))]))
        for code, name in self.names.items():
            cells = columns[name]
            words = self.asked.is_in_words(code)
            self.ticks[code] += len(cells) - sum(map(cells.count, self.asked.missing)) if words else cells.count("1")

    def question(self) -> Question:
        """Give what was counted, ticks included."""
        found = super().question()
        return Question(found.categories, found.missing, self.after, dict(self.ticks), self.asked.ticking)


class Ranks(Closed):
    """Counts the ranks of each category."""

    def __init__(self, asked: Ranking):
        super().__init__(asked, (ANSWERED,))
        self.asked: Ranking = asked
        self.names = {code: asked.column_name(code) for code in asked.categories}
        self.ranks: dict[str, Counter[str]] = {code: Counter() for code in asked.categories}

    def take(self, columns: Columns) -> None:
        """Count some rows; one with any rank is an answer."""
        cells = [columns[name] for name in self.names.values()]
        for code, column in zip(self.names, cells, strict=True):
            self.ranks[code].update(column)
        for row, count in Counter(zip(*cells, strict=True)).items():
            ranked = any(cell and cell not in self.asked.missing for cell in row)
            self.counts[ANSWERED if ranked else row[0]] += count

    def add_to(self, tally: Tally) -> None:
        """Add the ranks."""
        found = {code: {rank: ranks[rank] for rank in self.asked.ranks} for code, ranks in self.ranks.items()}
        tally.ranks[self.asked.name] = found


MEASURES: Mapping[Counted, Callable[[Any], Closed]] = {
    Counted.ONE: lambda asked: Closed(asked, asked.counted_codes),
    Counted.BOXES: Ticks,
    Counted.RANKS: Ranks,
    Counted.NUMBERS: Amount,
    Counted.PRESENCE: Presence,
}
"""How what a kind of field says of itself is counted; of the others nothing is ever shown."""


def measures_of(form: Form) -> dict[str, Closed]:
    """Make the measures of the questions of a form that are counted.

    None of those on personal data or whose answers are sealed, nor of those that not everybody is asked where no count
    tells who is.
    """
    found: dict[str, Closed] = {}
    for asked in form.fields:
        counted = {name: measure.categories for name, measure in found.items()}
        after = gate_of(form, asked, counted) if asked.condition else None
        is_open = asked.protected_as != "personal" and asked.name not in form.sealed_fields
        if asked.counted in MEASURES and is_open and (after or not asked.condition):
            found[asked.name] = MEASURES[asked.counted](asked)
            found[asked.name].after = after
    return found


def crossings_of(form: Form) -> list[Pair]:
    """Give the pairs of questions that are crossed, both of which are counted."""
    counted = measures_of(form).keys()
    return [pair for pair in form.crossings if counted >= set(pair)]


def tally_blocks(blocks: Iterable[Columns], form: Form) -> Tally:
    """Count responses that come some at a time, each some as columns of cells by name.

    Args:
        blocks: the responses; whatever stands beside the answers is left alone.
        form: the newest of the versions that were answered.
    """
    measures = measures_of(form)
    crossed: dict[Pair, Counter[tuple[str, ...]]] = {pair: Counter() for pair in crossings_of(form)}
    margins = {name: (pair, place) for pair in crossed for place, name in enumerate(pair)}
    alone = [measure for name, measure in measures.items() if name not in margins]
    total = 0
    for columns in blocks:
        total += len(next(iter(columns.values()), ()))
        for measure in alone:
            measure.take(columns)
        for pair, counts in crossed.items():
            counts.update(zip(columns[pair[0]], columns[pair[1]], strict=True))
    for name, (pair, place) in margins.items():  # the same as counting their cells, of which there are many more
        for cells, count in crossed[pair].items():
            measures[name].add({cells[place]: count})
    tally = Tally(total)
    for name, measure in measures.items():
        tally.questions[name] = measure.question()
        measure.add_to(tally)
    for pair, counts in crossed.items():
        tally.crossings[pair] = {(cells[0], cells[1]): count for cells, count in sorted(counts.items())}
    return tally


def tally_rows(header: Iterable[str], rows: Iterator[list[str]], form: Form) -> Tally:
    """Count responses given as rows of cells, in the order of a header."""
    header = list(header)

    def blocks() -> Iterator[Columns]:
        while some := list(islice(rows, ROWS_AT_ONCE)):
            yield dict(zip(header, zip(*some, strict=True), strict=True))

    return tally_blocks(blocks(), form)


def bins_of(asked: Field) -> list[Bin]:
    """Give the bins of a number from its limits alone, so that no answer shows in them.

    Returns:
        The bins in order; none where a limit is missing, and then only answers are counted.
    """
    limits = asked.constraints
    if "minimum" not in limits or "maximum" not in limits:
        return []
    low, high = Decimal(str(limits["minimum"])) + 0, Decimal(str(limits["maximum"])) + 0  # no minus zero
    whole = asked.columns[0].type == "integer"
    span = high - low + (1 if whole else 0)
    step = Decimal(1) if whole and span <= FEW_VALUES else _step(span)
    edges = [low]
    while edges[-1] < low + span:
        edges.append(((edges[-1] / step).to_integral_value(ROUND_FLOOR) + 1) * step)
    return [Bin(start, min(end - 1, high) if whole else min(end, high)) for start, end in pairwise(edges)]


def _step(span: Decimal) -> Decimal:
    """Give the smallest of 1, 2, 5, 10, 20… or of their tenths that cuts a span into few enough bins."""
    power = Decimal(10) ** (span / MOST_BINS).adjusted()
    return next(step for factor in (1, 2, 5, 10) if span <= MOST_BINS * (step := factor * power))


def tally_as_json(tally: Tally) -> dict[str, Any]:
    """Write a tally in JSON types."""
    return {
        "total": tally.total,
        "questions": {
            name: {
                "categories": dict(question.categories),
                "missing": dict(question.missing),
                "after": [question.after[0], sorted(question.after[1])] if question.after else None,
                "ticks": dict(question.ticks),
            }
            for name, question in tally.questions.items()
        },
        "crossings": [
            {"fields": list(pair), "counts": [[*cells, count] for cells, count in counts.items()]}
            for pair, counts in tally.crossings.items()
        ],
        "sums": {name: str(total) for name, total in tally.sums.items()},
        "ranks": tally.ranks,
    }


def tally_of_json(written: Mapping[str, Any]) -> Tally:
    """Read a tally as `tally_as_json` writes it."""
    questions = {
        name: Question(
            said["categories"],
            said["missing"],
            (said["after"][0], frozenset(said["after"][1])) if said["after"] else None,
            said["ticks"],
        )
        for name, said in written["questions"].items()
    }
    crossings = {
        (said["fields"][0], said["fields"][1]): {(a, b): count for a, b, count in said["counts"]}
        for said in written["crossings"]
    }
    sums = {name: Decimal(total) for name, total in written["sums"].items()}
    return Tally(written["total"], questions, crossings, sums, written["ranks"])
