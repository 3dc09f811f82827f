"""Every block of commands that a page shows is run by a test, or it is said why not."""

from __future__ import annotations

import re
from collections import Counter

from tests.command_blocks import ELSEWHERE, PAGES, ROOT, TOLD_WHOLE, blocks

BLOCKS = blocks(*PAGES)
TEST = re.compile(r"(tests/[\w/]+\.py)::(\w+)")


def test_every_block_of_commands_is_run_by_a_test_or_says_why_not() -> None:
    not_told = {block.name for block in BLOCKS if block.page not in TOLD_WHOLE}
    assert not_told - ELSEWHERE.keys() == set(), "say in tests/command_blocks.py which test runs it, or why none does"
    assert ELSEWHERE.keys() - {block.name for block in BLOCKS} == set(), "these are in no page any more"


def test_a_block_is_known_by_its_first_line() -> None:
    assert [name for name, times in Counter(block.name for block in BLOCKS).items() if times > 1] == []


def test_whatever_test_is_named_is_there() -> None:
    named = {(path, name) for reason in ELSEWHERE.values() for path, name in TEST.findall(reason)}
    assert len(named) > 10
    gone = {(p, n) for p, n in named if f"\ndef {n}(" not in (ROOT / p).read_text(encoding="utf-8")}
    assert gone == set()
