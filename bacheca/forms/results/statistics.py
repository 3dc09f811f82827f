"""Means, net promoter scores and mean ranks, as exactly as they tell nothing about the counts that are hidden."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal

from bacheca.forms.definition.form import Form
from bacheca.forms.results.disclosure import Statistic, statistics_are_safe
from bacheca.forms.results.results import Row
from bacheca.forms.results.tally import Tally, bins_of

PROMOTERS = ("9", "10")
DETRACTORS = tuple("0123456")
"""Of a scale from 0 to 10, who would recommend and who would not (net promoter score)."""

NET_SCALE = tuple(map(str, range(11)))
"""The scale that has a net promoter score."""

PLACES = (1, 0)
"""How exactly a mean is shown, in decimal places: the first that tells nothing about hidden counts."""

Weights = tuple[Mapping[str, float], Mapping[str, float]]
"""The least and the most that a person in each category adds to a sum."""


def statistics_of(form: Form, name: str, tally: Tally, growth: Tally, hidden: Iterable[str] | None) -> Iterator[Row]:
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


def figure(number: Decimal, places: int) -> str:
    """Write a figure with so many decimals: every mean, score and mean rank is made here, and none is a minus zero."""
    return f"{number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP) + 0:f}"
