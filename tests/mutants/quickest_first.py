"""A plugin of pytest: the tests of a mutant, the quickest first, so that one that fails fails soon."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

STATS = Path("mutmut-stats.json")
"""What mutmut writes down of the tests, in the folder that it runs them in."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the quickest first; those of no known time stay behind, in the order they had."""
    seconds = json.loads(STATS.read_text(encoding="utf-8"))["duration_by_test"] if STATS.exists() else {}
    items.sort(key=lambda item: seconds.get(item.nodeid, float("inf")))
