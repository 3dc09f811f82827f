"""The attack that published counts must withstand: all that follows from them, by linear programming.

A `System` has an unknown for every count there is, published or not, an equation for every sum that holds
between counts, and for every published count its value. `widths` asks how wide each unpublished count stays.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping

import numpy as np
from scipy.optimize import linprog  # type: ignore[import-untyped]
from scipy.sparse import coo_array  # type: ignore[import-untyped]

from forms.disclosure import Cells, Disclosure, Pair, Question

Name = Hashable


class System:
    """What an attacker knows: unknowns that are not negative, sums, values, and bounds of weighted sums."""

    def __init__(self) -> None:
        self.unknowns: dict[Name, int] = {}
        self.known: dict[Name, float] = {}
        self.sums: list[dict[Name, float]] = []
        self.bounds: list[tuple[dict[Name, float], float]] = []

    def unknown(self, name: Name) -> None:
        """Add a count."""
        self.unknowns.setdefault(name, len(self.unknowns))

    def adds_up(self, whole: Name, parts: Iterable[Name]) -> None:
        """Say that a count is the sum of others."""
        terms = {whole: -1.0}
        for part in parts:
            terms[part] = terms.get(part, 0.0) + 1.0
        for name in terms:
            self.unknown(name)
        self.sums.append(terms)

    def at_most(self, terms: Mapping[Name, float], bound: float) -> None:
        """Say that a weighted sum has an upper bound."""
        for name in terms:
            self.unknown(name)
        self.bounds.append((dict(terms), bound))

    def publish(self, name: Name, count: float) -> None:
        """Publish a count."""
        self.unknown(name)
        self.known[name] = count

    def widths(self, names: Iterable[Name]) -> dict[Name, tuple[float, float]]:
        """Give the least and the greatest value that each count can have."""
        limits = [(0.0, None)] * len(self.unknowns)
        for name, count in self.known.items():
            limits[self.unknowns[name]] = (count, count)
        found = {}
        for name in names:
            ends = []
            for sign in (1.0, -1.0):
                goal = np.zeros(len(self.unknowns))
                goal[self.unknowns[name]] = sign
                result = linprog(goal, *self._matrices(), bounds=limits, method="highs")
                if result.status == 3:
                    ends.append(-sign * np.inf)
                    continue
                assert result.status == 0, (name, result.message)
                ends.append(sign * result.fun)
            found[name] = (ends[0], ends[1])
        return found

    def _matrices(self) -> tuple[object, object, object, object]:
        upper = _matrix([terms for terms, _ in self.bounds], self.unknowns)
        equal = _matrix(self.sums, self.unknowns)
        tops = np.array([bound for _, bound in self.bounds]) if self.bounds else None
        return upper, tops, equal, np.zeros(len(self.sums)) if self.sums else None


def _matrix(rows: list[dict[Name, float]], unknowns: Mapping[Name, int]) -> object:
    if not rows:
        return None
    entries = [(i, unknowns[name], weight) for i, terms in enumerate(rows) for name, weight in terms.items()]
    lines, columns, weights = zip(*entries, strict=True)
    return coo_array((weights, (lines, columns)), shape=(len(rows), len(unknowns))).tocsr()


def relate(
    system: System, questions: Mapping[str, Question], crossings: Mapping[Pair, Cells], time: int = 0
) -> list[Name]:
    """Add the counts of one publication and every sum that holds between them.

    Returns:
        The names of all the counts: `(time, "total")`, `(time, question)` for having answered,
        `(time, question, code)`, `(time, question, "ticks", code)`, `(time, pair, codes)`.
    """
    names: list[Name] = [(time, "total")]
    system.unknown((time, "total"))
    for name, question in questions.items():
        answered = (time, name)
        codes = {code: (time, name, code) for code in question.codes}
        names += [answered, *codes.values()]
        system.adds_up(answered, (codes[code] for code in question.categories))
        if not question.routed:
            system.adds_up((time, "total"), codes.values())
        else:
            system.adds_up((time, name, "asked"), codes.values())
            system.publish((time, name, "asked"), sum(question.codes.values()))
        for code in question.ticks:
            names.append((time, name, "ticks", code))
            system.adds_up(answered, ((time, name, "ticks", code), (time, name, "rest", code)))
            names.append((time, name, "rest", code))
    for pair in crossings:
        first, second = (questions[name].codes for name in pair)
        for a in first:
            system.adds_up((time, pair[0], a), ((time, pair, (a, b)) for b in second))
        for b in second:
            system.adds_up((time, pair[1], b), ((time, pair, (a, b)) for a in first))
        names += [(time, pair, (a, b)) for a in first for b in second]
    return names


def publish(
    system: System,
    questions: Mapping[str, Question],
    crossings: Mapping[Pair, Cells],
    disclosure: Disclosure,
    time: int = 0,
) -> None:
    """Publish what a disclosure shows of some counts."""
    if disclosure.total:
        system.publish((time, "total"), sum(next(q for q in questions.values() if not q.routed).codes.values()))
    for name, shown in disclosure.questions.items():
        question = questions[name]
        if shown.answered:
            system.publish((time, name), question.answered)
        for code in shown.codes:
            system.publish((time, name, code), question.codes[code])
        for code in shown.ticks:
            system.publish((time, name, "ticks", code), question.ticks[code])
    for pair, cells in disclosure.crossings.items():
        for cell in cells:
            system.publish((time, pair, cell), crossings[pair].get(cell, 0))
