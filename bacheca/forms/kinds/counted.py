"""The names of what results count of a question, and of how they draw it; each kind chooses among them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Counted(Enum):
    """What results count of the answers to a question."""

    ONE = "which one of a few each answer is"
    BOXES = "how often each box was ticked"
    RANKS = "how often each category had each rank"
    NUMBERS = "how many numbers lie in each bin, and their sum"
    PRESENCE = "whether there is an answer"
    NOTHING = "nothing, since it tells who somebody is"


class Chart(Enum):
    """How results draw the answers to a question."""

    BARS = "bars"
    HISTOGRAM = "histogram"
    RANKS = "ranks"
    WORDS = "words"
    NONE = ""


@dataclass(frozen=True)
class Boxes:
    """How boxes may be ticked.

    Args:
        least: how many each person ticks at least.
        most: how many at most.
        alone: the box that only those tick who tick no other; empty where there is none.
    """

    least: int = 1
    most: int = 1
    alone: str = ""
