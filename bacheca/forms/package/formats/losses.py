"""What a copy could not take over, each thing named, so that the rest can be written."""

from __future__ import annotations

from dataclasses import dataclass, field

NAMED = 20
"""How many single cells are named; of the others it is said how many they are."""


@dataclass
class Losses:
    """What is not in a copy as it is in the package.

    Args:
        cut: how many texts were cut, which their ends say.
        left_out: what is not there at all, each in a sentence.
        further: how many more cells are not there, which are not named.
    """

    cut: int = 0
    left_out: list[str] = field(default_factory=list)
    further: int = 0

    def cell(self, table: str, response: str, column: str, why: str) -> None:
        """Note that a cell was left empty."""
        if len(self.left_out) < NAMED:
            self.left_out.append(f"{table}, response {response}, {column}: left empty, {why}")
        else:
            self.further += 1

    def sentences(self) -> tuple[str, ...]:
        """Say what was left out; nothing where all of it is there."""
        more = (f"{self.further} more cells like these",) if self.further else ()
        return (*self.left_out, *more)
