"""The part of XPath in which conditions are written, as a tree (https://docs.getodk.org/form-operators-functions/)."""

from __future__ import annotations

import re
from dataclasses import dataclass

LONGEST = 8_000
"""The most characters of an expression that is read."""

DEEPEST = 40
"""How many brackets may stand in one another."""

TOKEN = re.compile(
    r"""\s*(?:
    \$\{\s*(?P<reference>[^\s{}]+)\s*\}
    |'(?P<single>[^']*)'|"(?P<double>[^"]*)"
    |(?P<number>\d+(?:\.\d+)?|\.\d+)
    |(?P<name>[A-Za-z_][A-Za-z0-9_:-]*)
    |(?P<sign>!=|<=|>=|[=<>(),.+*-])
    )""",
    re.VERBOSE,
)
COMPARING = frozenset(("=", "!=", "<", "<=", ">", ">="))


class NotRead(Exception):
    """An expression is more than conditions can say, or is no XPath."""


@dataclass(frozen=True)
class Reference:
    """A question, by its name."""

    name: str


@dataclass(frozen=True)
class Text:
    """A text, or a number as it is written."""

    text: str


@dataclass(frozen=True)
class Call:
    """A function, or an operator between two."""

    name: str
    arguments: tuple[Expression, ...]


Expression = Reference | Text | Call


def read(text: str) -> Expression:
    """Read an expression.

    Raises:
        NotRead: it is none, or too long or too deep to be a condition.
    """
    if len(text) > LONGEST:
        raise NotRead
    tokens: list[tuple[str, str]] = []
    at = 0
    while at < len(text.rstrip()):
        found = TOKEN.match(text, at)
        if not found:
            raise NotRead
        kind = str(found.lastgroup)
        tokens.append(("text" if kind in ("single", "double") else kind, found[kind]))
        at = found.end()
    parser = _Parser(tokens)
    read = parser.joined(0)
    if parser.at < len(tokens):
        raise NotRead
    return read


class _Parser:
    """Reads tokens from the left, what binds least first."""

    def __init__(self, tokens: list[tuple[str, str]]):
        self.tokens = tokens
        self.at = 0

    def next_is(self, kind: str, *texts: str) -> str:
        """Take the next token where it is one of these; empty where it is not."""
        if self.at < len(self.tokens):
            found, text = self.tokens[self.at]
            if found == kind and text in texts:
                self.at += 1
                return text
        return ""

    def joined(self, depth: int) -> Expression:
        """Read what `or` joins, of what `and` joins."""
        if depth > DEEPEST:
            raise NotRead
        either = [self.both(depth)]
        while self.next_is("name", "or"):
            either.append(self.both(depth))
        return Call("or", tuple(either)) if len(either) > 1 else either[0]

    def both(self, depth: int) -> Expression:
        """Read what `and` joins, of comparisons."""
        parts = [self.compared(depth)]
        while self.next_is("name", "and"):
            parts.append(self.compared(depth))
        return Call("and", tuple(parts)) if len(parts) > 1 else parts[0]

    def compared(self, depth: int) -> Expression:
        """Read a comparison, or what stands alone."""
        left = self.single(depth)
        sign = self.next_is("sign", *COMPARING)
        return Call(sign, (left, self.single(depth))) if sign else left

    def single(self, depth: int) -> Expression:
        """Read a question, a text, a number, a function or what is in brackets."""
        if self.next_is("sign", "("):
            inside = self.joined(depth + 1)
            return self.closed(inside)
        if self.next_is("sign", "-"):
            kind, text = self.taken()
            if kind != "number":
                raise NotRead
            return Text(f"-{text}")
        kind, text = self.taken()
        if kind == "name":
            return self.call(text, depth)
        if kind == "reference":
            return Reference(text)
        if kind == "sign":
            raise NotRead
        return Text(text)

    def call(self, name: str, depth: int) -> Expression:
        """Read what a function is given."""
        if not self.next_is("sign", "("):
            raise NotRead
        if self.next_is("sign", ")"):
            return Call(name, ())
        arguments = [self.joined(depth + 1)]
        while self.next_is("sign", ","):
            arguments.append(self.joined(depth + 1))
        return self.closed(Call(name, tuple(arguments)))

    def closed(self, inside: Expression) -> Expression:
        """Read the bracket that closes something."""
        if not self.next_is("sign", ")"):
            raise NotRead
        return inside

    def taken(self) -> tuple[str, str]:
        """Take the next token."""
        if self.at >= len(self.tokens):
            raise NotRead
        self.at += 1
        return self.tokens[self.at - 1]
