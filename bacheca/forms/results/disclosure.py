"""Which counts may be shown, so that none below the threshold is shown nor can be worked out.

Every published count is a cell of a table or a sum of cells: the categories and the reasons for not answering of
a question add up to the responses, the rows and columns of a crossing to the counts of its two questions. Whoever
subtracts what is shown from what it adds up to knows the sum of what is hidden. So what is hidden is hidden in
company: persons could be exchanged among hidden counts, without changing anything shown, until each of them had
moved by the threshold at least. `tests/bacheca/forms/results/test_disclosure.py` solves the linear system of what is
published and finds each hidden count at least that wide.

Four rules give that:

- in a list, the hidden counts are two or more and hold the threshold together, so each may be anything up to it;
- a code that is hidden in its own question hides its whole row of every crossing, where hidden codes then count as
  one; in what remains, every hidden count is the corner of a rectangle of hidden counts among which persons can be
  exchanged;
- of boxes that several can be ticked of, as many are hidden as it takes for each hidden one, those who did not tick it,
  and how many answered where that is hidden, to be as wide as the threshold for whoever knows how many boxes one may
  tick and which one excludes the others (`boxes.py`);
- where too few left a question blank, it is the number of responses that stays unsaid, and with it all the blanks.

Counts here are those of a *batch*: how much each has grown since the publication before (all of it, the first
time). A count is at least its growth, so protecting the growth of each protects both publications, even from those
who know everything about the first one.

A crossing of each pair of questions is protected by itself, which is sound as long as the crossings draw no ring;
`form:cross` refuses rings.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

from bacheca.forms.kinds.counted import Boxes
from bacheca.forms.results.boxes import shown_ticks

Pair = tuple[str, str]
Cells = Mapping[Pair, int]

UNBOUNDED = 10**12
"""What a count may hold that nothing published limits."""


@dataclass(frozen=True)
class Question:
    """The counts of a question that puts each response in one place.

    Args:
        categories: how many gave each answer.
        missing: how many did not, by reason; empty where nobody can go without an answer.
        after: the earlier question and its codes that one had to answer to be asked this one.
        ticks: how often each box was ticked, where several could be; the one category is then having answered.
        boxes: how they may be ticked.
    """

    categories: Mapping[str, int]
    missing: Mapping[str, int] = field(default_factory=dict)
    after: tuple[str, frozenset[str]] | None = None
    ticks: Mapping[str, int] = field(default_factory=dict)
    boxes: Boxes = field(default_factory=Boxes)

    @property
    def answered(self) -> int:
        """How many answered."""
        return sum(self.categories.values())

    @property
    def codes(self) -> Mapping[str, int]:
        """Every place a response can be in."""
        return {**self.categories, **self.missing}


@dataclass(frozen=True)
class Shown:
    """What may be shown of a question: its codes, its ticks, and how many answered."""

    codes: frozenset[str] = frozenset()
    ticks: frozenset[str] = frozenset()
    answered: bool = False


@dataclass(frozen=True)
class Disclosure:
    """What may be shown of a form's counts: the number of responses, each question, the cells of each crossing."""

    total: bool
    questions: Mapping[str, Shown]
    crossings: Mapping[Pair, frozenset[Pair]]


def protect(questions: Mapping[str, Question], crossings: Mapping[Pair, Cells], threshold: int) -> Disclosure:
    """Choose what to show.

    Args:
        questions: the growth of each question's counts, by its name, in their order; all are of the same responses.
        crossings: the growth of each crossing's counts, by the codes of its two questions.
        threshold: the least count that may be known.
    """
    total_shown = _total_can_be_shown(questions, threshold)
    shown: dict[str, Shown] = {}
    for name, question in questions.items():
        if question.after is None:
            shown[name] = _protect_question(question, total_shown, threshold)
        else:  # those who were asked are a count too, the sum of this question's
            known = _is_known(questions, shown, *question.after)
            shown[name] = _protect_question(question, True, threshold) if known else Shown()
    cells = {
        (first, second): _protect_crossing(
            counts,
            [_grouped(questions[name].codes, shown[name].codes) for name in (first, second)],
            not total_shown,
            threshold,
        )
        for (first, second), counts in crossings.items()
    }
    return Disclosure(total_shown, shown, cells)


def _total_can_be_shown(questions: Mapping[str, Question], threshold: int) -> bool:
    """Tell whether the number of responses can be said, or must be since some question has no blanks."""
    of_all = [question for question in questions.values() if question.after is None]
    if any(sum(question.codes.values()) < threshold for question in of_all):
        return False
    if any(not question.missing for question in of_all):
        return True
    return all(_hidden(question.missing, threshold) is not None for question in of_all)


def _is_known(questions: Mapping[str, Question], shown: Mapping[str, Shown], name: str, codes: frozenset[str]) -> bool:
    """Tell whether how many gave one of these answers is shown."""
    if codes == questions[name].categories.keys():
        return shown[name].answered
    if questions[name].ticks:
        return len(codes) == 1 and codes <= shown[name].ticks
    return codes <= shown[name].codes


def _protect_question(question: Question, total_known: bool, threshold: int) -> Shown:
    categories = _hidden(question.categories, threshold)
    if total_known:
        missing = _hidden(question.missing, threshold) if question.missing else set()
        if categories is None or missing is None:
            hidden = _hidden({**question.missing, **question.categories}, threshold, first=question.missing)
            codes = frozenset(question.codes) - (question.codes.keys() if hidden is None else hidden)
            return Shown(codes, _ticks(question, codes, threshold), False)
    else:
        missing = {code for code, count in question.missing.items() if count < threshold}
        missing = missing or set(sorted(question.missing, key=lambda code: question.missing[code])[:1])
    if categories is None:
        return Shown(frozenset(question.missing) - missing)
    codes = frozenset(question.codes) - missing - categories
    return Shown(codes, _ticks(question, codes, threshold, answered=True), True)


def _hidden(counts: Mapping[str, int], threshold: int, first: Iterable[str] = ()) -> set[str] | None:
    """Choose what to hide of counts whose sum is known: nothing, or two or more that hold the threshold together.

    Args:
        counts: the counts.
        threshold: the least count that may be known.
        first: what to hide before anything else, once something must be.

    Returns:
        What to hide, or None where even hiding all would tell a count below the threshold.
    """
    hidden = {code for code, count in counts.items() if count < threshold}
    first = frozenset(first)
    for code in sorted(counts.keys() - hidden, key=lambda code: (code not in first, counts[code], code)):
        if not hidden or _company(counts, hidden, threshold):
            return hidden
        hidden.add(code)
    return hidden if not hidden or _company(counts, hidden, threshold) else None


def _company(counts: Mapping[str, int], hidden: set[str], threshold: int) -> bool:
    return len(hidden) > 1 and sum(counts[code] for code in hidden) >= threshold


def _ticks(question: Question, codes: frozenset[str], threshold: int, *, answered: bool = False) -> frozenset[str]:
    """Choose the boxes whose ticks may be shown beside some codes, and beside how many answered or not."""
    if not question.ticks:
        return frozenset()
    at_most = sum(count for code, count in question.codes.items() if code not in codes or code in question.categories)
    known = (question.answered, question.answered) if answered else (0, at_most)
    return shown_ticks(question.boxes, question.ticks, question.answered, known, threshold)


def _grouped(codes: Iterable[str], shown: frozenset[str]) -> list[tuple[str, ...]]:
    """Give each shown code by itself and all hidden ones together, last."""
    hidden = tuple(code for code in codes if code not in shown)
    return [(code,) for code in codes if code in shown] + ([hidden] if hidden else [])


def _protect_crossing(
    counts: Cells, axes: Sequence[Sequence[tuple[str, ...]]], total_unknown: bool, threshold: int
) -> frozenset[Pair]:
    rows, columns = axes
    table = [[sum(counts.get(pair, 0) for pair in product(row, column)) for column in columns] for row in rows]
    hidden = {(i, j) for i, row in enumerate(table) for j, count in enumerate(row) if count < threshold}
    if total_unknown:  # whoever left both questions blank may be any number
        hidden.add((len(rows) - 1, len(columns) - 1))
        table[-1][-1] = UNBOUNDED
    hidden = _rectangles(table, hidden, threshold)
    return frozenset(
        (row[0], column[0])
        for (i, row), (j, column) in product(enumerate(rows), enumerate(columns))
        if len(row) == len(column) == 1 and (i, j) not in hidden
    )


def _rectangles(table: Sequence[Sequence[int]], hidden: set[tuple[int, int]], threshold: int) -> set[tuple[int, int]]:
    """Hide more, until each hidden cell is the corner of a rectangle in which persons can be exchanged.

    Along a rectangle two opposite corners lose what the other two gain, and no row or column changes its sum.

    Args:
        table: counts whose row and column sums are known, each the threshold at least.
        hidden: the cells to hide, by row and column.
        threshold: how many persons must be exchangeable.

    Returns:
        The cells to hide: all of them where no rectangle helps, which then helps itself since a cell may be
        anything up to its row's or column's sum.
    """
    hidden = set(hidden)
    size = (range(len(table)), range(len(table[0]) if table else 0))
    for i, j in sorted(hidden, key=lambda cell: (table[cell[0]][cell[1]], cell)):
        best: tuple[int, set[tuple[int, int]]] | None = None
        for k, m in product(*size):
            if k == i or m == j:
                continue
            if min(table[i][m], table[k][j]) + min(table[i][j], table[k][m]) < threshold:
                continue
            more = {(i, m), (k, j), (k, m)} - hidden
            cost = sum(table[row][column] for row, column in more)
            if best is None or (cost, len(more)) < (best[0], len(best[1])):
                best = (cost, more)
        if best is None:
            return set(product(*size))
        hidden |= best[1]
    return hidden


@dataclass(frozen=True)
class Statistic:
    """A published figure that bounds a weighted sum of counts, such as a mean.

    Args:
        lows: the least that a person in each category adds to the sum.
        highs: the most.
        least: the least sum that the figure allows, rounded as it is.
        most: the most.
    """

    lows: Mapping[str, float]
    highs: Mapping[str, float]
    least: float
    most: float


def statistics_are_safe(
    counts: Mapping[str, int],
    growth: Mapping[str, int],
    hidden: Iterable[str],
    statistics: Sequence[Statistic],
    threshold: int,
) -> bool:
    """Tell whether figures leave every hidden category as wide as the threshold.

    Args:
        counts: how many are in each category.
        growth: how many of them came since the publication before.
        hidden: the categories whose counts are not shown.
        statistics: the figures that would be shown together.
        threshold: how many persons must be exchangeable.
    """
    hidden = list(hidden)
    return all(
        _moved(counts, growth, sorted(others, key=lambda other: _distance(other, one, statistics)), one, statistics)
        + max((_moved(counts, growth, [one], other, statistics) for other in others), default=0)
        >= threshold
        for one in hidden
        for others in ([other for other in hidden if other != one],)
    )


def _distance(one: str, other: str, statistics: Sequence[Statistic]) -> float:
    return sum(abs(statistic.lows[one] - statistic.lows[other]) for statistic in statistics)


def _moved(
    counts: Mapping[str, int],
    growth: Mapping[str, int],
    sources: Sequence[str],
    target: str,
    statistics: Sequence[Statistic],
) -> int:
    """Count the persons that could move from some categories to another with every figure staying as it is."""
    moved = 0
    left = [
        [
            statistic.most - sum(statistic.lows[code] * count for code, count in counts.items()),
            sum(statistic.highs[code] * count for code, count in counts.items()) - statistic.least,
        ]
        for statistic in statistics
    ]
    for source in sources:
        steps = [
            (statistic.lows[target] - statistic.lows[source], statistic.highs[source] - statistic.highs[target])
            for statistic in statistics
        ]
        persons = max(growth[source], 0)
        for room, step in (
            (r, s) for rooms, both in zip(left, steps, strict=True) for r, s in zip(rooms, both, strict=True)
        ):
            if step > 0:
                persons = min(persons, max(0, math.floor(room / step + 1e-9)))
        moved += persons
        for rooms, both in zip(left, steps, strict=True):
            rooms[:] = [room - persons * step for room, step in zip(rooms, both, strict=True)]
    return moved


def round_to(counts: Mapping[str, int], base: int, total: int) -> dict[str, int]:
    """Round counts to multiples of a base that add up to a rounded total: those nearest to the next one go up.

    Args:
        counts: the counts.
        base: the base; twice the threshold leaves every count as wide as the threshold.
        total: their sum rounded to a multiple, up or down.
    """
    down = {code: count // base * base for code, count in counts.items()}
    up = (total - sum(down.values())) // base
    raised = sorted(counts, key=lambda code: (-(counts[code] % base), code))[:up]
    return {code: down[code] + (base if code in raised else 0) for code in counts}


def nearest(count: int, base: int) -> int:
    """Round a count to the nearest multiple of a base, half of it up."""
    return (count + base // 2) // base * base
