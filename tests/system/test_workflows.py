"""What a forge runs is what was read: every action is pinned by the hash of its commit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
WORKFLOWS = sorted(path for path in (ROOT / ".github").rglob("*.y*ml"))
PINNED = re.compile(r"uses: [\w.-]+(?:/[\w.-]+)+@[0-9a-f]{40} # v\d+(?:\.\d+)+")


def used(value: Any) -> Iterator[str]:
    """Give whatever a workflow, or an action of our own, uses, wherever it stands."""
    if isinstance(value, dict):
        for key, inside in value.items():
            if key == "uses":
                yield inside
            else:
                yield from used(inside)
    elif isinstance(value, list):
        for inside in value:
            yield from used(inside)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_every_action_is_pinned_by_its_hash_and_says_which_release_that_is(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    foreign = [action for action in used(yaml.safe_load(text)) if not action.startswith("./")]
    assert len(PINNED.findall(text)) == len(foreign)
    assert foreign
