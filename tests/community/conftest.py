"""The portal of the community, built as it is published."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journeys.service import ROOT, build_once


@pytest.fixture(scope="session")
def community_site(shared_folder: Path) -> Path:
    """What is published, built once for all workers."""
    return build_once(shared_folder, ROOT)
