"""Reads an editor's pattern from left to right: what every engine reads alike, and nothing else (see `dialect.py`)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import inf

from bacheca.forms import limits

SYNTAX = frozenset("^$\\.*+?()[]{}|/")
"""What a backslash may stand before: more would be an error in a browser."""

IN_CLASS = frozenset("()[]{}/-|")
"""What needs a backslash inside a class in a browser."""

ESCAPED_IN_CLASS = SYNTAX | frozenset("-&!#%,:;<=>@`~")
DOUBLED = frozenset("&!#$%*+,.:;<=>?@^`~")
"""What a browser takes for an operation on classes where it stands twice."""

CLASSES = {"d": "0-9", "w": "A-Za-z0-9_", "s": r" \t\n\r\f\v"}
BLANKS = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "v": "\v"}
LAST = 0x10FFFF
MOST_REPEATS = 1000
DEEPEST = 20
"""How many groups may stand one inside the other."""

Ranges = tuple[tuple[int, int], ...]
NEVER_A_LINE_END: Ranges = ((0, 9), (11, LAST))


class PatternRefused(ValueError):
    """A pattern that cannot be used: the code of its problem, and what the sentence names."""

    def __init__(self, code: str, **values: object):
        super().__init__(f"{code} {values}")
        self.code = code
        self.values: Mapping[str, object] = values


@dataclass(frozen=True)
class Node:
    """A part of a pattern.

    Args:
        characters: what it matches, where it is one character.
        branches: the ways to match it, each a run of parts; a repeated part has one of them.
        least: how often it must be there at least.
        most: how often it may be there at most; infinite where nothing limits it.
    """

    characters: Ranges = ()
    branches: tuple[tuple[Node, ...], ...] = ()
    least: int = 1
    most: float = 1


class PatternReader:
    """Reads a pattern from left to right, and writes it out for every engine."""

    def __init__(self, text: str):
        self.text = text
        self.at = self.depth = 0
        self.written: list[str] = []

    def whole(self) -> Node:
        """Read all of it."""
        one_way = "|" not in self.text
        if one_way and self._next("^"):
            self.written.append("^")
        root = self._branches()
        if self.at < len(self.text):
            self._refuse(self.text[self.at], "\\" + self.text[self.at])
        return root

    def _peek(self, length: int = 1) -> str:
        return self.text[self.at : self.at + length]

    def _next(self, wanted: str) -> bool:
        found = self.text.startswith(wanted, self.at)
        self.at += len(wanted) * found
        return found

    def _refuse(self, part: str, instead: str) -> None:
        raise PatternRefused("CONSTRAINT_PATTERN", part=part, instead=instead)

    def _branches(self) -> Node:
        branches = [tuple(self._branch())]
        while self._next("|"):
            self.written.append("|")
            branches.append(tuple(self._branch()))
        return Node(branches=tuple(branches))

    def _branch(self) -> Iterator[Node]:
        while self._peek() not in ("", "|", ")"):
            if self._peek() == "$" and self.at == len(self.text) - 1 and "|" not in self.text:
                self.at += 1
                self.written.append("$")
                return
            yield self._repeated(self._atom())

    def _atom(self) -> Node:
        char = self._peek()
        if char in ("*", "+", "?", "{"):
            self._refuse(char, "\\" + char)
        if char in ("^", "$"):
            raise PatternRefused("PATTERN_ANCHOR", part=char)
        self.at += 1
        match char:
            case "(":
                node = self._group()
            case "[":
                node = Node(characters=self._class())
            case ".":
                self.written.append(".")
                node = Node(characters=NEVER_A_LINE_END)
            case "\\":
                node = Node(characters=self._escape())
            case "]" | "}":
                self._refuse(char, "\\" + char)
            case _:
                self.written.append(char)
                node = Node(characters=((ord(char), ord(char)),))
        return node

    def _group(self) -> Node:
        if self._peek() == "?" and not self._next("?:"):
            self._unknown("(" + self._peek(3 if self._peek(2) in ("?P", "?<") else 2))
        self.written.append("(?:" if self.text.startswith("(?:", self.at - 3) else "(")
        self.depth += 1
        if self.depth > DEEPEST:
            raise PatternRefused("PATTERN_LONG", most=limits.PATTERN)
        node = self._branches()
        if not self._next(")"):
            self._refuse("(", "\\(")
        self.depth -= 1
        self.written.append(")")
        return node

    def _unknown(self, part: str) -> None:
        raise PatternRefused("PATTERN_UNKNOWN", part=part)

    def _escape(self) -> Ranges:
        char = self._peek()
        self.at += 1
        if char.lower() in CLASSES:
            ranges = ranges_of(CLASSES[char.lower()])
            self.written.append(f"[{'^' if char.isupper() else ''}{CLASSES[char.lower()]}]")
            return others(ranges) if char.isupper() else ranges
        if char in SYNTAX or char in BLANKS:
            self.written.append("\\" + char)
            point = ord(BLANKS.get(char, char)) if char else 0
            return ((point, point),)
        if char and not char.isalnum():
            self._refuse("\\" + char, char)
        self._unknown("\\" + char)
        return ()

    def _class(self) -> Ranges:
        begun = self.at - 1
        negated = self._next("^")
        self.written.append("[^" if negated else "[")
        ranges: list[tuple[int, int]] = []
        while not self._next("]"):
            if not self._peek():
                self._refuse(self.text[begun:], "\\[")
            ranges += self._member(begun)
        if not ranges:
            self._unknown(self.text[begun : self.at])
        self.written.append("]")
        found = tuple(sorted(ranges))
        return others(found) if negated else found

    def _member(self, begun: int) -> Ranges:
        if self._peek() == "\\" and self._peek(2)[1:].lower() in CLASSES:
            short = self._peek(2)
            if short[1].isupper():
                self._unknown(short)
            self.at += 2
            self.written.append(CLASSES[short[1]])
            return ranges_of(CLASSES[short[1]])
        first = self._character()
        if self._peek() != "-" or self._peek(2) == "-]":
            return ((first, first),)
        self.at += 1
        self.written.append("-")
        if not self._peek():
            self._refuse(self.text[begun:], "\\[")
        last = self._character()
        if last < first:
            self._refuse(f"{chr(first)}-{chr(last)}", f"{chr(last)}-{chr(first)}")
        return ((first, last),)

    def _character(self) -> int:
        """Read one character of a class."""
        char = self._peek()
        self.at += 1
        if char == "\\":
            escaped = self._peek()
            self.at += 1
            if (escaped not in ESCAPED_IN_CLASS and escaped not in BLANKS) or not escaped:
                if escaped and not escaped.isalnum():
                    self._refuse("\\" + escaped, escaped)
                self._unknown("\\" + escaped)
            self.written.append("\\" + escaped)
            return ord(BLANKS.get(escaped, escaped))
        if char in IN_CLASS:
            self._refuse(char, "\\" + char)
        if char in DOUBLED and self._peek() == char:
            self._refuse(char * 2, "\\" + char if char in ESCAPED_IN_CLASS else char)
        self.written.append(char)
        return ord(char)

    def _repeated(self, node: Node) -> Node:
        sign = self._peek()
        if sign not in ("*", "+", "?", "{") or not sign:
            return node
        if sign == "{":
            found = re.match(r"\{(0|[1-9][0-9]{0,8})(?:(,)(0|[1-9][0-9]{0,8}|))?\}", self.text[self.at : self.at + 30])
            if not found:
                self._refuse("{,", "{0,") if self._peek(2) == "{," else self._refuse("{", "\\{")
                return node
            written = found[0]
            least = int(found[1])
            most = (float(found[3]) if found[3] else inf) if found[2] else float(least)
        else:
            written = sign
            least, most = {"*": (0, inf), "+": (1, inf), "?": (0, 1.0)}[sign]
        self.at += len(written)
        if least > most:
            self._refuse(written, f"{{{int(most)},{least}}}")
        if max(least, most if most < inf else 0) > MOST_REPEATS:
            raise PatternRefused("PATTERN_LONG", most=limits.PATTERN)
        if self._peek() and self._peek() in "*+?{":
            self._refuse(written + self._peek(), written)
        self.written.append(written)
        return Node(branches=((node,),), least=least, most=most)


def ranges_of(members: str) -> Ranges:
    """Give the ranges of what stands in one of `CLASSES`."""
    known = {"0-9": ((48, 57),), "A-Za-z0-9_": ((48, 57), (65, 90), (95, 95), (97, 122))}
    return known.get(members, ((9, 13), (32, 32)))


def others(ranges: Ranges) -> Ranges:
    """Give every other character."""
    found, begun = [], 0
    for first, last in sorted(ranges):
        if first > begun:
            found.append((begun, first - 1))
        begun = max(begun, last + 1)
    return (*found, *(((begun, LAST),) if begun <= LAST else ()))
