"""The patterns that editors may write: those that every reader of a form reads alike, in a time that grows slowly.

Three engines read them: RE2 in the service, in a time that grows with the answer; Python's `re` in whatever checks the
package; the browser's (`pattern` of HTML: ECMAScript with the `v` flag, the whole value). What they share is:

    pattern     = branch *( "|" branch )
    branch      = *( atom [ "*" / "+" / "?" / "{n}" / "{n,}" / "{n,m}" ] )
    atom        = character / escape / "." / class / "(" pattern ")" / "(?:" pattern ")"
    escape      = "\\" followed by one of ^ $ \\ . * + ? ( ) [ ] { } | / t n r f v d w s D W S
    class       = "[" [ "^" ] 1*( character / character "-" character / escape ) "]"

`\\d`, `\\w` and `\\s` mean other characters to each engine, and are written out (`portable`). Python's engine and the
browser's go back where there are two ways to go on: how often they may is bounded too (`steps`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from math import exp, inf, log

import re2

from bacheca.forms import limits
from bacheca.forms.patterns.reader import Node, PatternReader, PatternRefused, Ranges

MOST_STEPS = 10_000_000
"""The most steps that an engine which goes back may need for one answer: well under a second."""

ENDLESS = log(MOST_STEPS) * 2
MEMORY = 8 * 1024 * 1024
"""The most memory that RE2 may take for one pattern, in bytes."""


@dataclass(frozen=True)
class Pattern:
    """A pattern that was read.

    Args:
        portable: as every engine reads it alike.
        root: its parts.
    """

    portable: str
    root: Node

    def steps(self, length: int) -> float:
        """Bound how many steps an engine that goes back takes for any text of up to `length` characters."""
        ways = _ways(self.root, (), length)
        return exp(min(ways, ENDLESS)) * length


def read_pattern(text: str) -> Pattern:
    """Read a pattern.

    Raises:
        PatternRefused: some engine would not read it, or read something else.
    """
    if len(text) > limits.PATTERN:
        raise PatternRefused("PATTERN_LONG", most=limits.PATTERN)
    reader = PatternReader(text)
    root = reader.whole()
    try:
        re2.compile("".join(reader.written), _options())
    except re2.error:  # what it would take more memory for than is good
        raise PatternRefused("PATTERN_LONG", most=limits.PATTERN) from None
    return Pattern("".join(reader.written), root)


def check_pattern(text: object, length: int) -> None:
    """Read a pattern of answers of up to `length` characters.

    Raises:
        PatternRefused: it cannot be used.
    """
    if not isinstance(text, str):
        raise PatternRefused("CONSTRAINT_PATTERN", part=str(text), instead="'[0-9]{5}'")
    if read_pattern(text).steps(length) > MOST_STEPS:
        raise PatternRefused("PATTERN_SLOW")


@lru_cache(maxsize=512)
def matcher(text: str) -> Callable[[str], object]:
    """Give what tells whether a whole text matches, in a time that grows with the text.

    A version of a form that a store kept may have a pattern that is refused today, or that is written with `\\d`: RE2
    reads most of them, with the characters that Python meant, and what it does not read was checked when it came.
    """
    try:
        portable = read_pattern(text).portable
    except PatternRefused:
        portable = ""
    try:
        compiled = re2.compile(text if text == portable else _as_python_meant(text), _options())
    except re2.error:
        return lambda cell: True
    fullmatch: Callable[[str], object] = compiled.fullmatch
    return fullmatch


IN_UNICODE = {"d": r"\p{Nd}", "w": r"\p{L}\p{N}_", "s": r"\t-\r\x1c-\x20\x{85}\p{Z}"}
"""What the short names of classes mean to Python."""


def _as_python_meant(text: str) -> str:
    """Write out the short names of classes with all the characters that Python takes for them."""
    inside = False
    written = []
    for sign in re.findall(r"\\.|.", text, re.DOTALL):
        short = IN_UNICODE.get(sign[1:]) if sign.startswith("\\") else None
        written.append(sign if short is None else short if inside else f"[{short}]")
        inside = sign == "[" or (inside and sign != "]")
    return "".join(written)


def _options() -> re2.Options:
    options = re2.Options()
    options.max_mem = MEMORY
    options.log_errors = False
    options.never_capture = True
    return options


def _meet(one: Ranges, other: Ranges) -> bool:
    return any(a <= d and c <= b for a, b in one for c, d in other)


def _is_nullable(node: Node) -> bool:
    if node.characters:
        return False
    return node.least == 0 or any(all(map(_is_nullable, branch)) for branch in node.branches)


def _first(nodes: tuple[Node, ...]) -> Ranges:
    """Give the characters with which a run of parts can begin."""
    found: Ranges = ()
    for node in nodes:
        found += node.characters + tuple(pair for branch in node.branches for pair in _first(branch))
        if not _is_nullable(node):
            break
    return found


def _ways(node: Node, after: Ranges, length: int) -> float:
    """Bound in how many ways an engine may try to match a part from one place: the logarithm of their number.

    Where the next character settles how to go on, there is one way. Where it does not, each choice multiplies them.

    Args:
        node: the part.
        after: the characters that may come after it.
        length: how long the text is at most.
    """
    if node.characters:
        return 0
    repeats = node.most > 1
    begins = [_first(branch) for branch in node.branches]
    following = after + (tuple(pair for first in begins for pair in first) if repeats else ())
    inside = [_ways_of_run(branch, following, length) for branch in node.branches]
    blank = [all(map(_is_nullable, branch)) for branch in node.branches]
    begins = [first + (following if empty else ()) for first, empty in zip(begins, blank, strict=True)]
    settled = not any(_meet(one, other) for one, other in combinations(begins, 2)) and sum(blank) < 2
    ways = max(inside) if settled else max(inside) + log(len(inside))
    if (node.least, node.most) == (1, 1):
        return ways
    times = min(node.most, length)
    if any(blank) and times > 1:
        return inf
    settled = node.least == node.most or not _meet(_first((node,)), after)
    return ways * times + (0 if settled else log(max(1, times - node.least + 1)))


def _ways_of_run(nodes: tuple[Node, ...], after: Ranges, length: int) -> float:
    ways = 0.0
    for place, node in enumerate(nodes):
        rest = nodes[place + 1 :]
        ways += _ways(node, _first(rest) + (after if all(map(_is_nullable, rest)) else ()), length)
    return ways
