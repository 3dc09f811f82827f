"""A service whose desk somebody was invited to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import URL

from forms_server.context import Service
from tests.forms_server.samples import running


@pytest.fixture
def service(tmp_path: Path, sqlite_url: URL, now: list[datetime]) -> Iterator[Service]:
    """A service; the desk is off until somebody is invited."""
    with running(tmp_path, sqlite_url, lambda: now[0]) as made:
        yield made
