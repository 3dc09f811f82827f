"""How much work a page's Markdown would be, told before the engine reads it.

Python-Markdown looks for the end of each bracket, tag and fence from where it begins. A page that opens thousands and
closes none, or that is nested hundreds deep, would keep a build for minutes. The work is counted roughly here, in one
pass, and what no page that people wrote comes near is refused.
"""

from __future__ import annotations

import re
from itertools import groupby

LONGEST = 1_000_000
"""The most characters of a page."""

MOST_WORK = 7_000_000
"""The most steps that looking for ends may take: some seconds."""

PAIRS = {"]": "[", ")": "("}
SIGNS = re.compile(r"[\[\]()>]|<(?=[a-zA-Z!?/])")
FENCE = re.compile(r"[ \t>]*(`{3,}|~{3,})")
TICKS = re.compile(r"`+")
NESTED = re.compile(r"[ \t>]*")
HEADING = re.compile(r"#{1,6}")
FEW = 60
"""How many brackets of a paragraph are not worth counting."""

DEPTH_WORK = 8
"""Steps of a line at a level of nesting, which has to be taken off it at every level above."""


def hostile_line(text: str) -> int:
    """Give the line from which on a page would be too much work, or 0.

    Args:
        text: its Markdown.
    """
    if len(text) > LONGEST:
        return text.count("\n", 0, LONGEST) + 1
    lines = text.split("\n")
    work = 0
    for is_text, numbered in groupby(enumerate(lines, 1), lambda item: bool(item[1].strip())):
        if is_text:
            block = list(numbered)
            whole = "\n".join(line for _, line in block)
            work += _of_brackets(whole) + _of_code(whole)
            work += sum(DEPTH_WORK * _depth(line) ** 2 for _, line in block)
            if work > MOST_WORK:
                return block[0][0]
    headings = sum(1 for line in lines if HEADING.match(line))
    fences, unclosed = _fences(lines)
    abbreviations = sum(1 for line in lines if line.lstrip().startswith("*["))
    work += headings**2 + (fences // 8 + abbreviations // 64 + unclosed) * len(text)
    return 1 if work > MOST_WORK else 0


def _depth(line: str) -> int:
    """Give how deep a line is nested in quotes and lists."""
    before = NESTED.match(line)
    if not before or not before[0]:
        return 0
    return before[0].count(">") + len(before[0].replace(">", "").expandtabs(4)) // 4


def _of_brackets(text: str) -> int:
    """Count the steps from each bracket to its end, or to the end of the paragraph where it has none."""
    if sum(map(text.count, "[(<")) < FEW:
        return 0
    opened: dict[str, list[int]] = {"[": [], "(": [], "<": []}
    work = 0
    for found in SIGNS.finditer(text):
        sign, place = found[0], found.start()
        if sign in opened:
            opened[sign].append(place)
        elif sign == ">":
            work += sum(place - begun for begun in opened["<"])
            opened["<"].clear()
        elif begun := opened[PAIRS[sign]]:
            work += place - begun.pop()
    return work + sum(len(text) - place for places in opened.values() for place in places)


def _of_code(text: str) -> int:
    """Count the steps from each run of backticks to the next of its length, where there are many lengths."""
    return len(text) * len({len(run) for run in TICKS.findall(text)}) // 8 if text.count("`") > FEW else 0


def _fences(lines: list[str]) -> tuple[int, int]:
    """Count the fences, and those of them that no other closes."""
    count = 0
    begun: dict[str, int] = {}
    for line in lines:
        found = FENCE.match(line)
        if not found:
            continue
        count += 1
        bare = line.strip(" \t>") == found[1]
        if bare and begun.get(found[1]):
            begun.clear()
        else:
            begun[found[1]] = begun.get(found[1], 0) + 1
    return count, sum(begun.values())
