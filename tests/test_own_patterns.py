"""Patterns of our own take a time that grows with the text: steps are counted, not seconds.

Every pattern that a module compiles is run, by an engine that counts, on texts made out of the pattern itself: each of
its repetitions long, whole and broken at the end. A text ten times as long may take some fifteen times the steps.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.backtracking import TOO_MANY, one_character, steps, tree_of

ROOT = Path(__file__).parents[1]
PACKAGES = ("bacheca/forms", "forms_server")
TAKEN_AT_ITS_BEGINNING = {"fullmatch", "match"}
LENGTHS = (16, 160)
OFTEN = 50
"""What repeats up to so often is as good as endless."""


def patterns() -> Iterator[tuple[str, re.Pattern[str], bool]]:
    """Give every pattern that a module has a name for, and whether it is looked for everywhere in a text.

    The portal is left out: it reads what editors wrote, and nobody waits for it who did not start it.
    """
    files = [file for package in PACKAGES for file in sorted((ROOT / package).rglob("*.py"))]
    modules = {name_of(file): Module.read(file) for file in files if file.stem != "__main__"}
    for name in modules:
        for own, pattern in vars(import_module(name)).items():
            if isinstance(pattern, re.Pattern) and isinstance(pattern.pattern, str):
                used = {
                    way
                    for other, module in modules.items()
                    if other == name or name in module.imports
                    for way in module.uses[own]
                }
                yield f"{name}.{own}", pattern, not used <= TAKEN_AT_ITS_BEGINNING


def name_of(file: Path) -> str:
    return ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@dataclass(frozen=True)
class Module:
    """A module, as it is written.

    Args:
        imports: the modules that it takes names from.
        uses: for each name, the attributes that are read of it.
    """

    imports: set[str]
    uses: dict[str, set[str]]

    @classmethod
    def read(cls, file: Path) -> Module:
        made = cls(set(), defaultdict(set))
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                made.imports.add(node.module)
            elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                made.uses[node.value.id].add(node.attr)
        return made


def test_a_text_ten_times_as_long_takes_ten_times_the_steps() -> None:
    seen: set[tuple[str, int]] = set()
    slow = []
    for name, pattern, everywhere in patterns():
        if (pattern.pattern, pattern.flags) not in seen:
            seen.add((pattern.pattern, pattern.flags))
            slow += [(name, text, taken) for text, taken in too_slow(pattern, everywhere)]
    assert slow == []
    assert len(seen) > 50


def too_slow(pattern: re.Pattern[str], everywhere: bool) -> Iterator[tuple[str, list[int]]]:
    """Give the texts that take more steps a character when they are longer, and the steps of both lengths."""
    for short, long in zip(*(list(hostile(pattern, length)) for length in LENGTHS), strict=True):
        if not short:
            continue
        taken = [steps(pattern.pattern, text, pattern.flags, everywhere=everywhere) for text in (short, long)]
        a_character = [count / len(text) for count, text in zip(taken, (short, long), strict=True)]
        if max(taken) > TOO_MANY or a_character[1] > 2 * a_character[0] + 20:
            yield short[:80], taken


def hostile(pattern: re.Pattern[str], length: int) -> Iterator[str]:
    """Make texts that one of a pattern's repetitions goes through for long, and that then do not match."""
    tree = tree_of(pattern.pattern, pattern.flags)
    repeats = [node for node in nodes(tree) if is_long(node)]
    for target in repeats:
        text = made(tree, {id(target[1]): length}, pattern.flags)
        yield from (f"{text}\0", text[:-1], text)
        yield (made(target[1][2], {}, pattern.flags) * length)[: 2 * length] + "\0"
    yield made(tree, {id(target[1]): length for target in repeats}, pattern.flags)[: 4 * length] + "\0"
    yield (made(tree, {}, pattern.flags) * length)[: 4 * length] + "\0"


def nodes(tree: Any) -> Iterator[tuple[str, Any]]:
    for operation, value in tree:
        yield str(operation), value
        for inner in inside(str(operation), value):
            yield from nodes(inner)


def inside(name: str, value: Any) -> list[Any]:
    match name:
        case "SUBPATTERN":
            return [value[-1]]
        case "BRANCH":
            return list(value[1])
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            return [value[2]]
        case "ASSERT" | "ASSERT_NOT":
            return [value[1]]
        case "ATOMIC_GROUP":
            return [value]
    return []


def is_long(node: tuple[str, Any]) -> bool:
    name, value = node
    return name.endswith("_REPEAT") and int(value[1]) >= OFTEN


def made(tree: Any, lengths: dict[int, int], flags: int) -> str:
    """Make a text that matches, with some repetitions as long as is asked."""
    text = ""
    for operation, value in tree:
        name = str(operation)
        if name.endswith("_REPEAT"):
            times = lengths.get(id(value), max(1, value[0]))
            text += made(value[2], lengths, flags) * min(times, int(value[1]) or 1)
        elif name == "BRANCH":
            wanted = [branch for branch in value[1] if any(id(v) in lengths for _, v in nodes(branch))]
            text += made((wanted or value[1])[0], lengths, flags)
        elif name in ("SUBPATTERN", "ATOMIC_GROUP"):
            text += made(inside(name, value)[0], lengths, flags)
        elif name in ("LITERAL", "NOT_LITERAL", "ANY", "IN", "RANGE"):
            holds = one_character(name, value, flags)
            text += next(
                (char for char in "aA1 -.,/@<>&\n=\"'x" if holds(char)), chr(value) if name == "LITERAL" else "a"
            )
    return text
