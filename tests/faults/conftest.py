"""What the tests of faults start from: processes that have imported everything already."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults.house import Launcher


@pytest.fixture(scope="package")
def launcher() -> Iterator[Launcher]:
    """The process that the services are forks of."""
    started = Launcher()
    yield started
    started.close()
