"""Disclosure control, attacked: whatever follows from what is shown is asked of a linear program."""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Mapping
from itertools import product

import pytest

from forms.disclosure import (
    Cells,
    Disclosure,
    Pair,
    Question,
    Statistic,
    nearest,
    protect,
    round_to,
    statistics_are_safe,
)
from tests.forms.attack import Name, System, publish, relate

TABLES = int(os.environ.get("BACHECA_TABLES", "240"))
"""How many random forms are attacked: hundreds always, thousands when asked for (`BACHECA_TABLES=5000`)."""

THRESHOLD = 5
SHARES = 4
SHAPES: tuple[tuple[Pair, ...], ...] = (
    (),
    (("a", "b"),),
    (("a", "b"), ("a", "c")),
    (("a", "b"), ("b", "c")),
    (("a", "b"), ("a", "c"), ("a", "d")),
)
"""How the questions of a random form are crossed: not, once, a star, a chain, a bigger star."""

Answers = list[dict[str, str]]


class Survey:
    """A random form and random people who answer it."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.crossings = chance.choice(SHAPES)
        names = sorted({name for pair in self.crossings for name in pair} | {"a", "e"})
        self.categories = {name: [f"{name}{i}" for i in range(chance.randint(1 + (name != "e"), 5))] for name in names}
        self.missing = {name: chance.choice([[], [""], [""], ["", "non-so"]]) for name in names}
        self.weights = {
            name: [chance.choice([0, 0.02, 0.3, 1, 3]) for _ in self.codes(name)] or [1] for name in names
        }
        self.boxes = [f"box{i}" for i in range(chance.randint(1, 4))]
        self.ticking = [chance.choice([0.01, 0.3, 0.97]) for _ in self.boxes]

    def codes(self, name: str) -> list[str]:
        return self.categories[name] + self.missing[name]

    def answers(self, count: int) -> Answers:
        people = []
        for _ in range(count):
            person = {}
            for name in self.categories:
                weights = self.weights[name] if any(self.weights[name]) else None
                person[name] = self.chance.choices(self.codes(name), weights)[0]
            person["boxes"] = "".join(str(int(self.chance.random() < share)) for share in self.ticking)
            people.append(person)
        return people

    def questions(self, people: Answers) -> dict[str, Question]:
        found = {}
        for name in self.categories:
            counts = Counter(person[name] for person in people)
            found[name] = Question(
                {code: counts[code] for code in self.categories[name]},
                {code: counts[code] for code in self.missing[name]},
            )
        ticked = [person["boxes"] for person in people if "1" in person["boxes"]]
        blank = {"": len(people) - len(ticked)}
        ticks = {box: sum(boxes[i] == "1" for boxes in ticked) for i, box in enumerate(self.boxes)}
        found["boxes"] = Question({"answered": len(ticked)}, blank, ticks=ticks)
        # Asked only of those who gave the first answer to the first question.
        first = self.categories["a"][0]
        asked = Counter(person["e"] for person in people if person["a"] == first)
        found["after"] = Question(
            {code: asked[code] for code in self.categories["e"]},
            {code: asked[code] for code in self.missing["e"]},
            routed=True,
        )
        return found

    def crossed(self, people: Answers) -> dict[Pair, Cells]:
        return {pair: Counter((person[pair[0]], person[pair[1]]) for person in people) for pair in self.crossings}


def narrowed(system: System, names: list[Name], threshold: int) -> list[tuple[Name, tuple[float, float]]]:
    """Give the counts that are not published and that the system narrows below the threshold."""
    hidden = [name for name in names if name not in system.known]
    widths = system.widths(hidden)
    return [(name, width) for name, width in widths.items() if width[1] - width[0] < threshold - 1e-6]


def count_of(name: Name, questions: Mapping[str, Question], crossings: Mapping[Pair, Cells]) -> int | None:
    """Give the true count of a name of `relate`; None for those that are no counts of their own."""
    match name:
        case (_, "total"):
            return None
        case (_, str(question)):
            return questions[question].answered
        case (_, str(question), "ticks", code):
            return questions[question].ticks[code]
        case (_, str(question), "rest", code):
            return questions[question].answered - questions[question].ticks[code]
        case (_, str(question), code):
            return questions[question].codes[code]
        case (_, pair, cell):
            return crossings[pair].get(cell, 0)
    raise AssertionError(name)


def is_disclosed(
    name: Name, width: tuple[float, float], questions: Mapping[str, Question], crossings: Mapping[Pair, Cells]
) -> bool:
    """Tell whether a narrowed count matters: a sum of published ones may follow, if it is not below the threshold."""
    assert isinstance(name, tuple)
    derived = name[-2:-1] == ("rest",) or len(name) == 2
    return not (derived and width[0] == width[1] and width[0] >= THRESHOLD)


@pytest.mark.parametrize("share", range(SHARES))
def test_no_hidden_count_can_be_narrowed_below_the_threshold(share: int) -> None:
    hidden_at_all = 0
    for seed in range(share, TABLES, SHARES):
        chance = random.Random(seed)
        survey = Survey(chance)
        people = survey.answers(chance.choice([3, 8, 20, 60, 200, 1000]))
        questions, crossings = survey.questions(people), survey.crossed(people)
        disclosure = protect(questions, crossings, THRESHOLD)
        system = System()
        names = relate(system, questions, crossings)
        publish(system, questions, crossings, disclosure)
        assert all(count >= THRESHOLD for count in system.known.values() if count), (seed, system.known)
        found = narrowed(system, names, THRESHOLD)
        hidden_at_all += len(names) > len(system.known)
        assert not [(n, w) for n, w in found if is_disclosed(n, w, questions, crossings)], (seed, found)
    assert hidden_at_all > TABLES / SHARES / 4  # most of these forms do have something to hide
