"""What counts of boxes tell of each other is worked out exactly; at the threshold itself, ticks are shown."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from itertools import combinations

import pytest

from bacheca.forms.kinds.counted import Boxes
from bacheca.forms.results.boxes import Known, Range, narrowed, shown_ticks

THRESHOLD = 5

Counts = tuple[int, tuple[int, ...]]
"""How many people answered, and how often they ticked each box."""


def all_that_can_be(boxes: Boxes, codes: str, at_most: int) -> Iterator[Counts]:
    """Let people answer one after the other, each in every way that the form allows."""
    together = [code for code in codes if code != boxes.alone]
    ways = [way for k in range(boxes.least, boxes.most + 1) for way in combinations(together, k)]
    ways += [(boxes.alone,)] if boxes.alone else []
    reached = {(0,) * len(codes)}
    for people in range(at_most + 1):
        yield from ((people, ticks) for ticks in reached)
        reached = {tuple(n + (code in way) for n, code in zip(t, codes, strict=True)) for t in reached for way in ways}


def ends(numbers: Iterable[int]) -> Range:
    found = sorted(numbers)
    return found[0], found[-1]


def test_no_count_can_be_more_or_less_than_is_said_and_all_that_is_said_can_be() -> None:
    for seed in range(400):
        chance = random.Random(seed)
        codes = "abcd"[: chance.randint(1, 4)]
        alone = chance.choice(["", codes[-1]])
        together = len(codes) - bool(alone)
        least = chance.randint(1, together or 1)
        boxes = Boxes(least, chance.randint(least, together or 1), alone)
        at_most = chance.randint(1, 5)
        everything = list(all_that_can_be(boxes, codes, at_most))
        people, ticked = chance.choice(everything)
        answered = chance.choice([(people, people), (0, at_most)])
        ticks = {
            code: chance.choice([(n, n), (0, answered[1]), (0, answered[1])])
            for code, n in zip(codes, ticked, strict=True)
        }
        left = [
            (people, dict(zip(codes, found, strict=True)))
            for people, found in everything
            if answered[0] <= people <= answered[1]
            if all(low <= n <= high for n, (low, high) in zip(found, ticks.values(), strict=True))
        ]
        assert narrowed(boxes, answered, ticks) == Known(
            ends(people for people, _ in left),
            {code: ends(found[code] for _, found in left) for code in codes},
            {code: ends(people - found[code] for people, found in left) for code in codes},
        ), (seed, boxes, answered, ticks)


def test_counts_that_nobody_can_have_given_are_known_for_it() -> None:
    assert narrowed(Boxes(2, 2), (5, 5), {"x": (5, 5), "y": (4, 4), "z": (0, 0)}) is None


def shown(boxes: Boxes, ticks: dict[str, int], answered: int) -> str:
    return "".join(sorted(shown_ticks(boxes, ticks, answered, (answered, answered), THRESHOLD)))


def test_a_box_is_shown_that_just_enough_ticked_or_just_enough_did_not() -> None:
    assert shown(Boxes(1, 3), {"x": 45, "y": 30, "z": 20}, 50) == "xyz"
    assert shown(Boxes(1, 3), {"x": 5, "y": 30, "z": 40}, 50) == "xyz"


@pytest.mark.parametrize("count", [46, 4])
def test_one_person_beyond_that_it_is_hidden(count: int) -> None:
    assert shown(Boxes(1, 3), {"x": count, "y": 30, "z": 20}, 50) == "yz"


def test_where_everybody_ticks_as_many_the_sum_of_the_ticks_tells_nothing() -> None:
    assert shown(Boxes(2, 2), {"x": 40, "y": 35, "z": 25}, 50) == "xyz"


@pytest.mark.parametrize(("more", "seen"), [(4, "y"), (5, "xy"), (46, "")])
def test_as_many_as_the_threshold_tick_more_than_the_least_and_fewer_than_the_most(more: int, seen: str) -> None:
    assert shown(Boxes(1, 2), {"x": 25 + more // 2, "y": 25 + more - more // 2}, 50) == seen


def test_a_box_ticked_alone_is_shown_beside_the_others() -> None:
    assert shown(Boxes(1, 2, alone="z"), {"x": 20, "y": 25, "z": 15}, 50) == "xyz"


def test_a_box_ticked_alone_is_hidden_where_too_few_ticked_any_other() -> None:
    assert shown(Boxes(1, 2, alone="z"), {"x": 3, "y": 2, "z": 46}, 50) == ""
