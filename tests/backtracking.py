"""How many steps an engine that goes back takes: a plain one, which counts them.

It reads what Python's `re` reads (`re._parser`) and goes on as `re` does, without the shortcuts of its C code.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

PARSER = import_module("re._parser")
TOO_MANY = 3_000_000
"""The steps after which counting stops."""

Instruction = tuple[Any, ...]
CATEGORIES: dict[str, Callable[[str], bool]] = {
    "DIGIT": str.isdecimal,
    "SPACE": str.isspace,
    "WORD": lambda char: char.isalnum() or char == "_",
}


def tree_of(pattern: str, flags: int = 0) -> Any:
    """Read a pattern as Python does."""
    return PARSER.parse(pattern, flags)


def steps(pattern: str, text: str, flags: int = 0, *, everywhere: bool = False) -> int:
    """Count the steps to match a whole text, or to find every place in it where the pattern matches."""
    tree = tree_of(pattern, flags)
    program = list(_compiled(tree, 0, tree.state.flags))
    if not everywhere:
        return _run([*program, ("end",), ("match",)], text, 0)[0]
    counted, at = 0, 0
    program.append(("match",))
    while at <= len(text) and counted < TOO_MANY:
        taken, end = _run(program, text, at)
        counted += taken
        at = max(end, at + 1)
    return counted


def _run(program: list[Instruction], text: str, at: int) -> tuple[int, int]:  # noqa: PLR0912  one an instruction
    """Give the steps taken, and where the match ended; -1 where there was none."""
    counted = 0
    left: list[tuple[int, int, tuple[tuple[int, int], ...]]] = [(0, at, ())]
    while left:
        pc, pos, marks = left.pop()
        while True:
            counted += 1
            if counted > TOO_MANY:
                return counted, -1
            name, *rest = program[pc]
            if name == "match":
                return counted, pos
            if name == "char":
                if pos >= len(text) or not rest[0](text[pos]):
                    break
                pc, pos = pc + 1, pos + 1
            elif name == "split":
                left.append((pc + rest[1], pos, marks))
                pc += rest[0]
            elif name == "jump":
                pc += rest[0]
            elif name == "mark":
                marks = (*(mark for mark in marks if mark[0] != rest[0]), (rest[0], pos))
                pc += 1
            elif name == "moved":  # a loop that took nothing ends
                if (rest[0], pos) in marks:
                    break
                pc += 1
            elif name == "same":
                found = dict(marks)
                said = text[found.get(2 * rest[0], 0) : found.get(2 * rest[0] + 1, 0)]
                if not text.startswith(said, pos):
                    break
                pc, pos = pc + 1, pos + len(said)
            elif name == "look":
                direction, wanted, inner, width = rest
                start = pos if direction > 0 else pos - width
                taken, end = _run(inner, text, start) if start >= 0 else (1, -1)
                counted += taken
                if (end >= 0) != wanted:
                    break
                pc += 1
            elif name == "atomic":
                taken, end = _run(rest[0], text, pos)
                counted += taken
                if end < 0:
                    break
                pc, pos = pc + 1, end
            elif not _holds(name, text, pos):
                break
            else:
                pc += 1
    return counted, -1


def _holds(name: str, text: str, pos: int) -> bool:
    """Tell whether a place is the one that is asked for."""
    if name == "end":
        return pos == len(text)
    before, after = text[pos - 1 : pos] if pos else "", text[pos : pos + 1]
    boundary = bool(re.match(r"\w", before)) != bool(re.match(r"\w", after))
    return {
        "AT_BEGINNING": pos == 0,
        "AT_BEGINNING_STRING": pos == 0,
        "AT_BEGINNING_LINE": pos == 0 or before == "\n",
        "AT_END": pos == len(text) or (pos == len(text) - 1 and after == "\n"),
        "AT_END_LINE": pos == len(text) or after == "\n",
        "AT_END_STRING": pos == len(text),
        "AT_BOUNDARY": boundary,
        "AT_NON_BOUNDARY": not boundary,
    }[name]


def _compiled(tree: Any, loops: int, flags: int) -> Iterator[Instruction]:
    for operation, value in tree:
        name = str(operation)
        if name in ("LITERAL", "NOT_LITERAL", "ANY", "IN", "RANGE"):
            yield ("char", one_character(name, value, flags))
        elif name == "SUBPATTERN":
            group, add, remove, inner = value
            if group is not None:
                yield ("mark", 2 * group)
            yield from _compiled(inner, loops, (flags | add) & ~remove)
            if group is not None:
                yield ("mark", 2 * group + 1)
        elif name == "BRANCH":
            branches = [list(_compiled(branch, loops, flags)) for branch in value[1]]
            yield from _branched(branches)
        elif name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            yield from _repeated(value, name, loops, flags)
        elif name in ("ASSERT", "ASSERT_NOT"):
            direction, inner = value
            width = inner.getwidth()[0]
            yield ("look", direction, name == "ASSERT", [*_compiled(inner, loops, flags), ("match",)], width)
        elif name == "ATOMIC_GROUP":
            yield ("atomic", [*_compiled(value, loops, flags), ("match",)])
        elif name == "GROUPREF":
            yield ("same", value)
        elif name == "AT":
            line = bool(flags & re.MULTILINE) and str(value) in ("AT_BEGINNING", "AT_END")
            yield (f"{value}_LINE" if line else str(value),)
        else:
            raise NotImplementedError(name)


def _branched(branches: list[list[Instruction]]) -> Iterator[Instruction]:
    for number, branch in enumerate(branches):
        rest = sum(len(later) + 2 for later in branches[number + 1 :])
        rest -= 1 if number < len(branches) - 1 else 0
        if number < len(branches) - 1:
            yield ("split", 1, len(branch) + 2)
        yield from branch
        if number < len(branches) - 1:
            yield ("jump", rest)


def _repeated(value: Any, name: str, loops: int, flags: int) -> Iterator[Instruction]:
    least, most, inner = value
    body = list(_compiled(inner, loops + 1, flags))
    code: list[Instruction] = body * least
    lazy = name == "MIN_REPEAT"
    if most == PARSER.MAXREPEAT:
        mark = -1 - loops
        loop = [("mark", mark), *body, ("moved", mark)]
        ahead, out = 1, len(loop) + 2
        code += [("split", out, ahead) if lazy else ("split", ahead, out), *loop, ("jump", -len(loop) - 1)]
    else:
        for left in range(int(most) - least, 0, -1):
            out = left * (len(body) + 1)
            code += [("split", out, 1) if lazy else ("split", 1, out), *body]
    if name == "POSSESSIVE_REPEAT":
        yield ("atomic", [*code, ("match",)])
    else:
        yield from code


def one_character(name: str, value: Any, flags: int) -> Callable[[str], bool]:
    """Give what tells whether one character is meant."""
    if name == "ANY":
        return lambda char: bool(flags & re.DOTALL) or char != "\n"
    if name in ("LITERAL", "NOT_LITERAL"):
        fold = bool(flags & re.IGNORECASE)
        wanted = chr(value).casefold() if fold else chr(value)
        return lambda char: ((char.casefold() if fold else char) == wanted) == (name == "LITERAL")
    if name == "RANGE":
        low, high = value
        ends = (str.lower, str.upper) if flags & re.IGNORECASE else (str,)
        return lambda char: any(low <= ord(turned(char)[:1]) <= high for turned in ends)
    negated = str(value[0][0]) == "NEGATE"
    tests = [_member(str(kind), member, flags) for kind, member in value[negated:]]
    return lambda char: any(test(char) for test in tests) != negated


def _member(kind: str, member: Any, flags: int) -> Callable[[str], bool]:
    if kind != "CATEGORY":
        return one_character(kind, member, flags)
    _, _, named = str(member).partition("CATEGORY_")
    test = CATEGORIES[named.removeprefix("NOT_")]
    return lambda char: test(char) != named.startswith("NOT_")
