"""The attack that published counts must withstand: all that follows from them, by linear programming.

A `System` has an unknown for every count there is, published or not, an equation for every sum that holds
between counts, and for every published count its value. `widths` asks how wide each unpublished count stays.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping

import numpy as np

from bacheca.forms.results.disclosure import Cells, Disclosure, Pair, Question

Name = Hashable


CROWD = 100_000.0
"""More people than answer any survey here: the bound of what nothing else bounds."""

GUESSES = 8
"""How many solutions are found at random first."""


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

    def widths(self, names: Iterable[Name], enough: float, *, whole: bool = False) -> dict[Name, tuple[float, float]]:
        """Give a least and a greatest value that each count can have: the extremes, where they are not `enough` apart.

        Args:
            names: the counts.
            enough: what is wide.
            whole: whether counts are whole numbers, which takes longer than to say nothing of it.

        Every solution that is found says something about all counts, so most are wide before they are asked about.
        """
        # SciPy takes every worker a second to load, and the tests of two modules ask for it.
        from scipy.optimize import linprog  # type: ignore[import-untyped] # noqa: PLC0415

        limits = [(0.0, CROWD)] * len(self.unknowns)
        for name, count in self.known.items():
            limits[self.unknowns[name]] = (count, count)
        matrices = self._matrices()
        low, high = np.full(len(self.unknowns), np.inf), np.full(len(self.unknowns), -np.inf)
        names = list(names)
        places = [self.unknowns[name] for name in names]
        asked = list(_guesses(places, len(self.unknowns)))
        asked += [sign * np.eye(1, len(self.unknowns), place)[0] for place in places for sign in (1.0, -1.0)]
        for number, goal in enumerate(asked, -GUESSES):
            place = places[max(number, 0) // 2] if places else 0
            if number >= 0 and high[place] - low[place] >= enough:
                continue
            result = linprog(goal, *matrices, bounds=limits, integrality=whole, method="highs")
            assert result.status == 0, result.message
            low, high = np.minimum(low, result.x), np.maximum(high, result.x)
        low, high = np.round(low, 6) + 0.0, np.round(high, 6) + 0.0
        return {name: (float(low[place]), float(high[place])) for name, place in zip(names, places, strict=True)}

    def _matrices(self) -> tuple[object, object, object, object]:
        upper = _matrix([terms for terms, _ in self.bounds], self.unknowns)
        equal = _matrix(self.sums, self.unknowns)
        tops = np.array([bound for _, bound in self.bounds]) if self.bounds else None
        return upper, tops, equal, np.zeros(len(self.sums)) if self.sums else None


def _matrix(rows: list[dict[Name, float]], unknowns: Mapping[Name, int]) -> object:
    from scipy.sparse import coo_array  # type: ignore[import-untyped] # noqa: PLC0415

    if not rows:
        return None
    entries = [(i, unknowns[name], weight) for i, terms in enumerate(rows) for name, weight in terms.items()]
    lines, columns, weights = zip(*entries, strict=True)
    return coo_array((weights, (lines, columns)), shape=(len(rows), len(unknowns))).tocsr()


def _guesses(places: list[int], size: int) -> Iterable[np.ndarray]:
    chance = np.random.default_rng(1)
    for _ in range(GUESSES):
        goal = np.zeros(size)
        goal[places] = chance.choice([-1.0, 1.0], len(places))
        yield goal


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
        if question.after is None:
            system.adds_up((time, "total"), codes.values())
        else:
            before, gate = question.after
            system.adds_up((time, name, "asked"), codes.values())
            system.adds_up((time, name, "asked"), ((time, before, code) for code in gate))
        names += relate_boxes(system, question, (time, name))
    for pair in crossings:
        first, second = (questions[name].codes for name in pair)
        for a in first:
            system.adds_up((time, pair[0], a), ((time, pair, (a, b)) for b in second))
        for b in second:
            system.adds_up((time, pair[1], b), ((time, pair, (a, b)) for a in first))
        names += [(time, pair, (a, b)) for a in first for b in second]
    return names


def relate_boxes(system: System, question: Question, answered: tuple[int, str]) -> list[Name]:
    """Add the ticks of a question and what the form says of them.

    Returns:
        The names of the counts: `(time, question, "ticks", code)`, those who answered and did not tick it (`"rest"`),
        those who ticked boxes that go together (`"others"`) and, of these, those who did not tick it (`"apart"`).
    """
    names: list[Name] = []
    boxes, others = question.boxes, (*answered, "others", "")
    together: list[Name] = [(*answered, "ticks", code) for code in question.ticks if code != boxes.alone]
    for code in question.ticks:
        ticks, rest, apart = ((*answered, what, code) for what in ("ticks", "rest", "apart"))
        system.adds_up(answered, (ticks, rest))
        names += [ticks, rest]
        if boxes.alone and code != boxes.alone:
            system.adds_up(others, (ticks, apart))
            names.append(apart)
    if not question.ticks:
        return []
    if boxes.alone:
        system.adds_up(answered, (others, (*answered, "ticks", boxes.alone)))
        names.append(others)
    whole: Name = others if boxes.alone else answered
    every = dict.fromkeys(together, 1.0)
    system.at_most({**dict.fromkeys(together, -1.0), whole: float(boxes.least)}, 0.0)
    system.at_most({**every, whole: -float(min(boxes.most, len(together)))}, 0.0)
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
        system.publish((time, "total"), sum(next(q for q in questions.values() if q.after is None).codes.values()))
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
