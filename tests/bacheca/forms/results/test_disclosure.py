"""Disclosure control, attacked: whatever follows from what is shown is asked of a linear program.

One attack: forms, people and what the program knows are made in one place, for one publication and for several.
"""

from __future__ import annotations

import os
import random
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import product

import pytest

from bacheca.forms.kinds.counted import Boxes
from bacheca.forms.results.disclosure import (
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
from bacheca.forms.results.rows import leaps_tell, rounded_ticks
from bacheca.forms.results.statistics import mean_ranks
from bacheca.forms.results.tally import ANSWERED, Tally
from tests.bacheca.forms.results.attack import Name, System, publish, relate, relate_boxes

TABLES = int(os.environ.get("BACHECA_TABLES", "16"))
"""How many random forms are attacked: dozens always, thousands when asked for (`BACHECA_TABLES=5000`)."""

THRESHOLD = 5
SHARES = 2
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
        self.weights = {name: [chance.choice([0, 0.02, 0.3, 1, 3]) for _ in self.codes(name)] or [1] for name in names}
        self.boxes = [f"box{i}" for i in range(chance.randint(1, 5))]
        self.ticking = [chance.choice([0.01, 0.3, 0.97]) for _ in self.boxes]
        alone = chance.choice(["", "", self.boxes[-1]]) if len(self.boxes) > 1 else ""
        together = len(self.boxes) - bool(alone)
        least = chance.choice([1, 1, chance.randint(1, together)])
        self.choose = Boxes(least, chance.choice([together, least, chance.randint(least, together)]), alone)
        self.blank = chance.choice([0, 0.02, 0.1, 0.3])
        self.lone = chance.choice([0.02, 0.2])

    def codes(self, name: str) -> list[str]:
        return self.categories[name] + self.missing[name]

    def answers(self, count: int) -> Answers:
        people = []
        for _ in range(count):
            person = {}
            for name in self.categories:
                weights = self.weights[name] if any(self.weights[name]) else None
                person[name] = self.chance.choices(self.codes(name), weights)[0]
            person["boxes"] = self.ticked()
            people.append(person)
        return people

    def ticked(self) -> str:
        """Tick some boxes, as many as the form allows, or none."""
        if self.chance.random() < self.blank:
            return "0" * len(self.boxes)
        together = range(len(self.boxes) - bool(self.choose.alone))
        if self.choose.alone and self.chance.random() < self.lone:
            return "0" * len(together) + "1"
        ticked = [i for i in together if self.chance.random() < self.ticking[i]]
        others = [i for i in together if i not in ticked]
        ticked += self.chance.sample(others, max(0, self.choose.least - len(ticked)))
        ticked = self.chance.sample(ticked, min(len(ticked), self.choose.most))
        return "".join(str(int(i in ticked)) for i in range(len(self.boxes)))

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
        found["boxes"] = Question({"answered": len(ticked)}, blank, ticks=ticks, boxes=self.choose)
        # Asked only of those who gave the first answer to the first question.
        first = self.categories["a"][0]
        asked = Counter(person["e"] for person in people if person["a"] == first)
        found["after"] = Question(
            {code: asked[code] for code in self.categories["e"]},
            {code: asked[code] for code in self.missing["e"]},
            after=("a", frozenset({first})),
        )
        return found

    def crossed(self, people: Answers) -> dict[Pair, Cells]:
        return {pair: Counter((person[pair[0]], person[pair[1]]) for person in people) for pair in self.crossings}


def narrowed(
    system: System, names: list[Name], threshold: int, *, whole: bool = False
) -> list[tuple[Name, tuple[float, float]]]:
    """Give the counts that are not published and that the system narrows below the threshold."""
    hidden = [name for name in names if name not in system.known]
    widths = system.widths(hidden, threshold, whole=whole)
    return [(name, width) for name, width in widths.items() if width[1] - width[0] < threshold - 1e-6]


def is_disclosed(name: Name, width: tuple[float, float]) -> bool:
    """Tell whether a narrowed count matters: a sum of published ones may follow, if it is not below the threshold."""
    assert isinstance(name, tuple)
    derived = name[-2:-1] in (("rest",), ("others",), ("apart",)) or len(name) == 2
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
        assert all(count >= THRESHOLD for count in system.known.values()), (seed, system.known)
        found = narrowed(system, names, THRESHOLD)
        hidden_at_all += len(names) > len(system.known)
        left = [(n, w) for n, w in found if is_disclosed(n, w) and not is_settled(n, w, questions["boxes"])]
        assert not left, (seed, left)
    assert hidden_at_all > TABLES / SHARES / 4  # most of these forms do have something to hide


def is_settled(name: Name, width: tuple[float, float], boxes: Question) -> bool:
    """Tell whether the form itself says how many ticked a box: all who answered, where all must tick all."""
    assert isinstance(name, tuple)
    of_box = name[-2:-1] in (("ticks",), ("rest",), ("apart",))
    return of_box and boxes.boxes.least >= len(boxes.ticks) - bool(boxes.boxes.alone) and width[0] == width[1]


@pytest.mark.parametrize("share", range(SHARES))
def test_no_count_of_boxes_can_be_narrowed_by_whoever_knows_how_many_one_may_tick(share: int) -> None:
    """Counts are whole numbers here: halves of people are no way out."""
    shown = 0
    for seed in range(share, TABLES * 2, SHARES):
        chance = random.Random(seed)
        survey = Survey(chance)
        people = survey.answers(chance.choice([12, 24, 37, 60, 200]))
        counted = survey.questions(people)
        questions = {name: counted[name] for name in ("a", "boxes")}
        if chance.random() < 0.5:  # everybody had to answer it
            questions["boxes"] = replace(questions["boxes"], missing={}) if not survey.blank else questions["boxes"]
        system = System()
        names = relate(system, questions, {})
        disclosure = protect(questions, {}, THRESHOLD)
        publish(system, questions, {}, disclosure)
        shown += len(disclosure.questions["boxes"].ticks)
        found = narrowed(system, names, THRESHOLD, whole=True)
        left = [(n, w) for n, w in found if is_disclosed(n, w) and not is_settled(n, w, questions["boxes"])]
        assert not left, (seed, questions, disclosure, left)
    assert shown > TABLES / SHARES / 2


@pytest.mark.parametrize("share", range(SHARES))
def test_successive_publications_tell_nothing_below_the_threshold(share: int) -> None:
    published_twice = 0
    for seed in range(share, TABLES // 4, SHARES):
        chance = random.Random(seed)
        survey = Survey(chance)
        people: Answers = []
        system = System()
        names: list[Name] = []
        before: tuple[dict[str, Question], dict[Pair, Cells]] | None = None
        for time in range(3):
            batch = survey.answers(chance.choice([2, 7, 30, 90, 300]))
            people = people + batch
            questions, crossings = survey.questions(people), survey.crossed(people)
            disclosure = protect(survey.questions(batch), survey.crossed(batch), THRESHOLD)
            names += relate(system, questions, crossings, time)
            publish(system, questions, crossings, disclosure, time)
            if before:
                names += grow(system, questions, crossings, time)
                for name, count in list(system.known.items()):
                    assert isinstance(name, tuple)
                    earlier = system.known.get((time - 1, *name[1:]))
                    if name[0] == time and earlier is not None:
                        published_twice += 1
                        assert count - earlier >= THRESHOLD, (seed, name)
            before = questions, crossings
        disclosed = [
            (name, width)
            for name, width in narrowed(system, names, THRESHOLD)
            if not (width[0] == width[1] and width[0] >= THRESHOLD)
            if not is_settled(name, width, questions["boxes"])
        ]
        assert not disclosed, (seed, disclosed)
    assert published_twice


def grow(system: System, questions: Mapping[str, Question], crossings: Mapping[Pair, Cells], time: int) -> list[Name]:
    """Say that the counts of a publication are those of the one before and what came since."""
    names = relate(System(), questions, crossings, time)
    for name in names:
        assert isinstance(name, tuple)
        system.adds_up(name, ((time - 1, *name[1:]), ("since", *name)))
    return [("since", *name) for name in names if isinstance(name, tuple)]


def test_a_crossing_leaks_nothing_through_the_crossing_beside_it() -> None:
    """The same, with an unknown for every profile of answers, so that nothing joins tables but people."""
    for seed in range(TABLES // 10):
        chance = random.Random(seed)
        survey = Survey(chance)
        survey.crossings = chance.choice([(("a", "b"), ("a", "c")), (("a", "b"), ("b", "c"))])
        for name in ("a", "b", "c"):
            survey.categories[name] = [f"{name}{i}" for i in range(chance.randint(2, 3))]
            survey.missing[name] = chance.choice([[], [""]])
            survey.weights[name] = [chance.choice([0.05, 0.3, 1]) for _ in survey.codes(name)]
        people = survey.answers(chance.choice([30, 90, 250]))
        of_three = {name: survey.questions(people)[name] for name in ("a", "b", "c")}
        crossings = survey.crossed(people)
        system = System()
        profiles = list(product(*(survey.codes(name) for name in ("a", "b", "c"))))
        order = {"a": 0, "b": 1, "c": 2}
        names = relate(system, of_three, crossings)
        for (first, second), (a, b) in (
            (pair, cell) for pair in crossings for cell in product(*map(survey.codes, pair))
        ):
            same = [p for p in profiles if p[order[first]] == a and p[order[second]] == b]
            system.adds_up((0, (first, second), (a, b)), (("profile", p) for p in same))
        publish(system, of_three, crossings, protect(of_three, crossings, THRESHOLD))
        found = narrowed(system, names, THRESHOLD)
        assert not [(n, w) for n, w in found if is_disclosed(n, w)], (seed, found)


def shown(categories: dict[str, int], missing: dict[str, int] | None = None) -> tuple[Disclosure, list[str]]:
    disclosure = protect({"q": Question(categories, missing or {})}, {}, THRESHOLD)
    return disclosure, sorted(disclosure.questions["q"].codes)


def test_a_count_below_the_threshold_hides_the_smallest_other_too() -> None:
    assert shown({"a": 40, "b": 3, "c": 9, "d": 20})[1] == ["a", "d"]


def test_an_empty_count_is_hidden_as_a_small_one_is() -> None:
    assert shown({"a": 40, "b": 0, "c": 9, "d": 20}) == shown({"a": 40, "b": 4, "c": 9, "d": 20})


def test_a_count_at_the_threshold_is_shown() -> None:
    assert shown({"a": 5, "b": 6})[1] == ["a", "b"]


def test_several_small_counts_hide_nothing_else_once_they_hold_the_threshold() -> None:
    assert shown({"a": 40, "b": 3, "c": 2, "d": 20})[1] == ["a", "d"]


def test_few_blanks_leave_every_answer_shown_and_the_total_unsaid() -> None:
    disclosure, codes = shown({"a": 40, "b": 30}, {"": 2, "non-so": 12})
    assert not disclosure.total or "non-so" not in codes
    assert {"a", "b"} <= set(codes)
    assert disclosure.questions["q"].answered
    assert not protect({"q": Question({"a": 40, "b": 30}, {"": 2})}, {}, THRESHOLD).total


def test_where_nobody_can_leave_it_blank_the_total_is_shown() -> None:
    assert shown({"a": 40, "b": 30})[0].total


def test_fewer_responses_than_the_threshold_show_nothing() -> None:
    disclosure = protect({"q": Question({"a": 4}, {"": 0})}, {}, THRESHOLD)
    assert (disclosure.total, disclosure.questions["q"].codes, disclosure.questions["q"].answered) == (
        False,
        frozenset(),
        False,
    )


def test_a_box_that_nearly_all_ticked_is_hidden() -> None:
    questions = {"q": Question({"answered": 50}, {"": 9}, ticks={"x": 48, "y": 30, "z": 20})}
    assert protect(questions, {}, THRESHOLD).questions["q"].ticks == {"y"}


def test_a_question_asked_after_a_hidden_answer_is_hidden_whole() -> None:
    questions = {
        "q": Question({"a": 40, "b": 7, "c": 3}),
        "r": Question({"x": 6, "y": 1}, after=("q", frozenset({"b"}))),
    }
    assert protect(questions, {}, THRESHOLD).questions["r"].codes == frozenset()


def test_of_two_counts_one_of_which_is_small_neither_is_shown_but_how_many_answered() -> None:
    disclosure, codes = shown({"a": 3, "b": 40})
    assert codes == []
    assert disclosure.questions["q"].answered


def test_where_the_total_is_unsaid_the_least_reason_for_no_answer_is_hidden() -> None:
    questions = {"q": Question({"a": 40, "b": 30}, {"a-lot": 30, "few": 6}), "r": Question({"x": 102}, {"": 4})}
    assert protect(questions, {}, THRESHOLD).questions["q"].codes == {"a", "b", "a-lot"}


def test_a_question_asked_after_an_answer_that_is_shown_is_shown_too() -> None:
    questions = {"q": Question({"a": 40, "b": 17}), "r": Question({"x": 9, "y": 8}, after=("q", frozenset({"b"})))}
    assert protect(questions, {}, THRESHOLD).questions["r"].codes == {"x", "y"}


def test_where_the_total_is_unsaid_no_crossing_tells_how_many_left_both_questions_blank() -> None:
    """From those who did, all blanks could be had, and from these the total and the few blanks that it hides."""
    cells = {("a", "x"): 20, ("a", "y"): 14, ("a", ""): 6, ("b", "x"): 10, ("b", "y"): 11, ("b", ""): 9}
    cells |= {("", "x"): 5, ("", "y"): 5, ("", ""): 11}
    questions = {
        "p": Question({"a": 40, "b": 30}, {"": 21}),
        "q": Question({"x": 35, "y": 30}, {"": 26}),
        "r": Question({"u": 45, "v": 44}, {"": 2}),
    }
    disclosure = protect(questions, {("p", "q"): cells}, THRESHOLD)
    assert not disclosure.total
    assert ("a", "x") in disclosure.crossings["p", "q"]
    assert ("", "") not in disclosure.crossings["p", "q"]


def test_persons_that_can_be_exchanged_along_a_rectangle_just_often_enough_hide_nothing_more() -> None:
    cells = {("a", "x"): 3, ("a", "y"): 3, ("a", "z"): 5, ("b", "x"): 2, ("b", "y"): 3, ("b", "z"): 5}
    questions = {"p": Question({"a": 11, "b": 10}), "q": Question({"x": 5, "y": 6, "z": 10})}
    assert protect(questions, {("p", "q"): cells}, THRESHOLD).crossings["p", "q"] == {("a", "z"), ("b", "z")}


def spread(hidden: dict[str, int], places: int, counts: dict[str, int]) -> bool:
    """Whether the mean of a scale, with some decimal places, may stand beside its hidden counts."""
    values = {code: float(code) for code in counts}
    total = sum(values[code] * count for code, count in counts.items())
    slack = sum(counts.values()) * 10.0**-places / 2
    return statistics_are_safe(counts, counts, hidden, [Statistic(values, values, total - slack, total + slack)], 5)


def test_a_mean_that_would_tell_hidden_counts_is_not_safe() -> None:
    counts = {"0": 4, "1": 3, "5": 20, "10": 13}
    assert spread({"0": 4, "1": 3}, 0, counts)
    assert not spread({"0": 4, "1": 3}, 3, counts)
    assert not spread({"0": 4}, 0, counts)  # nobody could have answered otherwise
    assert spread({}, 0, counts)


@pytest.mark.parametrize(
    ("counts", "hidden"),
    [
        ({"0": 4, "1": 1, "2": 3}, "01"),  # just as many as the figure leaves room for
        ({"0": 2, "1": 5, "2": 1}, "021"),  # those nearest move first, and leave the others room
        ({"8": 4, "9": 0, "10": 4}, ("10", "8", "9")),  # some come from one count, the rest from another
    ],
)
def test_a_mean_is_safe_where_just_enough_persons_could_have_answered_otherwise(
    counts: dict[str, int], hidden: Sequence[str]
) -> None:
    assert spread({code: counts[code] for code in hidden}, 0, counts)


def test_what_is_called_safe_of_a_mean_is_so_for_a_linear_program() -> None:
    safe = 0
    for seed in range(TABLES):
        chance = random.Random(seed)
        counts = {str(value): chance.choice([0, 1, 3, 4, 8, 20, 70]) for value in range(chance.randint(3, 11))}
        question = Question(counts)
        disclosure = protect({"q": question}, {}, THRESHOLD)
        hidden = [code for code in counts if code not in disclosure.questions["q"].codes]
        if not hidden or not disclosure.questions["q"].answered:
            continue
        slack = sum(counts.values()) * 10.0 ** -chance.choice([1, 2]) / 2
        values = {code: float(code) for code in counts}
        total = sum(values[code] * count for code, count in counts.items())
        if not statistics_are_safe(
            counts, counts, hidden, [Statistic(values, values, total - slack, total + slack)], THRESHOLD
        ):
            continue
        safe += 1
        system = System()
        names = relate(system, {"q": question}, {})
        publish(system, {"q": question}, {}, disclosure)
        weights: dict[Name, float] = {(0, "q", code): value for code, value in values.items()}
        system.at_most(weights, total + slack)
        system.at_most({name: -value for name, value in weights.items()}, slack - total)
        assert not narrowed(system, names, THRESHOLD), seed
    assert safe > TABLES / 40


def test_rounded_counts_add_up_and_stay_as_wide_as_the_threshold() -> None:
    base = 2 * THRESHOLD
    for seed in range(TABLES):
        chance = random.Random(seed)
        counts = {code: chance.choice([0, 1, 4, 9, 30, 200]) for code in "abcdef"[: chance.randint(2, 6)]}
        total = sum(counts.values())
        if total < THRESHOLD:
            continue
        rounded = round_to(counts, base, nearest(total, base))
        assert sum(rounded.values()) == nearest(total, base)
        assert all(count % base == 0 and abs(count - counts[code]) < base for code, count in rounded.items())
        system = System()
        system.adds_up("total", counts)
        for code, count in rounded.items():
            system.at_most({code: 1.0}, count + base - 1)
            system.at_most({code: -1.0}, base - 1 - count)
        system.at_most({"total": 1.0}, nearest(total, base) + base / 2 - 1)
        system.at_most({"total": -1.0}, base / 2 - nearest(total, base))
        assert not narrowed(system, list(counts), THRESHOLD), (seed, counts, rounded)


def test_rounded_ticks_leave_every_count_open_to_whoever_knows_how_they_are_rounded() -> None:
    base, shown = 2 * THRESHOLD, 0
    for seed in range(TABLES):
        chance = random.Random(seed)
        survey = Survey(chance)
        question = survey.questions(survey.answers(chance.choice([14, 25, 37, 60, 200])))["boxes"]
        codes = question.codes
        rounded = round_to(codes, base, nearest(sum(codes.values()), base))
        answered = rounded["answered"]
        ticks = rounded_ticks(question, answered, base)
        shown += bool(ticks)
        system = System()
        system.unknown((0, "boxes"))
        names = relate_boxes(system, question, (0, "boxes"))
        system.at_most({(0, "boxes"): 1.0}, answered + base - 1)
        system.at_most({(0, "boxes"): -1.0}, base - 1 - answered)
        for code, count in ticks.items():
            name = (0, "boxes", "ticks", code)
            system.at_most({name: -1.0}, base // 2 - count)
            if count < answered:
                system.at_most({name: 1.0}, count + (base - 1) // 2)
        found = narrowed(
            system, [n for n in names if isinstance(n, tuple) and n[-2] in ("ticks", "rest")], THRESHOLD - 1, whole=True
        )
        left = [(n, w) for n, w in found if not is_settled(n, w, question)] if ticks else []
        assert not left, (seed, question, ticks, left)
    assert shown > TABLES / 4


def test_mean_ranks_together_narrow_no_count_of_a_rank() -> None:
    """Everybody gives each rank once, so the means of all say more than each by itself."""
    published = 0
    for seed in range(TABLES * 2):
        chance = random.Random(seed)
        codes = "abcd"[: chance.choice([2, 2, 3, 3, 4])]
        pull = {code: chance.choice([0.0, 0.5, 1.0, 3.0]) for code in codes}
        ranks = {code: dict.fromkeys((str(i + 1) for i in range(len(codes))), 0) for code in codes}
        people = chance.choice([8, 20, 40, 80, 100, 200, 400])
        for _ in range(people):
            order = sorted(codes, key=lambda code: -pull[code] - chance.expovariate(1.0))
            for i, code in enumerate(order, 1):
                ranks[code][str(i)] += 1
        tally = Tally(people, {"q": Question({ANSWERED: people})}, {}, {}, {"q": ranks})
        means = {row.category: row.value for row in mean_ranks("q", tally, tally, THRESHOLD)}
        if not all(means.values()):
            continue
        published += 1
        system = System()
        for i, code in enumerate(codes, 1):
            system.adds_up("people", ((code, rank) for rank in ranks[code]))
            system.adds_up("people", ((other, str(i)) for other in codes))
            weights: dict[Name, float] = {(code, rank): float(rank) for rank in ranks[code]}
            mean, half = Decimal(means[code]), Decimal(1).scaleb(int(Decimal(means[code]).as_tuple().exponent)) / 2
            system.at_most(weights, float((mean + half) * people) - 1e-3)
            system.at_most({name: -weight for name, weight in weights.items()}, float((half - mean) * people))
        system.publish("people", people)
        names: list[Name] = [(code, rank) for code in codes for rank in ranks[code]]
        found = [(name, width) for name, width in narrowed(system, names, THRESHOLD) if width[0] < THRESHOLD]
        assert not found, (seed, people, ranks, means, found)
    assert published > TABLES / 4


def rounded_pair(first: int, second: int) -> tuple[int, int]:
    base = 2 * THRESHOLD
    shown = round_to({"a": first, "b": second}, base, nearest(first + second, base))
    return shown["a"], shown["b"]


def test_every_rounded_poll_of_two_options_could_be_many_others() -> None:
    """All there are, for whoever knows how they are rounded and not how many answered."""
    same: dict[tuple[int, int], list[int]] = defaultdict(list)
    for first, second in product(range(60), repeat=2):
        if first + second >= 2 * THRESHOLD:
            same[rounded_pair(first, second)].append(first)
    known = {shown: counts for shown, counts in same.items() if sum(shown) <= 40}
    assert len(known) > 10
    assert all(max(counts) - min(counts) >= THRESHOLD - 1 for counts in known.values())


def test_what_comes_between_two_rounded_publications_could_be_many_things() -> None:
    base = 2 * THRESHOLD
    grown: dict[tuple[tuple[int, int], tuple[int, int]], list[int]] = defaultdict(list)
    for first, second in product(range(26), repeat=2):
        if first + second < base:
            continue
        before = rounded_pair(first, second)
        for more, others in product(range(26), repeat=2):
            now = rounded_pair(first + more, second + others)
            leaps = [now[i] - before[i] for i in (0, 1)]
            if more + others >= base and not leaps_tell(leaps, more + others, base):
                grown[before, now].append(more)
    # of what lies at the edge of all that is tried here, some others are missing
    inside = {pair: more for pair, more in grown.items() if sum(pair[0]) <= 20 and sum(pair[1]) <= 40}
    assert len(inside) > 10
    narrow = {pair: (min(more), max(more)) for pair, more in inside.items() if max(more) - min(more) < THRESHOLD - 1}
    assert not narrow
