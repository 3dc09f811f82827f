"""What a copy could not take over, each thing named, so that the rest can be written."""

from __future__ import annotations

from dataclasses import dataclass, field

NAMED = 20
"""How many single things are named; of the others it is said how many they are."""


@dataclass
class Noted:
    """Sentences, of which only the first are kept."""

    named: list[str] = field(default_factory=list)
    further: int = 0

    def add(self, sentence: str) -> None:
        """Note one more."""
        if len(self.named) < NAMED:
            self.named.append(sentence)
        else:
            self.further += 1

    def sentences(self) -> tuple[str, ...]:
        """Give the first ones, and how many more there are."""
        more = (f"{self.further} more cells like these",) if self.further else ()
        return (*self.named, *more)


@dataclass
class Losses:
    """What is not in a copy as it is in the package.

    Args:
        cut: how many texts were cut, which their ends say.
        left_out: what should be there and is not.
        unlike: what the copy's program knows nothing like, such as a day before its calendar begins: whoever answers
            may give one, and it stands in the package.
    """

    cut: int = 0
    left_out: Noted = field(default_factory=Noted)
    unlike: Noted = field(default_factory=Noted)

    def sentences(self) -> tuple[str, ...]:
        """Say what is not there; nothing where all of it is."""
        return (*self.left_out.sentences(), *self.unlike.sentences())
