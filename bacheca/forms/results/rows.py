"""Results: what may be shown to everybody of the responses to a form.

Exact counts (`tally.py`) go through disclosure control (`disclosure.py`) and come out as rows; a
value that is not shown is blank, whether it is small, hidden to protect another, or nothing at all.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property

from bacheca.forms.definition.form import Form
from bacheca.forms.results.boxes import narrowed
from bacheca.forms.results.disclosure import (
    Disclosure,
    Question,
    Statistic,
    nearest,
    protect,
    round_to,
    statistics_are_safe,
)
from bacheca.forms.results.tally import ANSWERED, Tally, bins_of

PUBLISHED_AT = time(6)
"""When results are published, every day, in the form's zone: what came up to midnight is counted then."""

BLANK = "-"
"""How results write the code of a question left blank, which in responses is an empty cell."""

PROMOTERS = ("9", "10")
DETRACTORS = tuple("0123456")
"""Of a scale from 0 to 10, who would recommend and who would not (net promoter score)."""

NET_SCALE = tuple(map(str, range(11)))
"""The scale that has a net promoter score."""

PLACES = (1, 0)
"""How exactly a mean is shown, in decimal places: the first that tells nothing about hidden counts."""

MEASURES = ("responses", "answered", "count", "mean", "nps", "mean-rank")
"""What a row can say: responses; answers to a field; a category's count; the rest of a field or category."""


Weights = tuple[Mapping[str, float], Mapping[str, float]]
"""The least and the most that a person in each category adds to a sum."""


@dataclass(frozen=True)
class Row:
    """One published value; blank where it is not shown.

    Args:
        field: the field; empty for the whole form.
        category: the category, or the reason for not answering (`-` for none given); empty for the whole field.
        crossed_field: the field it is crossed with; mostly empty.
        crossed_category: the category of that field.
        measure: one of `MEASURES`.
        value: a number as text, or nothing.
    """

    field: str
    category: str
    crossed_field: str
    crossed_category: str
    measure: str
    value: str

    @property
    def place(self) -> tuple[str, str, str, str, str]:
        """All but the value."""
        return (self.field, self.category, self.crossed_field, self.crossed_category, self.measure)


@dataclass(frozen=True, order=True)
class Quotation:
    """A comment that an editor approved and its writer lets us quote."""

    field: str
    text: str


@dataclass(frozen=True)
class Results:
    """Results as they are published.

    Args:
        form: the form's name.
        version: the version of the form that was answered.
        threshold: the least count that is shown.
        rounding: the base to which counts are rounded; 0 where small ones are hidden instead.
        since: the day on which this version of the form was first open.
        until: the last day of the responses counted.
        created: when they were made, with the time zone.
        rows: the values.
        quotations: the comments quoted.
        changed: the questions whose change made counting begin anew on the day `since` (an empty name for the form
            as a whole); none where the form is counted from its beginning.
    """

    form: str
    version: str
    threshold: int
    rounding: int
    since: date
    until: date
    created: datetime
    rows: tuple[Row, ...]
    quotations: tuple[Quotation, ...] = ()
    changed: tuple[str, ...] = ()

    @cached_property
    def values(self) -> Mapping[tuple[str, str, str, str, str], Decimal | None]:
        """The values by their places; None for what is not shown."""
        return {row.place: Decimal(row.value) if row.value else None for row in self.rows}

    def value(
        self, measure: str, field: str = "", category: str = "", crossed: tuple[str, str] = ("", "")
    ) -> Decimal | None:
        """Give a value; None where it is not shown or not there."""
        return self.values.get((field, category or "", *crossed, measure))


def batch_of(form: Form) -> int:
    """Give how many responses a publication adds at least to the one before."""
    return form.rounding or form.threshold


def rows_of(form: Form, tally: Tally, before: Tally | None = None) -> tuple[Row, ...]:
    """Make the rows that may be published.

    Args:
        form: the form.
        tally: the exact counts of today.
        before: those of the publication before; None where there was none of this resource.
    """
    if form.rounding:
        return tuple(_rounded(form, tally))
    growth = grown(tally, before)
    disclosure = protect(growth.questions, growth.crossings, form.threshold)
    return tuple(_shown(form, tally, growth, disclosure))


def holds_back(form: Form, tally: Tally, before: Tally | None, rows: Sequence[Row], shown: Iterable[Row]) -> bool:
    """Tell whether new rows had better wait for more responses, since they show nothing, less, or too much.

    Args:
        form: the form.
        tally: the exact counts of today.
        before: those of the publication before; None where there was none.
        rows: what would be shown.
        shown: what is shown now.
    """
    if form.rounding:
        return _tells_a_batch(form, rows, shown, tally.total - (before.total if before else 0))
    now = _counts_shown(tally, rows)
    if not now and (any(_places(question) for question in tally.questions.values()) or not any(r.value for r in rows)):
        return True
    doubled = before is None or tally.total >= 2 * before.total
    return hides_what_was_shown(rows, shown) or not (doubled or _counts_shown(tally, rows_of(form, tally)) <= now)


def hides_what_was_shown(rows: Iterable[Row], before: Iterable[Row]) -> bool:
    """Tell whether some counts shown before would be blank now, since they have grown too little."""
    shown = {row.place for row in rows if row.value}
    return any(row.value and row.place not in shown for row in before if row.measure in ("count", "answered"))


def _tells_a_batch(form: Form, rows: Sequence[Row], shown: Iterable[Row], new: int) -> bool:
    """Tell whether some rounded count fell or leapt too far: see `leaps_tell`."""
    earlier = {row.place: int(row.value) for row in shown if row.value}
    leaps = [int(row.value) - earlier.get(row.place, 0) for row in rows if row.value and row.measure == "count"]
    return leaps_tell(leaps, new, form.rounding)


def leaps_tell(leaps: Iterable[int], new: int, base: int) -> bool:
    """Tell whether rounded counts show what nearly all who answered since have answered.

    A count has leapt so far that all but a few of them must have given that answer; or it fell, which rounding may
    do when the others rise, and which tells that hardly anybody did.

    Args:
        leaps: how much each rounded count differs from what is shown.
        new: how many answered since.
        base: what counts are rounded to multiples of, twice the threshold.
    """
    leaps = list(leaps)
    return min(leaps, default=0) < 0 or max(leaps, default=0) - (base - 1) > new - base // 2


def _counts_shown(tally: Tally, rows: Iterable[Row]) -> set[tuple[str, str]]:
    """Name the answers whose counts are shown, each with its question."""
    return {
        (row.field, row.category)
        for row in rows
        if row.value and row.measure == "count" and not row.crossed_field
        if row.category in _places(tally.questions[row.field])
    }


def _places(question: Question) -> Mapping[str, int]:
    """Give the counts of a question that are rows of their own."""
    places = question.ticks or question.categories
    return {} if ANSWERED in places else places


def grown(tally: Tally, before: Tally | None) -> Tally:
    """Give how much each count has grown."""
    if before is None:
        return tally

    def rest(now: Mapping[str, int], then: Mapping[str, int]) -> dict[str, int]:
        return {code: count - then.get(code, 0) for code, count in now.items()}

    questions = {
        name: replace(
            now,
            categories=rest(now.categories, then.categories),
            missing=rest(now.missing, then.missing),
            ticks=rest(now.ticks, then.ticks),
        )
        for name, now in tally.questions.items()
        for then in (before.questions.get(name, Question({})),)
    }
    crossings = {
        pair: {cells: counts.get(cells, 0) - then.get(cells, 0) for cells in {**counts, **then}}
        for pair, counts in tally.crossings.items()
        for then in (before.crossings.get(pair, {}),)
    }
    ranks = {
        name: {code: rest(counts, before.ranks.get(name, {}).get(code, {})) for code, counts in of_name.items()}
        for name, of_name in tally.ranks.items()
    }
    return Tally(tally.total - before.total, questions, crossings, tally.sums, ranks)


def _shown(form: Form, tally: Tally, growth: Tally, disclosure: Disclosure) -> Iterator[Row]:
    yield Row("", "", "", "", "responses", str(tally.total) if disclosure.total else "")
    crossed = {name for pair in tally.crossings for name in pair}
    for name, question in tally.questions.items():
        shown = disclosure.questions[name]
        yield Row(name, "", "", "", "answered", str(question.answered) if shown.answered else "")
        codes = shown.ticks if question.ticks else shown.codes
        for code, count in _places(question).items():
            yield Row(name, code, "", "", "count", str(count) if code in codes else "")
        for code, count in question.missing.items():
            yield Row(name, code or BLANK, "", "", "count", str(count) if code in shown.codes else "")
        hidden = question.categories.keys() - shown.codes
        may = shown.answered and not (hidden and name in crossed)
        yield from _statistics(form, name, tally, growth, hidden if may else None)
        if name in tally.ranks:
            yield from mean_ranks(name, tally, growth, form.threshold, answered=shown.answered)
    for (first, second), cells in tally.crossings.items():
        for a in tally.questions[first].codes:
            for b in tally.questions[second].codes:
                value = str(cells.get((a, b), 0)) if (a, b) in disclosure.crossings[first, second] else ""
                yield Row(first, a or BLANK, second, b or BLANK, "count", value)


def _statistics(form: Form, name: str, tally: Tally, growth: Tally, hidden: Iterable[str] | None) -> Iterator[Row]:
    """Give the mean of a number, and mean and net promoter score of a scale."""
    asked, counts = form.field(name), tally.questions[name].categories
    scores = asked.scores
    if scores is not None:
        total = Decimal(sum(scores[code] * count for code, count in counts.items()))
        weights: Weights = ({code: float(score) for code, score in scores.items()},) * 2
    elif name in tally.sums:
        total = tally.sums[name]
        bins = {found.code: found for found in bins_of(asked)}
        weights = (
            {code: float(bins[code].low) if bins else 0.0 for code in counts},
            {code: float(bins[code].high) if bins else 0.0 for code in counts},
        )
    else:
        return
    base = sum(counts.values())
    net = {code: (code in PROMOTERS) - (code in DETRACTORS) for code in counts}
    is_net = scores is not None and tuple(scores) == NET_SCALE
    mean = score = ""
    for places in PLACES if hidden is not None and base else ():
        figures = [_mean_statistic(counts, weights, total, places)]
        figures += [_net_statistic(net, counts)] if is_net else []
        more = growth.questions[name].categories
        if statistics_are_safe(counts, more, hidden or (), figures, form.threshold):
            mean, score = figure(total / base, places), _net_score(net, counts)
            break
    yield Row(name, "", "", "", "mean", mean)
    if is_net:
        yield Row(name, "", "", "", "nps", score)


def _mean_statistic(counts: Mapping[str, int], weights: Weights, total: Decimal, places: int) -> Statistic:
    base = sum(counts.values())
    middle, slack = float(figure(total / base, places)) * base, base * 10.0**-places / 2
    return Statistic(*weights, middle - slack, middle + slack)


def _net_statistic(net: Mapping[str, int], counts: Mapping[str, int]) -> Statistic:
    weights = {code: float(weight) for code, weight in net.items()}
    base = sum(counts.values())
    middle = float(_net_score(net, counts)) * base / 100
    return Statistic(weights, weights, middle - base / 200, middle + base / 200)


def _net_score(net: Mapping[str, int], counts: Mapping[str, int]) -> str:
    share = Decimal(100 * sum(net[code] * count for code, count in counts.items()))
    return figure(share / sum(counts.values()), 0)


def mean_ranks(name: str, tally: Tally, growth: Tally, threshold: int, *, answered: bool = True) -> Iterator[Row]:
    """Give the mean rank of each category, or of none: the ranks of all add up to a known sum.

    Args:
        name: the question.
        tally: the exact counts.
        growth: how much they have grown.
        threshold: how many persons must be exchangeable.
        answered: whether how many answered is shown.
    """
    ranks, more = tally.ranks[name], growth.ranks[name]
    enough = answered and all(sum(counts.values()) >= threshold for counts in more.values())
    means: Mapping[str, str] = {}
    for places in PLACES if enough else ():
        sums = ranges_of_ranks(ranks, places)
        if all(
            statistics_are_safe(counts, more[code], counts, [_ranks_statistic(counts, sums[code])], threshold)
            for code, counts in ranks.items()
        ):
            means = {code: mean_rank(counts, places) for code, counts in ranks.items()}
            break
    for code in ranks:
        yield Row(name, code, "", "", "mean-rank", means.get(code, ""))


def mean_rank(counts: Mapping[str, int], places: int) -> str:
    """Give the mean of ranks, rounded."""
    return figure(Decimal(_sum_of_ranks(counts)) / sum(counts.values()), places)


def ranges_of_ranks(ranks: Mapping[str, Mapping[str, int]], places: int) -> Mapping[str, tuple[int, int]]:
    """Give what the sum of each category's ranks can be for whoever sees the rounded means of all of them.

    Where everybody ranks everything, what the others leave of the sum of all ranks is known too.

    Args:
        ranks: how often each category had each rank.
        places: the decimal places of the means.
    """
    found: dict[str, tuple[int, int]] = {}
    half = Decimal(1).scaleb(-places) / 2
    for code, counts in ranks.items():
        base, mean = sum(counts.values()), Decimal(mean_rank(counts, places))
        low, high = math.ceil((mean - half) * base), math.ceil((mean + half) * base) - 1
        found[code] = max(low, base), min(high, base * len(counts))
    people = {sum(counts.values()) for counts in ranks.values()}
    if len(people) == 1 and all(len(counts) == len(ranks) for counts in ranks.values()):
        whole = people.pop() * len(ranks) * (len(ranks) + 1) // 2
        lows, highs = sum(low for low, _ in found.values()), sum(high for _, high in found.values())
        found = {
            code: (max(low, whole - highs + high), min(high, whole - lows + low)) for code, (low, high) in found.items()
        }
    return found


def _ranks_statistic(counts: Mapping[str, int], between: tuple[int, int]) -> Statistic:
    weights = {rank: float(rank) for rank in counts}
    return Statistic(weights, weights, *between)


def _sum_of_ranks(counts: Mapping[str, int]) -> int:
    return sum(int(rank) * count for rank, count in counts.items())


def _rounded(form: Form, tally: Tally) -> Iterator[Row]:
    """Round every count to a multiple; the parts of each question add up to the whole."""
    base = form.rounding
    wholes = {"": nearest(tally.total, base)}
    rounded: dict[str, dict[str, int]] = {}
    yield Row("", "", "", "", "responses", str(wholes[""]))
    for name, question in tally.questions.items():
        whole: int | None = wholes[""]
        if question.after:
            before, gate = question.after
            whole = sum(rounded[before][code] for code in gate) if gate <= rounded.get(before, {}).keys() else None
        shown = round_to(question.codes, base, whole) if whole is not None else {}
        if not question.ticks:
            rounded[name] = shown
        answered = sum(shown.get(code, 0) for code in question.categories)
        yield Row(name, "", "", "", "answered", str(answered) if shown else "")
        counts = rounded_ticks(question, answered, base) if question.ticks else shown
        for code in _places(question):
            yield Row(name, code, "", "", "count", str(counts[code]) if shown and counts else "")
        for code in question.missing:
            yield Row(name, code or BLANK, "", "", "count", str(shown[code]) if shown else "")


def rounded_ticks(question: Question, answered: int, base: int) -> Mapping[str, int]:
    """Round the ticks of each box, none to more than how many answered; nothing where rounding leaves too little open.

    Args:
        question: the exact counts.
        answered: how many answered, rounded.
        base: what to round to multiples of.
    """
    rounded = {code: min(nearest(count, base), answered) for code, count in question.ticks.items()}
    whole = max(0, answered - base + 1), answered + base - 1
    ranges = {
        code: (max(0, count - base // 2), whole[1] if count == answered else count + (base - 1) // 2)
        for code, count in rounded.items()
    }
    known = narrowed(question.boxes, whole, ranges)
    return rounded if known and known.is_wide(rounded, base // 2 - 1, answered=True) else {}


def figure(number: Decimal, places: int) -> str:
    """Write a figure with so many decimals: every mean, score and mean rank is made here, and none is a minus zero."""
    return f"{number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP) + 0:f}"
