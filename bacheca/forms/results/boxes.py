"""What the counts of boxes tell of each other: everybody ticks so many at least, so many at most, or one box alone.

Of a question on which everybody ticks two boxes, half of all ticks is the number of people who answered. Ranges here
are of whole numbers, the least and the most that a count can be, for whoever knows the form and what is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bacheca.forms.kinds.counted import Boxes

Range = tuple[int, int]


@dataclass(frozen=True)
class Known:
    """What is known of the counts of some boxes.

    Args:
        answered: of how many answered.
        ticks: of the ticks of each box.
        rest: of how many answered and did not tick it.
    """

    answered: Range
    ticks: Mapping[str, Range]
    rest: Mapping[str, Range]

    def is_wide(self, counts: Iterable[str], width: int, *, answered: bool) -> bool:
        """Tell whether the ticks of some boxes, and how many answered where that is asked, can vary by so much."""
        ranges = [known[code] for code in counts for known in (self.ticks, self.rest)]
        return all(high - low >= width for low, high in [*ranges, *([self.answered] if answered else [])])


def narrowed(boxes: Boxes, answered: Range, ticks: Mapping[str, Range]) -> Known | None:
    """Give what follows of each count from all of them; None where they contradict each other.

    `others`, the people who ticked boxes that go together, decides: what there can be of a box is widest or narrowest
    at one of the ends of its range.
    """
    alone = ticks[boxes.alone] if boxes.alone else (0, 0)
    together = {code: found for code, found in ticks.items() if code != boxes.alone}
    most = min(boxes.most, len(together))
    lows = sum(low for low, _ in together.values())
    fewest = max([answered[0] - alone[1], 0, *(low for low, _ in together.values()), -(-lows // most) if most else 0])
    highest = _highest(boxes.least, together, answered[1] - alone[0]) if together else 0
    if fewest > highest:
        return None
    lone = max(alone[0], answered[0] - highest), min(alone[1], answered[1] - fewest)
    whole = max(answered[0], fewest + alone[0]), min(answered[1], highest + alone[1])
    found: dict[str, Range] = {boxes.alone: lone} if boxes.alone else {}
    rest: dict[str, Range] = {boxes.alone: (fewest, highest)} if boxes.alone else {}
    for code, (low, high) in together.items():
        ends = []
        for others in (fewest, highest):
            room = sum(min(top, others) for other, (_, top) in together.items() if other != code)
            bottom = max(low, boxes.least * others - room)
            top = min(high, others, most * others - (lows - low))
            beside = max(alone[0], answered[0] - others), min(alone[1], answered[1] - others)
            ends.append((bottom, top, others - top + beside[0], others - bottom + beside[1]))
        bottoms, tops, least, greatest = zip(*ends, strict=True)
        found[code], rest[code] = (min(bottoms), max(tops)), (min(least), max(greatest))
    return Known(whole, found, rest)


def _highest(least: int, ticks: Mapping[str, Range], at_most: int) -> int:
    """Give how many people at most can have ticked so many boxes each."""
    low, high = 0, max(at_most, 0)
    while low < high:
        middle = (low + high + 1) // 2
        if sum(min(top, middle) for _, top in ticks.values()) >= least * middle:
            low = middle
        else:
            high = middle - 1
    return low


def shown_ticks(boxes: Boxes, ticks: Mapping[str, int], answered: int, known: Range, threshold: int) -> frozenset[str]:
    """Choose the boxes whose ticks may be shown.

    Args:
        boxes: how they may be ticked.
        ticks: how often each was.
        answered: how many answered.
        known: what is known of that without the boxes: one number where it is shown.
        threshold: the least count that may be known.

    Returns:
        Boxes that enough people ticked and enough did not, in company of enough hidden ones that each of these, and
        how many answered where that is not shown, may be anything as wide as the threshold.
    """
    others = answered - (ticks[boxes.alone] if boxes.alone else 0)
    hidden = {
        code
        for code, count in ticks.items()
        if min(count, (answered if code == boxes.alone else others) - count) < threshold
    }
    left = sorted(ticks.keys() - hidden, key=lambda code: (ticks[code], code))
    while not _is_safe(boxes, ticks, hidden, known, threshold):
        if not left:
            return frozenset()
        hidden.add(left.pop(0))
    return frozenset(ticks) - hidden


def _is_safe(boxes: Boxes, ticks: Mapping[str, int], hidden: set[str], known: Range, threshold: int) -> bool:
    ranges = {code: (0, known[1]) if code in hidden else (count, count) for code, count in ticks.items()}
    found = narrowed(boxes, known, ranges)
    if found is None:
        return False
    if not found.is_wide(hidden, threshold, answered=known[0] != known[1]):
        return False
    return bool(hidden) or known[0] != known[1] or _some_ticked_more(boxes, ticks, known[0], threshold)


def _some_ticked_more(boxes: Boxes, ticks: Mapping[str, int], answered: int, threshold: int) -> bool:
    """Tell whether as many people as the threshold can have ticked more than the least, and fewer than the most.

    Of two boxes, all ticks less all people are those who ticked both.
    """
    together = {code: count for code, count in ticks.items() if code != boxes.alone}
    others = answered - (ticks[boxes.alone] if boxes.alone else 0)
    most, total = min(boxes.most, len(together)), sum(together.values())
    return boxes.least >= most or min(total - boxes.least * others, most * others - total) >= threshold
