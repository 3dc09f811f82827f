"""A service with a poll whose comments may be quoted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import URL

from forms_server.context import Service
from tests.forms_server.samples import running
from tests.forms_server.test_results import FORM


@pytest.fixture
def polled(tmp_path: Path, sqlite_url: URL, now: list[datetime]) -> Iterator[Service]:
    """A service with the poll `voto` beside the usual forms."""
    (tmp_path / "forms").mkdir()
    text = FORM.format(name="voto", kind="poll", publish="results", disclosure="suppression")
    (tmp_path / "forms" / "voto.yaml").write_text(text, encoding="utf-8")
    with running(tmp_path, sqlite_url, lambda: now[0]) as made:
        yield made
