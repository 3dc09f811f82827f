"""What came of walking a form, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from bacheca.portal.messages import SAYINGS, say
from bacheca.portal.simulation.run import Walk

FAULTS = 20
"""How many faults of a form are told one by one."""


def lines_of(walk: Walk, language: str) -> Iterator[str]:
    """Give the lines that tell of a walk."""
    statuses = ", ".join(f"HTTP {status}: {times}" for status, times in sorted(walk.statuses.items()))
    reached = walk.branches - len(walk.unreachable) - len(walk.unwalked)
    yield say(SAYINGS["walked"], language, form=walk.form, people=walk.people, statuses=statuses)
    yield say(SAYINGS["walked_branches"], language, reached=reached, branches=walk.branches)
    for branch in walk.unreachable:
        yield say(SAYINGS["walk_unreachable"], language, branch=branch)
    if walk.unwalked:
        branches = ", ".join(map(str, walk.unwalked))
        yield say(SAYINGS["walk_unwalked"], language, branches=branches)
    saying = "walk_package" if not walk.faults else "walk_faults"
    yield say(SAYINGS[saying], language, responses=walk.responses, count=len(walk.faults))
    for fault in walk.faults[:FAULTS]:
        yield f"    {fault}"
