"""By what a letter is known again: its Message-ID, and who said the same in which conversation.

The same answers from two people are two responses. The same answers are one response where a letter quotes or passes
on another: then the conversation (RFC 5322, 3.6.4), the sender, or the address it names tells which.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bacheca.forms.submission.mime import Letter

TYPED = 1
"""How often a form may be quoted that somebody typed answers into: what is quoted more often was said before."""


@dataclass(frozen=True)
class Marks:
    """The marks of a letter.

    Args:
        own: those of the letter itself.
        known: those that tell, where an earlier letter left one, that it was read before in other words.
        cited: those that an earlier letter left which it answers.
        left: those that it leaves.
    """

    own: str
    known: frozenset[str]
    cited: frozenset[str]
    left: frozenset[str]


def marks_of(letter: Letter, depth: int, said: str, mark: Callable[..., str]) -> Marks:
    """Give the marks of a letter.

    Args:
        letter: the letter.
        depth: how often the form in it is quoted.
        said: what stands for its answers.
        mark: makes a mark of texts.
    """
    own, sender = mark("letter", letter.key, said), letter.sender
    known = {mark("cited", letter.key, said), mark("passed on", sender, said)}
    left = {own, mark("letter", letter.key), mark("sender", sender, said), mark("said", said)}
    if depth or letter.answers:
        known |= {mark("letter", key, said) for key in letter.answers} | {mark("sender", sender, said)}
        left |= {mark("cited", key, said) for key in letter.answers} | {mark("again", sender, said)}
    else:
        known.add(mark("again", sender, said))
    if letter.is_passed_on:
        named = letter.addresses
        known |= {mark("sender", address, said) for address in named} if named else {mark("said", said)}
        left |= {mark("passed on", address, said) for address in named}
    if depth > TYPED:
        known.add(mark("said", said))
    return Marks(own, frozenset(known), frozenset(mark("letter", key) for key in letter.answers), frozenset(left))
